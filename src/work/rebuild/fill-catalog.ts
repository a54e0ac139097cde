import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import type { EntryLine, RecordsLine, RecordsSnapshotLine } from "../../formats/volume/index.ts";
import type { ArchiveRecord, Catalog, FoundEntry, Inventory, NewEntry, SealedFacts, SnapshotRecord, SnapshotTotals } from "../../records/index.ts";
import { type KnownArchive, type KnownSegment, type KnownSnapshot, readCatalog } from "./knowledge.ts";
import type { LeftOutBySnapshot } from "./left-out.ts";

export interface CatalogFilling {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly keys: readonly UnlockedKey[];
  readonly records: readonly RecordsLine[];
  /** When the sessions of that volume were closed for the last time; undefined when none was. */
  readonly closedMs: (volumeUuid: string) => number | undefined;
  readonly leftOut: LeftOutBySnapshot;
  readonly onSegment: () => void;
  /** Told of each snapshot that cannot be in the records because something of it is not on the volumes. */
  readonly onLeftOut: (archive: string, snapshot: number, why: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes one archive down, snapshot by snapshot as they were made, so that each finds its base. Goes on where an earlier filling stopped.
 * A snapshot with a missing segment was never complete, or is not any more: its number stays taken, its rows are left out.
 */
export async function fillArchive(filling: CatalogFilling, known: KnownArchive): Promise<void> {
  const told = filling.records.find((line) => line.line === "archive" && line.archive === known.uuid);
  const name = (told?.line === "archive" ? told.name : undefined) ?? known.name ?? `archive-${known.uuid}`;
  const archive = filling.catalog.archive(name) ?? filling.catalog.createArchive(name, known.uuid);
  for (const snapshot of known.snapshots.values()) {
    filling.signal.throwIfAborted();
    if (filling.catalog.snapshot(archive, snapshot.number)?.state === "complete") continue;
    await new SnapshotFilling(filling, archive, snapshot).run();
  }
}

class SnapshotFilling {
  readonly #filling: CatalogFilling;
  readonly #archive: ArchiveRecord;
  readonly #known: KnownSnapshot;

  constructor(filling: CatalogFilling, archive: ArchiveRecord, known: KnownSnapshot) {
    this.#filling = filling;
    this.#archive = archive;
    this.#known = known;
  }

  async run(): Promise<void> {
    const { catalog } = this.#filling;
    const why = this.#whyNot();
    if (why !== undefined) {
      this.#leaveOut(why);
      return;
    }
    const first = [...this.#known.segments.values()][0]!;
    const { archive, number } = { archive: this.#archive, number: this.#known.number };
    const snapshot = catalog.snapshot(archive, number) ?? catalog.openSnapshot(archive, this.#startedMs(), first.seal.baseSnapshot, number);
    if (catalog.segments(snapshot).length === 0) catalog.planSegments(snapshot, [...this.#inOrder()].map(({ seal }) => ({ number: seal.segment, plannedBytes: seal.tarBytes, plan: "" })));
    const gone = await this.#fill(snapshot);
    const left = catalog.segments(snapshot).find(({ state }) => state === "planned");
    if (left) {
      catalog.abandonSnapshot(snapshot);
      this.#filling.onLeftOut(archive.name, number, `no catalog that can be read lists what segment ${String(left.number)} holds`);
      return;
    }
    catalog.markGone(snapshot, this.#goneRows(snapshot, gone));
    this.#addCopies(snapshot);
    catalog.setLeftOut(snapshot, this.#filling.leftOut(archive.uuid, number));
    catalog.completeSnapshot(snapshot, this.#finishedMs(), this.#totals(snapshot));
  }

  #whyNot(): string | undefined {
    const { segments, number } = this.#known;
    const any = [...segments.values()][0];
    if (!any) return "no segment of it was found";
    for (let segment = 1; segment <= any.seal.segments; segment += 1) {
      const known = segments.get(segment);
      if (!known) return `segment ${String(segment)} of ${String(any.seal.segments)} is on none of the volumes that were read`;
      if (known.catalogs.length === 0) return `no catalog that can be read lists what segment ${String(segment)} holds`;
    }
    const base = any.seal.baseSnapshot;
    if (base === undefined || this.#filling.catalog.snapshot(this.#archive, base)?.state === "complete") return undefined;
    return `it holds the changes against snapshot ${String(base)}, which is not there; snapshot ${String(number)} itself is on the volumes`;
  }

  /** The number is taken all the same: seals with it are on volumes. */
  #leaveOut(why: string): void {
    const { catalog, onLeftOut } = this.#filling;
    const { number } = this.#known;
    if (catalog.snapshot(this.#archive, number) === undefined && (catalog.snapshots(this.#archive).at(-1)?.number ?? 0) < number) {
      catalog.takeSnapshotNumber(this.#archive, number);
    }
    onLeftOut(this.#archive.name, number, why);
  }

  #inOrder(): readonly KnownSegment[] {
    return [...this.#known.segments.values()].sort((a, b) => a.seal.segment - b.seal.segment);
  }

  /** Every segment from the first catalog that lists it. Answers the paths that are gone. */
  async #fill(snapshot: SnapshotRecord): Promise<readonly Uint8Array[]> {
    const { catalog, keys, onSegment, signal } = this.#filling;
    const planned = new Map(catalog.segments(snapshot).map((segment) => [segment.number, segment]));
    const missing = new Set([...planned.values()].filter(({ state }) => state === "planned").map(({ number }) => number));
    const gone = new Map<string, Uint8Array>();
    const paths = new Set(this.#inOrder().flatMap(({ catalogs }) => catalogs));
    for (const path of paths) {
      signal.throwIfAborted();
      await readCatalog(
        path,
        keys,
        (archive, number, segment) => archive === this.#archive.uuid && number === this.#known.number && missing.has(segment)
          && this.#known.segments.get(segment)?.catalogs.includes(path) === true,
        (segment, entries) => {
          const known = this.#known.segments.get(segment)!;
          const { id } = planned.get(segment)!;
          catalog.addSealedSegment(id, factsOf(known), entries.map(newEntry));
          catalog.setSeal(id, known.sealText);
          missing.delete(segment);
          onSegment();
        },
        (archive, number, bytes) => {
          if (archive === this.#archive.uuid && number === this.#known.number) gone.set(Buffer.from(bytes).toString("latin1"), bytes);
        },
      );
    }
    return [...gone.values()];
  }

  /** Rows of the base whose path is gone, and those that a new row takes the place of. */
  *#goneRows(snapshot: SnapshotRecord, gone: readonly Uint8Array[]): Generator<number> {
    if (snapshot.base === undefined) return;
    const { catalog } = this.#filling;
    for (const path of gone) yield* this.#visibleBefore(path, snapshot);
    for (const { id } of catalog.segments(snapshot)) {
      for (const row of catalog.entriesOfSegment(id)) if (row.segmentId === id) yield* this.#visibleBefore(row.path, snapshot);
    }
  }

  *#visibleBefore(path: Uint8Array, snapshot: SnapshotRecord): Generator<number> {
    for (const row of this.#filling.catalog.history(this.#archive, path)) if (isBefore(row, snapshot.number)) yield row.id;
  }

  #addCopies(snapshot: SnapshotRecord): void {
    const { catalog, inventory } = this.#filling;
    inventory.atomically(() => {
      for (const { id, number } of catalog.segments(snapshot)) {
        for (const { volumeUuid, object } of this.#known.segments.get(number)!.copies) {
          const writtenMs = this.#filling.closedMs(volumeUuid) ?? this.#known.segments.get(number)!.seal.sealedAtMs;
          inventory.addCopy({ segmentId: id, volumeUuid, objectNumber: object, state: "written", writtenMs, checkedMs: undefined });
        }
      }
    });
  }

  #told(): RecordsSnapshotLine | undefined {
    const found = this.#filling.records.find((line) => line.line === "snapshot" && line.archive === this.#archive.uuid && line.snapshot === this.#known.number);
    return found?.line === "snapshot" ? found : undefined;
  }

  #startedMs(): number {
    return this.#told()?.started_ms ?? this.#known.line?.startedAtMs ?? this.#inOrder()[0]!.seal.sealedAtMs;
  }

  /** Where nobody wrote down when it was complete: when the last volume with a copy of it was closed. */
  #finishedMs(): number {
    const told = this.#told()?.finished_ms ?? this.#known.line?.finishedAtMs;
    if (told !== undefined) return told;
    const closed = this.#inOrder().flatMap(({ copies }) => copies.map(({ volumeUuid }) => this.#filling.closedMs(volumeUuid) ?? 0));
    return Math.max(this.#startedMs(), ...new Set(closed));
  }

  #totals(snapshot: SnapshotRecord): SnapshotTotals {
    const told = this.#told();
    if (told) {
      return {
        entries: told.entries,
        contentBytes: told.content_bytes,
        newEntries: told.new_entries,
        newContentBytes: told.new_content_bytes,
        sealedBytes: told.sealed_bytes,
        troubledEntries: told.troubled_entries,
      };
    }
    return this.#countedTotals(snapshot);
  }

  #countedTotals(snapshot: SnapshotRecord): SnapshotTotals {
    const { catalog } = this.#filling;
    const totals = { entries: 0, contentBytes: 0, newEntries: 0, newContentBytes: 0, sealedBytes: 0, troubledEntries: 0 };
    for (const { firstSnapshot, type, sizeBytes, condition } of catalog.entries(this.#archive, snapshot.number)) {
      const contentBytes = type === "file" ? sizeBytes : 0;
      totals.entries += 1;
      totals.contentBytes += contentBytes;
      if (firstSnapshot !== snapshot.number) continue;
      totals.newEntries += 1;
      totals.newContentBytes += contentBytes;
      if (condition !== "intact") totals.troubledEntries += 1;
    }
    for (const { facts } of catalog.segments(snapshot)) totals.sealedBytes += facts?.sealedBytes ?? 0;
    return totals;
  }
}

function isBefore({ firstSnapshot, goneSince }: FoundEntry, number: number): boolean {
  return firstSnapshot < number && (goneSince === undefined || goneSince === number);
}

function factsOf({ seal }: KnownSegment): SealedFacts {
  const { sealedBytes, sealedSha256, tarBytes, sealedAtMs } = seal;
  return { sealedBytes, sealedSha256, tarBytes, firstMemberOffset: seal.firstMemberOffsetBytes ?? tarBytes, sealedAtMs };
}

function newEntry(line: EntryLine): NewEntry {
  const { path, type, mode, uid, gid, sizeBytes, mtimeNs, ctimeNs, inode, linkTarget, condition, piece } = line;
  return {
    path, type, mode, uid, gid, sizeBytes, mtimeNs, ctimeNs, inode, condition,
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(piece === undefined ? {} : { piece: { offsetBytes: piece.offsetBytes, lengthBytes: piece.lengthBytes, sha256: Buffer.from(piece.sha256, "hex") } }),
  };
}
