import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { tryLock } from "posix-entries";

const noteBytes = 64;

/**
 * Takes flock(2) on that file and writes down who did; undefined when somebody else has it. It ends with the process, however
 * it ends.
 */
export function takeLock(path: string, note: string): (() => void) | undefined {
  const fd = openLockFile(path);
  if (!tryLock(fd)) {
    closeSync(fd);
    return undefined;
  }
  ftruncateSync(fd, 0);
  writeSync(fd, Buffer.from(note).subarray(0, noteBytes), 0, undefined, 0);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    ftruncateSync(fd, 0);
    closeSync(fd);
  };
}

/** What the holder wrote down; digits and letters only, since a file can hold anything. */
export function lockNote(path: string): string {
  const fd = openLockFile(path);
  try {
    const bytes = Buffer.alloc(noteBytes);
    const note = bytes.toString("latin1", 0, readSync(fd, bytes, 0, noteBytes, 0)).replace(/[^A-Za-z0-9 ]/g, "");
    return note === "" ? "another process" : note;
  } finally {
    closeSync(fd);
  }
}

function openLockFile(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
}
