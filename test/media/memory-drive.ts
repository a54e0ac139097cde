import type { TapeDrive } from "../../src/devices/tape/index.ts";
import { silentDrive } from "../devices/health-samples.ts";

/** A tape in memory: blocks, and `undefined` for each filemark. Just enough of a drive to carry objects; it has a capacity and no faults. */
export function memoryDrive(options: { readonly capacityBytes?: number; readonly countsFiles?: boolean; readonly writeProtected?: boolean } = {}): TapeDrive {
  const { capacityBytes = 64 * 1024 * 1024, countsFiles = true, writeProtected = false } = options;
  let marks: (Uint8Array | undefined)[] = [];
  let at = 0;
  const usedBytes = (): number => marks.reduce((sum, block) => sum + (block?.length ?? 0), 0);
  const filesBefore = (end: number): number => marks.slice(0, end).filter((block) => block === undefined).length;
  const position = () => Promise.resolve({
    objectNumber: at,
    fileNumber: countsFiles ? filesBefore(at) : undefined,
    beginningOfPartition: at === 0,
  });
  const warning = (): "written" | "early-warning" => (usedBytes() > capacityBytes * 0.9 ? "early-warning" : "written");
  const drive: TapeDrive = {
    name: "memory",
    reservation: "not-asked",
    accessOrder: () => Promise.resolve(undefined),
    hasAccessOrder: () => Promise.resolve(false),
    protectBlocks: () => Promise.resolve("off"),
    canProtectBlocks: () => Promise.resolve(false),
    encryption: () => Promise.resolve({ kind: "unsupported" }),
    identity: () => Promise.resolve({ vendor: "TEST", product: "MEMORY", revision: "1", serial: "1" }),
    ready: () => Promise.resolve("ready"),
    medium: () => Promise.resolve({ writeProtected, worm: false, densityCode: 0, kind: "data" }),
    readBlock: (target) => {
      if (at >= marks.length) return Promise.resolve({ kind: "end-of-data" });
      const block = marks[at++];
      if (!block) return Promise.resolve({ kind: "filemark" });
      target.set(block);
      return Promise.resolve({ kind: "block", sizeBytes: block.length });
    },
    writeBlock: (block) => {
      marks = marks.slice(0, at);
      if (usedBytes() + block.length > capacityBytes) return Promise.resolve("end-of-medium");
      marks.push(Uint8Array.from(block));
      at += 1;
      return Promise.resolve(warning());
    },
    writeFilemarks: (count) => {
      marks = [...marks.slice(0, at), ...Array<undefined>(count).fill(undefined)];
      at += count;
      return Promise.resolve(warning());
    },
    bufferFilemarks: (count) => drive.writeFilemarks(count),
    verifyFile: () => Promise.resolve("unsupported"),
    position,
    rewind: () => {
      at = 0;
      return Promise.resolve();
    },
    locate: (objectNumber) => {
      at = objectNumber;
      return Promise.resolve();
    },
    locateFile: (fileNumber) => {
      at = 0;
      for (let seen = 0; seen < fileNumber; at += 1) {
        if (at >= marks.length) return Promise.resolve("end-of-data");
        if (marks[at] === undefined) seen += 1;
      }
      return Promise.resolve("there");
    },
    spaceToEndOfData: () => {
      at = marks.length;
      return position();
    },
    unload: () => Promise.resolve(),
    load: () => Promise.resolve(),
    erase: () => {
      marks = [];
      at = 0;
      return Promise.resolve();
    },
    confirmedObjects: undefined,
    earlyWarning: () => Promise.resolve(undefined),
    setEarlyWarning: () => Promise.resolve(undefined),
    partitions: () => Promise.resolve(undefined),
    learnTimeouts: () => Promise.resolve("default"),
    maxBlockBytes: () => Promise.resolve(8 * 1024 * 1024),
    capacity: () => Promise.resolve({ totalBytes: capacityBytes, remainingBytes: capacityBytes - usedBytes() }),
    asksForCleaning: false,
    densities: () => Promise.resolve([]),
    tapeAlerts: () => Promise.resolve([]),
    logPage: () => Promise.resolve(undefined),
    readAttribute: () => Promise.resolve(undefined),
    writeAttribute: () => Promise.resolve(false),
    health: () => Promise.resolve({ findings: [], cleaning: "unknown", drive: silentDrive, cartridge: undefined }),
    close: () => Promise.resolve(),
  };
  return drive;
}
