import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { streamOfBytes, type VolumeMedium } from "../../src/formats/volume/index.ts";
import { type Inventory, openCatalog, openInventory, type SegmentRecord, type VolumeRecord } from "../../src/records/index.ts";
import { StrongroomError, systemClock } from "../../src/words/index.ts";
import { PoolWriter } from "../../src/work/place/index.ts";
import { plan, sealedFacts, takeSnapshot } from "../conformance/catalog-samples.ts";
import { temporaryStore } from "../records/temporary.ts";

/** A medium that holds `roomBytes`, says that it holds `promisedBytes`, has a bad place behind `failsAt`, and keeps what was written. */
function memoryMedium(barcode: string, roomBytes: number, promisedBytes: number, failsAt = Number.POSITIVE_INFINITY): VolumeMedium & { readonly objects: { role: string; sizeBytes: number }[] } {
  const objects: { role: string; sizeBytes: number }[] = [{ role: "bootstrap", sizeBytes: 1 }];
  const used = (): number => objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    objects,
    kind: "tape",
    barcode,
    blockSizeBytes: 512,
    writeProtected: false,
    readObject: async () => Promise.resolve("end-of-data"),
    writeObject: async (number, role) => {
      objects.length = number;
      let sizeBytes = 0;
      return Promise.resolve({
        write: async (bytes) => {
          sizeBytes += bytes.length;
          if (used() + sizeBytes > failsAt) throw new StrongroomError("failed", "MEDIUM_ERROR", "a bad place");
          if (used() + sizeBytes > roomBytes) return Promise.resolve("full");
          return Promise.resolve(used() + sizeBytes > roomBytes * 0.9 ? "early-warning" : "written");
        },
        finish: async () => {
          objects.push({ role, sizeBytes });
          return Promise.resolve("finished");
        },
        abandon: async () => Promise.resolve(),
      });
    },
    sync: async () => Promise.resolve(),
    countObjects: async () => Promise.resolve(objects.length),
    capacity: async () => Promise.resolve({ totalBytes: promisedBytes, remainingBytes: promisedBytes - used() }),
    readOrder: async (_extents, stretches) => Promise.resolve(stretches.map((_, index) => index)),
    writeNote: async () => Promise.resolve(),
    close: async () => Promise.resolve(),
  };
}

const mebi = 1024 * 1024;

describe("the pool writer", () => {
  let folder: string;
  let temporary: ReturnType<typeof temporaryStore>;
  let inventory: Inventory;
  let segments: readonly SegmentRecord[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pool-"));
    temporary = temporaryStore();
    inventory = openInventory(temporary.store);
    const catalog = openCatalog(temporary.store);
    const archive = catalog.createArchive("docs", "4d3c0b5e-0000-4000-8000-000000000001");
    takeSnapshot(catalog, archive, []);
    const snapshot = catalog.openSnapshot(archive, 1, 1);
    plan(catalog, snapshot, 6);
    for (const { id } of catalog.segments(snapshot)) {
      catalog.addSealedSegment(id, { ...sealedFacts, sealedBytes: mebi }, []);
      catalog.setSeal(id, "a seal");
    }
    segments = catalog.segments(snapshot);
    writeFileSync(join(folder, "segment"), Buffer.alloc(mebi));
  });
  afterEach(() => {
    temporary.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const shortTrailer = async (): Promise<ReturnType<typeof streamOfBytes>> => Promise.resolve(streamOfBytes(Buffer.alloc(1000)));
  const writerOver = (
    media: readonly ReturnType<typeof memoryMedium>[], left: VolumeRecord[] = [], unsyncedBytes = 2 * mebi, begunObjects = 1,
    makeTrailer: (volume: VolumeRecord, remainingBytes: number) => ReturnType<typeof shortTrailer> = shortTrailer,
  ) => {
    let next = 0;
    return new PoolWriter({
      pool: "vault",
      inventory,
      clock: systemClock,
      signal: new AbortController().signal,
      reopen: async () => Promise.resolve(undefined),
      recovering: () => undefined,
      request: async (error) => Promise.reject(error),
      requestMet: () => undefined,
      nextVolume: async () => {
        const medium = media[next]!;
        next += 1;
        const { barcode } = medium;
        inventory.putCartridge({ barcode, kind: "tape", pool: "vault", state: "in-use", place: "here", capacityBytes: undefined, seenMs: 0 });
        const uuid = `00000000-0000-4000-8000-00000000000${String(next)}`;
        inventory.addVolume({ uuid, barcode, pool: "vault", blockSizeBytes: 512, createdMs: 0 });
        inventory.addObject({ volumeUuid: uuid, number: 0, role: "bootstrap", sizeBytes: 1, sha256: "0".repeat(64), writtenMs: 0 });
        inventory.updateVolume(uuid, { objects: 1, begunObjects: next === 1 ? begunObjects : 1 });
        return Promise.resolve({ medium, volume: inventory.volume(uuid)!, release: async () => Promise.resolve() });
      },
      unclosedVolume: async (exhausted) => {
        const volume = inventory.volumesOfPool("vault").find(({ state, sessionOpen, uuid }) => state === "open" && sessionOpen && !exhausted.has(uuid));
        const medium = media.find(({ barcode }) => barcode === volume?.barcode);
        return Promise.resolve(volume && medium ? { medium, volume, release: async () => Promise.resolve() } : undefined);
      },
      unsyncedBytes,
      trailerReserveBytes: async () => Promise.resolve(1000),
      makeTrailer,
      left: (volume) => left.push(volume),
      failed: ({ barcode }, { code }) => failures.push(`${barcode} ${code}`),
    });
  };
  const failures: string[] = [];
  const roles = (medium: ReturnType<typeof memoryMedium>): string => medium.objects.map(({ role }) => role[0]).join("");
  const placeAll = async (writer: PoolWriter): Promise<void> => {
    for (const segment of segments) await writer.place(segment, join(folder, "segment"));
    await writer.finish();
  };

  it("fills volumes one after the other, each closed by a trailer", async () => {
    const media = [memoryMedium("A1", 3.5 * mebi, 3.5 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
    await placeAll(writerOver(media));
    // "se" is segment and seal, "t" the trailer, "b" the bootstrap; both begin with s.
    expect(media.map(roles)).toEqual(["bssssss" + "t", "bssssss" + "t"]);
    expect(inventory.volumeOn("A1")?.state).toBe("full");
    expect(inventory.volumeOn("A2")).toMatchObject({ state: "open", sessionOpen: false });
  });

  it("writes a segment again elsewhere when the medium ends before its figures said", async () => {
    const media = [memoryMedium("A1", 2.2 * mebi, 100 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
    const left: VolumeRecord[] = [];
    await placeAll(writerOver(media, left));
    expect(media.map(roles)).toEqual(["bsssst", "bsssssssst"]);
    expect(left.map(({ barcode }) => barcode)).toEqual(["A1", "A2"]);
    for (const segment of segments) expect(inventory.copiesOfSegment(segment.id)).toHaveLength(1);
  });

  it("leaves a volume after early warning, while there is room for the trailer", async () => {
    const media = [memoryMedium("A1", 2.2 * mebi + 2000, 100 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
    await placeAll(writerOver(media));
    expect(roles(media[0]!).endsWith("t")).toBe(true);
  });

  it("closes a volume whose medium fails, and loses one segment's work by it", async () => {
    const media = [memoryMedium("A1", 100 * mebi, 100 * mebi, 2.5 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
    await placeAll(writerOver(media));
    expect(media.map(roles)).toEqual(["bssss", "bsssssssst"]);
    expect(failures).toEqual(["A1 MEDIUM_ERROR"]);
    expect(inventory.volumeOn("A1")?.state).toBe("closed");
    for (const segment of segments) expect(inventory.copiesOfSegment(segment.id)).toHaveLength(1);
  });

  it("closes the session that an earlier run left open behind its last segment", async () => {
    const media = [memoryMedium("A1", 100 * mebi, 100 * mebi)];
    const died = writerOver(media);
    for (const segment of segments) await died.place(segment, join(folder, "segment"));
    await died.abandon();
    expect(inventory.volumeOn("A1")).toMatchObject({ state: "open", sessionOpen: true });
    await writerOver(media).finish();
    expect(roles(media[0]!)).toBe("bsssssssssssst");
    expect(inventory.volumeOn("A1")).toMatchObject({ state: "open", sessionOpen: false });
  });

  describe("on a volume on which a run that died left more than is recorded", () => {
    const died = (medium: ReturnType<typeof memoryMedium>): void => {
      medium.objects.push({ role: "segment", sizeBytes: 3 * mebi });
    };

    it("takes for room what it will write over, and does not call the cartridge too small", async () => {
      const media = [memoryMedium("A1", 3.5 * mebi, 3.5 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
      died(media[0]!);
      await placeAll(writerOver(media, [], 2 * mebi, 2));
      expect(media.map(roles)).toEqual(["bsssssst", "bsssssst"]);
    });

    it("goes by what the medium says again as soon as it has begun to write", async () => {
      const worn = memoryMedium("A1", 100 * mebi, 1.3 * mebi, 1.5 * mebi);
      // Much of it is bad places: of 4 MiB 1.3 are left.
      const capacity: VolumeMedium["capacity"] = async () => ({ ...await worn.capacity(), totalBytes: 4 * mebi });
      const media = [{ ...worn, capacity }, memoryMedium("A2", 100 * mebi, 100 * mebi)];
      died(worn);
      failures.length = 0;
      await placeAll(writerOver(media, [], 20 * mebi, 2));
      expect(failures).toEqual([]);
      expect(media.map(roles)).toEqual(["bsst", "bsssssssssst"]);
    });

    it("still says so when a segment fits on no cartridge", async () => {
      const media = [memoryMedium("A1", mebi / 2, 2 * mebi)];
      died(media[0]!);
      await expect(placeAll(writerOver(media, [], 2 * mebi, 2))).rejects.toMatchObject({ code: "SEGMENT_LARGER_THAN_CARTRIDGE" });
    });
  });

  it("writes the shortest trailer where a longer one did not fit", async () => {
    const media = [memoryMedium("A1", 2.05 * mebi, 100 * mebi), memoryMedium("A2", 100 * mebi, 100 * mebi)];
    const asked: number[] = [];
    const makeTrailer = async (_volume: VolumeRecord, remainingBytes: number): Promise<ReturnType<typeof streamOfBytes>> => {
      asked.push(remainingBytes);
      return Promise.resolve(streamOfBytes(Buffer.alloc(remainingBytes === 0 ? 1000 : mebi)));
    };
    await placeAll(writerOver(media, [], 2 * mebi, 1, makeTrailer));
    expect(media.map(roles)).toEqual(["bsssst", "bsssssssst"]);
    expect(asked.map((bytes) => bytes === 0)).toEqual([false, true, false]);
    expect(inventory.volumeOn("A1")).toMatchObject({ state: "full", sessionOpen: false });
  });

  it("says so when a segment fits on no cartridge, and keeps the empty one open", async () => {
    const media = [memoryMedium("A1", mebi / 2, mebi / 2)];
    await expect(placeAll(writerOver(media))).rejects.toMatchObject({ code: "SEGMENT_LARGER_THAN_CARTRIDGE" });
    expect(inventory.volumeOn("A1")?.state).toBe("open");
  });
});
