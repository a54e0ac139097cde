import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import {
  type ArchiveLine,
  decodeCatalogLine,
  decodeRecordsLine,
  type EntryLine,
  parseSealText,
  parseTrailerMemberName,
  type RecordsLine,
  type Seal,
  type SegmentLine,
  readSeal,
  type SnapshotLine,
  type TrailerMemberPlace,
  type VerifyText,
} from "../../formats/volume/index.ts";
import { asStrongroomError } from "../../words/index.ts";
import { readSealedLines } from "./sealed-lines.ts";
import type { SurveyedVolume } from "./survey.ts";

/** One segment as its seal proves it, with where it lies and which catalogs list its entries. */
export interface KnownSegment {
  readonly seal: Seal;
  readonly sealText: string;
  readonly copies: readonly { readonly volumeUuid: string; readonly object: number }[];
  /** Paths of catalogs that list its entries, any of which will do. */
  readonly catalogs: readonly string[];
}

export interface KnownSnapshot {
  readonly number: number;
  readonly segments: ReadonlyMap<number, KnownSegment>;
  /** From a catalog; undefined where none could be read. */
  readonly line: SnapshotLine | undefined;
}

export interface KnownArchive {
  readonly uuid: string;
  readonly name: string | undefined;
  readonly snapshots: ReadonlyMap<number, KnownSnapshot>;
}

interface Growing {
  name: string | undefined;
  readonly snapshots: Map<number, GrowingSnapshot>;
}

interface GrowingSnapshot {
  line: SnapshotLine | undefined;
  readonly segments: Map<number, GrowingSegment>;
}

interface GrowingSegment {
  readonly seal: Seal;
  readonly sealText: string;
  readonly copies: { readonly volumeUuid: string; readonly object: number }[];
  readonly catalogs: string[];
}

/**
 * What all surveyed volumes say together, without the entries: memory grows with segments, not with files. Seals count, catalogs only
 * tell what the sealed bytes hold.
 */
export async function gatherKnowledge(
  volumes: readonly SurveyedVolume[],
  sessionsPath: string,
  keys: readonly UnlockedKey[],
  verify: VerifyText,
  onProblem: (text: string) => void,
): Promise<ReadonlyMap<string, KnownArchive>> {
  const archives = new Map<string, Growing>();
  for (const volume of volumes) {
    for (const { object, text } of volume.seals) segmentOf(archives, parseSealText(signedPart(text)), text)?.copies.push({ volumeUuid: volume.volumeUuid, object });
  }
  for (const name of readdirSync(sessionsPath).sort()) {
    if (parseTrailerMemberName(name)?.kind !== "catalog") continue;
    try {
      await addCatalog(archives, join(sessionsPath, name), keys, verify);
    } catch (error) {
      if (asStrongroomError(error).kind === "denied") throw error;
      onProblem(`${name} cannot be used: ${asStrongroomError(error).message}`);
    }
  }
  return new Map([...archives].map(([uuid, { name, snapshots }]) => [uuid, { uuid, name, snapshots: numbered(snapshots) }]));
}

function numbered(snapshots: Growing["snapshots"]): ReadonlyMap<number, KnownSnapshot> {
  return new Map([...snapshots].sort(([a], [b]) => a - b).map(([number, known]) => [number, { number, ...known }]));
}

function snapshotOf(archives: Map<string, Growing>, archiveUuid: string, number: number): GrowingSnapshot {
  const archive = archives.get(archiveUuid) ?? { name: undefined, snapshots: new Map<number, GrowingSnapshot>() };
  archives.set(archiveUuid, archive);
  const snapshot = archive.snapshots.get(number) ?? { line: undefined, segments: new Map<number, GrowingSegment>() };
  archive.snapshots.set(number, snapshot);
  return snapshot;
}

/** For a seal whose signature was checked. Two different segments of one number cannot be: numbers of snapshots are not used twice. */
function segmentOf(archives: Map<string, Growing>, seal: Seal, sealText: string): GrowingSegment | undefined {
  const { segments } = snapshotOf(archives, seal.archiveUuid, seal.snapshot);
  const known = segments.get(seal.segment) ?? { seal, sealText, copies: [], catalogs: [] };
  segments.set(seal.segment, known);
  return known.seal.sealedSha256 === seal.sealedSha256 ? known : undefined;
}

/** The lines between the head and the signature of a clear-signed text; ours never need dash-escapes. */
function signedPart(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  const start = lines.indexOf("\n\n") + 2;
  return `${lines.slice(start, lines.indexOf("\n-----BEGIN PGP SIGNATURE-----"))}\n`;
}

async function addCatalog(archives: Map<string, Growing>, path: string, keys: readonly UnlockedKey[], verify: VerifyText): Promise<void> {
  const lines: (ArchiveLine | SnapshotLine | SegmentLine)[] = [];
  await readSealedLines(path, keys, (text) => {
    if (text.startsWith('{"line":"entry"') || text.startsWith('{"line":"gone"')) return;
    const line = decodeCatalogLine(text);
    if (line.kind !== "entry" && line.kind !== "gone") lines.push(line);
  });
  // Segments first: the catalog of a volume that is lost proves by its seals what was in it.
  for (const line of lines) if (line.kind === "segment") (await listedSegment(archives, line, verify))?.catalogs.push(path);
  for (const line of lines) {
    const archive = archives.get(line.archiveUuid);
    if (archive && line.kind === "archive") archive.name = line.name;
    const snapshot = line.kind === "snapshot" ? archive?.snapshots.get(line.snapshot) : undefined;
    if (snapshot && line.kind === "snapshot") snapshot.line = line;
  }
}

async function listedSegment(archives: Map<string, Growing>, line: SegmentLine, verify: VerifyText): Promise<GrowingSegment | undefined> {
  const known = archives.get(line.archiveUuid)?.snapshots.get(line.snapshot)?.segments.get(line.segment);
  if (known) return known.seal.sealedSha256 === line.sealedSha256 ? known : undefined;
  if (line.sealText === undefined) return undefined;
  const seal = await readSeal(Buffer.from(line.sealText), verify);
  return seal.sealedSha256 === line.sealedSha256 ? segmentOf(archives, seal, line.sealText) : undefined;
}

/** The entries that a catalog lists, as far as `wants` says, one segment at a time and in the order of the catalog; then what is gone. */
export async function readCatalog(
  path: string,
  keys: readonly UnlockedKey[],
  wants: (archiveUuid: string, snapshot: number, segment: number) => boolean,
  take: (segment: number, entries: readonly EntryLine[]) => void,
  gone: (archiveUuid: string, snapshot: number, path: Uint8Array) => void,
): Promise<void> {
  let current: { readonly segment: number; readonly entries: EntryLine[] } | undefined;
  const flush = (): void => {
    const done = current;
    current = undefined;
    if (done) take(done.segment, done.entries);
  };
  await readSealedLines(path, keys, (text) => {
    const line = decodeCatalogLine(text);
    if (line.kind === "gone") {
      flush();
      gone(line.archiveUuid, line.snapshot, line.path);
    }
    if (line.kind === "segment") {
      flush();
      if (wants(line.archiveUuid, line.snapshot, line.segment)) current = { segment: line.segment, entries: [] };
    }
    if (line.kind === "entry" && current?.segment === line.segment) current.entries.push(line);
  });
  flush();
}

/** What the newest trailer of all says of the appliance, and nothing where no trailer has such a member. */
export async function newestRecords(
  volumes: readonly SurveyedVolume[],
  sessionsPath: string,
  keys: readonly UnlockedKey[],
  onProblem: (text: string) => void,
): Promise<readonly RecordsLine[]> {
  const writtenMs = new Map(volumes.map(({ barcode, newestTrailer }) => [barcode, newestTrailer]));
  const timeOf = ({ barcode, trailerNumber }: TrailerMemberPlace): number => {
    const newest = writtenMs.get(barcode);
    return newest?.number === trailerNumber ? newest.writtenMs : -1;
  };
  const candidates = readdirSync(sessionsPath)
    .map((name) => ({ name, place: parseTrailerMemberName(name) }))
    .flatMap(({ name, place }) => (place?.kind === "records" ? [{ name, writtenMs: timeOf(place) }] : []))
    .filter((candidate) => candidate.writtenMs >= 0)
    .sort((a, b) => b.writtenMs - a.writtenMs);
  // Several trailers of one second: the one that knows most volumes and snapshots was the last.
  let best: readonly RecordsLine[] = [];
  for (const { name, writtenMs: time } of candidates) {
    if (best.length > 0 && time < candidates[0]!.writtenMs) break;
    const lines: RecordsLine[] = [];
    try {
      await readSealedLines(join(sessionsPath, name), keys, (text) => { lines.push(decodeRecordsLine(text)); });
    } catch (error) {
      if (asStrongroomError(error).kind === "denied") throw error;
      onProblem(`${name} cannot be used: ${asStrongroomError(error).message}`);
      continue;
    }
    if (isNewer(lines, best)) best = lines;
  }
  return best;
}

function isNewer(lines: readonly RecordsLine[], than: readonly RecordsLine[]): boolean {
  const knows = (of: readonly RecordsLine[]): number =>
    of.reduce((sum, line) => sum + (line.line === "volume" ? 1 + line.objects + (line.state === "open" ? 0 : 1) : 1), 0);
  return than.length === 0 || knows(lines) > knows(than);
}
