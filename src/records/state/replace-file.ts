import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts a file in the place of another, at once and for good: whoever reads sees the old or the new one, whole, also after a power
 * cut. Mode 0600 from the first moment, unless it is for others to read.
 */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${String(process.pid)}.draft`);
  // One left behind by a process of the same number that was killed; ours cannot exist yet.
  rmSync(draft, { force: true });
  try {
    writeSynced(draft, Buffer.from(content), mode);
    renameSync(draft, path);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
  syncFolder(folder);
}

function writeSynced(path: string, bytes: Uint8Array, mode: number): void {
  const fd = openSync(path, "wx", mode);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes names that were created or renamed in a folder survive a power cut. */
export function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
