import { describe, expect, it } from "vitest";
import type { CopyRecord, Inventory, VolumeRecord } from "../../src/records/index.ts";
import { copyKey, planRecall } from "../../src/work/recall/index.ts";

/** Which volume has which segments: `a: [1, 2]` puts segment 1 in object 1 of volume a, segment 2 in object 3. */
function inventoryOf(layout: Readonly<Record<string, readonly number[]>>, states: Readonly<Record<string, CopyRecord["state"]>> = {}) {
  const copies: CopyRecord[] = Object.entries(layout).flatMap(([volumeUuid, segments]) =>
    segments.map((segmentId, index) => ({
      segmentId,
      volumeUuid,
      objectNumber: 1 + 2 * index,
      state: states[`${String(segmentId)}:${volumeUuid}`] ?? "verified",
      writtenMs: 0,
      checkedMs: undefined,
      doubted: false,
    })));
  return {
    copiesOfSegment: (id: number) => copies.filter(({ segmentId }) => segmentId === id),
    volume: (uuid: string) => ({ uuid, barcode: uuid, state: "full" }) as VolumeRecord,
  } as unknown as Inventory;
}

const visited = (plan: ReturnType<typeof planRecall>): Record<string, number[]> =>
  Object.fromEntries(plan.visits.map(({ volume, copies }) => [volume.uuid, copies.map(({ segmentId }) => segmentId)]));

describe("planRecall", () => {
  const everywhere = (): boolean => true;

  it("takes one volume where one is enough", () => {
    const inventory = inventoryOf({ a: [1, 2], b: [3], all: [1, 2, 3] });
    expect(visited(planRecall(inventory, [1, 2, 3], everywhere))).toEqual({ all: [1, 2, 3] });
  });

  it("prefers what is in reach to what is on a shelf, even when that takes more visits", () => {
    const inventory = inventoryOf({ a: [1, 2], b: [3], shelf: [1, 2, 3] });
    expect(visited(planRecall(inventory, [1, 2, 3], ({ uuid }) => uuid !== "shelf"))).toEqual({ a: [1, 2], b: [3] });
  });

  it("prefers verified copies, never takes bad ones, and says what is lost", () => {
    const inventory = inventoryOf({ a: [1, 2], b: [1, 2] }, { "1:a": "written", "2:a": "bad", "2:b": "bad" });
    const plan = planRecall(inventory, [1, 2], everywhere);
    expect(visited(plan)).toEqual({ b: [1] });
    expect(plan.lostSegmentIds).toEqual([2]);
  });

  it("goes to another copy when a reader found one unreadable", () => {
    const inventory = inventoryOf({ a: [1], b: [1] });
    const avoid = new Set([copyKey({ segmentId: 1, volumeUuid: "a" })]);
    expect(visited(planRecall(inventory, [1], everywhere, avoid))).toEqual({ b: [1] });
  });

  it("reads a volume in the order of its objects", () => {
    const plan = planRecall(inventoryOf({ a: [5, 1, 3] }), [1, 3, 5], everywhere);
    expect(plan.visits[0]?.copies.map(({ objectNumber }) => objectNumber)).toEqual([1, 3, 5]);
  });
});
