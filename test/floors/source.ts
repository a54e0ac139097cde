import { posix } from "node:path";
import ts from "typescript";

/** One file of the project, its path relative to the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something that a rule does not allow, worded for whoever has to mend it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export interface Import {
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Path relative to the root for relative imports, undefined for packages. */
  readonly target: string | undefined;
}

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

export function parse(file: SourceFile): ts.SourceFile {
  let tree = parsed.get(file);
  if (tree === undefined) {
    tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
    parsed.set(file, tree);
  }
  return tree;
}

export function visit(file: SourceFile, look: (node: ts.Node, line: number) => void): void {
  const tree = parse(file);
  const step = (node: ts.Node) => {
    look(node, tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
    ts.forEachChild(node, step);
  };
  step(tree);
}

/** Every way a module names another: import, export from, import(), import type. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  visit(file, (node, line) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const target = specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
    found.push({ line, specifier, target });
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return textOf(node.arguments[0]);
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}
