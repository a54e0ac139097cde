import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createDiscardingStore, createMemoryLibrary, timeFigures, VirtualTime } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { SealedFeed } from "../../src/jobs/archive-run/feed.ts";
import { Stretch } from "../../src/jobs/archive-run/stretch.ts";
import type { SegmentRecord } from "../../src/records/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { Spool } from "../../src/work/spool/index.ts";
import { sealedFacts } from "../conformance/catalog-samples.ts";

const giga = 1e9;
const figures = timeFigures.find(({ generation }) => generation === "LTO-9")!;
const blockBytes = 8 * 2 ** 20;
const segmentBytes = 512 * blockBytes;
const segments = 70;
const spoolBytes = 200 * giga;

/** A source of some speed that stands still at random, for up to a minute and a half: what it does follows from the seed. */
function stallsOf(seed: number): () => number {
  let state = seed;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (draw() < 0.3 ? draw() * 90_000 : 0);
}

interface Bench {
  readonly time: VirtualTime;
  readonly feed: SealedFeed;
  readonly spool: Spool;
  readonly signal: AbortSignal;
}

async function seal({ time, feed, spool, signal }: Bench, bytesPerSecond: number): Promise<void> {
  const stallMs = stallsOf(7);
  for (let number = 1; number <= segments; number += 1) {
    await spool.reserve(number, segmentBytes, signal);
    await time.sleep((segmentBytes / bytesPerSecond) * 1000 + stallMs());
    spool.settle(number, segmentBytes);
    feed.add({ id: number, number, facts: { ...sealedFacts, sealedBytes: segmentBytes } } as SegmentRecord);
  }
}

/** Filemarks are left out but for the last: each that waits for the tape is a stop of its own, whatever the spool does. */
async function write({ time, feed, spool, signal }: Bench, drive: TapeDrive, placed: (number: number) => void): Promise<void> {
  const block = new Uint8Array(blockBytes);
  const stretch = new Stretch({ feed, spool, clock: time, signal, ended: () => Promise.resolve(), idle: () => Promise.resolve(), busy: () => undefined });
  for (let number = 1; number <= segments; number += 1) {
    await stretch.ready(number);
    await feed.segment(number);
    for (let written = 0; written < segmentBytes; written += blockBytes) await drive.writeBlock(block);
    placed(number);
  }
  await drive.writeFilemarks(1);
}

it.each([["slower than the drives", 180e6], ["as fast as the drives", 400e6]] as const)(
  "two drives starve at most once in 100 GB from one spool, with a source that is %s and stands still at random",
  async (_words, bytesPerSecond) => {
    const time = new VirtualTime();
    const folder = mkdtempSync(join(tmpdir(), "streaming-"));
    const cartridges = [0, 1].map((index) => ({ barcode: `TIME0${String(index)}L9`, capacityBytes: figures.nativeBytes }));
    const library = await createMemoryLibrary({ drives: 2, slots: 2, cartridges }, systemRandom, {
      makeStore: () => createDiscardingStore({ hashes: false }), timing: { time, figures },
    });
    const changer = openMediaChanger(await library.transport(0), time);
    const spool = new Spool(folder, spoolBytes, { freeBytes: () => Number.MAX_SAFE_INTEGER });
    const bench: Bench = { time, spool, feed: new SealedFeed(segments), signal: new AbortController().signal };
    const drives: TapeDrive[] = [];
    for (const number of [0, 1]) {
      await changer.move({ kind: "slot", number: number + 1 }, { kind: "drive", number });
      const drive = openTapeDrive(await library.transport(number + 1), time);
      await drive.ready(60_000);
      drives.push(drive);
    }
    const left = new Map<number, number>();
    const placed = (number: number): void => {
      left.set(number, (left.get(number) ?? 2) - 1);
      if (left.get(number) === 0) spool.release(number);
    };
    await Promise.all([seal(bench, bytesPerSecond), ...drives.map((drive) => write(bench, drive, placed))]);
    const writtenBytes = segments * segmentBytes;
    for (const number of [0, 1]) {
      const { backhitches, milliseconds } = library.driveTimes(number);
      expect(backhitches, `of drive ${String(number)}, in ${String(writtenBytes / giga)} GB`).toBeLessThanOrEqual(writtenBytes / (100 * giga));
      expect(milliseconds.streaming / (milliseconds.streaming + milliseconds.repositioning)).toBeGreaterThanOrEqual(0.97);
    }
    expect(spool.usedBytes).toBe(0);
    for (const drive of drives) await drive.close();
    await changer.close();
    await library.close();
    rmSync(folder, { recursive: true, force: true });
  },
  60_000,
);
