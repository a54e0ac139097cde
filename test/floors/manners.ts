import ts from "typescript";
import { type Finding, type SourceFile, visit } from "./source.ts";

/** Files that may be longer than the rest, each with its reason. */
export const longFiles: Readonly<Record<string, string>> = {
  "test/conformance/catalog.ts": "one suite for one contract; its cases share one model",
};

const maxLines = 400;
/** We aim at 130; past this a line cannot be read at all. */
const maxColumns = 200;
const rooms = ["utils", "util", "common", "helpers", "helper", "misc", "core"];
// Written so that this file does not find itself.
const marks = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);
const machinePath = /(?<![\w.*-])(\/work\/(main|shared|\.library)\b|\/root\/|\/Users\/\w)/;
// eslint-disable-next-line no-control-regex -- control characters are exactly what must be found
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

export function shapelessNames(paths: readonly string[]): readonly Finding[] {
  return paths.flatMap((path) =>
    path
      .split("/")
      .filter((step) => rooms.includes(step.replace(/\..*$/, "")))
      .map((step) => ({ path, line: 1, what: `${step} says nothing about what is in it` })),
  );
}

export function longSources(files: readonly SourceFile[], allowed = longFiles): readonly Finding[] {
  return files.flatMap((file) => {
    const lines = file.text.split("\n").length - 1;
    if (lines <= maxLines || allowed[file.path] !== undefined) return [];
    return [{ path: file.path, line: maxLines, what: `${lines} lines` }];
  });
}

/** Lines that no editor at our width shows whole; a long address cannot be broken. */
export function wideLines(files: readonly SourceFile[]): readonly Finding[] {
  return eachLine(files, (text) => (text.length > maxColumns && !text.includes("://") ? `${text.length} columns` : undefined));
}

export function controlCharacters(files: readonly SourceFile[]): readonly Finding[] {
  return eachLine(files, (text) => (control.test(text) ? "a control or invisible character" : undefined));
}

export function unfinishedMarks(files: readonly SourceFile[]): readonly Finding[] {
  return eachLine(files, (text) => (marks.test(text) ? "a mark of unfinished work" : undefined));
}

export function machinePaths(files: readonly SourceFile[]): readonly Finding[] {
  return eachLine(files, (text) => (machinePath.test(text) ? "a path of one machine" : undefined));
}

/** Tests that shut out others, and tests that are left out without saying why. */
export function heldTests(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter((file) => file.path.endsWith(".test.ts") || file.path.startsWith("test/")).flatMap(heldIn);
}

function heldIn(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  const lines = file.text.split("\n");
  visit(file, (node, line) => {
    if (!ts.isPropertyAccessExpression(node)) return;
    const runner = node.expression.getText();
    const call = node.parent;
    if (!/^(it|test|describe)\b/.test(runner)) {
      const note = ts.isCallExpression(call) ? call.arguments.at(-1) : undefined;
      const isContext = node.name.text === "skip" && /^(context|ctx|t)$/.test(runner);
      if (isContext && (note === undefined || !hasWords(note))) {
        findings.push({ path: file.path, line, what: "skip without a reason" });
      }
      return;
    }
    if (node.name.text === "only") findings.push({ path: file.path, line, what: "shuts out all other tests" });
    if (!["skip", "skipIf", "runIf", "todo"].includes(node.name.text)) return;
    const near = `${lines[line - 2] ?? ""}\n${lines[line - 1] ?? ""}`;
    if (/skip: \S+/.test(near) || titleHasReason(call)) return;
    findings.push({ path: file.path, line, what: "left out without a reason: put it in parentheses in the title, or `// skip: reason` above" });
  });
  return findings;
}

/** `it.skipIf(missing)("does it (gpg is not installed)", ...)`: the reason is printed with the title. */
function titleHasReason(call: ts.Node): boolean {
  const named = ts.isCallExpression(call) && ts.isCallExpression(call.parent) ? call.parent : call;
  return ts.isCallExpression(named) && /\(.+\)/.test(named.arguments[0]?.getText() ?? "");
}

function hasWords(node: ts.Expression): boolean {
  return !(ts.isStringLiteralLike(node) && node.text.trim() === "") && node.kind !== ts.SyntaxKind.TrueKeyword;
}

function eachLine(files: readonly SourceFile[], judge: (text: string) => string | undefined): readonly Finding[] {
  return files.flatMap((file) =>
    file.text.split("\n").flatMap((text, at) => {
      const what = judge(text);
      return what === undefined ? [] : [{ path: file.path, line: at + 1, what }];
    }),
  );
}
