import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extentsBetween } from "../../src/work/seal/index.ts";

describe("extentsBetween", () => {
  it("maps stored bytes to the places of the file that they stand for", () => {
    const extents = [{ offsetBytes: 1000, lengthBytes: 100 }, { offsetBytes: 5000, lengthBytes: 50 }, { offsetBytes: 9000, lengthBytes: 10 }];
    expect([...extentsBetween(extents, 0, 160)]).toEqual(extents);
    expect([...extentsBetween(extents, 90, 120)]).toEqual([{ offsetBytes: 1090, lengthBytes: 10 }, { offsetBytes: 5000, lengthBytes: 20 }]);
    expect([...extentsBetween(extents, 150, 160)]).toEqual([{ offsetBytes: 9000, lengthBytes: 10 }]);
    expect([...extentsBetween(extents, 40, 40)]).toEqual([]);
  });

  it("gives every stored byte once, wherever it is cut", () => {
    const extent = fc.record({ gap: fc.nat(1000), lengthBytes: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(extent, { minLength: 1, maxLength: 8 }), fc.nat(8000), (parts, cutAt) => {
        let at = 0;
        const extents = parts.map(({ gap, lengthBytes }) => {
          at += gap;
          const offsetBytes = at;
          at += lengthBytes;
          return { offsetBytes, lengthBytes };
        });
        const total = parts.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
        const cut = Math.min(cutAt, total);
        const bytesOf = (from: number, to: number): number[] =>
          [...extentsBetween(extents, from, to)].flatMap(({ offsetBytes, lengthBytes }) => Array.from({ length: lengthBytes }, (_, index) => offsetBytes + index));
        expect([...bytesOf(0, cut), ...bytesOf(cut, total)]).toEqual(bytesOf(0, total));
      }),
    );
  });
});
