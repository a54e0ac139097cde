import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { senses } from "../../simulator/wire/index.ts";
import { advices, buildSense, codeRow, codeRows, describeSense, keyRows, type SenseClass, senseMeaning } from "../../src/scsi/index.ts";
import { assignedCodes } from "./sense-assignments.ts";

const none = { deferred: false, filemark: false, endOfMedium: false, incorrectLength: false };
const parts = (code: number) => ({ asc: code >> 8, ascq: code & 0xff });
const hex = (code: number): string => code.toString(16).padStart(4, "0");
const classes: readonly SenseClass[] = ["result", "retry", "wait", "operator", "medium", "drive", "bug"];
const meaningOf = (key: number, code: number, deferred = false) => senseMeaning({ deferred, key, ...parts(code) });

describe("every code that the standards give to tape drives and changers", () => {
  it.each(assignedCodes.map((code) => [hex(code), code] as const))("%s has a class, a sentence and an advice under every key", (_hex, code) => {
    expect(codeRow(code)).toBeDefined();
    keyRows.forEach((row, key) => {
      const { senseClass, sentence, advice } = meaningOf(key, code);
      if (row.senseClass === "unsafe") expect(senseClass).toBe("unsafe");
      else expect(classes).toContain(senseClass);
      expect(sentence).toMatch(/^[^A-Z.][^.]{8,90}$/);
      expect(advice).toMatch(/^[a-z].{15,}[^.]$/);
    });
  });

  it("is there once, in order, and in words of its own", () => {
    const codes = codeRows.map(([code]) => code);
    expect(codes).toEqual([...new Set(codes)].sort((one, other) => one - other));
    expect(codes.length).toBeGreaterThan(350);
    expect(assignedCodes.length).toBeGreaterThan(350);
  });

  it("uses every advice that there is", () => {
    const used = new Set<string>([...codeRows.map((row) => row[3]), ...keyRows.map((row) => row.advice)]);
    expect(Object.keys(advices).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe("what a key and a code mean together", () => {
  const cases: readonly (readonly [number, number, SenseClass])[] = [
    [0x0, 0x0001, "result"], [0x0, 0x0002, "result"], [0x0, 0x0007, "result"], [0x0, 0x0016, "wait"], [0x0, 0x0017, "result"],
    [0x1, 0x1100, "result"], [0x1, 0x5d00, "result"], [0x2, 0x0401, "wait"], [0x2, 0x0407, "wait"], [0x2, 0x3a00, "operator"],
    [0x2, 0x3003, "wait"], [0x2, 0x3000, "operator"], [0x3, 0x1100, "medium"], [0x3, 0x0002, "result"], [0x3, 0x3000, "operator"],
    [0x3, 0x0000, "medium"], [0x3, 0x1701, "medium"], [0x4, 0x1501, "drive"], [0x4, 0x5200, "drive"], [0x4, 0x4083, "drive"],
    [0x5, 0x2400, "bug"], [0x5, 0x2000, "bug"], [0x5, 0x3b0d, "operator"], [0x5, 0x5302, "operator"], [0x5, 0x1100, "bug"],
    [0x6, 0x2900, "retry"], [0x6, 0x2800, "retry"], [0x6, 0x5a01, "operator"], [0x6, 0x0017, "retry"], [0x7, 0x2700, "operator"],
    [0x7, 0x300c, "operator"], [0x7, 0x7403, "operator"], [0x8, 0x0005, "result"], [0x8, 0x1403, "medium"], [0x8, 0x0000, "result"],
    [0xb, 0x4700, "retry"], [0xb, 0x4e00, "bug"], [0xd, 0x0002, "result"], [0xe, 0x1d00, "medium"], [0x9, 0x0000, "unsafe"],
  ];
  it.each(cases)("%i with %i: %s", (key, code, senseClass) => expect(meaningOf(key, code).senseClass).toBe(senseClass));

  it("says of a deferred error that earlier data is not on the tape, but not of a remark", () => {
    expect(meaningOf(3, 0x0c00, true).advice).toMatch(/^position the tape behind the last object that was confirmed, and write again/);
    expect(meaningOf(1, 0x1701, true).advice).toBe(advices.goOn);
  });
});

describe("what nobody knows", () => {
  const known = new Set(assignedCodes);
  it("is unsafe under every key, and shown raw", () => {
    let met = 0;
    for (let code = 1; code <= 0xffff; code += 1) {
      if (codeRow(code) !== undefined) continue;
      expect(known.has(code)).toBe(false);
      met += 1;
      const key = code % 16;
      const { senseClass, advice } = meaningOf(key, code);
      if (senseClass !== "unsafe" || advice !== advices.stop) expect.fail(hex(code));
      if (!describeSense({ ...none, key, ...parts(code) }).endsWith(`(${key.toString(16)}/${hex(code).slice(0, 2)}/${hex(code).slice(2)})`)) {
        expect.fail(hex(code));
      }
    }
    expect(met).toBeGreaterThan(60_000);
  });

  it("stays unsafe for keys that no standard gives", () => {
    expect(meaningOf(0xc, 0x1100)).toMatchObject({ senseClass: "unsafe", advice: advices.stop });
  });
});

describe("what the simulator says", () => {
  it.each(Object.entries(senses))("%s is known", (_name, { key, code }) => expect(meaningOf(key, code).senseClass).not.toBe("unsafe"));
});

const isInstalled = spawnSync("sg_decode_sense", ["--version"]).error === undefined;

describe.skipIf(!isInstalled)(`names of codes, as sg3-utils gives them${isInstalled ? "" : " (skipped: sg3-utils is not installed)"}`, () => {
  const plain = (text: string): string => {
    const words = text.toLowerCase().replace("(obs)", "").split(/[^a-z0-9]+/).filter((word) => word !== "" && word !== "or");
    return words.map((word) => (word.startsWith("0x") ? String(Number(word)) : word)).join(" ");
  };
  /** What that program says of a code; undefined where it does not know it. */
  const told = (code: number): string | undefined => {
    const sense = [...buildSense({ ...none, key: 0, ...parts(code) }, "fixed")].map((byte) => byte.toString(16).padStart(2, "0"));
    const { stdout } = spawnSync("sg_decode_sense", sense, { encoding: "utf8" });
    const text = /Additional sense: (.*)/.exec(stdout)?.[1];
    return text?.startsWith("ASC=") === true ? undefined : text;
  };
  it("agree", () => {
    const differences: string[] = [];
    let agreed = 0;
    for (const code of new Set([...assignedCodes, ...codeRows.map((row) => row[0])])) {
      const theirs = told(code);
      const ours = codeRow(code)?.[1] ?? "";
      if (theirs === undefined) continue;
      if (plain(theirs) === plain(ours)) agreed += 1;
      else differences.push(`${hex(code)}: ${ours} | ${theirs}`);
    }
    expect(differences).toEqual([]);
    expect(agreed).toBeGreaterThan(350);
  });
});
