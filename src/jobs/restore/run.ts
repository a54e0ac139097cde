import { closeSync, openSync, readSync } from "node:fs";
import { readSessionKey, type UnlockedKey } from "../../formats/openpgp/index.ts";
import type { Catalog, EntryCondition, Inventory, SegmentRecord, VolumeRecord } from "../../records/index.ts";
import { asStrongroomError, formatBytes, isDiskFull, printable, StrongroomError, systemCode } from "../../words/index.ts";
import type { OpenedVolume } from "../../work/mount/index.ts";
import { type OpenProblem, type OpenTarget, OpenThread, type SegmentTask, type WantedEntry } from "../../work/open/index.ts";
import { copyKey, fetchSegment, orderCopies, planRecall, type RecallPlan, type SelectedEntry, Selection, type SelectionRequest } from "../../work/recall/index.ts";
import type { Spool } from "../../work/spool/index.ts";
import type { RunningJob } from "../runner.ts";
import type { OperatorRequests } from "../waiting.ts";

export interface RestoreParts {
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly spool: Spool;
  readonly key: UnlockedKey;
  readonly target: OpenTarget;
  readonly selection: SelectionRequest;
  /** Also give out what was stored with zeros in place of content. */
  readonly includeDamaged: boolean;
  /** Asks for volumes that are away; when nobody waits for them, the restore ends before it began. */
  readonly requests: Pick<OperatorRequests, "wait" | "met">;
  /** Looks where the cartridges are now. */
  takeStock(): Promise<void>;
  isInReach(volume: VolumeRecord): boolean;
  openVolume(volume: VolumeRecord): Promise<OpenedVolume>;
}

export interface RestoreReport {
  readonly stage: (name: string, totalBytes: number | undefined, totalEntries: number | undefined) => void;
  readonly bytes: (countBytes: number) => void;
  readonly entries: (count: number) => void;
  readonly cartridge: (barcode: string, fill: number) => void;
}

export interface RestoreOutcome {
  readonly entries: number;
  readonly contentBytes: number;
  readonly segments: number;
  readonly volumes: readonly string[];
  readonly problems: readonly OpenProblem[];
}

/** More lines than this say nothing new; the total is in the summary. */
const problemLinesMax = 1000;
const sessionKeyHeadBytes = 64 * 1024;
const severityOfLoss = "err";

/** Brings the selected entries back: recall, fetch, open. What cannot be had is named, and everything else is restored. */
export async function runRestore(
  parts: RestoreParts,
  job: RunningJob,
  report: RestoreReport,
  signal: AbortSignal,
): Promise<{ readonly summary: string; readonly value: RestoreOutcome }> {
  const selection = new Selection(parts.catalog, parts.selection);
  if (selection.entries === 0) {
    throw new StrongroomError("missing", "NOTHING_SELECTED", "the snapshot has none of the named paths; nothing was restored", {
      hint: "see: strongroom snapshot entries, strongroom file find",
    });
  }
  await haveInReach(parts, selection.segmentIds, signal);
  report.stage("restoring", selection.contentBytes, selection.entries);
  const restore = new Restore(parts, selection, job, report, signal);
  const outcome = await restore.run();
  const what = `${String(outcome.entries)} of ${String(selection.entries)} entries, ${formatBytes(outcome.contentBytes)}`;
  const from = `from ${String(outcome.segments)} ${outcome.segments === 1 ? "segment" : "segments"} on ${outcome.volumes.join(", ")}`;
  const trouble = restore.problemCount === 0 ? "" : `; ${String(restore.problemCount)} ${restore.problemCount === 1 ? "problem" : "problems"}`;
  return {
    summary: `${what}, ${from}${trouble}`,
    value: outcome,
  };
}

const waiter = "restore";

/** Before a byte is read: a restore that has begun holds a drive, which nobody should do for a night. */
async function haveInReach(parts: RestoreParts, segmentIds: ReadonlySet<number>, signal: AbortSignal): Promise<void> {
  for (;;) {
    const trouble = outOfReach(parts, planRecall(parts.inventory, segmentIds, parts.isInReach));
    if (trouble === undefined) break;
    await parts.requests.wait(waiter, trouble, signal);
    await parts.takeStock();
  }
  parts.requests.met(waiter);
}

function outOfReach(parts: RestoreParts, plan: RecallPlan): StrongroomError | undefined {
  const away = plan.visits.filter(({ inReach }) => !inReach).map(({ volume }) => volume.barcode);
  if (away.length === 0) return undefined;
  const places = away.map((barcode) => `${barcode} (${parts.inventory.cartridge(barcode)?.place ?? "unknown"})`);
  return new StrongroomError("operator", "VOLUMES_NOT_IN_REACH", `the restore needs ${places.join(", ")}; nothing was restored yet`, {
    hint: "put them into mail slots and run: strongroom library import; a restore that waits goes on by itself, any other is given again",
  });
}

class Restore {
  readonly #parts: RestoreParts;
  readonly #selection: Selection;
  readonly #job: RunningJob;
  readonly #report: RestoreReport;
  readonly #signal: AbortSignal;
  readonly #thread = new OpenThread();
  readonly #problems: OpenProblem[] = [];
  readonly #volumes = new Set<string>();
  /** Fetched segments that begin with the rest of a file whose beginning has not been opened yet. */
  readonly #held = new Map<number, Fetched>();
  readonly #done = new Set<number>();
  #opening: Promise<void> = Promise.resolve();
  #contentBytes = 0;
  problemCount = 0;

  constructor(parts: RestoreParts, selection: Selection, job: RunningJob, report: RestoreReport, signal: AbortSignal) {
    this.#parts = parts;
    this.#selection = selection;
    this.#job = job;
    this.#report = report;
    this.#signal = signal;
  }

  async run(): Promise<RestoreOutcome> {
    try {
      await this.#thread.begin(this.#parts.target);
      await this.#fetchAll();
      await this.#opening;
      const finished = await this.#thread.finish();
      this.#note(finished.problems);
      return {
        entries: finished.made,
        contentBytes: this.#contentBytes,
        segments: this.#done.size,
        volumes: [...this.#volumes],
        problems: this.#problems,
      };
    } catch (error) {
      await this.#opening.catch(() => undefined);
      await this.#thread.abandon();
      throw error;
    } finally {
      for (const { segment } of this.#held.values()) this.#parts.spool.release(segment.id);
      await this.#thread.close();
    }
  }

  /** Visits volumes until every segment is fetched or has no copy left that could be good. */
  async #fetchAll(): Promise<void> {
    const remaining = new Set(this.#selection.segmentIds);
    const avoid = new Set<string>();
    while (remaining.size > 0) {
      const plan = planRecall(this.#parts.inventory, remaining, this.#parts.isInReach, avoid);
      for (const id of plan.lostSegmentIds) {
        remaining.delete(id);
        this.#lost(id);
      }
      const visits = [...plan.visits].sort((a, b) => firstSegment(a) - firstSegment(b));
      for (const visit of visits) await this.#visit(visit, remaining, avoid);
    }
    // What is held waits for segments that never came.
    for (const fetched of this.#held.values()) await this.#open(fetched);
  }

  async #visit(visit: RecallPlan["visits"][number], remaining: Set<number>, avoid: Set<string>): Promise<void> {
    let opened: OpenedVolume;
    try {
      opened = await this.#parts.openVolume(visit.volume);
    } catch (error) {
      if (asStrongroomError(error).kind === "busy") throw error;
      this.#copyFailed(error, visit.volume.barcode);
      for (const copy of visit.copies) avoid.add(copyKey(copy));
      return;
    }
    try {
      this.#volumes.add(visit.volume.barcode);
      this.#report.cartridge(visit.volume.barcode, 0);
      for (const copy of await this.#inReadOrder(opened, visit)) {
        const segment = this.#parts.catalog.segment(copy.segmentId)!;
        if (!(await this.#fetch(opened, segment, copy.objectNumber, visit.volume.barcode))) avoid.add(copyKey(copy));
        else {
          remaining.delete(segment.id);
          await this.#arrived(await this.#taskFor(segment));
        }
      }
    } finally {
      await opened.release();
    }
  }

  async #inReadOrder({ medium }: OpenedVolume, { volume, copies }: RecallPlan["visits"][number]): Promise<RecallPlan["visits"][number]["copies"]> {
    const before = (segmentId: number): number | undefined => {
      const segment = this.#parts.catalog.segment(segmentId);
      return segment === undefined ? undefined : this.#continuedPiece(segment)?.before;
    };
    return await orderCopies(medium, { copies, objects: this.#parts.inventory.objectsOfVolume(volume.uuid), before });
  }

  async #fetch(opened: OpenedVolume, segment: SegmentRecord, objectNumber: number, barcode: string): Promise<boolean> {
    const { spool } = this.#parts;
    const facts = segment.facts!;
    // One segment is opened while the next is fetched: before a third, the first must be out of the spool.
    if (spool.usedBytes + facts.sealedBytes > spool.maxBytes) await this.#opening;
    // What is held goes only when this segment came: waiting would be for ever.
    if (this.#held.size > 0 && spool.usedBytes + facts.sealedBytes > spool.maxBytes) throw spoolTooSmall(this.#held.size);
    await spool.reserve(segment.id, facts.sealedBytes, this.#signal);
    try {
      await fetchSegment(opened.medium, {
        objectNumber,
        sealedBytes: facts.sealedBytes,
        sealedSha256: facts.sealedSha256,
        path: spool.pathOf(segment.id),
        onBytes: () => undefined,
        signal: this.#signal,
      });
      return true;
    } catch (error) {
      spool.release(segment.id);
      this.#signal.throwIfAborted();
      if (isDiskFull(error)) throw spoolFull();
      // What fails on a volume has words of its own: this is the spool, and no copy is to blame.
      const reason = error instanceof StrongroomError ? undefined : systemCode(error);
      if (reason !== undefined) throw spoolFailed(reason, error);
      this.#copyFailed(error, barcode);
      return false;
    }
  }

  async #taskFor(segment: SegmentRecord): Promise<Fetched> {
    const path = this.#parts.spool.pathOf(segment.id);
    const continued = this.#continuedPiece(segment);
    const wanted: WantedEntry[] = [];
    for (const selected of this.#selection.inSegment(segment.id)) {
      const entry = this.#wantedEntry(selected, segment.id);
      if (entry) wanted.push(entry);
    }
    const sessionKey = await readSessionKey(headOf(path), [this.#parts.key]);
    const task: SegmentTask = { path, sessionKey, wanted, ...(continued ? { continued: continued.piece } : {}) };
    const isWanted = continued !== undefined && wanted.some(({ path: known }) => Buffer.compare(known, continued.piece.path) === 0);
    return { segment, task, after: isWanted ? continued.before : undefined };
  }

  #continuedPiece(segment: SegmentRecord): { piece: { path: Uint8Array; lengthBytes: number }; before: number } | undefined {
    if ((segment.facts?.firstMemberOffset ?? 0) === 0) return undefined;
    for (const row of this.#parts.catalog.entriesOfSegment(segment.id)) {
      const pieces = this.#parts.catalog.pieces(row.id);
      const at = pieces.findIndex(({ segmentId, offsetBytes }) => segmentId === segment.id && offsetBytes > 0);
      if (at > 0) return { piece: { path: row.path, lengthBytes: pieces[at]!.lengthBytes }, before: pieces[at - 1]!.segmentId };
      return undefined;
    }
    return undefined;
  }

  #wantedEntry({ row, as, linkTo }: SelectedEntry, segmentId: number): WantedEntry | undefined {
    if (row.condition !== "intact" && row.condition !== "changed" && !this.#parts.includeDamaged) {
      if (row.segmentId === segmentId) this.#note([troubled(row.path, row.condition)]);
      return undefined;
    }
    const pieces = row.type === "file" ? this.#parts.catalog.pieces(row.id) : [];
    const piece = pieces.find((one) => one.segmentId === segmentId);
    return {
      path: row.path,
      condition: row.condition,
      storedBytes: pieces.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
      ...(piece ? { piece } : {}),
      ...(as ? { as } : {}),
      ...(linkTo ? { linkTo } : {}),
    };
  }

  /** Opens a fetched segment now, or when the one that it goes on from was opened. */
  async #arrived(fetched: Fetched): Promise<void> {
    const { after, segment } = fetched;
    if (after !== undefined && !this.#done.has(after) && this.#selection.segmentIds.has(after)) {
      this.#held.set(segment.id, fetched);
      return;
    }
    await this.#open(fetched);
    for (const held of [...this.#held.values()]) {
      if (!this.#done.has(held.after!)) continue;
      this.#held.delete(held.segment.id);
      await this.#open(held);
    }
  }

  async #open({ segment, task }: Fetched): Promise<void> {
    await this.#opening;
    this.#done.add(segment.id);
    this.#opening = this.#thread
      .open(task)
      .then(({ entries, contentBytes, problems }) => {
        this.#contentBytes += contentBytes;
        this.#report.entries(entries);
        this.#report.bytes(contentBytes);
        this.#note(problems);
      })
      .finally(() => { this.#parts.spool.release(segment.id); });
    this.#opening.catch(() => undefined);
  }

  #lost(segmentId: number): void {
    for (const { row } of this.#selection.inSegment(segmentId)) {
      const text = `${printable(row.path)}: every copy of its segment is damaged or gone; it was not restored`;
      this.#note([{ severity: severityOfLoss, code: "SEGMENT_LOST", path: row.path, text }]);
    }
  }

  #copyFailed(error: unknown, barcode: string): void {
    const { code, message } = asStrongroomError(error);
    this.#job.note("warn", code, `cartridge ${barcode}: ${message}; another copy is used where there is one`);
  }

  #note(problems: readonly OpenProblem[]): void {
    for (const problem of problems) {
      this.problemCount += 1;
      if (this.problemCount > problemLinesMax) continue;
      this.#problems.push(problem);
      this.#job.note(problem.severity, problem.code, problem.text);
    }
  }
}

interface Fetched {
  readonly segment: SegmentRecord;
  readonly task: SegmentTask;
  /** The segment that must be opened before. */
  readonly after: number | undefined;
}

const firstSegment = ({ copies }: RecallPlan["visits"][number]): number => Math.min(...copies.map(({ segmentId }) => segmentId));

function headOf(path: string): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const head = Buffer.allocUnsafe(sessionKeyHeadBytes);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}

function troubled(path: Uint8Array, condition: EntryCondition): OpenProblem {
  const texts: Readonly<Record<EntryCondition, string>> = {
    intact: "",
    changed: "",
    shrunk: "became shorter while it was archived, the rest is stored as zeros",
    vanished: "was gone when it was to be archived",
    unreadable: "could not be read when it was archived",
  };
  const text = `${printable(path)}: ${texts[condition]}; it was left out (--include-damaged restores what there is)`;
  return { severity: "warn", code: `ENTRY_${condition.toUpperCase()}`, path, text };
}

function spoolTooSmall(heldSegments: number): StrongroomError {
  const message = `${String(heldSegments)} segments hold parts of files whose beginning is on another volume, and the spool has no room for that; what is restored is whole`;
  return new StrongroomError("failed", "SPOOL_TOO_SMALL", message, {
    hint: "raise spool.maxBytes in config.json, and run the same command again with --when-exists replace",
  });
}

function spoolFull(): StrongroomError {
  return new StrongroomError("failed", "SPOOL_DISK_FULL", "the spool's disk is full; what is restored is whole", {
    hint: "free space there, or give spool.path another disk, and run the same command again with --when-exists replace",
  });
}

function spoolFailed(reason: string, cause: unknown): StrongroomError {
  return new StrongroomError("failed", "SPOOL_DISK_FAILED", `the spool's disk failed (${reason}); what is restored is whole, and the volumes are not concerned`, {
    severity: "fatal",
    hint: "look at the kernel log (dmesg), or give spool.path another disk, and run the same command again with --when-exists replace",
    cause,
  });
}
