import { z } from "zod";
import { rfc3339 } from "../../words/index.ts";
import { maxSealBytes } from "./limits.ts";
import { bytesOfName, lineWrong, nameFields, parseLine } from "./lines.ts";

/*
 * The catalog of a volume: UTF-8, one JSON object a line, each of which means something on its own, so that `grep` finds and
 * any language reads. A snapshot's line comes before its segments', a segment's before its entries'.
 */

export type CatalogLine = ArchiveLine | SnapshotLine | SegmentLine | EntryLine | GoneLine;

export interface ArchiveLine { readonly kind: "archive"; readonly archiveUuid: string; readonly name: string }

export interface SnapshotLine {
  readonly kind: "snapshot";
  readonly archiveUuid: string;
  readonly snapshot: number;
  readonly baseSnapshot: number | undefined;
  readonly startedAtMs: number;
  /** Undefined while the snapshot was not complete. */
  readonly finishedAtMs: number | undefined;
}

/** The segment's facts are in its seal; here is only where it lies on this volume. */
export interface SegmentLine {
  readonly kind: "segment";
  readonly archiveUuid: string;
  readonly snapshot: number;
  readonly segment: number;
  readonly objectNumber: number;
  readonly sealedSha256: string;
  /** The seal, as it lies behind the segment: with it nobody has to wind through the volume for its seals. Missing on older volumes. */
  readonly sealText?: string;
}

/** One entry, or one piece of a file that is split over segments: `offsetBytes` tells which. */
export interface EntryLine {
  readonly kind: "entry";
  readonly archiveUuid: string;
  readonly snapshot: number;
  readonly segment: number;
  readonly path: Uint8Array;
  readonly type: EntryLineType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  readonly linkTarget?: Uint8Array;
  readonly condition: EntryLineCondition;
  readonly piece?: { readonly offsetBytes: number; readonly lengthBytes: number; readonly sha256: string };
}

export type EntryLineType = "file" | "directory" | "symlink" | "hardlink" | "fifo" | "character-device" | "block-device";
export type EntryLineCondition = "intact" | "changed" | "shrunk" | "vanished" | "unreadable";

/** A path of the base snapshot that is not in this one any more. */
export interface GoneLine {
  readonly kind: "gone";
  readonly archiveUuid: string;
  readonly snapshot: number;
  readonly path: Uint8Array;
}

/** The line with its newline. */
export function encodeCatalogLine(line: CatalogLine): string {
  return `${JSON.stringify(jsonOf(line))}\n`;
}

function jsonOf(line: CatalogLine): object {
  const where = { line: line.kind, archive: line.archiveUuid };
  switch (line.kind) {
    case "archive":
      return { ...where, name: line.name };
    case "snapshot":
      return {
        ...where,
        snapshot: line.snapshot,
        base: line.baseSnapshot ?? null,
        started: rfc3339(line.startedAtMs),
        finished: line.finishedAtMs === undefined ? null : rfc3339(line.finishedAtMs),
      };
    case "segment":
      return {
        ...where,
        snapshot: line.snapshot,
        segment: line.segment,
        object: line.objectNumber,
        sha256: line.sealedSha256,
        ...(line.sealText === undefined ? {} : { seal: line.sealText }),
      };
    case "gone":
      return { ...where, snapshot: line.snapshot, ...nameFields("path", line.path) };
    case "entry":
      return {
        ...where,
        snapshot: line.snapshot,
        segment: line.segment,
        ...nameFields("path", line.path),
        type: line.type,
        mode: line.mode.toString(8).padStart(4, "0"),
        uid: line.uid,
        gid: line.gid,
        size: line.sizeBytes,
        mtime: secondsText(line.mtimeNs),
        ctime: secondsText(line.ctimeNs),
        inode: String(line.inode),
        ...(line.linkTarget ? nameFields("target", line.linkTarget) : {}),
        ...(line.condition === "intact" ? {} : { condition: line.condition }),
        ...(line.piece ? { offset: line.piece.offsetBytes, length: line.piece.lengthBytes, sha256: line.piece.sha256 } : {}),
      };
  }
}

const archive = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const counted = z.int().min(1);
const bytes = z.int().min(0);
const base64 = z.base64();
const entryPlace = { archive, snapshot: counted, segment: counted };
const schema = z.discriminatedUnion("line", [
  z.object({ line: z.literal("archive"), archive, name: z.string().min(1).max(255) }),
  z.object({
    line: z.literal("snapshot"),
    archive,
    snapshot: counted,
    base: counted.nullable(),
    started: z.iso.datetime(),
    finished: z.iso.datetime().nullable(),
  }),
  z.object({ line: z.literal("segment"), ...entryPlace, object: bytes, sha256, seal: z.string().max(maxSealBytes).optional() }),
  z.object({ line: z.literal("gone"), archive, snapshot: counted, path: z.string().optional(), path_b64: base64.optional() }),
  z.object({
    line: z.literal("entry"),
    ...entryPlace,
    path: z.string().optional(),
    path_b64: base64.optional(),
    type: z.enum(["file", "directory", "symlink", "hardlink", "fifo", "character-device", "block-device"]),
    mode: z.string().regex(/^[0-7]{1,5}$/),
    uid: bytes,
    gid: bytes,
    size: bytes,
    mtime: z.string(),
    ctime: z.string(),
    inode: z.string().regex(/^\d{1,20}$/),
    target: z.string().optional(),
    target_b64: base64.optional(),
    condition: z.enum(["intact", "changed", "shrunk", "vanished", "unreadable"]).default("intact"),
    offset: bytes.optional(),
    length: bytes.optional(),
    sha256: sha256.optional(),
  }),
]);
type LineJson = z.infer<typeof schema>;

/** Reads one line without its newline. Throws `CATALOG_WRONG`. */
export function decodeCatalogLine(text: string): CatalogLine {
  const json = parseLine(text, schema);
  const archiveUuid = json.archive;
  switch (json.line) {
    case "archive":
      return { kind: "archive", archiveUuid, name: json.name };
    case "snapshot":
      return {
        kind: "snapshot",
        archiveUuid,
        snapshot: json.snapshot,
        baseSnapshot: json.base ?? undefined,
        startedAtMs: Date.parse(json.started),
        finishedAtMs: json.finished === null ? undefined : Date.parse(json.finished),
      };
    case "segment":
      return {
        kind: "segment", archiveUuid, snapshot: json.snapshot, segment: json.segment, objectNumber: json.object,
        sealedSha256: json.sha256, ...(json.seal === undefined ? {} : { sealText: json.seal }),
      };
    case "gone":
      return { kind: "gone", archiveUuid, snapshot: json.snapshot, path: pathOf(json) };
    case "entry":
      return entryOf(json);
  }
}

function entryOf(json: Extract<LineJson, { line: "entry" }>): EntryLine {
  const target = bytesOfName(json.target, json.target_b64);
  const { offset, length, sha256 } = json;
  const hasPiece = offset !== undefined && length !== undefined && sha256 !== undefined;
  return {
    kind: "entry",
    archiveUuid: json.archive,
    snapshot: json.snapshot,
    segment: json.segment,
    path: pathOf(json),
    type: json.type,
    mode: Number.parseInt(json.mode, 8),
    uid: json.uid,
    gid: json.gid,
    sizeBytes: json.size,
    mtimeNs: nanosecondsOf(json.mtime),
    ctimeNs: nanosecondsOf(json.ctime),
    inode: BigInt(json.inode),
    ...(target ? { linkTarget: target } : {}),
    condition: json.condition,
    ...(hasPiece ? { piece: { offsetBytes: offset, lengthBytes: length, sha256 } } : {}),
  };
}

function pathOf(json: { path?: string | undefined; path_b64?: string | undefined }): Uint8Array {
  const path = bytesOfName(json.path, json.path_b64);
  if (!path || path.length === 0 || path.includes(0)) throw lineWrong("a line has no path");
  return path;
}

/** Decimal seconds as in pax records: exact to the nanosecond and for any year. */
function secondsText(timeNs: bigint): string {
  const magnitude = timeNs < 0n ? -timeNs : timeNs;
  const fraction = String(magnitude % 1_000_000_000n).padStart(9, "0").replace(/0+$/, "");
  return `${timeNs < 0n ? "-" : ""}${String(magnitude / 1_000_000_000n)}${fraction === "" ? "" : `.${fraction}`}`;
}

function nanosecondsOf(text: string): bigint {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw lineWrong("a line has a time that is none");
  const magnitude = BigInt(match[2]!) * 1_000_000_000n + BigInt((match[3] ?? "").padEnd(9, "0"));
  return match[1] === "-" ? -magnitude : magnitude;
}
