import { closeSync, readSync } from "node:fs";
import { examineFd, openForReading, readUnchanged } from "posix-entries";
import type { DataExtent } from "../../formats/tar/index.ts";
import type { EntryCondition } from "../../records/index.ts";
import type { PlanLine } from "../plan/index.ts";

const fileTypeMask = 0o170000;
const regularFile = 0o100000;

/** Where content goes: the stream's slab. */
export interface ContentSink {
  /** The free part of the slab, at least one byte; content read into its start is then taken with `took`. */
  room(): Uint8Array;
  took(lengthBytes: number): void;
  zeros(lengthBytes: number): void;
}

/** Up to this size a file is read by one call into the kernel's door instead of five. */
export const smallFileBytesMax = 128 * 1024;
const expectedFacts = new BigInt64Array(3);
const expectedBytes = new Uint8Array(expectedFacts.buffer);

/** Fills `target` with a whole file that is as the plan says. False when anything is not: then the long way tells what it is. */
export function readSmallFile(path: Uint8Array, line: PlanLine, target: Uint8Array): boolean {
  expectedFacts[0] = BigInt.asIntN(64, line.inode);
  expectedFacts[1] = line.entry.mtimeNs;
  expectedFacts[2] = line.ctimeNs;
  return readUnchanged(path, target, expectedBytes);
}

/** A file of the plan, open for reading; undefined when it is no longer there, not a file any more, or not permitted. */
export function openContent(path: Uint8Array): { readonly fd: number } | { readonly condition: EntryCondition } {
  let fd: number;
  try {
    fd = openForReading(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const gone = code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO";
    return { condition: gone ? "vanished" : "unreadable" };
  }
  if ((examineFd(fd).mode & fileTypeMask) === regularFile) return { fd };
  closeSync(fd);
  return { condition: "vanished" };
}

/**
 * Copies the stored bytes `fromByte` to `toByte` of a planned file into the sink: exactly that many, zeros where the file ended early or
 * cannot be read on. Returns what happened to the file meanwhile.
 */
export function copyContent(line: PlanLine, fd: number, fromByte: number, toByte: number, sink: ContentSink): EntryCondition {
  let condition: EntryCondition = "intact";
  for (const extent of extentsBetween(line.entry.sparseMap ?? [{ offsetBytes: 0, lengthBytes: line.entry.sizeBytes }], fromByte, toByte)) {
    const missingBytes = copyExtent(fd, extent, sink);
    if (missingBytes > 0) {
      sink.zeros(missingBytes);
      condition = "shrunk";
    }
  }
  return condition === "intact" && hasChanged(line, fd) ? "changed" : condition;
}

/** Copies one extent; returns how many of its bytes could not be had. */
function copyExtent(fd: number, extent: DataExtent, sink: ContentSink): number {
  let doneBytes = 0;
  while (doneBytes < extent.lengthBytes) {
    const room = sink.room();
    const got = readOrStop(fd, room, Math.min(room.length, extent.lengthBytes - doneBytes), extent.offsetBytes + doneBytes);
    if (got === 0) break;
    sink.took(got);
    doneBytes += got;
  }
  return extent.lengthBytes - doneBytes;
}

function readOrStop(fd: number, target: Uint8Array, lengthBytes: number, position: number): number {
  try {
    return readSync(fd, target, 0, lengthBytes, position);
  } catch {
    // A bad sector of the source: the rest of this extent is zeros, and the entry is marked.
    return 0;
  }
}

function hasChanged(line: PlanLine, fd: number): boolean {
  const now = examineFd(fd);
  return (
    now.mtimeNs !== line.entry.mtimeNs ||
    now.ctimeNs !== line.ctimeNs ||
    now.sizeBytes !== line.entry.sizeBytes ||
    now.inode !== line.inode
  );
}

/** The parts of the file that the stored bytes between two offsets stand for. */
export function* extentsBetween(extents: readonly DataExtent[], fromByte: number, toByte: number): Generator<DataExtent> {
  let storedAt = 0;
  for (const extent of extents) {
    const from = Math.max(fromByte, storedAt);
    const to = Math.min(toByte, storedAt + extent.lengthBytes);
    if (from < to) yield { offsetBytes: extent.offsetBytes + (from - storedAt), lengthBytes: to - from };
    storedAt += extent.lengthBytes;
    if (storedAt >= toByte) return;
  }
}
