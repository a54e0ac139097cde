/**
 * Reads the disk unit of tgt (a file in memory) by our initiator and by iscsi-perf (libiscsi), in turns, one request at a time as a tape is read, and
 * prints the medians: `node test/transports/iscsi/speed.ts [rounds]`. Says nothing about right or wrong; machines differ.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { status, type Transport } from "../../../src/scsi/index.ts";
import { openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { initiator } from "./setting.ts";
import { startTgt } from "./tgt.ts";

const blockBytes = 512;
const diskBlocks = (32 * 1024 * 1024) / blockBytes;
const seconds = 2;
const rounds = Number(process.argv[2] ?? 5);

async function ours(unit: Transport, blocks: number): Promise<number> {
  const dataIn = Buffer.alloc(blocks * blockBytes);
  const cdb = new Uint8Array(16);
  const view = new DataView(cdb.buffer);
  view.setUint8(0, 0x88);
  view.setUint32(10, blocks);
  const start = systemClock.monotonicMs();
  let elapsedMs = 0;
  let bytes = 0;
  for (let block = 0; elapsedMs < seconds * 1000; block = (block + blocks) % (diskBlocks - blocks)) {
    view.setUint32(6, block);
    const { status: code, transferredBytes } = await unit.execute({ cdb, dataIn, timeoutMs: 10_000 });
    if (code === status.good) bytes += transferredBytes;
    elapsedMs = systemClock.monotonicMs() - start;
  }
  return bytes / elapsedMs / 1000;
}

function theirs(portal: string, target: string, blocks: number): number {
  const words = ["-s", "INT", String(seconds + 3), "iscsi-perf", "-m", "1", "-b", String(blocks), "-t", String(seconds), `iscsi://${portal}/${target}/2`];
  const { stdout } = spawnSync("timeout", words, { encoding: "utf8" });
  const average = /iops average (\d+)/.exec(stdout)?.[1];
  if (average === undefined) throw new Error(`iscsi-perf says no average: ${stdout}`);
  return (Number(average) * blocks * blockBytes) / 1e6;
}

const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const tgt = await startTgt();
try {
  const target = await tgt.library("speed");
  console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${String(cpus().length)} threads; ${String(rounds)} rounds of ${String(seconds)} s`);
  for (const blocks of [128, 1024, 2048]) {
    const [us, them]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const units = openIscsiTransports({ portal: tgt.portal, target, initiator, clock: systemClock, random: systemRandom });
      us.push(await ours(await units.transport(2), blocks));
      await units.close();
      them.push(theirs(tgt.portal, target, blocks));
    }
    const [mine, other] = [median(us), median(them)];
    const rates = `this initiator ${mine.toFixed(0)} MB/s, iscsi-perf ${other.toFixed(0)} MB/s`;
    console.log(`reads of ${String((blocks * blockBytes) / 1024)} KiB: ${rates}: ${((mine / other) * 100).toFixed(0)} %`);
  }
} finally {
  await tgt.stop();
}
