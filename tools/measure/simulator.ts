import { createDiscardingStore, createMemoryLibrary, timeFigures, type VirtualLibrary, VirtualTime } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { type Clock, systemClock, systemRandom } from "../../src/words/index.ts";
import { mebibyte } from "./bench.ts";
import { median } from "./measure.ts";

/** How fast the virtual library is in this process, driven by the appliance's own drive and changer. */
export interface SimulatorFigures {
  readonly memoryWriteMBps: number;
  readonly memoryReadMBps: number;
  /** The first pass over memory that nobody touched before: the kernel makes every page then. */
  readonly memoryFirstWriteMBps: number;
  /** A whole LTO-9 cartridge at full speed on virtual time, content discarded. */
  readonly virtualFillTB: number;
  readonly virtualFillHours: number;
  readonly virtualFillSeconds: number;
  readonly virtualFillBackhitches: number;
}

const blockBytes = 512 * 1024;
const fillBlockBytes = mebibyte;
const lto9 = timeFigures.find(({ generation }) => generation === "LTO-9")!;

export async function measureSimulator(rounds: number, sizeBytes: number, fillBytes: number): Promise<SimulatorFigures> {
  const passes = await memoryPasses(rounds, sizeBytes);
  const rate = (seconds: number): number => Math.round(sizeBytes / seconds / 1e6);
  return {
    memoryWriteMBps: rate(median(passes.writeSeconds.slice(1))),
    memoryReadMBps: rate(median(passes.readSeconds.slice(1))),
    memoryFirstWriteMBps: rate(passes.writeSeconds[0]!),
    ...(await fill(fillBytes)),
  };
}

async function memoryPasses(rounds: number, sizeBytes: number): Promise<{ readonly writeSeconds: number[]; readonly readSeconds: number[] }> {
  const library = await createMemoryLibrary({ drives: 1, slots: 1, cartridges: [{ barcode: "BENCH1L8", capacityBytes: sizeBytes * 2 }] }, systemRandom);
  const drive = await loadedDrive(library, systemClock);
  const block = Buffer.alloc(blockBytes, 0x5a);
  const pass = async (step: () => Promise<unknown>): Promise<number> => {
    await drive.rewind();
    const begun = systemClock.monotonicMs();
    for (let at = 0; at < sizeBytes; at += blockBytes) await step();
    return (systemClock.monotonicMs() - begun) / 1000;
  };
  const [writeSeconds, readSeconds]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    writeSeconds.push(await pass(() => drive.writeBlock(block)));
    readSeconds.push(await pass(() => drive.readBlock(block)));
  }
  await drive.close();
  await library.close();
  return { writeSeconds, readSeconds };
}

async function fill(bytes: number): Promise<Omit<SimulatorFigures, "memoryWriteMBps" | "memoryReadMBps" | "memoryFirstWriteMBps">> {
  const time = new VirtualTime();
  const library = await createMemoryLibrary(
    { drives: 1, slots: 1, cartridges: [{ barcode: "BENCH1L9", capacityBytes: lto9.nativeBytes }] },
    systemRandom,
    { makeStore: () => createDiscardingStore({ hashes: false }), timing: { time, figures: lto9 } },
  );
  const drive = await loadedDrive(library, time);
  const block = new Uint8Array(fillBlockBytes);
  const begunMs = systemClock.monotonicMs();
  const begunMachineMs = time.machineMs();
  let written = 0;
  for (; written < bytes; written += fillBlockBytes) if ((await drive.writeBlock(block)) === "end-of-medium") break;
  await drive.writeFilemarks(0);
  const figures = {
    virtualFillTB: Math.round(written / 1e10) / 100,
    virtualFillHours: Math.round((time.machineMs() - begunMachineMs) / 36_000) / 100,
    virtualFillSeconds: Math.round((systemClock.monotonicMs() - begunMs) / 100) / 10,
    virtualFillBackhitches: library.driveTimes(0).backhitches,
  };
  await drive.close();
  await library.close();
  return figures;
}

async function loadedDrive(library: VirtualLibrary, clock: Clock): Promise<TapeDrive> {
  const changer = openMediaChanger(await library.transport(0), clock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  const drive = openTapeDrive(await library.transport(1), clock);
  await drive.ready(60_000);
  return drive;
}
