import { printable, StrongroomError } from "../../src/words/index.ts";
import { catalogue } from "./catalogue.ts";
import { checkRule, faultRule } from "./check.ts";
import type { FaultEffect, FaultRule } from "./contract.ts";

type Json = Readonly<Record<string, unknown>>;
type Reader = (value: unknown, name: string) => unknown;

const maxFileCharacters = 1_000_000;
const maxRules = 1000;

const matchFields: Readonly<Record<string, Reader>> = {
  lun: numeric, opcode: numeric, serviceAction: numeric, objects: pair, barcode: textual, element: numeric,
  nth: numeric, every: numeric, probability: numeric, phase, effect: readEffect,
};

const senseFields: Readonly<Record<string, Reader>> = {
  key: numeric, code: numeric, information: numeric, cdbByte: numeric, filemark: flag, endOfMedium: flag, incorrectLength: flag, deferred: flag,
};

const needed: Readonly<Partial<Record<FaultEffect["kind"], Readonly<Record<string, Reader>>>>> = {
  "short-data": { keepBytes: numeric },
  "wrong-residual": { offByBytes: numeric },
  delay: { delayMs: numeric },
};

/**
 * Rules of a file: one to a line, each a JSON object; empty lines and those that begin with # say nothing. Numbers may be written as "0x1b". Refuses with
 * FAULT_RULE, naming the line, what it does not know, so that a misspelt word is no rule that fits everything.
 */
export function parseFaultRules(file: string): readonly FaultRule[] {
  if (file.length > maxFileCharacters) throw faultRule(`a file of fault rules has up to ${String(maxFileCharacters)} characters`);
  const rules: FaultRule[] = [];
  for (const [at, line] of file.split("\n").entries()) {
    const written = line.trim();
    if (written === "" || written.startsWith("#")) continue;
    rules.push(ruleOf(written, at + 1));
    if (rules.length > maxRules) throw faultRule(`line ${String(at + 1)}: there may be ${String(maxRules)} rules`);
  }
  return rules;
}

function ruleOf(written: string, line: number): FaultRule {
  try {
    const rule = fields(JSON.parse(written), matchFields, "a rule") as unknown as FaultRule;
    if ((rule as Partial<FaultRule>).effect === undefined) throw faultRule("a rule without an effect");
    checkRule(rule);
    return rule;
  } catch (error) {
    if (error instanceof StrongroomError) throw faultRule(`line ${String(line)}: ${error.message}`);
    if (error instanceof SyntaxError) throw faultRule(`line ${String(line)}: no JSON object on one line`);
    throw error;
  }
}

function readEffect(value: unknown): FaultEffect {
  const kind = (object(value, "an effect"))["kind"];
  const known = catalogue.find((one) => one.kind === kind);
  if (known === undefined) throw faultRule(`no fault is called ${shown(kind)}; there are ${catalogue.map((one) => one.kind).join(", ")}`);
  const own = known.kind === "sense" ? senseFields : (needed[known.kind] ?? {});
  const effect = fields(value, { kind: (one) => one, ...own }, known.kind);
  const missing = (known.kind === "sense" ? ["key", "code"] : Object.keys(own)).find((name) => effect[name] === undefined);
  if (missing !== undefined) throw faultRule(`${known.kind} needs ${missing}`);
  return effect as unknown as FaultEffect;
}

function fields(value: unknown, readers: Readonly<Record<string, Reader>>, what: string): Json {
  return Object.fromEntries(Object.entries(object(value, what)).map(([name, one]) => {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined) throw faultRule(`${what} has no ${shown(name)}; it may have ${Object.keys(readers).join(", ")}`);
    return [name, read(one, name)];
  }));
}

function object(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw faultRule(`${what} is a JSON object`);
  return value as Json;
}

function numeric(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^0x[0-9a-f]{1,8}$/i.test(value)) return Number.parseInt(value, 16);
  throw faultRule(`${name} is ${shown(value)}, which is no number`);
}

function pair(value: unknown, name: string): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) throw faultRule(`${name} is [first, last]`);
  return [numeric(value[0], name), numeric(value[1], name)];
}

function textual(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw faultRule(`${name} is ${shown(value)}, which is no text`);
}

function flag(value: unknown, name: string): boolean {
  if (typeof value === "boolean") return value;
  throw faultRule(`${name} is true or false`);
}

function phase(value: unknown): string {
  if (value === "before" || value === "after" || value === "asking") return value;
  throw faultRule("phase is before, after or asking");
}

function shown(value: unknown): string {
  return printable((JSON.stringify(value) as string | undefined ?? "nothing").slice(0, 60));
}
