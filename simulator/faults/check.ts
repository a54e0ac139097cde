import { StrongroomError } from "../../src/words/index.ts";
import { faultKind, strikesWhere } from "./catalogue.ts";
import type { FaultEffect, FaultRule } from "./contract.ts";

const exact = Number.MAX_SAFE_INTEGER;
const longestDelayMs = 24 * 3_600_000;

/** Refuses a rule that can strike nowhere, or is none, with FAULT_RULE. */
export function checkRule(rule: FaultRule): void {
  const { objects, probability, phase, effect } = rule;
  const within = (name: string, value: number | undefined, least: number, most: number): void => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
      throw faultRule(`${name} is ${String(value)}, which is no whole number from ${String(least)} to ${String(most)}`);
    }
  };
  within("lun", rule.lun, 0, 0x3fff);
  within("opcode", rule.opcode, 0, 0xff);
  within("serviceAction", rule.serviceAction, 0, 0x1f);
  within("element", rule.element, 0, 0xffff);
  within("nth", rule.nth, 1, exact);
  within("every", rule.every, 1, exact);
  if (objects !== undefined) {
    within("the first of objects", objects[0], 0, exact);
    within("the last of objects", objects[1], objects[0], exact);
  }
  if (probability !== undefined && !(probability > 0 && probability <= 1)) throw faultRule("probability is not above 0 and up to 1");
  if ([rule.nth, rule.every, probability].filter((one) => one !== undefined).length > 1) throw faultRule("nth, every and probability exclude each other");
  checkEffect(effect, within);
  const { phases } = faultKind(effect.kind);
  if (phase !== undefined && !phases.includes(phase)) throw faultRule(`${effect.kind} strikes only ${strikesWhere(faultKind(effect.kind))}`);
}

function checkEffect(effect: FaultEffect, within: (name: string, value: number | undefined, least: number, most: number) => void): void {
  switch (effect.kind) {
    case "sense":
      within("key", effect.key, 0, 0xf);
      within("code", effect.code, 0, 0xffff);
      within("information", effect.information, -(2 ** 31), exact);
      within("cdbByte", effect.cdbByte, 0, 0xffff);
      return;
    case "short-data":
      within("keepBytes", effect.keepBytes, 0, exact);
      return;
    case "wrong-residual":
      within("offByBytes", effect.offByBytes, -(2 ** 31), 2 ** 31);
      return;
    case "delay":
      within("delayMs", effect.delayMs, 0, longestDelayMs);
      return;
    default:
  }
}

export function faultRule(message: string): StrongroomError {
  return new StrongroomError("usage", "FAULT_RULE", message, { hint: "docs/SIMULATOR.md has an example of every fault" });
}
