import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiscardingStore, createMemoryLibrary, timeFigures, type VirtualLibrary, VirtualTime } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { type ObjectStream } from "../../src/formats/volume/index.ts";
import { SealedFeed } from "../../src/jobs/archive-run/feed.ts";
import { placeInPool, SpoolRelease } from "../../src/jobs/archive-run/placing.ts";
import type { ArchiveRunParts } from "../../src/jobs/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { type Catalog, type Inventory, openCatalog, openInventory, openStore, type SnapshotRecord } from "../../src/records/index.ts";
import { type Clock, systemRandom } from "../../src/words/index.ts";
import { PoolWriter } from "../../src/work/place/index.ts";
import { Spool } from "../../src/work/spool/index.ts";

/** A source that seals so fast, and stands still at random for up to a minute and a half where it is said. */
export interface StreamingCase {
  readonly segments: number;
  readonly segmentBytes: number;
  readonly spoolBytes: number;
  readonly bytesPerSecond: number;
  readonly stalls: boolean;
}

/** One drive: of the time between its first block and its last. Turns at the ends of the tape are part of streaming. */
export interface DriveStreaming {
  readonly writtenBytes: number;
  readonly hours: number;
  readonly streamingShare: number;
  readonly backhitches: number;
  readonly backhitchesPer100GB: number;
}

const figures = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const pools = ["one", "other"] as const;

interface Setting {
  readonly time: VirtualTime;
  readonly library: VirtualLibrary;
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly snapshot: SnapshotRecord;
  readonly spool: Spool;
  readonly feed: SealedFeed;
  readonly signal: AbortSignal;
  readonly tapes: number;
}

/**
 * Two LTO-9 drives, a pool each, written by the real placing, pool writer, tape medium and drive from one spool, on the virtual clock; what is written is discarded. Mounting
 * (the cartridge is there, and blank) and trailers (of one MiB) are the bench's own; blocks are of 1 MiB and without guards, which take no time of the tape.
 */
export async function measureStreaming(one: StreamingCase): Promise<readonly DriveStreaming[]> {
  const time = new VirtualTime();
  const folder = mkdtempSync(join(tmpdir(), "streaming-"));
  const tapes = Math.ceil((one.segments * one.segmentBytes) / (figures.nativeBytes * 0.95)) + 1;
  const cartridges = Array.from({ length: 2 * tapes }, (_, index) => ({ barcode: `TIME${String(index).padStart(2, "0")}L9`, capacityBytes: figures.nativeBytes }));
  const library = await createMemoryLibrary({ drives: 2, slots: 2 * tapes, cartridges }, systemRandom, {
    makeStore: () => createDiscardingStore({ hashes: false }), timing: { time, figures },
  });
  const store = openStore(join(folder, "records.db"));
  try {
    const catalog = openCatalog(store);
    const spool = new Spool(join(folder, "spool"), one.spoolBytes, { freeBytes: () => Number.MAX_SAFE_INTEGER });
    // Nothing lies there: the bench makes the content up as it is written.
    spool.has = () => true;
    const archive = catalog.createArchive("bench", "4d3c0b5e-0000-4000-8000-000000000001");
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    catalog.planSegments(snapshot, Array.from({ length: one.segments }, (_, index) => ({ number: index + 1, plannedBytes: one.segmentBytes, plan: "none" })));
    const setting: Setting = {
      time, library, catalog, snapshot, spool, tapes, inventory: openInventory(store), feed: new SealedFeed(one.segments), signal: new AbortController().signal,
    };
    await Promise.all([seal(setting, one), place(setting)]);
    return [0, 1].map((number) => streamingOf(library, number));
  } finally {
    await library.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function streamingOf(library: VirtualLibrary, number: number): DriveStreaming {
  const { milliseconds, backhitches, bytesWritten } = library.driveTimes(number);
  const runningMs = milliseconds.streaming + milliseconds.turning;
  const writingMs = runningMs + milliseconds.repositioning;
  return {
    writtenBytes: bytesWritten, hours: writingMs / 3_600_000, streamingShare: runningMs / writingMs, backhitches,
    backhitchesPer100GB: backhitches / (bytesWritten / 1e11),
  };
}

async function seal({ time, catalog, snapshot, spool, feed, signal }: Setting, { segmentBytes, bytesPerSecond, stalls }: StreamingCase): Promise<void> {
  const draw = drawFrom(7);
  for (const { id } of catalog.segments(snapshot)) {
    await spool.reserve(id, segmentBytes, signal);
    await time.sleep((segmentBytes / bytesPerSecond) * 1000 + (stalls && draw() < 0.3 ? draw() * 90_000 : 0));
    spool.settle(id, segmentBytes);
    catalog.addSealedSegment(id, factsOf(segmentBytes), []);
    catalog.setSeal(id, "a seal of some length ".repeat(60));
    feed.add(catalog.segment(id)!);
  }
}

/** Numbers from 0 up to 1 that follow from the seed. */
function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function place(setting: Setting): Promise<void> {
  const { spool, catalog, inventory, time, snapshot, feed, signal } = setting;
  const run = {
    pools, spool, catalog, inventory, clock: time, isDriveAwaited: () => false, refetch: () => Promise.resolve(false),
    poolWriter: (pool: string) => poolWriterOf(setting, pool),
  } as unknown as ArchiveRunParts;
  const release = new SpoolRelease(run);
  await Promise.all(pools.map((pool) => placeInPool({
    run, snapshot, feed, release, signal, onBarcode: () => undefined, idle: () => undefined, busy: () => undefined, writing: () => undefined,
  }, pool)));
}

function poolWriterOf(setting: Setting, pool: string): PoolWriter {
  const { inventory, time, signal, spool } = setting;
  const number = pools.indexOf(pool as (typeof pools)[number]);
  let tape = 0;
  const fail = (_remedy: unknown, _volume: unknown, error: Error): void => { throw error; };
  return new PoolWriter({
    pool, inventory, clock: wholeMilliseconds(time), signal, unsyncedBytes: spool.unsyncedBytes,
    openSegment: (_path, sizeBytes) => zeros(sizeBytes),
    nextVolume: async () => {
      tape += 1;
      return await blankVolume(setting, pool, number, tape);
    },
    reopen: () => Promise.resolve(undefined),
    unclosedVolume: () => Promise.resolve(undefined),
    trailerReserveBytes: () => Promise.resolve(2 ** 30),
    makeTrailer: () => Promise.resolve(zeros(2 ** 20)),
    left: () => undefined,
    failed: (_volume, error) => { throw error; },
    recovering: fail,
    request: (error) => Promise.reject(error),
    requestMet: () => undefined,
  });
}

async function blankVolume({ library, time, inventory, tapes }: Setting, pool: string, number: number, tape: number) {
  const changer = openMediaChanger(await library.transport(0), time);
  const slot = { kind: "slot", number: number * tapes + tape } as const;
  await changer.move(slot, { kind: "drive", number });
  const drive = openTapeDrive(await library.transport(number + 1), time);
  const medium = await openTapeMedium(withoutGuards(drive), `POOL${String(number)}${String(tape)}`, { blockSizeBytes: 2 ** 20 });
  const { barcode } = medium;
  inventory.putCartridge({ barcode, kind: "tape", pool, state: "in-use", place: "here", capacityBytes: undefined, seenMs: 0 });
  const uuid = `00000000-0000-4000-8000-0000000000${String(number)}${String(tape)}`;
  inventory.addVolume({ uuid, barcode, pool, blockSizeBytes: 2 ** 20, createdMs: 0 });
  const writer = await medium.writeObject(0, "bootstrap");
  await writer.write(Buffer.alloc(10_240));
  await writer.finish();
  await medium.sync();
  inventory.addObject({ volumeUuid: uuid, number: 0, role: "bootstrap", sizeBytes: 10_240, sha256: "0".repeat(64), writtenMs: 0 });
  inventory.updateVolume(uuid, { objects: 1 });
  const release = async (): Promise<void> => {
    await medium.close();
    await drive.unload();
    await drive.close();
    await changer.move({ kind: "drive", number }, slot);
    await changer.close();
  };
  return { medium, volume: inventory.volume(uuid)!, release };
}

function withoutGuards(drive: TapeDrive): TapeDrive {
  return new Proxy(drive, {
    get: (target, name) => {
      if (name === "protectBlocks") return () => Promise.resolve("off");
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}

/** As a calendar has them, for the records. */
function wholeMilliseconds(time: VirtualTime): Clock {
  return { nowMs: () => Math.floor(time.nowMs()), monotonicMs: () => time.monotonicMs(), sleep: (durationMs, signal) => time.sleep(durationMs, signal) };
}

function zeros(sizeBytes: number): ObjectStream {
  const chunk = Buffer.alloc(2 ** 20);
  return {
    sizeBytes,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, zeros are not
    async *chunks() {
      for (let at = 0; at < sizeBytes; at += chunk.length) yield chunk.subarray(0, Math.min(chunk.length, sizeBytes - at));
    },
  };
}

function factsOf(sealedBytes: number) {
  return { sealedBytes, sealedSha256: "ab".repeat(32), tarBytes: sealedBytes, firstMemberOffset: 512, sealedAtMs: 0 };
}
