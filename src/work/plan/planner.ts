import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { headerBytesAtMost, storedSizeBytes, type TarEntry } from "../../formats/tar/index.ts";
import type { ArchiveRecord, Catalog, EntryRecord, PlannedSegment } from "../../records/index.ts";
import type { Severity } from "../../words/index.ts";
import { Comparison } from "./comparison.ts";
import { SegmentCutter } from "./cutter.ts";
import { PlanWriter } from "./file.ts";

/** A source as the planner walks it. */
export interface PlanSource {
  /** Absolute path of its root, bytes. */
  readonly root: Uint8Array;
  /**
   * Everything below the root and the root itself, directories before what is in them, names in byte order. Entries carry the path they
   * will have in the archive.
   */
  walk(onNotice: NoticeListener): Iterable<WalkedEntry>;
}

/** Told of what a walk leaves out; `path` as the archive would call it. */
export type NoticeListener = (severity: Severity, code: string, text: string, path: Uint8Array) => void;

export interface WalkedEntry {
  readonly entry: TarEntry;
  /** Path below the root; `.` for the root. */
  readonly sourcePath: Uint8Array;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  /** Directories only: what is in them and will be walked; undefined when that cannot be read. */
  readonly names?: readonly WalkedName[] | undefined;
}

/** A name in a directory, with what the comparison needs to foretell whether it will be stored. */
export interface WalkedName {
  readonly name: Uint8Array;
  readonly type: TarEntry["type"];
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

export interface PlanRequest {
  readonly planPath: string;
  readonly sources: readonly PlanSource[];
  readonly segmentSizeBytes: number;
  readonly catalog: Pick<Catalog, "children" | "entries">;
  readonly archive: ArchiveRecord;
  /** Snapshot to compare with; undefined plans everything. */
  readonly base: number | undefined;
  readonly onEntry: (path: Uint8Array) => void;
  readonly onNotice: NoticeListener;
  readonly signal: AbortSignal;
}

export interface PlanSummary {
  /** Everything the snapshot will show. */
  readonly entries: number;
  readonly contentBytes: number;
  /** What this run will read and seal. */
  readonly newEntries: number;
  readonly newContentBytes: number;
  readonly plannedBytes: number;
  readonly goneEntries: number;
  /** Entries that could not be examined, or whose directory could not be read. */
  readonly troubledEntries: number;
}

export interface Plan {
  readonly segments: readonly PlannedSegment[];
  readonly summary: PlanSummary;
  /** Rows of the base that are gone or replaced. Read from a file beside the plan, so that it may be many. */
  goneEntryIds(): Iterable<number>;
}

/**
 * Walks the sources and writes the plan of a snapshot: what to store, in which segments, and what is gone since the base. Metadata only; no
 * content is read. Directories that cannot be read keep what the base has of them: what could not be seen is not gone.
 */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const writer = new PlanWriter(request.planPath, request.sources.map(({ root }) => root));
  const gone = new GoneList(`${request.planPath}.gone`);
  try {
    const draft = new Draft(request, writer, gone);
    for (const [index, source] of request.sources.entries()) {
      let sinceYield = 0;
      for (const walked of source.walk(draft.onNotice)) {
        draft.add(index, walked);
        sinceYield += 1;
        // A walk of millions is one long synchronous loop: let timers, signals and progress have a turn.
        if (sinceYield % 4096 === 0) await nextTurn(request.signal);
      }
    }
    // What is missing from the directories the walk was still in shows only at its end: the list of what is gone is whole only then.
    const finished = draft.finish();
    writer.finish();
    gone.finish();
    return { ...finished, goneEntryIds: () => gone.read() };
  } catch (error) {
    writer.abandon();
    gone.finish();
    throw error;
  }
}

async function nextTurn(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

class Draft {
  readonly #request: PlanRequest;
  readonly #writer: PlanWriter;
  readonly #gone: GoneList;
  readonly #cutter: SegmentCutter;
  readonly #comparison: Comparison | undefined;
  readonly #counts = { entries: 0, contentBytes: 0, newEntries: 0, newContentBytes: 0, troubledEntries: 0 };

  constructor(request: PlanRequest, writer: PlanWriter, gone: GoneList) {
    this.#request = request;
    this.#writer = writer;
    this.#gone = gone;
    this.#cutter = new SegmentCutter(request.segmentSizeBytes);
    const { base, catalog, archive } = request;
    this.#comparison =
      base === undefined
        ? undefined
        : new Comparison(
            (directory) => catalog.children(archive, base, directory),
            (path) => catalog.entries(archive, base, path),
            (row) => { this.#retire(row); },
          );
  }

  readonly onNotice: NoticeListener = (severity, code, text, path) => {
    if (severity !== "ok" && severity !== "note") this.#counts.troubledEntries += 1;
    this.#request.onNotice(severity, code, text, path);
  };

  add(root: number, walked: WalkedEntry): void {
    const { entry } = walked;
    this.#request.onEntry(entry.path);
    this.#counts.entries += 1;
    this.#counts.contentBytes += entry.type === "file" ? entry.sizeBytes : 0;
    const isRoot = isDot(walked.sourcePath);
    const change = this.#comparison?.see(walked);
    // The root of a source is always stored: every snapshot has a segment, and so a seal that proves it.
    if (change === "unchanged" && !isRoot) return;
    this.#store(root, walked, this.#comparison?.dumpdirOf(walked));
  }

  finish(): { segments: readonly PlannedSegment[]; summary: PlanSummary } {
    this.#comparison?.finish();
    const segments = this.#cutter.finish();
    const plannedBytes = segments.reduce((sum, segment) => sum + segment.plannedBytes, 0);
    return { segments, summary: { ...this.#counts, plannedBytes, goneEntries: this.#gone.count } };
  }

  #retire(row: EntryRecord): void {
    this.#gone.add(row.id);
  }

  #store(root: number, walked: WalkedEntry, dumpdir: TarEntry["dumpdir"]): void {
    const entry = dumpdir === undefined ? walked.entry : { ...walked.entry, dumpdir };
    const fromByte = this.#writer.offset;
    this.#writer.add({ root, sourcePath: walked.sourcePath, entry, ctimeNs: walked.ctimeNs, inode: walked.inode });
    const storedBytes = storedSizeBytes(entry);
    this.#cutter.add({ fromByte, toByte: this.#writer.offset, headerBytes: headerBytesAtMost(entry), storedBytes });
    this.#counts.newEntries += 1;
    this.#counts.newContentBytes += entry.type === "file" ? entry.sizeBytes : 0;
  }
}

function isDot(path: Uint8Array): boolean {
  return path.length === 1 && path[0] === 0x2e;
}

/** Row numbers in a file, eight bytes each. */
class GoneList {
  readonly #path: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(64 * 1024);
  #filled = 0;
  count = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, "w", 0o600);
  }

  add(id: number): void {
    if (this.#filled === this.#buffer.length) this.#flush();
    this.#filled = this.#buffer.writeDoubleLE(id, this.#filled);
    this.count += 1;
  }

  finish(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  *read(): Generator<number> {
    const fd = openSync(this.#path, "r");
    try {
      for (;;) {
        const got = readSync(fd, this.#buffer, 0, this.#buffer.length, null);
        if (got === 0) break;
        for (let at = 0; at < got; at += 8) yield this.#buffer.readDoubleLE(at);
      }
    } finally {
      closeSync(fd);
      rmSync(this.#path, { force: true });
    }
  }

  #flush(): void {
    for (let done = 0; done < this.#filled; ) done += writeSync(this.#fd, this.#buffer, done, this.#filled - done);
    this.#filled = 0;
  }
}
