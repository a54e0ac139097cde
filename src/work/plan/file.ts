import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { StrongroomError } from "../../words/index.ts";
import { decodePlanLine, encodePlanLine, type PlanLine } from "./line.ts";

const bufferBytes = 256 * 1024;
/** A line longer than this is refused when read: a directory of a million names needs about 64 MB. */
const lineBytesMax = 1024 * 1024 * 1024;

/**
 * Writes a plan file: a first line with the roots, then one line an entry. It has its name only once it is whole and on the
 * disk, so a plan that can be opened is a plan to go by.
 */
export class PlanWriter {
  readonly #path: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #offset = 0;

  constructor(path: string, roots: readonly Uint8Array[]) {
    this.#path = path;
    this.#fd = openSync(`${path}.tmp`, "w", 0o600);
    this.#writeLine(JSON.stringify({ plan: 1, roots: roots.map((root) => Buffer.from(root).toString("latin1")) }));
  }

  /** Where the next line begins, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  add(line: PlanLine): void {
    this.#writeLine(encodePlanLine(line));
  }

  finish(): void {
    this.#flush();
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    renameSync(`${this.#path}.tmp`, this.#path);
    // Its segments are recorded next: records that outlived their plan would lead nowhere.
    syncFolder(dirname(this.#path));
  }

  abandon(): void {
    closeSync(this.#fd);
  }

  #writeLine(text: string): void {
    const lengthBytes = text.length + 1;
    this.#offset += lengthBytes;
    if (lengthBytes > bufferBytes - this.#filled) this.#flush();
    if (lengthBytes > bufferBytes) {
      writeWhole(this.#fd, Buffer.from(`${text}\n`, "latin1"));
      return;
    }
    this.#filled += this.#buffer.write(text, this.#filled, "latin1");
    this.#buffer[this.#filled] = 0x0a;
    this.#filled += 1;
  }

  #flush(): void {
    writeWhole(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** The roots that the lines of this plan refer to. */
export function readPlanRoots(path: string): readonly Uint8Array[] {
  for (const text of readLines(path, 0, Number.POSITIVE_INFINITY)) {
    const head = JSON.parse(text) as { plan: number; roots: string[] };
    if (head.plan !== 1) break;
    return head.roots.map((root) => Buffer.from(root, "latin1"));
  }
  throw new StrongroomError("internal", "PLAN_UNREADABLE", "the job's plan cannot be read; what was archived so far is safe", {
    hint: "abandon the job and start it again",
  });
}

/** The lines between two byte offsets, lazily; memory is bounded by the longest line. */
export function* readPlanLines(path: string, fromByte: number, toByte: number): Generator<PlanLine> {
  for (const text of readLines(path, fromByte, toByte)) yield decodePlanLine(text);
}

function* readLines(path: string, fromByte: number, toByte: number): Generator<string> {
  const fd = openSync(path, "r");
  let buffer = Buffer.allocUnsafeSlow(bufferBytes);
  try {
    let kept = 0;
    let at = fromByte;
    while (at < toByte) {
      if (kept === buffer.length) buffer = enlarge(buffer);
      const got = readSync(fd, buffer, kept, Math.min(buffer.length - kept, toByte - at), at);
      if (got === 0) break;
      at += got;
      const end = kept + got;
      let start = 0;
      for (let stop = buffer.indexOf(0x0a, kept); stop >= 0 && stop < end; stop = buffer.indexOf(0x0a, start)) {
        yield buffer.toString("latin1", start, stop);
        start = stop + 1;
      }
      buffer.copyWithin(0, start, end);
      kept = end - start;
    }
  } finally {
    closeSync(fd);
    // Given back now: a thread reads plans faster than the collector comes.
    buffer.buffer.transfer(0);
  }
}

function enlarge(buffer: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (buffer.length >= lineBytesMax) {
    throw new StrongroomError("internal", "PLAN_UNREADABLE", "a line of the job's plan is longer than 1 GiB");
  }
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  buffer.buffer.transfer(0);
  return larger;
}
