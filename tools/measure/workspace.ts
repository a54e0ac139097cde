import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for everything a measurement makes. */
export interface Workspace {
  readonly folder: string;
  readonly isInMemory: boolean;
  remove(): void;
}

const memoryFolder = "/dev/shm";

/** In memory where that has room for so much, so that no disk is measured; else where temporary files go. */
export function openWorkspace(neededBytes: number): Workspace {
  const isInMemory = freeBytes(memoryFolder) > neededBytes;
  const parent = isInMemory ? memoryFolder : tmpdir();
  if (freeBytes(parent) <= neededBytes) {
    throw new Error(`neither ${memoryFolder} nor ${tmpdir()} has ${String(Math.ceil(neededBytes / 1e9))} GB free; give a smaller --size`);
  }
  const folder = mkdtempSync(join(parent, "strongroom-bench-"));
  return { folder, isInMemory, remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
