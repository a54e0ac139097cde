import { describe, expect, it } from "vitest";
import type { Element } from "../../src/devices/changer/index.ts";
import { cartridgeIn, duplicatesIn } from "../../src/work/mount/index.ts";

const slot = (number: number, barcode: string | undefined, full = true): Element => ({
  kind: "slot", number, address: number, full, barcode, source: undefined, accessible: true, driveSerial: undefined, exception: undefined,
});

describe("cartridges by their labels", () => {
  const elements = [slot(1, "SR0001L8"), slot(2, "SR0002L8"), slot(3, undefined), slot(4, undefined), slot(5, "SR0001L8"), slot(6, undefined, false)];

  it("finds the only one, and none", () => {
    expect(cartridgeIn(elements, "SR0002L8", "vtl")).toMatchObject({ number: 2 });
    expect(cartridgeIn(elements, "SR0003L8", "vtl")).toBeUndefined();
  });

  it("names every place of a label that is there twice, and chooses none", () => {
    expect(() => cartridgeIn(elements, "SR0001L8", "vtl")).toThrow(expect.objectContaining({ code: "DUPLICATE_BARCODE", kind: "operator" }));
    expect(() => cartridgeIn(elements, "SR0001L8", "vtl")).toThrow(/slot 1 and slot 5/);
  });

  it("counts unreadable labels as no label", () => {
    expect([...duplicatesIn(elements)]).toEqual(["SR0001L8"]);
  });
});
