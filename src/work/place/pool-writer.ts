import type { Inventory, SegmentRecord, VolumeRecord } from "../../records/index.ts";
import { type Clock, formatBytes, StrongroomError } from "../../words/index.ts";
import type { OpenedVolume } from "../mount/index.ts";
import { type ObjectStream, streamOfBytes } from "../../formats/volume/index.ts";
import { streamOfFile } from "./sources.ts";
import { VolumeWriter } from "./volume-writer.ts";

/** What a pool writer needs beside the records. */
export interface PoolWriterParts {
  readonly pool: string;
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** The next volume of the pool to write on, mounted: one that is open and not in `exhausted`, else a new one on a blank cartridge. */
  nextVolume(exhausted: ReadonlySet<string>): Promise<OpenedVolume>;
  /** A volume whose last session an earlier run left open, mounted; undefined when there is none. */
  unclosedVolume(exhausted: ReadonlySet<string>): Promise<OpenedVolume | undefined>;
  /** How much a trailer written now would need, bytes. */
  trailerReserveBytes(volume: VolumeRecord): Promise<number>;
  /** The trailer that closes the session, made ready; `remainingBytes` is all it may take. */
  makeTrailer(volume: VolumeRecord, remainingBytes: number): Promise<ObjectStream>;
  /** Called with each volume that is left, full or because the work is done. */
  left(volume: VolumeRecord): void;
  /** Called when a medium failed: its volume is closed, and the work goes on with another one. */
  failed(volume: VolumeRecord, error: StrongroomError): void;
}

/** What is wrong with a cartridge rather than with its drive: another one may be written in the same drive. */
const mediumFaults: ReadonlySet<string> = new Set(["MEDIUM_ERROR", "WRITE_PROTECTED", "DATA_PROTECTED", "WORM_OVERWRITE", "MEDIUM_INCOMPATIBLE"]);

function isMediumFault(error: unknown): error is StrongroomError {
  return error instanceof StrongroomError && mediumFaults.has(error.code);
}

/** Room for filemarks and the rounding of capacity figures. */
const slackBytes = 256 * 1024;

/**
 * Writes the segments of a snapshot, in order, to the volumes of one pool.
 *
 * - A segment and its seal are on the medium, and recorded, when `place` returns.
 * - A volume that has no room for the next segment is closed with a trailer and the segment goes to the next one. A segment that hits the
 *   end of the medium although the figures promised room is written again on the next volume; the trailer takes its place.
 * - A medium that fails costs the segment under way: its volume is closed for writing, what is on it stays, and the segment goes to the next one.
 *   A drive that fails ends the work, since another cartridge would fail in it too.
 * - `finish` closes the session of the volume in use, and those that earlier runs left open.
 */
export class PoolWriter {
  readonly #parts: PoolWriterParts;
  readonly #exhausted = new Set<string>();
  #open: { readonly opened: OpenedVolume; readonly writer: VolumeWriter } | undefined;

  constructor(parts: PoolWriterParts) {
    this.#parts = parts;
  }

  /** The barcode of the volume in use. */
  get barcode(): string | undefined {
    return this.#open?.writer.volume.barcode;
  }

  async place(segment: SegmentRecord, spoolPath: string): Promise<void> {
    const facts = segment.facts;
    const sealText = segment.sealText;
    if (!facts || sealText === undefined) throw new StrongroomError("internal", "SEGMENT_UNSEALED", "a segment without a seal cannot be placed");
    for (;;) {
      const writer = await this.#writerWithRoom(facts.sealedBytes + sealText.length);
      const fresh = writer.volume.objects === 1;
      const result = await this.#write(writer, segment, spoolPath);
      if (result === "written") return;
      if (result === "failed") continue;
      await this.#leave(fresh ? "open" : "full");
      if (fresh) throw tooLarge(facts.sealedBytes, writer.volume.barcode);
    }
  }

  async #write(writer: VolumeWriter, segment: SegmentRecord, spoolPath: string): Promise<"written" | "full" | "failed"> {
    try {
      if (!(await this.#append(writer, segment, spoolPath))) return "full";
      if (writer.nearEnd) await this.#leave("full");
      return "written";
    } catch (error) {
      if (!isMediumFault(error)) throw error;
      const { opened } = this.#open!;
      this.#open = undefined;
      this.#closeForGood(writer, error);
      await opened.release();
      return "failed";
    }
  }

  /** The segment and its seal; false when one of them did not fit. */
  async #append(writer: VolumeWriter, segment: SegmentRecord, spoolPath: string): Promise<boolean> {
    const { sealedBytes, sealedSha256 } = segment.facts!;
    const placed = await writer.append("segment", streamOfFile(spoolPath, sealedBytes), sealedSha256);
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
    return sealed.kind === "synced";
  }

  async finish(): Promise<void> {
    if (this.#open) await this.#leave("open");
    for (;;) {
      const opened = await this.#parts.unclosedVolume(this.#exhausted);
      if (!opened) return;
      this.#open = this.#writing(opened);
      await this.#leave("open");
    }
  }

  /** Gives the drive back without writing anything more. */
  async abandon(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.opened.release();
  }

  async #writerWithRoom(neededBytes: number): Promise<VolumeWriter> {
    for (;;) {
      this.#open ??= await this.#openNext();
      const { writer } = this.#open;
      const reserveBytes = (await this.#parts.trailerReserveBytes(writer.volume)) + slackBytes;
      const remainingBytes = await writer.remainingBytes();
      if (remainingBytes >= neededBytes + reserveBytes) return writer;
      const { barcode, objects } = writer.volume;
      await this.#leave(objects === 1 ? "open" : "full");
      if (objects === 1) throw tooLarge(neededBytes, barcode);
    }
  }

  async #openNext(): Promise<{ opened: OpenedVolume; writer: VolumeWriter }> {
    return this.#writing(await this.#parts.nextVolume(this.#exhausted));
  }

  #writing(opened: OpenedVolume): { opened: OpenedVolume; writer: VolumeWriter } {
    return { opened, writer: new VolumeWriter(opened.medium, opened.volume, this.#parts.inventory, this.#parts.clock) };
  }

  async #leave(state: "open" | "full"): Promise<void> {
    const { opened, writer } = this.#open!;
    this.#open = undefined;
    this.#exhausted.add(writer.volume.uuid);
    try {
      if (writer.volume.sessionOpen) await this.#closeSession(writer);
      if (state === "full") this.#parts.inventory.updateVolume(writer.volume.uuid, { state });
      this.#parts.left(writer.volume);
    } catch (error) {
      if (!isMediumFault(error)) throw error;
      this.#closeForGood(writer, error);
    } finally {
      await opened.release();
    }
  }

  /** Nothing more is tried on a medium that failed, not even a trailer. */
  #closeForGood(writer: VolumeWriter, error: StrongroomError): void {
    this.#exhausted.add(writer.volume.uuid);
    this.#parts.inventory.updateVolume(writer.volume.uuid, { state: "closed" });
    this.#parts.failed(writer.volume, error);
    this.#parts.left(writer.volume);
  }

  /** The seals alone are enough to restore by, so a trailer that does not fit is no loss; it is noted by the volume's open session. */
  async #closeSession(writer: VolumeWriter): Promise<void> {
    await writer.append("trailer", await this.#parts.makeTrailer(writer.volume, await writer.remainingBytes()), undefined);
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
