import ts from "typescript";

const deepest = 6;

/**
 * A text in the source as a person would read it: what changes stands in capitals by the name that it has there (`cartridge BARCODE is blank`), or as "…"
 * where it has none. Of a choice the first. Undefined where it is no text.
 */
export function sentenceOf(expression: ts.Expression, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression)) {
    return expression.head.text + expression.templateSpans.map((span) => inserted(span.expression, depth) + span.literal.text).join("");
  }
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression)) return sentenceOf(expression.expression, depth + 1);
  if (ts.isConditionalExpression(expression)) return sentenceOf(expression.whenTrue, depth + 1) ?? sentenceOf(expression.whenFalse, depth + 1);
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [sentenceOf(expression.left, depth + 1), sentenceOf(expression.right, depth + 1)];
    return left === undefined && right === undefined ? undefined : (left ?? inserted(expression.left, depth)) + (right ?? inserted(expression.right, depth));
  }
  if (!ts.isIdentifier(expression)) return undefined;
  const initializer = nearestInitializer(expression);
  return initializer && sentenceOf(initializer, depth + 1);
}

/** What the name was last bound to above this place, in the block that is nearest; undefined for parameters and imports. */
export function nearestInitializer(name: ts.Identifier): ts.Expression | undefined {
  for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
    if (ts.isFunctionLike(scope) && scope.parameters.some((one) => binds(one.name, name.text))) return undefined;
    if (ts.isBlock(scope) || ts.isSourceFile(scope) || ts.isCaseClause(scope)) {
      for (const statement of scope.statements) {
        if (!ts.isVariableStatement(statement)) continue;
        const found = statement.declarationList.declarations.find((one) => binds(one.name, name.text));
        if (found !== undefined) return ts.isIdentifier(found.name) ? found.initializer : undefined;
      }
    }
    if (ts.isSourceFile(scope)) return undefined;
  }
}

function binds(name: ts.BindingName, wanted: string): boolean {
  if (ts.isIdentifier(name)) return name.text === wanted;
  return name.elements.some((one) => !ts.isOmittedExpression(one) && binds(one.name, wanted));
}

function inserted(expression: ts.Expression, depth: number): string {
  if (ts.isIdentifier(expression)) return sentenceOf(expression, depth + 1) ?? capitals(expression.text);
  const text = sentenceOf(expression, depth + 1);
  if (text !== undefined && text !== "") return text;
  if (ts.isPropertyAccessExpression(expression)) return capitals(expression.name.text);
  if (ts.isNonNullExpression(expression)) return inserted(expression.expression, depth);
  // String(count), printable(name) and their like; never the glue of a list.
  const [only, more] = ts.isCallExpression(expression) && ts.isIdentifier(expression.expression) ? expression.arguments : [];
  return only !== undefined && more === undefined && !ts.isArrowFunction(only) ? inserted(only, depth + 1) : "…";
}

/** `volumeLabel` is VOLUME-LABEL; names too short to say anything are left out. */
function capitals(name: string): string {
  const bare = name.replace(/^#/, "");
  return bare.length < 2 ? "…" : bare.replace(/([a-z])([A-Z])/g, "$1-$2").toUpperCase();
}
