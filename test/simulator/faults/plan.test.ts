import { describe, expect, it } from "vitest";
import { catalogue, createFaultPlan, type FaultRule, parseFaultRules, type Sight } from "../../../simulator/faults/index.ts";

const nothing: Sight = { barcodes: [], elements: [] };
const command = (opcode: number, byte1 = 0) => ({ cdb: Uint8Array.of(opcode, byte1, 0, 0, 0, 0), timeoutMs: 1000 });
const busy = { kind: "busy" } as const;

/** Which of `count` equal commands are struck, the first is 1. */
function struckOf(count: number, rules: readonly FaultRule[], seed = 0): readonly number[] {
  const plan = createFaultPlan(() => 0, seed);
  for (const rule of rules) plan.add(rule);
  return Array.from({ length: count }, (_, at) => at + 1).filter(() => plan.strike(1, command(8), () => nothing) !== undefined);
}

describe("when a rule strikes", () => {
  it.each([
    ["the first, where nothing is said", { effect: busy }, [1]],
    ["the nth, once", { nth: 3, effect: busy }, [3]],
    ["every nth", { every: 4, effect: busy }, [4, 8, 12]],
    ["always", { probability: 1, effect: busy }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    ["never for another unit", { lun: 0, every: 1, effect: busy }, []],
    ["never for another opcode", { opcode: 9, every: 1, effect: busy }, []],
    ["never for another service action", { serviceAction: 5, every: 1, effect: busy }, []],
    ["never where the cartridge is not known", { barcode: "SR0001L8", every: 1, effect: busy }, []],
    ["never where no object is known", { objects: [0, 9], every: 1, effect: busy }, []],
  ] as const)("%s", (_, rule, expected) => {
    expect(struckOf(12, [rule])).toEqual(expected);
  });

  it("draws probabilities from the seed: the same again for the same one, and about as often as asked", () => {
    const rule: FaultRule = { probability: 0.1, effect: busy };
    const first = struckOf(2000, [rule], 7);
    expect(struckOf(2000, [rule], 7)).toEqual(first);
    expect(struckOf(2000, [rule], 8)).not.toEqual(first);
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
  });

  it("counts a command for every rule that it fits, while the first added strikes", () => {
    expect(struckOf(6, [{ nth: 2, effect: busy }, { nth: 2, effect: { kind: "hang" } }, { nth: 5, effect: busy }])).toEqual([2, 5]);
  });

  it("sees ranges of objects where they touch what the command covers", () => {
    const plan = createFaultPlan(() => 0);
    plan.add({ objects: [10, 19], every: 1, effect: busy });
    const at = (first: number, last: number) => plan.strike(1, command(8), () => ({ ...nothing, objects: [first, last] })) !== undefined;
    expect([at(0, 9), at(0, 10), at(15, 15), at(19, 30), at(20, 30)]).toEqual([false, true, true, true, false]);
  });

  it("records what struck, when and which command", () => {
    let nowMs = 1000;
    const plan = createFaultPlan(() => nowMs);
    plan.add({ lun: 2, effect: { kind: "drop" } });
    plan.add({ lun: 1, opcode: 0xa3, serviceAction: 5, phase: "after", effect: busy });
    nowMs = 1250;
    plan.strike(1, command(0xa3, 0xe5), () => nothing);
    expect(plan.strikes()).toEqual([{ number: 1, atMs: 250, lun: 1, cdb: "a3e500000000", rule: 2, phase: "after", effect: busy }]);
  });

  it("takes all rules back", () => {
    const plan = createFaultPlan(() => 0);
    plan.add({ every: 1, effect: busy });
    plan.clear();
    expect(plan.strike(1, command(8), () => nothing)).toBeUndefined();
  });
});

describe("a file of rules", () => {
  it("understands every example of the catalogue", () => {
    const rules = parseFaultRules(["# all of them", "", ...catalogue.map(({ example }) => example)].join("\n"));
    expect(rules.map(({ effect }) => effect.kind)).toEqual(catalogue.map(({ kind }) => kind));
  });

  it("reads numbers in hexadecimal", () => {
    const [rule] = parseFaultRules(`{"lun": 1, "opcode": "0x1B", "effect": {"kind": "sense", "key": 3, "code": "0x1100", "information": 5}}`);
    expect(rule).toEqual({ lun: 1, opcode: 0x1b, effect: { kind: "sense", key: 3, code: 0x1100, information: 5 } });
  });

  it.each([
    [`{"lun": 1`, "no JSON object"],
    ["[]", "a JSON object"],
    [`{"lun": 1}`, "without an effect"],
    [`{"opcod": 8, "effect": {"kind": "busy"}}`, "no \"opcod\""],
    [`{"__proto__": 8, "effect": {"kind": "busy"}}`, "no \"__proto__\""],
    [`{"effect": {"kind": "explode"}}`, "no fault is called \"explode\""],
    [`{"effect": {"kind": "delay"}}`, "delay needs delayMs"],
    [`{"effect": {"kind": "sense", "key": 3}}`, "sense needs code"],
    [`{"effect": {"kind": "sense", "key": 16, "code": 0}}`, "key is 16"],
    [`{"effect": {"kind": "busy", "delayMs": 3}}`, "busy has no \"delayMs\""],
    [`{"opcode": 256, "effect": {"kind": "busy"}}`, "opcode is 256"],
    [`{"opcode": "eight", "effect": {"kind": "busy"}}`, "opcode is \"eight\""],
    [`{"nth": 0, "effect": {"kind": "busy"}}`, "nth is 0"],
    [`{"nth": 1, "every": 2, "effect": {"kind": "busy"}}`, "exclude each other"],
    [`{"probability": 1.5, "effect": {"kind": "busy"}}`, "probability"],
    [`{"objects": [9, 3], "effect": {"kind": "busy"}}`, "the last of objects"],
    [`{"phase": "before", "effect": {"kind": "short-data", "keepBytes": 3}}`, "only after"],
    [`{"phase": "during", "effect": {"kind": "busy"}}`, "phase is before, after or asking"],
  ])("refuses %s, and names the line", (line, message) => {
    const parse = () => parseFaultRules(`# rules\n\n${line}`);
    expect(parse).toThrow(expect.objectContaining({ code: "FAULT_RULE" }));
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^line 3: /);
  });
});
