import type { ArchiveRecord, Catalog, EntryRecord, FoundEntry } from "../../records/index.ts";

/** What of a snapshot is wanted. */
export interface SelectionRequest {
  readonly archive: ArchiveRecord;
  readonly snapshot: number;
  /** Entries and everything below them; empty: all. */
  readonly paths: readonly Uint8Array[];
}

/** A wanted entry in one segment. `as` and `linkTo` stand in for a hard link whose first name is not wanted. */
export interface SelectedEntry {
  readonly row: FoundEntry;
  readonly as: Uint8Array | undefined;
  readonly linkTo: Uint8Array | undefined;
}

/**
 * The wanted entries of a snapshot: which segments hold them, and, segment by segment, which they are. Holds the segments and the hard links that need
 * care; everything else is asked of the catalog when its turn comes, so a snapshot of any size can be selected.
 */
export class Selection {
  readonly segmentIds: ReadonlySet<number>;
  readonly entries: number;
  readonly contentBytes: number;
  readonly #catalog: Catalog;
  readonly #request: SelectionRequest;
  /** Content of names that are not wanted, but have a wanted hard link: path → the name to restore it under. */
  readonly #stands: ReadonlyMap<string, Uint8Array>;

  constructor(catalog: Catalog, request: SelectionRequest) {
    this.#catalog = catalog;
    this.#request = request;
    const segmentIds = new Set<number>();
    const stands = new Map<string, Uint8Array>();
    let entries = 0;
    let contentBytes = 0;
    for (const row of this.#rows()) {
      entries += 1;
      contentBytes += row.type === "file" ? row.sizeBytes : 0;
      for (const id of this.#segmentsOf(row)) segmentIds.add(id);
      if (row.type !== "hardlink" || !row.linkTarget || this.#isWanted(row.linkTarget) || stands.has(keyOf(row.linkTarget))) continue;
      const target = this.#rowAt(row.linkTarget);
      if (!target) continue;
      stands.set(keyOf(target.path), row.path);
      for (const id of this.#segmentsOf(target)) segmentIds.add(id);
    }
    this.segmentIds = segmentIds;
    this.#stands = stands;
    this.entries = entries;
    this.contentBytes = contentBytes;
  }

  /** The wanted entries with something in that segment, in stream order. */
  *inSegment(segmentId: number): Generator<SelectedEntry> {
    for (const row of this.#catalog.entriesOfSegment(segmentId)) {
      if (!this.#isVisible(row)) continue;
      const stand = this.#stands.get(keyOf(row.path));
      if (stand) yield { row, as: stand, linkTo: undefined };
      else if (this.#isWanted(row.path)) yield* this.#linked(row);
    }
  }

  *#linked(row: FoundEntry): Generator<SelectedEntry> {
    const stand = row.type === "hardlink" && row.linkTarget ? this.#stands.get(keyOf(row.linkTarget)) : undefined;
    // The name that stands for the content is made from the content; its own entry would only link to itself.
    if (stand && Buffer.compare(stand, row.path) === 0) return;
    yield { row, as: undefined, linkTo: stand };
  }

  *#rows(): Generator<EntryRecord> {
    const { archive, snapshot, paths } = this.#request;
    if (paths.length === 0) yield* this.#catalog.entries(archive, snapshot);
    for (const path of withoutNested(paths)) yield* this.#catalog.entries(archive, snapshot, path);
  }

  #rowAt(path: Uint8Array): EntryRecord | undefined {
    for (const row of this.#catalog.entries(this.#request.archive, this.#request.snapshot, path)) return row;
    return undefined;
  }

  /** A split file fills the segment it begins in, so a small one need not be looked up. */
  #segmentsOf(row: EntryRecord): readonly number[] {
    const segmentBytes = this.#catalog.segment(row.segmentId)?.plannedBytes ?? 0;
    if (row.type !== "file" || row.sizeBytes <= segmentBytes / 16) return [row.segmentId];
    return [row.segmentId, ...this.#catalog.pieces(row.id).map(({ segmentId }) => segmentId)];
  }

  #isVisible(row: FoundEntry): boolean {
    const { snapshot } = this.#request;
    return row.firstSnapshot <= snapshot && (row.goneSince === undefined || row.goneSince > snapshot);
  }

  #isWanted(path: Uint8Array): boolean {
    const { paths } = this.#request;
    return paths.length === 0 || paths.some((wanted) => isAtOrBelow(path, wanted));
  }
}

function isAtOrBelow(path: Uint8Array, directory: Uint8Array): boolean {
  if (directory.length === 1 && directory[0] === 0x2e) return true;
  if (path.length < directory.length || Buffer.compare(path.subarray(0, directory.length), directory) !== 0) return false;
  return path.length === directory.length || path[directory.length] === 0x2f;
}

function withoutNested(paths: readonly Uint8Array[]): readonly Uint8Array[] {
  return paths.filter((path, index) => !paths.some((other, at) => at !== index && isAtOrBelow(path, other) && (at < index || !isAtOrBelow(other, path))));
}

function keyOf(path: Uint8Array): string {
  return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString("latin1");
}
