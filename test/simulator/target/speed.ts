/**
 * Writes and reads blocks of 512 KiB on a tape of tgt and on one of our simulator, each behind its iSCSI target in a process of its own, with our
 * initiator, in turns, and prints the medians and their ratio: `node test/simulator/target/speed.ts [rounds]`. Says nothing about right or wrong.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { createMemoryLibrary, defaultTarget, serveLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../../src/devices/tape/index.ts";
import { type DigestWish, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { startTgt } from "../../transports/iscsi/tgt.ts";

const initiator = "iqn.2026-11.test:initiator";
const blockBytes = 512 * 1024;
const blocks = 384;
const description = { drives: 1, slots: 1, mailSlots: 0, cartridges: [{ barcode: "SPEED1L8", capacityBytes: 256 * 1024 * 1024 }] };

interface Rates {
  readonly write: number;
  readonly read: number;
}

async function measure(drive: TapeDrive): Promise<Rates> {
  if ((await drive.ready(60_000)) !== "ready") throw new Error("the drive is not ready");
  const block = Buffer.alloc(blockBytes, 0xa5);
  const rate = async (act: () => Promise<unknown>): Promise<number> => {
    await drive.rewind();
    const start = systemClock.monotonicMs();
    for (let done = 0; done < blocks; done += 1) await act();
    return (blocks * blockBytes) / (systemClock.monotonicMs() - start) / 1000;
  };
  const write = await rate(async () => await drive.writeBlock(block));
  await drive.writeFilemarks(1);
  const read = await rate(async () => await drive.readBlock(block));
  await drive.close();
  return { write, read };
}

async function ofTarget(portal: string, target: string, lun: number, digests: DigestWish = "off"): Promise<Rates> {
  const units = openIscsiTransports({ portal, target, initiator, digests, clock: systemClock, random: systemRandom });
  try {
    return await measure(openTapeDrive(await units.transport(lun), systemClock));
  } finally {
    await units.close();
  }
}

/** The child: a library in memory, served until the parent hangs up. */
async function beTheSimulator(): Promise<void> {
  const library = await createMemoryLibrary(description, systemRandom);
  const changer = openMediaChanger(await library.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  const running = await serveLibrary(library, { clock: systemClock, random: systemRandom });
  process.send?.(running.port);
  process.once("disconnect", () => { void running.close(); });
}

const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function compare(rounds: number): Promise<void> {
  const tgt = await startTgt();
  const child = fork(import.meta.filename, ["--serve"]);
  try {
    const [port] = (await once(child, "message")) as [number];
    const target = await tgt.library("speed", { loaded: "SPEED1L8", sizeMiB: 256 });
    const rates = { tgt: [] as Rates[], ours: [] as Rates[], digests: [] as Rates[] };
    for (let round = 0; round < rounds; round += 1) {
      rates.tgt.push(await ofTarget(tgt.portal, target, 1));
      rates.ours.push(await ofTarget(`127.0.0.1:${String(port)}`, defaultTarget, 1));
      rates.digests.push(await ofTarget(`127.0.0.1:${String(port)}`, defaultTarget, 1, "required"));
    }
    console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${String(cpus().length)} threads; ${String(rounds)} rounds of ${String(blocks)} blocks of 512 KiB`);
    for (const way of ["write", "read"] as const) {
      const [theirs, ours, digests] = [rates.tgt, rates.ours, rates.digests].map((all) => median(all.map((one) => one[way]))) as [number, number, number];
      const ratio = median(rates.ours.map((one, at) => one[way] / rates.tgt[at]![way]));
      console.log(`${way}: tgt ${theirs.toFixed(0)} MB/s, simulator ${ours.toFixed(0)} MB/s (with digests ${digests.toFixed(0)}): ${ratio.toFixed(2)} times tgt`);
    }
  } finally {
    child.disconnect();
    await tgt.stop();
  }
}

if (process.argv[2] === "--serve") await beTheSimulator();
else await compare(Number(process.argv[2] ?? 5));
