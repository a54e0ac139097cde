import { senseOf } from "../../devices/tape/index.ts";
import { type ObjectStream, streamOfBytes } from "../../formats/volume/index.ts";
import type { Inventory, SegmentRecord, VolumeRecord } from "../../records/index.ts";
import { asStrongroomError, type Clock, formatBytes, StrongroomError } from "../../words/index.ts";
import type { OpenedVolume } from "../mount/index.ts";
import { Recoveries, type Remedy } from "./recovery.ts";
import { streamOfFile } from "./sources.ts";
import { confirmTail, doubtTail } from "./tail.ts";
import { VolumeWriter } from "./volume-writer.ts";

/** What a pool writer needs beside the records. */
export interface PoolWriterParts {
  readonly pool: string;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The next volume of the pool to write on, mounted: one that is open and not in `exhausted`, else a new one on a blank cartridge. */
  nextVolume(exhausted: ReadonlySet<string>): Promise<OpenedVolume>;
  /** This volume, mounted again after trouble; undefined when it cannot be written on any more. */
  reopen(volume: VolumeRecord): Promise<OpenedVolume | undefined>;
  /** A volume whose last session an earlier run left open, mounted; undefined when there is none. */
  unclosedVolume(exhausted: ReadonlySet<string>): Promise<OpenedVolume | undefined>;
  /** The content of a segment in the spool; a file unless said. */
  readonly openSegment?: (spoolPath: string, sizeBytes: number) => ObjectStream;
  /** So much may be written at most before it is made sure that it is on the medium, bytes; the segments stay in the spool until then. */
  readonly unsyncedBytes: number;
  /** How much a trailer written now would need, bytes, with those segments behind the recorded ones. */
  trailerReserveBytes(volume: VolumeRecord, unrecorded: readonly number[]): Promise<number>;
  /** The trailer that closes the session, made ready; `remainingBytes` is all it may take. */
  makeTrailer(volume: VolumeRecord, remainingBytes: number): Promise<ObjectStream>;
  /** Called with each volume that is left, full or because the work is done. */
  left(volume: VolumeRecord): void;
  /** Called when a medium failed: its volume is closed, and the work goes on with another one. */
  failed(volume: VolumeRecord, error: StrongroomError): void;
  /** Called with every other failure that the work goes on after, and what is done about it. */
  recovering(remedy: Remedy, volume: VolumeRecord | undefined, error: StrongroomError): void;
  /** A person is needed: returns when it is worth another try, rejects with `error` when nobody wants to wait any longer. */
  request(error: StrongroomError): Promise<void>;
  /** What was asked for last is there. */
  requestMet(): void;
}

/** Room for filemarks and the rounding of capacity figures. */
const slackBytes = 256 * 1024;
/** A slow source does not leave what was written unsure for longer. */
const unsyncedMost = 30 * 60_000;

interface OpenVolume {
  readonly opened: OpenedVolume;
  readonly writer: VolumeWriter;
}

/** A segment on its way: not yet on the medium for sure. */
interface Underway {
  readonly segment: SegmentRecord;
  readonly spoolPath: string;
}

/**
 * Writes the segments of a snapshot, in order, to the volumes of one pool.
 *
 * - Drives stop for seconds whenever all must be on the tape, so that is not asked for after each segment: it was written when `place` returns, and it is on the medium, and
 *   recorded, in order, when `sync` or `finish` returns; `place` does that by itself every `unsyncedBytes`, at the latest half an hour after the first, and where a volume is left.
 *   Until a segment has its copy in the records its file must stay in the spool: after a failure it is written again from there, by this writer.
 * - A volume that has no room for the next segment is closed with a trailer and the segment goes to the next one. A segment that hits the
 *   end of the medium although the figures promised room is written again on the next volume; the trailer takes its place.
 * - What is done about failures is in the table of recoveries, and nowhere else. What was recorded stays; the segments under way are written again.
 * - After trouble in which the position or what was written may be lost, the last segment on the tape is read back before anything is written behind it. Where it
 *   is not as recorded, its copy stops counting.
 * - `finish` closes the session of the volume in use, and those that earlier runs left open.
 */
export class PoolWriter {
  readonly #parts: PoolWriterParts;
  readonly #exhausted = new Set<string>();
  /** Left alone until somebody has seen to what was in the way. */
  readonly #leftAlone = new Set<string>();
  readonly #recoveries = new Recoveries();
  #open: OpenVolume | undefined;
  /** In order; the first `#written` of them are on the open volume, as far as its drive says. */
  #underway: Underway[] = [];
  #written = 0;
  #writtenSinceMs = 0;
  /** To be mounted again, and its end read back. */
  #again: string | undefined;

  constructor(parts: PoolWriterParts) {
    this.#parts = parts;
  }

  /** The barcode of the volume in use. */
  get barcode(): string | undefined {
    return this.#open?.writer.volume.barcode;
  }

  async place(segment: SegmentRecord, spoolPath: string): Promise<void> {
    if (!segment.facts || segment.sealText === undefined) {
      throw new StrongroomError("internal", "SEGMENT_UNSEALED", "a segment without a seal cannot be placed");
    }
    this.#underway.push({ segment, spoolPath });
    await this.#writeAll();
    if (this.#isSyncDue()) await this.sync();
  }

  /** Returns when every segment placed is on the medium and recorded. */
  async sync(): Promise<void> {
    while (this.#underway.length > 0) {
      await this.#writeAll();
      await this.#orRecover(() => this.#syncOpen());
    }
  }

  async finish(): Promise<void> {
    await this.#finishOpen();
    for (;;) {
      const opened = await this.#parts.unclosedVolume(this.#passedBy());
      if (!opened) return;
      this.#open = this.#writing(opened);
      await this.#finishOpen();
    }
  }

  /**
   * Gives the drive back without writing anything more; whoever goes on placing gets the same volume again. What was written is recorded if it is on the medium;
   * otherwise it is as if it had not been placed.
   */
  async abandon(): Promise<void> {
    const open = this.#open;
    try {
      if (open) await this.#syncOpen();
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      this.#parts.recovering("again", open?.writer.volume, error);
    } finally {
      this.#underway = [];
      this.#written = 0;
      this.#open = undefined;
      if (open) await this.#release(open.opened);
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#written < this.#underway.length) await this.#orRecover(() => this.#tryToPlace(this.#underway[this.#written]!));
  }

  #isSyncDue(): boolean {
    if (this.#written === 0) return false;
    const bytes = this.#underway.reduce((sum, { segment }) => sum + segment.facts!.sealedBytes, 0);
    return bytes >= this.#parts.unsyncedBytes || this.#parts.clock.monotonicMs() - this.#writtenSinceMs >= unsyncedMost;
  }

  /** What was written on the open volume is on the medium, and recorded. */
  async #syncOpen(): Promise<boolean> {
    if (this.#open === undefined) return true;
    await this.#open.writer.sync();
    if (this.#written > 0) this.#recoveries.placed();
    this.#underway.splice(0, this.#written);
    this.#written = 0;
    return true;
  }

  /** False when the work is to be tried again. */
  async #orRecover(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      this.#doubt();
      if (this.#parts.signal.aborted) throw error;
      await this.#recover(asStrongroomError(error), error);
      return false;
    }
  }

  /** Nothing that was written since the last sync will be recorded: it is written again. */
  #doubt(): void {
    this.#written = 0;
    this.#open?.writer.forget();
  }

  async #tryToPlace({ segment, spoolPath }: Underway): Promise<boolean> {
    const neededBytes = segment.facts!.sealedBytes + segment.sealText!.length;
    const writer = await this.#writerWithRoom(neededBytes);
    const fresh = writer.volume.objects === 1;
    if (await this.#append(writer, segment, spoolPath)) {
      if (this.#written === 0) this.#writtenSinceMs = this.#parts.clock.monotonicMs();
      this.#written += 1;
      if (writer.nearEnd) await this.#leave("full");
      return true;
    }
    await this.#leave(fresh ? "open" : "full");
    if (fresh) throw tooLarge(neededBytes, writer.volume.barcode);
    return false;
  }

  /** Until nothing is open any more, or what was is closed for good or left alone. */
  async #finishOpen(): Promise<void> {
    while (this.#hasWork()) {
      await this.#writeAll();
      await this.#orRecover(() => this.#tryToFinish());
    }
  }

  #hasWork(): boolean {
    return this.#open !== undefined || this.#again !== undefined || this.#underway.length > 0;
  }

  async #tryToFinish(): Promise<boolean> {
    if (this.#open === undefined) await this.#openAgain();
    if (this.#open !== undefined) await this.#leave("open");
    return true;
  }

  /** The segment and its seal; false when one of them did not fit. */
  async #append(writer: VolumeWriter, segment: SegmentRecord, spoolPath: string): Promise<boolean> {
    const { sealedBytes, sealedSha256 } = segment.facts!;
    const placed = await writer.append("segment", (this.#parts.openSegment ?? streamOfFile)(spoolPath, sealedBytes), sealedSha256);
    if (placed.kind === "full") return false;
    const sealed = await writer.append("seal", streamOfBytes(Buffer.from(segment.sealText!)), undefined, () => {
      this.#parts.inventory.addCopy({
        segmentId: segment.id,
        volumeUuid: writer.volume.uuid,
        objectNumber: placed.object.number,
        state: "written",
        writtenMs: this.#parts.clock.nowMs(),
        checkedMs: undefined,
      });
    });
    return sealed.kind === "written";
  }

  async #writerWithRoom(neededBytes: number): Promise<VolumeWriter> {
    for (;;) {
      if (this.#open === undefined) await this.#openNext();
      const { writer } = this.#open!;
      const reserveBytes = (await this.#parts.trailerReserveBytes(writer.volume, this.#unrecorded())) + slackBytes;
      const remainingBytes = await writer.remainingBytes();
      if (remainingBytes >= neededBytes + reserveBytes) return writer;
      const { barcode, objects } = writer.volume;
      await this.#leave(objects === 1 ? "open" : "full");
      if (objects === 1) throw tooLarge(neededBytes, barcode);
    }
  }

  #unrecorded(): readonly number[] {
    return this.#underway.slice(0, this.#written).map(({ segment }) => segment.id);
  }

  async #openNext(): Promise<void> {
    await this.#openAgain();
    this.#open ??= this.#writing(await this.#parts.nextVolume(this.#passedBy()));
    this.#parts.requestMet();
  }

  /** The volume that trouble was with, once what is at its end has been read back. */
  async #openAgain(): Promise<void> {
    const volume = this.#again === undefined ? undefined : this.#parts.inventory.volume(this.#again);
    if (!volume) return;
    const opened = await this.#parts.reopen(volume);
    if (!opened) {
      this.#exhausted.add(volume.uuid);
      this.#again = undefined;
      return;
    }
    this.#open = this.#writing(opened);
    await confirmTail(opened.medium, volume, this.#parts.inventory);
    this.#again = undefined;
  }

  #writing(opened: OpenedVolume): OpenVolume {
    return { opened, writer: new VolumeWriter(opened.medium, opened.volume, this.#parts.inventory, this.#parts.clock) };
  }

  async #leave(state: "open" | "full"): Promise<void> {
    const { opened, writer } = this.#open!;
    await this.#syncOpen();
    if (writer.volume.sessionOpen) await this.#closeSession(writer);
    if (state === "full") this.#parts.inventory.updateVolume(writer.volume.uuid, { state });
    this.#open = undefined;
    this.#exhausted.add(writer.volume.uuid);
    this.#parts.left(writer.volume);
    await this.#release(opened);
  }

  /** The seals alone are enough to restore by, so a trailer that does not fit is no loss; it is noted by the volume's open session. */
  async #closeSession(writer: VolumeWriter): Promise<void> {
    const placed = await writer.append("trailer", await this.#parts.makeTrailer(writer.volume, await writer.remainingBytes()), undefined);
    // Figures can promise too much: the shortest trailer there is may still fit.
    if (placed.kind === "full") await writer.append("trailer", await this.#parts.makeTrailer(writer.volume, 0), undefined);
    await writer.sync();
  }

  /** Does what the table says; throws what was thrown where that is to stop. */
  async #recover(error: StrongroomError, thrown: unknown): Promise<void> {
    const open = this.#open;
    const drive = open?.opened.drive;
    const isDirty = drive?.asksForCleaning ?? false;
    const { remedy, pauseMs } = this.#recoveries.next(error, isDirty);
    if (remedy === "stop") throw thrown;
    const uuid = open?.writer.volume.uuid ?? this.#again;
    await this.#tend(uuid === undefined ? undefined : this.#parts.inventory.volume(uuid), open?.opened, remedy, error);
    if (remedy === "other-drive") drive?.leaveOut();
    if (isDirty) drive?.cleanBeforeNextUse();
    this.#again = remedy === "other-volume" || remedy === "leave-volume" ? undefined : uuid;
    this.#open = undefined;
    if (open) await this.#release(open.opened);
    if (remedy === "ask") {
      this.#leftAlone.clear();
      await this.#parts.request(error);
    }
    await this.#parts.clock.sleep(pauseMs, this.#parts.signal);
  }

  /** What becomes of the volume that the work was on, and who hears of it. */
  async #tend(volume: VolumeRecord | undefined, opened: OpenedVolume | undefined, remedy: Remedy, error: StrongroomError): Promise<void> {
    if (remedy === "other-volume" && volume) {
      await this.#closeForGood(volume, opened, error);
      return;
    }
    this.#parts.recovering(remedy, volume, error);
    if (remedy !== "leave-volume" || !volume) return;
    this.#leftAlone.add(volume.uuid);
    this.#parts.left(volume);
  }

  #passedBy(): ReadonlySet<string> {
    return new Set([...this.#exhausted, ...this.#leftAlone]);
  }

  /** Nothing more is tried on a medium that failed, not even a trailer. An error that concerns what was taken earlier makes its end doubtful. */
  async #closeForGood(volume: VolumeRecord, opened: OpenedVolume | undefined, error: StrongroomError): Promise<void> {
    const isDoubted = this.#again !== undefined || senseOf(error)?.deferred === true;
    if (isDoubted && (error.code === "TAIL_NOT_CONFIRMED" || !(await this.#isConfirmed(volume, opened)))) {
      doubtTail(volume, this.#parts.inventory, this.#parts.clock.nowMs());
    }
    this.#exhausted.add(volume.uuid);
    this.#parts.inventory.closeVolume(volume.uuid);
    this.#parts.failed(volume, error);
    this.#parts.left(volume);
  }

  async #isConfirmed(volume: VolumeRecord, opened: OpenedVolume | undefined): Promise<boolean> {
    try {
      if (opened) await confirmTail(opened.medium, volume, this.#parts.inventory);
      return opened !== undefined;
    } catch (error) {
      if (error instanceof StrongroomError) return false;
      throw error;
    }
  }

  /** A drive that cannot even be given back in order is no loss: everything that counts is on the tape and recorded. */
  async #release(opened: OpenedVolume): Promise<void> {
    try {
      await opened.release();
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      this.#parts.recovering("again", opened.volume, error);
    }
  }
}

function tooLarge(sizeBytes: number, barcode: string): StrongroomError {
  return new StrongroomError(
    "failed",
    "SEGMENT_LARGER_THAN_CARTRIDGE",
    `a segment of ${formatBytes(sizeBytes)} does not fit on the empty cartridge ${barcode}; other copies are safe`,
    { hint: "give the archive smaller segments (segmentSizeBytes) or the pool larger cartridges" },
  );
}
