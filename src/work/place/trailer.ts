import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type CatalogLine,
  encodeCatalogLine,
  encodeLogLine,
  makeTrailer,
  makeVolumeTexts,
  manifestText,
  type ObjectStream,
  parseTrailerMemberName,
  manifestMembers,
  trailerBoundBytes,
  type TrailerMember,
  trailerMemberName,
  type VolumeFacts,
} from "../../formats/volume/index.ts";
import type { ArchiveRecord, Catalog, FoundEntry, Inventory, JobEvent, LeftOut, SegmentRecord, SnapshotRecord, VolumeRecord } from "../../records/index.ts";
import type { Clock } from "../../words/index.ts";
import { type ApplianceIdentity, volumeFactsOf } from "../mount/index.ts";
import { examineSealedFile, sealLines, type SmallSealing } from "./session-catalog.ts";
import { streamOfFile } from "./sources.ts";

export interface TrailerMakerParts {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly identity: ApplianceIdentity;
  readonly sealing: SmallSealing;
  /** Sealed catalogs and logs of every session, kept so that later trailers can carry them again. */
  readonly folder: string;
  readonly archive: ArchiveRecord;
  readonly snapshot: SnapshotRecord;
  /** What happened in the job so far. */
  events(): readonly JobEvent[];
  /** What the appliance knows of itself, line by line, for whoever has to make its records anew. */
  records(): Iterable<string>;
  /** What it did until now, line by line. */
  jobs(): Iterable<string>;
}

/** Sealed catalog bytes that an entry may need: JSON shrinks to a third, its hash does not shrink. */
const catalogBytesPerEntry = 220;
/** A segment's line has its seal: the signature does not shrink at all. */
const catalogBytesPerSegment = 2048;
/** A line of the log about an entry that was left out: much of it is the same in each. */
const logBytesPerEntry = 120;
const baseReserveBytes = 512 * 1024;
/** Earlier catalogs take at most this share of what is left on a volume. */
const earlierShare = 0.25;

/**
 * Makes trailers: the signed manifest of all objects, catalog and log of the session, and as many of the pool's earlier ones, newest first,
 * as there is room for.
 */
export class TrailerMaker {
  readonly #parts: TrailerMakerParts;
  readonly #entryCounts = new Map<number, number>();
  #leftOutEntries: readonly LeftOut[] | undefined;

  constructor(parts: TrailerMakerParts) {
    this.#parts = parts;
  }

  /** `unrecorded`: segments that are on the volume as well, behind those that are recorded. */
  reserveBytes(volume: VolumeRecord, unrecorded: readonly number[]): number {
    const segments = [...this.#sessionSegments(volume), ...unrecorded];
    const entries = segments.reduce((sum, segmentId) => sum + this.#entriesOf(segmentId), 0);
    const logBytes = this.#leftOut().length * logBytesPerEntry;
    const catalogBytes = logBytes + entries * catalogBytesPerEntry + segments.length * catalogBytesPerSegment;
    return trailerBoundBytes(volume.objects + 2, baseReserveBytes + catalogBytes, 4);
  }

  /** Takes at most `remainingBytes`: without room for its catalog a trailer still has its manifest. */
  async make(volume: VolumeRecord, remainingBytes: number): Promise<ObjectStream> {
    const own = await this.#ownMembers(volume);
    const bareBytes = trailerBoundBytes(volume.objects, 0, 0);
    const ownBytes = bytesOf(own);
    const fits = bareBytes + ownBytes <= remainingBytes;
    const records = fits ? await this.#knowledgeMember("records", volume, remainingBytes - bareBytes - ownBytes) : [];
    const jobs = fits ? await this.#knowledgeMember("jobs", volume, remainingBytes - bareBytes - ownBytes - bytesOf(records)) : [];
    const leftBytes = remainingBytes - bareBytes - ownBytes - bytesOf(records) - bytesOf(jobs);
    const earlier = fits ? this.#earlierMembers(volume, own, leftBytes * earlierShare) : [];
    const members = fits ? [...own, ...records, ...jobs, ...earlier] : [];
    const writtenAtMs = this.#parts.clock.nowMs();
    const texts = await makeVolumeTexts(this.#facts(volume), this.#parts.identity.sign);
    const signedManifest = await this.#parts.identity.sign(
      manifestText({
        volumeUuid: volume.uuid,
        barcode: volume.barcode,
        medium: this.#parts.inventory.cartridge(volume.barcode)!.kind,
        trailerNumber: volume.objects,
        writtenAtMs,
        objects: this.#parts.inventory.objectsOfVolume(volume.uuid).filter(({ number }) => number < volume.objects),
        members: manifestMembers(texts, members),
      }),
    );
    return makeTrailer({ signedManifest, texts, members, writtenAtMs });
  }

  #facts(volume: VolumeRecord): VolumeFacts {
    return volumeFactsOf(this.#parts.identity, this.#parts.inventory, {
      volumeUuid: volume.uuid,
      barcode: volume.barcode,
      pool: volume.pool,
      medium: this.#parts.inventory.cartridge(volume.barcode)!.kind,
      blockSizeBytes: volume.blockSizeBytes,
      createdAtMs: volume.createdMs,
    });
  }

  async #ownMembers(volume: VolumeRecord): Promise<TrailerMember[]> {
    const { barcode, objects } = volume;
    const kinds = [
      { name: trailerMemberName("catalog", barcode, objects), lines: () => this.#catalogLines(volume) },
      { name: trailerMemberName("log", barcode, objects), lines: () => this.#logLines(volume) },
    ];
    const members: TrailerMember[] = [];
    for (const { name, lines } of kinds) {
      const path = join(this.#parts.folder, name);
      const { sizeBytes, sha256 } = await sealLines(path, lines(), this.#parts.sealing);
      members.push({ name, sha256, ...streamOfFile(path, sizeBytes) });
    }
    return members;
  }

  /** Nobody needs it to restore, so it stays away where there is no room for it. The last one of a volume is kept, because it is read when the trailer is. */
  async #knowledgeMember(kind: "records" | "jobs", volume: VolumeRecord, leftBytes: number): Promise<TrailerMember[]> {
    const { folder, sealing } = this.#parts;
    const name = trailerMemberName(kind, volume.barcode, volume.objects);
    for (const before of readdirSync(folder)) {
      const parsed = parseTrailerMemberName(before);
      if (parsed?.kind === kind && parsed.barcode === volume.barcode) rmSync(join(folder, before), { force: true });
    }
    const path = join(folder, name);
    const { sizeBytes, sha256 } = await sealLines(path, this.#parts[kind](), sealing);
    return sizeBytes + 1024 <= leftBytes ? [{ name, sha256, ...streamOfFile(path, sizeBytes) }] : [];
  }

  #earlierMembers(volume: VolumeRecord, own: readonly TrailerMember[], budgetBytes: number): TrailerMember[] {
    const volumes = this.#parts.inventory.volumesOfPool(volume.pool).filter(({ state }) => state !== "retired");
    const order = new Map(volumes.map(({ barcode }, index) => [barcode, index]));
    const candidates = readdirSync(this.#parts.folder)
      .map((name) => ({ name, parsed: parseTrailerMemberName(name) }))
      .filter(({ name, parsed }) => parsed !== undefined && (parsed.kind === "catalog" || parsed.kind === "log") && order.has(parsed.barcode) && !own.some((member) => member.name === name))
      .sort((a, b) => order.get(b.parsed!.barcode)! - order.get(a.parsed!.barcode)! || b.parsed!.trailerNumber - a.parsed!.trailerNumber);
    const members: TrailerMember[] = [];
    let leftBytes = budgetBytes;
    for (const { name } of candidates) {
      const path = join(this.#parts.folder, name);
      const file = examineSealedFile(path, leftBytes - 1024);
      if (!file) continue;
      leftBytes -= file.sizeBytes + 1024;
      members.push({ name, sha256: file.sha256, ...streamOfFile(path, file.sizeBytes) });
    }
    return members;
  }

  /** Segments on the volume behind its last trailer. */
  #sessionSegments(volume: VolumeRecord): readonly number[] {
    const objects = this.#parts.inventory.objectsOfVolume(volume.uuid);
    const lastTrailer = objects.findLast(({ role }) => role === "trailer")?.number ?? 0;
    return this.#parts.inventory
      .copiesOnVolume(volume.uuid)
      .filter(({ objectNumber }) => objectNumber > lastTrailer)
      .map(({ segmentId }) => segmentId);
  }

  /** The walk is over when anything is placed. */
  #leftOut(): readonly LeftOut[] {
    this.#leftOutEntries ??= this.#parts.catalog.leftOut(this.#parts.snapshot);
    return this.#leftOutEntries;
  }

  #entriesOf(segmentId: number): number {
    let count = this.#entryCounts.get(segmentId);
    if (count === undefined) {
      count = 0;
      for (const _row of this.#parts.catalog.entriesOfSegment(segmentId)) count += 1;
      this.#entryCounts.set(segmentId, count);
    }
    return count;
  }

  /** The segments of the session, whichever snapshots they are of: an interrupted run may have left some of another archive. */
  *#catalogLines(volume: VolumeRecord): Generator<string> {
    const { catalog, inventory } = this.#parts;
    const inSession = new Set(this.#sessionSegments(volume));
    const bySnapshot = Map.groupBy(
      inventory.copiesOnVolume(volume.uuid).filter(({ segmentId }) => inSession.has(segmentId)),
      ({ segmentId }) => catalog.segment(segmentId)!.snapshotId,
    );
    for (const [snapshotId, copies] of bySnapshot) {
      const { archive, snapshot } = catalog.snapshotById(snapshotId)!;
      yield* headLines(archive, snapshot);
      for (const { segmentId, objectNumber } of copies) {
        const segment = catalog.segment(segmentId)!;
        const where = { archiveUuid: archive.uuid, snapshot: snapshot.number, segment: segment.number };
        yield encodeCatalogLine({ kind: "segment", ...where, objectNumber, sealedSha256: segment.facts!.sealedSha256, ...sealOf(segment) });
        for (const row of catalog.entriesOfSegment(segmentId)) yield* entryLines(where, row, segmentId, catalog);
      }
      yield* goneLines(archive, snapshot, catalog);
    }
  }

  *#logLines(volume: VolumeRecord): Generator<string> {
    const { archive, snapshot, clock } = this.#parts;
    const where = { archiveUuid: archive.uuid, snapshot: snapshot.number };
    const leftOut = this.#leftOut();
    const texts = new Set(leftOut.map(({ text }) => text));
    for (const { timeMs, severity, code, text } of this.#parts.events()) if (!texts.has(text)) yield encodeLogLine({ atMs: timeMs, severity, code, text, ...where });
    // With their paths, so that records made anew from the volumes still list them.
    for (const { path, severity, code, text } of leftOut) yield encodeLogLine({ atMs: snapshot.startedMs, severity, code, text, ...where, path });
    // Never empty: stock zstd calls what holds nothing at all damaged.
    const text = `object ${String(volume.objects)} closes a session of volume ${volume.barcode}, with ${String(this.#sessionSegments(volume).length)} segments`;
    yield encodeLogLine({ atMs: clock.nowMs(), severity: "ok", code: "SESSION_CLOSED", text, ...where });
  }
}

const bytesOf = (members: readonly TrailerMember[]): number => members.reduce((sum, { sizeBytes }) => sum + sizeBytes + 1024, 0);

function sealOf({ sealText }: SegmentRecord): { readonly sealText?: string } {
  return sealText === undefined ? {} : { sealText };
}

function* headLines(archive: ArchiveRecord, snapshot: SnapshotRecord): Generator<string> {
  const archiveUuid = archive.uuid;
  yield encodeCatalogLine({ kind: "archive", archiveUuid, name: archive.name });
  yield encodeCatalogLine({
    kind: "snapshot",
    archiveUuid,
    snapshot: snapshot.number,
    baseSnapshot: snapshot.base,
    startedAtMs: snapshot.startedMs,
    finishedAtMs: snapshot.finishedMs,
  });
}

/** What is gone is known for sure only when everything that is there is sealed: with the last segment. */
function* goneLines(archive: ArchiveRecord, snapshot: SnapshotRecord, catalog: Catalog): Generator<string> {
  if (catalog.segments(snapshot).some(({ facts }) => facts === undefined)) return;
  for (const path of catalog.gonePaths(snapshot)) {
    yield encodeCatalogLine({ kind: "gone", archiveUuid: archive.uuid, snapshot: snapshot.number, path });
  }
}

function* entryLines(
  where: { readonly archiveUuid: string; readonly snapshot: number; readonly segment: number },
  row: FoundEntry,
  segmentId: number,
  catalog: Catalog,
): Generator<string> {
  const { id, firstSnapshot: _first, segmentId: _segment, archiveId: _archive, goneSince: _gone, ...facts } = row;
  const line: Omit<Extract<CatalogLine, { kind: "entry" }>, "piece"> = { kind: "entry", ...where, ...facts };
  const pieces = row.type === "file" ? catalog.pieces(id).filter((piece) => piece.segmentId === segmentId) : [];
  if (pieces.length === 0) yield encodeCatalogLine(line);
  for (const { offsetBytes, lengthBytes, sha256 } of pieces) {
    yield encodeCatalogLine({ ...line, piece: { offsetBytes, lengthBytes, sha256: Buffer.from(sha256).toString("hex") } });
  }
}
