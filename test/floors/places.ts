import ts from "typescript";
import { type Finding, importsOf, type SourceFile, visit } from "./source.ts";

/** Where alone a package or module may be imported. */
const packagePlaces: Readonly<Record<string, RegExp>> = {
  blessed: /^src\/console\/screen\//,
  serialport: /^src\/devices\/scanner\//,
  "node:sqlite": /^src\/records\/store\//,
  commander: /^src\/cli\//,
  "node-sg-ioctl": /^src\/transports\/sgio\//,
};

/** Where alone the outside world may be asked: elsewhere it comes in as a parameter. */
const callPlaces: Readonly<Record<string, RegExp>> = {
  "process.env": /^src\/(words|main)\//,
  "Date.now": /^src\/words\/system-clock\.ts$/,
  "performance.now": /^src\/words\/system-clock\.ts$/,
  "Math.random": /^$/,
  "new Date()": /^$/,
};

export function misplacedPackages(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter(isHouse).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const place = packagePlaces[specifier];
      if (place === undefined || place.test(file.path)) return [];
      return [{ path: file.path, line, what: `${specifier} may be imported in ${place.source} only` }];
    }),
  );
}

export function misplacedCalls(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter(isHouse).flatMap((file) => {
    const findings: Finding[] = [];
    visit(file, (node, line) => {
      const name = nameOf(node);
      const place = name === undefined ? undefined : callPlaces[name];
      if (name !== undefined && place !== undefined && !place.test(file.path)) {
        findings.push({ path: file.path, line, what: `${name} is read here; take it as a parameter` });
      }
    });
    return findings;
  });
}

function isHouse(file: SourceFile): boolean {
  return /^(src|simulator)\//.test(file.path);
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const object = node.expression;
    if (ts.isIdentifier(object)) return `${object.text}.${node.name.text}`;
    // globalThis.process.env and its like are the same thing with a longer name.
    if (ts.isPropertyAccessExpression(object)) return `${object.name.text}.${node.name.text}`;
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && (node.arguments?.length ?? 0) === 0) {
    return `new ${node.expression.text}()`;
  }
  return undefined;
}
