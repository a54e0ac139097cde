import { describe, expect, it } from "vitest";
import { openTapeMedium } from "../../src/media/index.ts";
import type { VolumeMedium } from "../../src/formats/volume/index.ts";
import type { CopyRecord, ObjectRecord } from "../../src/records/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { orderCopies } from "../../src/work/recall/index.ts";
import { memoryDrive } from "../media/memory-drive.ts";

const copyIn = (objectNumber: number): CopyRecord =>
  ({ segmentId: objectNumber * 10, volumeUuid: "v", objectNumber, state: "verified", writtenMs: 0, checkedMs: undefined, doubted: false });
/** Bootstrap, then segments and their seals by turns. */
const objects = Array.from({ length: 41 }, (_, number): ObjectRecord => ({
  volumeUuid: "v", number, role: number === 0 ? "bootstrap" : number % 2 === 1 ? "segment" : "seal",
  sizeBytes: number === 0 ? 20_480 : number % 2 === 1 ? 1_000_000 : 900, sha256: "", writtenMs: 0,
}));
const copies = [1, 3, 9, 19, 21, 33].map(copyIn);
const free = (): undefined => undefined;

/** A medium that wants the stretches in that order. */
function wanting(order: readonly number[], asked: unknown[] = []): VolumeMedium {
  return { readOrder: (extents: readonly unknown[], stretches: readonly unknown[]) => { asked.push(extents.length, ...stretches); return Promise.resolve(order); } } as unknown as VolumeMedium;
}

const numbers = async (medium: VolumeMedium, before: (id: number) => number | undefined = free): Promise<number[]> =>
  (await orderCopies(medium, { copies, objects, before })).map(({ objectNumber }) => objectNumber);

describe("the order of copies on a volume", () => {
  it("follows the medium, and keeps neighbours together", async () => {
    const asked: unknown[] = [];
    expect(await numbers(wanting([0, 2, 3, 1], asked))).toEqual([1, 3, 19, 21, 33, 9]);
    expect(asked).toEqual([41, { first: 1, last: 3 }, { first: 9, last: 9 }, { first: 19, last: 21 }, { first: 33, last: 33 }]);
  });

  it("keeps the order of the tape where a file goes on in a segment that would come first", async () => {
    expect(await numbers(wanting([0, 2, 3, 1]), (id) => (id === 190 ? 90 : undefined))).toEqual([1, 3, 9, 19, 21, 33]);
    expect(await numbers(wanting([0, 2, 3, 1]), (id) => (id === 330 ? 190 : undefined))).toEqual([1, 3, 19, 21, 33, 9]);
  });

  it("keeps it too where the medium's answer is none, or there is no answer", async () => {
    expect(await numbers(wanting([0, 1]))).toEqual([1, 3, 9, 19, 21, 33]);
    const broken = { readOrder: () => Promise.reject(new StrongroomError("failed", "DRIVE_ERROR", "broken")) } as unknown as VolumeMedium;
    expect(await numbers(broken)).toEqual([1, 3, 9, 19, 21, 33]);
  });
});

describe("a tape that is asked for an order", () => {
  const stretches = [{ first: 1, last: 3 }, { first: 9, last: 9 }, { first: 33, last: 33 }];

  it("asks the drive by blocks: what is before an object are blocks and filemarks", async () => {
    const asked: unknown[] = [];
    const drive = { ...memoryDrive(), accessOrder: (ranges: unknown) => { asked.push(ranges); return Promise.resolve([2, 0, 1]); } };
    const medium = await openTapeMedium(drive, "TAPE01L8");
    expect(await medium.readOrder(objects, stretches)).toEqual([2, 0, 1]);
    // Two blocks and a mark of the bootstrap; two and a mark for each segment; one and a mark for each seal.
    expect(asked).toEqual([[
      expect.objectContaining({ firstObject: 3, lastObject: 10 }), expect.objectContaining({ firstObject: 23, lastObject: 25 }),
      expect.objectContaining({ firstObject: 83, lastObject: 85 }),
    ]]);
  });

  it("estimates where the drive recommends none, and knows a cartridge's geometry", async () => {
    const tera = 1e12;
    const capacity = (): Promise<{ totalBytes: number; remainingBytes: number }> => Promise.resolve({ totalBytes: 18 * tera, remainingBytes: 0 });
    const medium = (densityCode: number) => ({ writeProtected: false, worm: false, densityCode, kind: "data" }) as const;
    const wrapBytes = (18 * tera) / 280;
    // Object n begins n hundredths of a wrap from the beginning of the tape.
    const extents = Array.from({ length: 400 }, () => ({ role: "segment" as const, sizeBytes: wrapBytes / 100 }));
    const wanted = [2, 98, 102, 197].map((number) => ({ first: number, last: number }));
    for (const [density, order] of [[0x60, [0, 3, 1, 2]], [0x00, [0, 1, 2, 3]]] as const) {
      const tape = await openTapeMedium({ ...memoryDrive(), capacity, medium: () => Promise.resolve(medium(density)) }, "TAPE01L9");
      expect(await tape.readOrder(extents, wanted)).toEqual(order);
    }
  });
});
