import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { tryLock } from "posix-entries";
import { StrongroomError, printable } from "../../words/index.ts";

/** Held until released or until the process ends, however it ends: there is no lock that a person would have to break. */
export interface FileLock {
  readonly path: string;
  /** Repeatable. */
  release(): void;
}

/** What the holder says of itself, in the lock file, for whoever comes too late. */
export interface LockHolder {
  readonly processId: number;
  /** `archive run photos`. */
  readonly purpose: string;
}

const noteBytes = 1024;

/**
 * Takes the exclusive lock (flock(2)) of that file, which is made when missing and stays when the lock is released. Never waits:
 * rejects with LOCK_HELD (kind `busy`), naming who holds it.
 */
export function lockFile(path: string, holder: LockHolder): FileLock {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    if (!tryLock(fd)) throw lockHeld(path, readNote(fd));
    writeNote(fd, `process ${String(holder.processId)}: ${printable(holder.purpose)}\n`);
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
  let isHeld = true;
  return {
    path,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      // The note goes first, while nobody else can have written one; closing gives the lock back.
      ftruncateSync(fd, 0);
      closeSync(fd);
    },
  };
}

function writeNote(fd: number, text: string): void {
  ftruncateSync(fd, 0);
  writeSync(fd, Buffer.from(text).subarray(0, noteBytes), 0, undefined, 0);
}

function readNote(fd: number): string {
  if (fstatSync(fd).size === 0) return "";
  const bytes = Buffer.alloc(noteBytes);
  return printable(bytes.toString("utf8", 0, readSync(fd, bytes, 0, noteBytes, 0)).trimEnd());
}

function lockHeld(path: string, note: string): StrongroomError {
  const who = note === "" ? "another process" : note;
  return new StrongroomError("busy", "LOCK_HELD", `${basename(path)} is in use by ${who}`, {
    hint: "wait until it has finished and run this again; if it was killed, the lock is free already",
  });
}
