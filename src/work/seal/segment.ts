import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { createSegmentSealer, type SegmentSealer } from "../../formats/message/index.ts";
import { encodeHeader, endOfArchive, storedSizeBytes } from "../../formats/tar/index.ts";
import { createZstdFramer, emptyFrame } from "../../formats/zstd/index.ts";
import type { EntryCondition } from "../../records/index.ts";
import type { RandomBytes } from "../../words/index.ts";
import { type PlanLine, readPlanLines, readPlanRoots } from "../plan/index.ts";
import { copyContent, openContent, readSmallFile, smallFileBytesMax } from "./content.ts";
import { writeFacts } from "./outcome.ts";
import { SegmentStream } from "./stream.ts";
import type { LineOutcome, SealTask, SegmentOutcome } from "./task.ts";

const zstdLevel = 3;

/** What one line brought to the stream, its digest still inside the sealer. */
interface LineState {
  readonly condition: EntryCondition;
  readonly hasContent: boolean;
}

/** Makes one segment in the spool: walks its plan lines, reads, packs, seals, and names the file once all is on the disk. Synchronous. */
export function sealSegment(task: SealTask, random: RandomBytes): SegmentOutcome {
  const fd = openSync(`${task.spoolPath}.tmp`, "w", 0o600);
  const sealer = createSegmentSealer(
    { cipher: task.cipher, sessionKeyPackets: task.sessionKeyPackets, sessionKey: task.sessionKey },
    random,
    (bytes) => { writeWhole(fd, bytes); },
  );
  try {
    const outcome = fillSegment(task, sealer);
    fsyncSync(fd);
    writeFacts(task.spoolPath, outcome);
    renameSync(`${task.spoolPath}.tmp`, task.spoolPath);
    syncFolder(dirname(task.spoolPath));
    return outcome;
  } catch (error) {
    sealer.abandon();
    rmSync(`${task.spoolPath}.tmp`, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function fillSegment(task: SealTask, sealer: SegmentSealer): SegmentOutcome {
  const stream = streamInto(task, sealer);
  try {
    return fill(stream, task, sealer);
  } finally {
    stream.dispose();
  }
}

function streamInto(task: SealTask, sealer: SegmentSealer): SegmentStream {
  const framer = createZstdFramer({
    level: task.compression === "auto" ? zstdLevel : undefined,
    sink: (pieces) => { sealer.seal(pieces); },
  });
  return new SegmentStream(framer, sealer);
}

function fill(stream: SegmentStream, task: SealTask, sealer: SegmentSealer): SegmentOutcome {
  const roots = readPlanRoots(task.planPath);
  const states: LineState[] = [];
  let firstMemberOffset: number | undefined;
  for (const piece of piecesOf(task)) {
    const before = stream.tarBytes;
    states.push(addPiece(piece, roots, stream));
    if (piece.fromByte === 0 && stream.tarBytes > before) firstMemberOffset ??= before;
  }
  if (task.last) stream.header(endOfArchive);
  stream.flush();
  // Everything that was planned here is gone: what is left must still open with `gpg -d | zstd -d`.
  if (stream.tarBytes === 0) sealer.seal(emptyFrame);
  const tarBytes = stream.tarBytes;
  const sealed = sealer.finish();
  return {
    sealedBytes: sealed.sizeBytes,
    sealedSha256: Buffer.from(sealed.sha256).toString("hex"),
    tarBytes,
    firstMemberOffset: firstMemberOffset ?? tarBytes,
    lines: withDigests(states, sealed.contentDigests),
  };
}

/** The part of a line's entry that belongs to this segment, in stored bytes. */
interface Piece {
  readonly line: PlanLine;
  readonly fromByte: number;
  readonly toByte: number;
  /** The rest of the entry is in another segment, before or behind this one. */
  readonly split: boolean;
  readonly last: boolean;
}

function* piecesOf(task: SealTask): Generator<Piece> {
  const { cut } = task;
  let held: PlanLine | undefined;
  let first = true;
  const pieceOf = (line: PlanLine, isLast: boolean): Piece => {
    const storedBytes = storedSizeBytes(line.entry);
    const fromByte = first ? cut.skipBytes : 0;
    const toByte = isLast ? (cut.stopBytes ?? storedBytes) : storedBytes;
    first = false;
    return { line, fromByte, toByte, split: fromByte > 0 || toByte < storedBytes, last: toByte === storedBytes };
  };
  for (const line of readPlanLines(task.planPath, cut.fromByte, cut.toByte)) {
    if (held) yield pieceOf(held, false);
    held = line;
  }
  if (held) yield pieceOf(held, true);
}

function addPiece(piece: Piece, roots: readonly Uint8Array[], stream: SegmentStream): LineState {
  const { line } = piece;
  if (line.entry.type !== "file") {
    stream.header(encodeHeader(line.entry));
    return { condition: "intact", hasContent: false };
  }
  if (line.entry.sizeBytes === 0) return addEmptyFile(line, stream);
  const path = join(roots[line.root]!, line.sourcePath);
  if (!piece.split && addSmallFile(line, path, stream)) return { condition: "intact", hasContent: true };
  const opened = openContent(path);
  const readable = "fd" in opened;
  if (!readable && !piece.split) return { condition: opened.condition, hasContent: false };
  if (piece.fromByte === 0) stream.header(encodeHeader(line.entry));
  let condition: EntryCondition;
  if (readable) {
    try {
      condition = copyContent(line, opened.fd, piece.fromByte, piece.toByte, stream);
    } finally {
      closeSync(opened.fd);
    }
  } else {
    stream.zeros(piece.toByte - piece.fromByte);
    condition = opened.condition;
  }
  stream.endContent();
  if (piece.last) stream.pad();
  return { condition, hasContent: true };
}

/** A small file that is as it was when the plan was made. False: nothing was added. */
function addSmallFile(line: PlanLine, path: Uint8Array, stream: SegmentStream): boolean {
  const { sizeBytes, sparseMap } = line.entry;
  if (sizeBytes > smallFileBytesMax || sparseMap) return false;
  const header = encodeHeader(line.entry);
  if (header.length > smallFileBytesMax) return false;
  const room = stream.roomFor(header.length + sizeBytes);
  if (!readSmallFile(path, line, room.subarray(header.length))) return false;
  room.set(header);
  stream.tookHeader(header.length);
  stream.took(sizeBytes);
  stream.endContent();
  stream.pad();
  return true;
}

function addEmptyFile(line: PlanLine, stream: SegmentStream): LineState {
  stream.header(encodeHeader(line.entry));
  stream.endContent();
  return { condition: "intact", hasContent: true };
}

function withDigests(states: readonly LineState[], digests: Uint8Array): LineOutcome[] {
  let at = 0;
  return states.map(({ condition, hasContent }) => {
    if (!hasContent) return { condition, sha256: undefined };
    at += 32;
    return { condition, sha256: digests.subarray(at - 32, at) };
  });
}

function join(root: Uint8Array, path: Uint8Array): Uint8Array {
  if (path.length === 1 && path[0] === 0x2e) return root;
  return Buffer.concat([root, slash, path]);
}
const slash = Buffer.from("/");

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
