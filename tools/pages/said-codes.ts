import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { nearestInitializer, sentenceOf } from "./spoken-text.ts";

/** What the program says with one code: every sentence in the source, with what it advises there. */
export interface SaidCode {
  readonly kinds: readonly string[];
  readonly said: readonly SaidSentence[];
}

export interface SaidSentence {
  readonly text: string;
  readonly hint?: string;
}

export interface SaidCodes {
  readonly codes: Readonly<Record<string, SaidCode>>;
  /** Every word of the source that has the shape of a code, whether something is said with it or not. */
  readonly words: readonly string[];
}

interface Gathered {
  readonly kinds: Set<string>;
  readonly said: SaidSentence[];
  /** What a table beside the sentences advises for the code. */
  advice?: string;
}

const shape = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const textNames = ["message", "sentence", "text"];
const hintNames = ["advice", "hint"];

/** Reads all of src below `root`: sentences with what changes in them in capitals, in the order of codes. Same source, same answer. */
export function saidCodes(root: string): SaidCodes {
  const gathered = new Map<string, Gathered>();
  const words = new Set<string>();
  for (const path of globSync("src/**/*.ts", { cwd: root }).sort()) {
    const source = ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ESNext, true);
    visit(source, gathered, words);
  }
  const codes: Record<string, SaidCode> = {};
  for (const [code, { kinds, said, advice }] of [...gathered].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const whole = said.map((one) => (one.hint === undefined && advice !== undefined ? { ...one, hint: advice } : one));
    const texts = new Set(whole.map((one) => JSON.stringify(one)));
    codes[code] = { kinds: [...kinds].sort(), said: [...texts].map((text) => JSON.parse(text) as SaidSentence) };
  }
  return { codes, words: [...words].sort() };
}

function visit(node: ts.Node, gathered: Map<string, Gathered>, words: Set<string>): void {
  if (ts.isStringLiteral(node) && isCode(node)) {
    if (shape.test(node.text)) words.add(node.text);
    gather(node, gathered);
  }
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && shape.test(node.name.text)) {
    words.add(node.name.text);
    const advice = sentenceOf(node.initializer);
    if (advice !== undefined) of(gathered, node.name.text).advice = advice;
  }
  ts.forEachChild(node, (child) => { visit(child, gathered, words); });
}

/** Words with an underscore wherever they stand; single words only where nothing but a code can stand. */
function isCode(node: ts.StringLiteral): boolean {
  if (shape.test(node.text)) return true;
  if (!/^[A-Z]{4,}$/.test(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === "code";
  return isThrown(parent) && parent.arguments?.[1] === node;
}

function isThrown(node: ts.Node): node is ts.NewExpression {
  return ts.isNewExpression(node) && ["StrongroomError", "LeftOut"].includes(node.expression.getText());
}

function gather(node: ts.StringLiteral, gathered: Map<string, Gathered>): void {
  let place: ts.Node = node.parent;
  while (ts.isConditionalExpression(place) || ts.isParenthesizedExpression(place)) place = place.parent;
  if (ts.isNewExpression(place) || ts.isCallExpression(place)) fromCall(node, place, gathered);
  else if (ts.isPropertyAssignment(place) && ts.isObjectLiteralExpression(place.parent)) fromRecord(node.text, place.parent, gathered);
  else if (ts.isArrayLiteralExpression(place)) {
    const rest = place.elements.slice(place.elements.findIndex((one) => contains(one, node)) + 1).map(sentenceOf);
    add(gathered, node.text, undefined, ...rest.filter((text) => text !== undefined));
  }
}

function fromCall(node: ts.StringLiteral, call: ts.NewExpression | ts.CallExpression, gathered: Map<string, Gathered>): void {
  const given = [...(call.arguments ?? [])];
  const at = given.findIndex((one) => contains(one, node));
  const texts = given.slice(at + 1).filter((one) => !ts.isObjectLiteralExpression(one)).map(sentenceOf).filter((text) => text !== undefined);
  const details = given.slice(at + 1).find((one) => ts.isObjectLiteralExpression(one));
  const hint = details && valueOf(details, hintNames);
  const [kind] = given;
  const kindText = isThrown(call) && kind !== undefined && ts.isStringLiteral(kind) && kind !== node ? kind.text : undefined;
  add(gathered, node.text, kindText, texts[0], hint ?? texts[1]);
}

function fromRecord(code: string, record: ts.ObjectLiteralExpression, gathered: Map<string, Gathered>): void {
  // Tables of failures say what a device did, after its name.
  const what = valueOf(record, ["what"]);
  const text = valueOf(record, textNames) ?? (what === undefined ? undefined : `DEVICE ${what}`);
  add(gathered, code, valueOf(record, ["kind"]), text, valueOf(record, hintNames));
}

function valueOf(record: ts.ObjectLiteralExpression, names: readonly string[]): string | undefined {
  for (const property of record.properties) {
    if (property.name === undefined || !names.includes(property.name.getText())) continue;
    if (ts.isPropertyAssignment(property)) return sentenceOf(property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) {
      const initializer = nearestInitializer(property.name);
      return initializer && sentenceOf(initializer);
    }
  }
  return undefined;
}

function add(gathered: Map<string, Gathered>, code: string, kind: string | undefined, text?: string, hint?: string): void {
  if (text === undefined || shape.test(text) || !text.includes(" ")) return;
  const row = of(gathered, code);
  if (kind !== undefined) row.kinds.add(kind);
  row.said.push(hint?.includes(" ") === true ? { text, hint } : { text });
}

function of(gathered: Map<string, Gathered>, code: string): Gathered {
  let row = gathered.get(code);
  if (row === undefined) gathered.set(code, (row = { kinds: new Set(), said: [] }));
  return row;
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}
