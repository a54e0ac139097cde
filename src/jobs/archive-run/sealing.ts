import { createHash } from "node:crypto";
import type { EntryCondition, NewEntry, SegmentRecord, SnapshotRecord } from "../../records/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import { type PlanLine, readPlanLines, type SegmentCut } from "../../work/plan/index.ts";
import { readFacts, removeFacts, type SegmentOutcome } from "../../work/seal/index.ts";
import type { RunningJob } from "../runner.ts";
import type { SealedFeed } from "./feed.ts";
import type { ArchiveRunParts, ProgressReport } from "./parts.ts";

/** More lines than this about single entries say nothing new; the catalog holds them all. */
const troubleLinesMax = 1000;

export interface SealingResult {
  sealed: number;
  takenOver: number;
  troubledEntries: number;
}

/**
 * Seals every planned segment of a snapshot that is not sealed yet, several at once, and hands them on in order: recorded, with its seal,
 * and only then fed to those who place. A segment that an earlier run had finished in the spool is taken over as it is.
 */
export class Sealing {
  readonly #parts: ArchiveRunParts;
  readonly #snapshot: SnapshotRecord;
  readonly #planPath: string;
  readonly #feed: SealedFeed;
  readonly #job: RunningJob;
  readonly #report: ProgressReport;
  readonly #outcomes = new Map<number, { readonly outcome: SegmentOutcome; readonly segment: SegmentRecord }>();
  readonly #result: SealingResult = { sealed: 0, takenOver: 0, troubledEntries: 0 };
  /** Entries without content, by path: few, or the source is gone altogether. */
  readonly #lost = new Map<string, EntryCondition>();
  #next = 1;
  #tarOffsetBytes = 0;
  #previousSealSha256: string | undefined;
  #segmentCount = 0;

  constructor(
    parts: ArchiveRunParts,
    snapshot: SnapshotRecord,
    planPath: string,
    feed: SealedFeed,
    job: RunningJob,
    report: ProgressReport,
  ) {
    this.#parts = parts;
    this.#snapshot = snapshot;
    this.#planPath = planPath;
    this.#feed = feed;
    this.#job = job;
    this.#report = report;
    this.#result.troubledEntries = Number(job.progress["troubledEntries"] ?? 0);
  }

  async run(signal: AbortSignal): Promise<SealingResult> {
    const segments = this.#parts.catalog.segments(this.#snapshot);
    this.#segmentCount = segments.length;
    this.#previousSealSha256 = lastSealBefore(this.#parts, this.#snapshot);
    const pending = await this.#passFinished(segments);
    if (pending.length === 0) return this.#result;
    const crew = this.#parts.hireCrew();
    const inFlight = new Set<Promise<void>>();
    try {
      for (const segment of pending) {
        while (inFlight.size >= crew.threads) await Promise.race(inFlight);
        signal.throwIfAborted();
        await this.#parts.spool.reserve(segment.id, sealedBytesAtMost(segment.plannedBytes), signal);
        const work = this.#sealOne(crew.seal.bind(crew), segment).finally(() => inFlight.delete(work));
        // A failure is seen at the next race; until then it must not count as unhandled.
        work.catch(() => undefined);
        inFlight.add(work);
      }
      while (inFlight.size > 0) await Promise.race(inFlight);
    } finally {
      await crew.close();
      for (const { id } of pending) this.#clearUnfinished(id);
    }
    return this.#result;
  }

  /** A thread that was ended leaves a piece of a segment behind; a whole one waits to be taken over. */
  #clearUnfinished(segmentId: number): void {
    const { spool } = this.#parts;
    const isRecorded = this.#parts.catalog.segment(segmentId)?.facts !== undefined;
    if (!isRecorded && !(spool.has(segmentId) && readFacts(spool.pathOf(segmentId)))) spool.release(segmentId);
  }

  /** Feeds what is recorded as sealed, takes over what is finished in the spool; returns what is left to do. */
  async #passFinished(segments: readonly SegmentRecord[]): Promise<SegmentRecord[]> {
    const pending: SegmentRecord[] = [];
    for (const segment of segments) {
      if (segment.facts) {
        if (this.#parts.spool.has(segment.id)) this.#parts.spool.settle(segment.id, segment.facts.sealedBytes);
        this.#rememberLost(segment);
        await this.#handOn(segment);
        continue;
      }
      const facts = this.#parts.spool.has(segment.id) ? readFacts(this.#parts.spool.pathOf(segment.id)) : undefined;
      if (facts) {
        this.#result.takenOver += 1;
        await this.#arrived(segment, facts);
      } else {
        this.#parts.spool.release(segment.id);
        pending.push(segment);
      }
    }
    return pending;
  }

  async #sealOne(
    seal: (task: Parameters<ReturnType<ArchiveRunParts["hireCrew"]>["seal"]>[0]) => Promise<SegmentOutcome>,
    segment: SegmentRecord,
  ): Promise<void> {
    const { sessionKey, sessionKeyPackets } = await this.#parts.makeSessionKey();
    const outcome = await seal({
      planPath: this.#planPath,
      cut: JSON.parse(segment.plan) as SegmentCut,
      last: segment.number === this.#segmentCount,
      cipher: this.#parts.cipher,
      compression: this.#parts.compression,
      sessionKey,
      sessionKeyPackets,
      spoolPath: this.#parts.spool.pathOf(segment.id),
    });
    this.#result.sealed += 1;
    await this.#arrived(segment, outcome);
  }

  #recording: Promise<void> = Promise.resolve();

  /** Recording happens in the order of the segments whatever the order of arrival. */
  async #arrived(segment: SegmentRecord, outcome: SegmentOutcome): Promise<void> {
    this.#outcomes.set(segment.number, { segment, outcome });
    this.#recording = this.#recording.then(() => this.#recordReady());
    await this.#recording;
  }

  async #recordReady(): Promise<void> {
    for (let ready = this.#outcomes.get(this.#next); ready; ready = this.#outcomes.get(this.#next)) {
      this.#outcomes.delete(this.#next);
      await this.#record(ready.segment, ready.outcome);
    }
  }

  async #record(segment: SegmentRecord, outcome: SegmentOutcome): Promise<void> {
    const { catalog, spool, clock } = this.#parts;
    const { lines, ...facts } = outcome;
    const rows = this.#rows(segment, outcome);
    catalog.addSealedSegment(segment.id, { ...facts, sealedAtMs: clock.nowMs() }, rows);
    spool.settle(segment.id, outcome.sealedBytes);
    removeFacts(spool.pathOf(segment.id));
    this.#job.saveProgress({ troubledEntries: this.#result.troubledEntries });
    this.#report.entries(lines.length);
    this.#report.bytes(outcome.tarBytes);
    await this.#handOn(catalog.segment(segment.id)!);
  }

  async #handOn(segment: SegmentRecord): Promise<void> {
    let { sealText } = segment;
    if (sealText === undefined) {
      sealText = await this.#parts.makeSeal(segment, this.#snapshot, {
        tarOffsetBytes: this.#tarOffsetBytes,
        previousSealSha256: this.#previousSealSha256,
        segments: this.#segmentCount,
      });
      this.#parts.catalog.setSeal(segment.id, sealText);
    }
    this.#tarOffsetBytes += segment.facts!.tarBytes;
    this.#previousSealSha256 = sha256(sealText);
    this.#next = segment.number + 1;
    this.#feed.add({ ...segment, sealText });
  }

  #rows(segment: SegmentRecord, outcome: SegmentOutcome): NewEntry[] {
    const cut = JSON.parse(segment.plan) as SegmentCut;
    const rows: NewEntry[] = [];
    let index = 0;
    for (const line of readPlanLines(this.#planPath, cut.fromByte, cut.toByte)) {
      const { sha256: digest } = outcome.lines[index]!;
      const condition = this.#conditionOf(line, outcome.lines[index]!.condition);
      const skipBytes = index === 0 ? cut.skipBytes : 0;
      const storedBytes = storedBytesOf(line);
      const endBytes = index === outcome.lines.length - 1 ? (cut.stopBytes ?? storedBytes) : storedBytes;
      index += 1;
      if (condition !== "intact") this.#trouble(line, condition);
      const row: NewEntry = { ...factsOf(line), condition };
      rows.push(digest ? { ...row, piece: { offsetBytes: skipBytes, lengthBytes: endBytes - skipBytes, sha256: digest } } : row);
    }
    return rows;
  }

  /** What an earlier run had recorded counts for the hard links that are still to come. */
  #rememberLost(segment: SegmentRecord): void {
    if (this.#result.troubledEntries === 0) return;
    for (const { path, condition } of this.#parts.catalog.entriesOfSegment(segment.id)) {
      if (condition === "vanished" || condition === "unreadable") this.#lost.set(keyOf(path), condition);
    }
  }

  /** A hard link whose first name was gone when it was read has nothing to link to: it shares its fate. */
  #conditionOf(line: PlanLine, condition: EntryCondition): EntryCondition {
    const { path, type, linkTarget } = line.entry;
    if (condition === "vanished" || condition === "unreadable") this.#lost.set(keyOf(path), condition);
    const fate = type === "hardlink" && linkTarget ? this.#lost.get(keyOf(linkTarget)) : undefined;
    return fate ?? condition;
  }

  #trouble(line: PlanLine, condition: string): void {
    this.#result.troubledEntries += 1;
    if (this.#result.troubledEntries > troubleLinesMax) return;
    this.#job.note("warn", `ENTRY_${condition.toUpperCase()}`, `${printable(line.entry.path)}: ${troubleText[condition] ?? condition}`);
  }
}

const troubleText: Readonly<Record<string, string>> = {
  changed: "changed while it was read; what was read is stored",
  shrunk: "became shorter while it was read; the missing part is stored as zeros",
  vanished: "was gone when it was to be read; left out",
  unreadable: "could not be read; left out",
};

function factsOf(line: PlanLine): Omit<NewEntry, "condition" | "piece"> {
  const { entry } = line;
  return {
    path: entry.path,
    type: entry.type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    sizeBytes: entry.sizeBytes,
    mtimeNs: entry.mtimeNs,
    ctimeNs: line.ctimeNs,
    inode: line.inode,
    ...(entry.linkTarget ? { linkTarget: entry.linkTarget } : {}),
  };
}

function keyOf(path: Uint8Array): string {
  return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString("latin1");
}

function storedBytesOf(line: PlanLine): number {
  if (line.entry.type !== "file") return 0;
  return line.entry.sparseMap?.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0) ?? line.entry.sizeBytes;
}

function lastSealBefore(parts: ArchiveRunParts, snapshot: SnapshotRecord): string | undefined {
  for (let number = snapshot.number - 1; number > 0; number -= 1) {
    const before = parts.catalog.snapshot(parts.archive, number);
    const seal = before && parts.catalog.segments(before).at(-1)?.sealText;
    if (seal !== undefined) return sha256(seal);
  }
  return undefined;
}

/** Packets, frames and blocks add less than this to what does not compress. */
function sealedBytesAtMost(plannedBytes: number): number {
  return Math.ceil(plannedBytes * 1.01) + 64 * 1024;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function missingFromSpool(segment: SegmentRecord): StrongroomError {
  return new StrongroomError(
    "failed",
    "SPOOL_SEGMENT_MISSING",
    `segment ${String(segment.number)} was sealed, but is no longer in the spool and not yet on every pool; older snapshots are safe`,
    { severity: "fatal", hint: "abandon the unfinished snapshot and run the archive again" },
  );
}
