import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSense, describeSense, parseSense, type Sense, SenseError, senseOf } from "../../src/scsi/index.ts";
import { StrongroomError } from "../../src/words/index.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const none = { deferred: false, filemark: false, endOfMedium: false, incorrectLength: false };

describe("sense data of devices (SPC-5, 4.4)", () => {
  const vectors: readonly (readonly [string, string, Sense])[] = [
    ["a filemark, with what was left to read", "f0 00 80 00 08 00 00 0a 00 00 00 00 00 01 00 00 00 00",
      { ...none, key: 0, asc: 0, ascq: 1, filemark: true, information: 0x80000 }],
    ["a block 400 bytes too long", "f0 00 20 ff ff fe 70 0a 00 00 00 00 00 00 00 00 00 00",
      { ...none, key: 0, asc: 0, ascq: 0, incorrectLength: true, information: -400 }],
    ["early warning, INFORMATION not valid", "70 00 40 00 00 00 07 0a 00 00 00 00 00 02 00 00 00 00",
      { ...none, key: 0, asc: 0, ascq: 2, endOfMedium: true }],
    ["a deferred write error", "71 00 03 00 00 00 00 0a 00 00 00 00 0c 00 00 00 00 00", { ...none, deferred: true, key: 3, asc: 0x0c, ascq: 0 }],
    ["becoming ready, half done", "70 00 02 00 00 00 00 0a 00 00 00 00 04 01 00 80 80 00", { ...none, key: 2, asc: 4, ascq: 1, progress: 0.5 }],
    ["a field pointer, which is no progress", "70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0 00 01", { ...none, key: 5, asc: 0x24, ascq: 0 }],
    ["end of data in descriptor format", "72 08 00 05 00 00 00 10 00 0a 80 00 00 00 00 01 00 00 00 00 04 02 00 40",
      { ...none, key: 8, asc: 0, ascq: 5, endOfMedium: true, information: 2 ** 32 }],
    ["eight bytes alone", "70 00 06 00 00 00 00 00", { ...none, key: 6, asc: 0, ascq: 0 }],
  ];
  it.each(vectors)("reads %s", (_name, hex, sense) => expect(parseSense(bytes(hex))).toEqual(sense));

  it.each(["", "00", "70", "7f 00 00 00", "72 02"])("takes %j for no sense data", (hex) => expect(parseSense(bytes(hex))).toBeUndefined());

  it("reads in both formats what it builds", () => {
    const senses = fc.record({
      deferred: fc.boolean(), key: fc.integer({ min: 0, max: 15 }), asc: fc.nat(255), ascq: fc.nat(255),
      filemark: fc.boolean(), endOfMedium: fc.boolean(), incorrectLength: fc.boolean(), information: fc.integer(),
    });
    fc.assert(fc.property(senses, fc.constantFrom("fixed", "descriptor"), (sense, format) => {
      expect(parseSense(buildSense(sense, format))).toEqual(sense);
    }));
  });

  it("survives any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(0x70, 0xf0, 0x71, 0x72, 0x73), (tail, code) => {
      const sense = parseSense(Uint8Array.of(code, ...tail));
      if (sense !== undefined) expect(describeSense(sense)).toMatch(/\([0-9a-f]\/[0-9a-f]{2}\/[0-9a-f]{2}\)$/);
    }));
  });

  it("is found behind errors, and told in words", () => {
    const sense: Sense = { ...none, key: 3, asc: 0x11, ascq: 0 };
    const error = new StrongroomError("failed", "OUTER", "outer", { cause: new StrongroomError("failed", "INNER", "inner", { cause: new SenseError(sense) }) });
    expect(senseOf(error)).toBe(sense);
    expect(senseOf(new Error("other"))).toBeUndefined();
    expect(describeSense(sense)).toBe("medium error: unrecovered read error (3/11/00)");
  });
});
