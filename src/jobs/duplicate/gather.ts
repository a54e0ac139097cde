import type { CopyRecord, SegmentRecord, VolumeRecord } from "../../records/index.ts";
import { asStrongroomError, StrongroomError } from "../../words/index.ts";
import type { OpenedVolume } from "../../work/mount/index.ts";
import { isInReach } from "../../work/place/index.ts";
import { copyKey, fetchSegment, planRecall } from "../../work/recall/index.ts";
import type { RunningJob } from "../runner.ts";
import type { DuplicateParts } from "./parts.ts";

/** So often in a row, without a segment read, is a drive given up for another try. */
const triesMax = 3;

/**
 * Brings segments of the volume that is copied into the spool, each compared with its seal on the way. What is not good there is named, and taken from another volume where a good copy is in
 * reach. The volume stays in its drive between segments, until `rest`.
 */
export class Gatherer {
  readonly #parts: DuplicateParts;
  readonly #job: RunningJob;
  readonly #onBytes: (countBytes: number) => void;
  readonly #signal: AbortSignal;
  /** Copies that could not be read as they were sealed, or not at all. */
  readonly #avoid = new Set<string>();
  #open: OpenedVolume | undefined;
  #tries = 0;

  constructor(parts: DuplicateParts, job: RunningJob, onBytes: (countBytes: number) => void, signal: AbortSignal) {
    this.#parts = parts;
    this.#job = job;
    this.#onBytes = onBytes;
    this.#signal = signal;
  }

  /** From where it was taken; `none`: there is no copy to be had now that is good, and nothing is in the spool. */
  async fetch(segment: SegmentRecord, copy: CopyRecord): Promise<"volume" | "elsewhere" | "none"> {
    const { spool, source, inventory } = this.#parts;
    if (spool.has(segment.id)) {
      spool.settle(segment.id, segment.facts!.sealedBytes);
      return "volume";
    }
    if (copy.state === "bad") {
      this.#avoid.add(copyKey(copy));
      this.#job.note("warn", "COPY_BAD", `${wordsFor(segment)} was found bad on cartridge ${source.barcode}: another copy is looked for`);
    } else if (await this.#fetchFrom(source, copy, segment)) return "volume";
    for (;;) {
      const { visits } = planRecall(inventory, [segment.id], ({ barcode }) => isInReach(inventory.cartridge(barcode)), this.#avoid);
      const [visit] = visits;
      const other = visit?.copies[0];
      if (!visit?.inReach || !other) {
        this.#lack(segment, visit?.volume);
        return "none";
      }
      if (await this.#fetchFrom(visit.volume, other, segment)) return "elsewhere";
    }
  }

  /** Gives the drive back. */
  async rest(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    try {
      await open?.release();
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      this.#job.note("warn", error.code, `cartridge ${open?.volume.barcode ?? ""} could not be given back in order: ${error.message}`);
    }
  }

  /** False when this copy is no good. Trouble on the way to it leads to another try, and in the end stops the job: it is not held against the copy. */
  async #fetchFrom(volume: VolumeRecord, copy: CopyRecord, segment: SegmentRecord): Promise<boolean> {
    for (;;) {
      try {
        await this.#read(volume, copy, segment);
        this.#tries = 0;
        return true;
      } catch (error) {
        const known = asStrongroomError(error);
        this.#parts.spool.release(segment.id);
        const drive = this.#open?.drive;
        const isElsewhere = this.#parts.isElsewhere(known) || drive?.asksForCleaning === true;
        if (this.#signal.aborted || known.kind === "internal" || known.code === "SPOOL_TOO_SMALL") throw error;
        if (!isElsewhere) {
          this.#blame(volume, copy, segment, known);
          return false;
        }
        this.#tries += 1;
        if (this.#tries >= triesMax || drive === undefined) throw error;
        this.#job.note("warn", known.code, `reading ${volume.barcode} is tried again: ${known.message}`);
        if (drive.asksForCleaning) drive.cleanBeforeNextUse();
        else drive.leaveOut();
        await this.rest();
      }
    }
  }

  async #read(volume: VolumeRecord, copy: CopyRecord, segment: SegmentRecord): Promise<void> {
    const { spool } = this.#parts;
    const { sealedBytes, sealedSha256 } = segment.facts!;
    await spool.reserve(segment.id, sealedBytes, this.#signal);
    if (this.#open?.volume.uuid !== volume.uuid) {
      await this.rest();
      this.#open = await this.#parts.open(volume);
    }
    const path = spool.pathOf(segment.id);
    await fetchSegment(this.#open.medium, { objectNumber: copy.objectNumber, sealedBytes, sealedSha256, path, onBytes: this.#onBytes, signal: this.#signal });
    spool.settle(segment.id, sealedBytes);
  }

  #blame(volume: VolumeRecord, copy: CopyRecord, segment: SegmentRecord, error: StrongroomError): void {
    const { inventory, clock } = this.#parts;
    this.#avoid.add(copyKey(copy));
    this.#job.note("warn", error.code, `${wordsFor(segment)} is not taken from cartridge ${volume.barcode}: ${error.message}`);
    if (error.code === "SEGMENT_DIFFERS") inventory.updateCopy(segment.id, volume.uuid, { state: "bad", checkedMs: clock.nowMs() });
  }

  #lack(segment: SegmentRecord, volume: VolumeRecord | undefined): void {
    if (!volume) {
      this.#job.note("err", "SEGMENT_WITHOUT_COPY", `${wordsFor(segment)} has no good copy that could be read: it is not on the duplicate`);
      return;
    }
    const where = `cartridge ${volume.barcode}, which is not in a library`;
    this.#job.note("err", "COPY_OUT_OF_REACH", `${wordsFor(segment)} has its only good copy on ${where}: it is not on the duplicate; bring it and run the same command again`);
  }
}

function wordsFor({ number, id }: SegmentRecord): string {
  return `segment ${String(number)} (row ${String(id)})`;
}
