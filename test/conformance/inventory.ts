import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Catalog, CopyState, Inventory, ObjectRecord } from "../../src/records/index.ts";
import { sealedFacts } from "./catalog-samples.ts";

/** Both over the same records: copies are of the catalog's segments. */
export type InventoryFactory = () => { readonly inventory: Inventory; readonly catalog: Catalog; readonly close: () => void };

function code(action: () => unknown): unknown {
  try {
    action();
    return "nothing was thrown";
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}

const blank = { kind: "tape", pool: undefined, state: "blank", capacityBytes: undefined, seenMs: 1 } as const;

interface Context {
  readonly inventory: Inventory;
  readonly catalog: Catalog;
}

export function inventoryConformance(name: string, factory: InventoryFactory): void {
  describe(`inventory: ${name}`, () => {
    let parts: ReturnType<InventoryFactory>;
    beforeEach(() => {
      parts = factory();
      parts.inventory.putCartridge({ ...blank, barcode: "A00001L9", place: "library vtl slot 1" });
      parts.inventory.putCartridge({ ...blank, barcode: "A00002L9", place: "library vtl slot 2" });
    });
    afterEach(() => {
      parts.close();
    });
    describe("cartridges", () => {
      cartridgeTests(() => parts);
    });
    describe("volumes", () => {
      volumeTests(() => parts);
    });
    describe("copies", () => {
      copyTests(() => parts);
    });
  });
}

function cartridgeTests(context: () => Context): void {
  it("are known by barcode and updated whole", () => {
    const { inventory } = context();
    const changed = {
      barcode: "A00001L9",
      kind: "folder",
      pool: "usb",
      state: "in-use",
      place: "/mnt",
      capacityBytes: 2 ** 45,
      seenMs: 9,
    } as const;
    inventory.putCartridge(changed);
    expect(inventory.cartridge("A00001L9")).toEqual(changed);
    expect(inventory.cartridges().map((cartridge) => cartridge.barcode)).toEqual(["A00001L9", "A00002L9"]);
    expect(inventory.cartridge("A00002L9")).toEqual({ ...blank, barcode: "A00002L9", place: "library vtl slot 2" });
    expect(inventory.cartridge("nothing")).toBeUndefined();
  });

  it("move, leaving a trail in the order of recording", () => {
    const { inventory } = context();
    const first = {
      barcode: "A00001L9",
      timeMs: 50,
      from: "library vtl slot 1",
      to: "library vtl drive 0",
      who: "ann",
      why: "archive run",
    };
    const second = { ...first, timeMs: 40, from: first.to, to: "shelf B4", why: "a clock that jumped" };
    inventory.recordMovement(first);
    inventory.recordMovement(second);
    expect(inventory.movements("A00001L9")).toEqual([first, second]);
    expect(inventory.cartridge("A00001L9")).toMatchObject({ place: "shelf B4", seenMs: 50 });
    expect(inventory.movements("A00002L9")).toEqual([]);
    expect(
      code(() => {
        inventory.recordMovement({ ...first, barcode: "X" });
      }),
    ).toBe("CARTRIDGE_UNKNOWN");
  });
}

function volume(uuid: string, barcode = "A00001L9", pool = "main") {
  return { uuid, barcode, pool, blockSizeBytes: 524_288, createdMs: 77 };
}

function volumeTests(context: () => Context): void {
  it("begin open and empty, and change key by key", () => {
    const { inventory } = context();
    const fresh = { ...volume("v1"), state: "open", objects: 0, bytesWritten: 0, sessionOpen: false, begunObjects: 0, verifiedMs: undefined };
    expect(inventory.addVolume(volume("v1"))).toEqual(fresh);
    inventory.updateVolume("v1", { objects: 3, sessionOpen: true, begunObjects: 7 });
    inventory.updateVolume("v1", { bytesWritten: 2 ** 50, state: "full", verifiedMs: 5 });
    const changed = { ...fresh, objects: 3, sessionOpen: true, begunObjects: 7, bytesWritten: 2 ** 50, state: "full", verifiedMs: 5 };
    expect(inventory.volume("v1")).toEqual(changed);
    expect(inventory.volume("v2")).toBeUndefined();
    expect(
      code(() => {
        inventory.updateVolume("v2", { objects: 1 });
      }),
    ).toBe("VOLUME_UNKNOWN");
  });

  it("retire what was on their cartridge before", () => {
    const { inventory } = context();
    inventory.addVolume(volume("v1"));
    inventory.addVolume(volume("v2", "A00002L9"));
    inventory.addVolume(volume("v3"));
    expect(inventory.volumeOn("A00001L9")!.uuid).toBe("v3");
    expect(inventory.volumeOn("A00002L9")!.uuid).toBe("v2");
    expect(inventory.volumesOfPool("main").map((known) => [known.uuid, known.state])).toEqual([
      ["v1", "retired"],
      ["v2", "open"],
      ["v3", "open"],
    ]);
    expect(inventory.volumesOfPool("other")).toEqual([]);
    inventory.updateVolume("v3", { state: "retired" });
    expect(inventory.volumeOn("A00001L9")).toBeUndefined();
  });

  it("need a cartridge and an identifier of their own, or nothing changes", () => {
    const { inventory } = context();
    inventory.addVolume(volume("v1"));
    expect(code(() => inventory.addVolume(volume("v2", "unknown")))).toBe("CARTRIDGE_UNKNOWN");
    expect(code(() => inventory.addVolume(volume("v1")))).toBe("VOLUME_EXISTS");
    expect(inventory.volumeOn("A00001L9")).toMatchObject({ uuid: "v1", state: "open" });
  });

  it("list their objects, and forget what was written over, copies included", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    const [segment] = sealedSegments(catalog, 1);
    const object = (number: number, role: ObjectRecord["role"]): ObjectRecord => ({
      volumeUuid: "v1",
      number,
      role,
      sizeBytes: 10,
      sha256: "ab",
      writtenMs: 3,
    });
    for (const [number, role] of (["bootstrap", "segment", "seal", "trailer"] as const).entries()) {
      inventory.addObject(object(number, role));
    }
    inventory.addCopy({
      segmentId: segment!,
      volumeUuid: "v1",
      objectNumber: 1,
      state: "written",
      writtenMs: 1,
      checkedMs: undefined,
    });
    inventory.addObject(object(3, "segment"));
    expect(inventory.objectsOfVolume("v1").map((known) => known.role)).toEqual(["bootstrap", "segment", "seal", "segment"]);
    expect(inventory.copiesOfSegment(segment!)).toHaveLength(1);
    inventory.addObject(object(1, "trailer"));
    expect(inventory.objectsOfVolume("v1")).toEqual([object(0, "bootstrap"), object(1, "trailer")]);
    expect(inventory.copiesOfSegment(segment!)).toEqual([]);
    expect(
      code(() => {
        inventory.addObject({ ...object(0, "seal"), volumeUuid: "v2" });
      }),
    ).toBe("VOLUME_UNKNOWN");
  });

  it("change together with their objects or not at all", () => {
    const { inventory } = context();
    inventory.addVolume(volume("v1"));
    const work = (): void => {
      inventory.addObject({ volumeUuid: "v1", number: 0, role: "bootstrap", sizeBytes: 10, sha256: "ab", writtenMs: 3 });
      inventory.updateVolume("v1", { objects: 1 });
      throw new Error("stopped in between");
    };
    expect(() => {
      inventory.atomically(work);
    }).toThrow("stopped in between");
    expect(inventory.objectsOfVolume("v1")).toEqual([]);
    expect(inventory.volume("v1")!.objects).toBe(0);
    inventory.atomically(() => {
      inventory.updateVolume("v1", { objects: 1 });
    });
    expect(inventory.volume("v1")!.objects).toBe(1);
  });
}

function sealedSegments(catalog: Catalog, count: number): readonly number[] {
  const archive = catalog.createArchive("photos", "4d3c0b5e-0000-4000-8000-000000000001");
  const snapshot = catalog.openSnapshot(archive, 1, undefined);
  catalog.planSegments(
    snapshot,
    Array.from({ length: count }, (_, index) => ({ number: index + 1, plannedBytes: 1, plan: "" })),
  );
  return catalog.segments(snapshot).map(({ id }) => {
    catalog.addSealedSegment(id, sealedFacts, []);
    return id;
  });
}

function copyTests(context: () => Context): void {
  const put = (segmentId: number, volumeUuid: string, objectNumber: number, state: CopyState = "written"): void => {
    context().inventory.addCopy({ segmentId, volumeUuid, objectNumber, state, writtenMs: 5, checkedMs: undefined });
  };

  it("are told by segment and by volume", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    inventory.addVolume(volume("v2", "A00002L9", "offsite"));
    const [first, second] = sealedSegments(catalog, 2) as [number, number];
    put(second, "v1", 3);
    put(first, "v1", 1);
    put(first, "v2", 7);
    inventory.updateCopy(first, "v1", { state: "verified", checkedMs: 9 });
    const written = { writtenMs: 5, checkedMs: undefined, state: "written", doubted: false } as const;
    const verified = {
      segmentId: first,
      volumeUuid: "v1",
      objectNumber: 1,
      writtenMs: 5,
      state: "verified",
      checkedMs: 9,
      doubted: false,
    } as const;
    expect(inventory.copiesOfSegment(first)).toEqual([
      verified,
      { segmentId: first, volumeUuid: "v2", objectNumber: 7, ...written },
    ]);
    expect(inventory.copiesOnVolume("v1")).toEqual([
      verified,
      { segmentId: second, volumeUuid: "v1", objectNumber: 3, ...written },
    ]);
    expect(
      code(() => {
        inventory.updateCopy(second, "v2", { state: "bad", checkedMs: 1 });
      }),
    ).toBe("COPY_UNKNOWN");
    expect(
      code(() => {
        put(first, "v9", 1);
      }),
    ).toBe("VOLUME_UNKNOWN");
  });

  it("replace an earlier one of the segment on the volume, and what the object held", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    const [first, second] = sealedSegments(catalog, 2) as [number, number];
    put(first, "v1", 1);
    put(first, "v1", 3);
    expect(inventory.copiesOnVolume("v1").map((copy) => [copy.segmentId, copy.objectNumber])).toEqual([[first, 3]]);
    put(second, "v1", 3);
    expect(inventory.copiesOnVolume("v1").map((copy) => [copy.segmentId, copy.objectNumber])).toEqual([[second, 3]]);
  });

  it("that are missing are told by pool and state, in order", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    inventory.addVolume(volume("v2", "A00002L9", "offsite"));
    const ids = sealedSegments(catalog, 4);
    const snapshotId = catalog.segment(ids[0]!)!.snapshotId;
    put(ids[0]!, "v1", 1, "verified");
    put(ids[1]!, "v1", 3, "written");
    put(ids[2]!, "v1", 5, "bad");
    put(ids[3]!, "v2", 1, "verified");
    expect(inventory.segmentsWithoutCopy(snapshotId, "main", ["verified"])).toEqual([ids[1], ids[2], ids[3]]);
    expect(inventory.segmentsWithoutCopy(snapshotId, "main", ["written", "verified"])).toEqual([ids[2], ids[3]]);
    expect(inventory.segmentsWithoutCopy(snapshotId, "offsite", ["verified"])).toEqual(ids.slice(0, 3));
    expect(inventory.segmentsWithoutCopy(snapshotId, "nowhere", ["verified", "written", "bad"])).toEqual(ids);
    expect(inventory.segmentsWithoutCopy(snapshotId, "main", ["verified"], ["v1"])).toEqual(ids);
  });

  it("on a volume that is closed are in doubt until they are checked, but those that were checked since", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    const ids = sealedSegments(catalog, 3) as [number, number, number];
    ids.forEach((id, index) => { put(id, "v1", 1 + 2 * index, "verified"); });
    inventory.updateCopy(ids[0], "v1", { state: "verified", checkedMs: 20 });
    inventory.updateCopy(ids[1], "v1", { state: "verified", checkedMs: 10 });
    inventory.closeVolume("v1", 15);
    const doubted = (): readonly boolean[] => inventory.copiesOnVolume("v1").map((copy) => copy.doubted);
    expect(inventory.volume("v1")?.state).toBe("closed");
    expect(doubted()).toEqual([false, true, true]);
    inventory.updateCopy(ids[1], "v1", { state: "verified", checkedMs: 21 });
    expect(doubted()).toEqual([false, false, true]);
    inventory.closeVolume("v1");
    expect(doubted()).toEqual([true, true, true]);
  });

  it("that a closed volume gets from its own words are in doubt, as nobody read them since", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    inventory.closeVolume("v1");
    const [id] = sealedSegments(catalog, 1) as [number];
    put(id, "v1", 1);
    expect(inventory.copiesOnVolume("v1")).toMatchObject([{ doubted: true, state: "written" }]);
  });

  it("are counted once each by what is known of them, and by whether the pool has another", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    inventory.addVolume(volume("v2", "A00002L9"));
    const ids = sealedSegments(catalog, 4) as [number, number, number, number];
    put(ids[0], "v1", 1, "verified");
    put(ids[1], "v1", 3, "written");
    put(ids[2], "v1", 5, "bad");
    put(ids[0], "v2", 1, "verified");
    const standing = (uuid: string): unknown => inventory.standings().find(({ volumeUuid }) => volumeUuid === uuid);
    expect(standing("v1")).toMatchObject({ barcode: "A00001L9", state: "open", written: 1, verified: 1, bad: 1, doubted: 0, missing: 0, uncovered: 0 });
    inventory.closeVolume("v1");
    expect(standing("v1")).toMatchObject({ state: "closed", written: 0, verified: 0, bad: 1, doubted: 2, missing: 0, uncovered: 1 });
    inventory.putCartridge({ ...blank, barcode: "A00001L9", place: "not in library vtl any more" });
    expect(standing("v1")).toMatchObject({ place: "not in library vtl any more", bad: 1, doubted: 0, missing: 2, uncovered: 1 });
    inventory.putCartridge({ ...blank, barcode: "A00002L9", place: "not in library vtl any more" });
    expect(standing("v1")).toMatchObject({ missing: 2, uncovered: 2 });
    expect(standing("v2")).toMatchObject({ verified: 0, missing: 1, uncovered: 1 });
  });

  it("on a retired volume count no more", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    const [id] = sealedSegments(catalog, 1) as [number];
    put(id, "v1", 1, "verified");
    inventory.addVolume(volume("v2"));
    expect(inventory.copiesOfSegment(id)).toEqual([]);
    expect(inventory.segmentsWithoutCopy(catalog.segment(id)!.snapshotId, "main", ["verified"])).toEqual([id]);
    expect(inventory.copiesOnVolume("v1")).toHaveLength(1);
  });

  it("go with the snapshot that is abandoned", () => {
    const { inventory, catalog } = context();
    inventory.addVolume(volume("v1"));
    const [id] = sealedSegments(catalog, 1) as [number];
    put(id, "v1", 1);
    const archive = catalog.archive("photos")!;
    catalog.abandonSnapshot(catalog.snapshot(archive, 1)!);
    expect(inventory.copiesOnVolume("v1")).toEqual([]);
    expect(catalog.segment(id)).toBeUndefined();
  });
}
