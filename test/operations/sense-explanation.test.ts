import { describe, expect, it } from "vitest";
import { explainSense } from "../../src/operations/sense-explanation.ts";

describe("what numbers of a device mean", () => {
  it.each(["3/11/00", "0x3 0x11 0x00", "3,11h,00h", " 3/11/0 ", "3/ 11/ 00"])("are read from %j", (typed) => {
    expect(explainSense(typed)).toEqual({
      numbers: "3/11/00", key: "medium error", name: "unrecovered read error", sentence: "the tape cannot be read here", senseClass: "medium",
      advice: "clean the drive if it asks for it, try this cartridge in another drive, and copy what can be read to another cartridge",
    });
  });

  it("is that nobody knows, where nobody knows", () => {
    expect(explainSense("4/99/01")).toMatchObject({ numbers: "4/99/01", name: undefined, senseClass: "unsafe" });
  });

  it.each(["", "3/11", "3/11/00/00", "33/11/00", "MEDIUM_ERROR", "3/11/0g"])("are not read from %j", (typed) => {
    expect(() => explainSense(typed)).toThrow(expect.objectContaining({ code: "SENSE_INVALID", kind: "usage" }));
  });
});
