import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import type { EntryCondition } from "../../records/index.ts";
import type { LineOutcome, SegmentOutcome } from "./task.ts";

/*
 * The facts of a segment lie beside it in the spool, so that a segment which was sealed when the appliance died, but not yet recorded,
 * is taken over as it is: <segment>.facts is a line of JSON, then 33 bytes for each plan line: condition, SHA-256 (zeros where none).
 */
const conditions: readonly EntryCondition[] = ["intact", "changed", "shrunk", "vanished", "unreadable"];
const recordBytes = 33;
const hasDigest = 0x80;

interface FactsHead {
  facts: 1;
  sealedBytes: number;
  sealedSha256: string;
  tarBytes: number;
  firstMemberOffset: number;
  lines: number;
}

export function factsPath(spoolPath: string): string {
  return `${spoolPath}.facts`;
}

/** Writes the facts; they are on the disk when it returns. */
export function writeFacts(spoolPath: string, outcome: SegmentOutcome): void {
  const head: FactsHead = {
    facts: 1,
    sealedBytes: outcome.sealedBytes,
    sealedSha256: outcome.sealedSha256,
    tarBytes: outcome.tarBytes,
    firstMemberOffset: outcome.firstMemberOffset,
    lines: outcome.lines.length,
  };
  const path = factsPath(spoolPath);
  const fd = openSync(`${path}.tmp`, "w", 0o600);
  try {
    writeWhole(fd, Buffer.from(`${JSON.stringify(head)}\n`));
    writeWhole(fd, packLines(outcome.lines));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.tmp`, path);
}

/** The facts of a segment in the spool; undefined when there are none or they are not whole. */
export function readFacts(spoolPath: string): SegmentOutcome | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(factsPath(spoolPath));
  } catch {
    return undefined;
  }
  const headEnd = bytes.indexOf(0x0a);
  if (headEnd < 0) return undefined;
  const head = JSON.parse(bytes.toString("utf8", 0, headEnd)) as FactsHead;
  const packed = bytes.subarray(headEnd + 1);
  if (packed.length !== head.lines * recordBytes) return undefined;
  return { ...head, lines: unpackLines(packed) };
}

export function removeFacts(spoolPath: string): void {
  rmSync(factsPath(spoolPath), { force: true });
}

function packLines(lines: readonly LineOutcome[]): Uint8Array {
  const packed = Buffer.alloc(lines.length * recordBytes);
  lines.forEach(({ condition, sha256 }, index) => {
    packed[index * recordBytes] = conditions.indexOf(condition) | (sha256 ? hasDigest : 0);
    if (sha256) packed.set(sha256, index * recordBytes + 1);
  });
  return packed;
}

function unpackLines(packed: Uint8Array): LineOutcome[] {
  const lines: LineOutcome[] = [];
  for (let at = 0; at < packed.length; at += recordBytes) {
    const flags = packed[at]!;
    lines.push({
      condition: conditions[flags & ~hasDigest] ?? "unreadable",
      sha256: (flags & hasDigest) === 0 ? undefined : packed.subarray(at + 1, at + recordBytes),
    });
  }
  return lines;
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
