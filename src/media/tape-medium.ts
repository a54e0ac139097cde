import { type BlockProtection, estimatedOrder, geometryOfDensity, type TapeDrive } from "../devices/tape/index.ts";
import {
  type MediumCapacity, type ObjectExtent, type ObjectReader, type ObjectReadThrough, type ObjectRole, type ObjectStretch, type ObjectWriter, tarRecordBytes,
  type VolumeMedium, type VolumeNote,
} from "../formats/volume/index.ts";
import { blockGuardBytes } from "../scsi/index.ts";
import { StrongroomError } from "../words/index.ts";
import { noteAttributes } from "./cartridge-memory.ts";
import { refuseEncryptingDrive } from "./drive-encryption.ts";
import { refuseMisfit, refusePartitions } from "./tape-fitness.ts";
import { placeStretches } from "./tape-layout.ts";
import { TapeReader, unfinished } from "./tape-reader.ts";
import { TapeWriter } from "./tape-writer.ts";

export interface TapeMediumOptions {
  /** As volume.json states it; 512 KiB unless told. Reading takes blocks of any size up to 1 MiB. */
  readonly blockSizeBytes?: number;
}

export const defaultTapeBlockBytes = 512 * 1024;
const largestBlockBytes = 1024 * 1024;
const readyTimeoutMs = 15 * 60_000;

/**
 * Objects as tape files. Where the drive can, each block is protected by a CRC from where it is made to the tape, and back to where it is
 * used. The drive must hold the cartridge; it stays the caller's, and `close` leaves it open and loaded.
 * Rejects with `NO_MEDIUM` when the drive is empty, with `MEDIUM_PARTITIONED` when the cartridge has more than one partition.
 */
export async function openTapeMedium(drive: TapeDrive, barcode: string, options: TapeMediumOptions = {}): Promise<VolumeMedium> {
  if ((await drive.ready(readyTimeoutMs)) === "no-medium") {
    throw new StrongroomError("operator", "NO_MEDIUM", `there is no cartridge in drive ${drive.name}; nothing was touched`, {
      hint: `put ${barcode} into the drive`,
    });
  }
  await drive.learnTimeouts();
  await refusePartitions(drive, barcode);
  const { writeProtected } = await drive.medium();
  const limitBytes = await drive.maxBlockBytes();
  const blockSizeBytes = Math.min(options.blockSizeBytes ?? defaultTapeBlockBytes, largestBlockBytes, limitBytes);
  // Reading asks for the largest block there may be, and its guard comes on top.
  const protection = limitBytes >= largestBlockBytes + blockGuardBytes ? await drive.protectBlocks("crc32c") : "off";
  return new TapeMedium(drive, barcode, writeProtected, blockSizeBytes, protection);
}

/**
 * Where the head is, in tape files: the next file when it stands before the first block of one, undefined when that is not known.
 * Whoever moves the tape sets it, so that the usual sweep (segment, seal, segment, seal …) needs no positioning at all.
 */
export interface TapeHead {
  fileNumber: number | undefined;
  /** An object is open. */
  busy: boolean;
  /** The first tape file that is not known to be on the tape, and how many there are; undefined when all are. */
  unsynced: { readonly first: number; readonly files: number } | undefined;
  /** Something failed since: which of them are there is not known, whatever the drive says later. */
  doubtful: boolean;
}

class TapeMedium implements VolumeMedium {
  readonly kind = "tape";
  readonly barcode: string;
  readonly blockSizeBytes: number;
  readonly writeProtected: boolean;
  readonly #drive: TapeDrive;
  readonly #protection: BlockProtection;
  readonly #head: TapeHead = { fileNumber: undefined, busy: false, unsynced: undefined, doubtful: false };
  #mayWrite = false;

  constructor(drive: TapeDrive, barcode: string, writeProtected: boolean, blockSizeBytes: number, protection: BlockProtection) {
    this.#drive = drive;
    this.#protection = protection;
    this.barcode = barcode;
    this.writeProtected = writeProtected;
    this.blockSizeBytes = blockSizeBytes;
  }

  async readObject(number: number): Promise<ObjectReader | "end-of-data"> {
    this.#claim();
    try {
      if (!this.#head.doubtful) await this.#sync();
      if (!(await this.#goTo(number))) return this.#free("end-of-data" as const);
      this.#head.fileNumber = undefined;
      const reader = new TapeReader(this.#drive, this.#head, number, largestBlockBytes, this.#protection);
      if (await reader.begin()) return reader;
      return this.#free("end-of-data" as const);
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  async writeObject(number: number, role: ObjectRole): Promise<ObjectWriter> {
    this.#claim();
    try {
      await this.#refuseWriting();
      if (!(await this.#goToForWriting(number))) {
        throw new StrongroomError("internal", "VOLUME_GAP", `object ${String(number)} cannot be written: there are fewer `
          + "objects before it");
      }
      this.#head.fileNumber = undefined;
      this.#endsAt(number);
      const blockSizeBytes = role === "bootstrap" ? tarRecordBytes : this.blockSizeBytes;
      return new TapeWriter(this.#drive, this.#head, number, blockSizeBytes, this.#protection);
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  async sync(): Promise<void> {
    this.#claim();
    try {
      await this.#sync();
      this.#free(undefined);
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  /** Filemarks end objects, so they count them; what a power cut left behind the last one does not count. */
  async countObjects(): Promise<number> {
    this.#claim();
    try {
      if (!this.#head.doubtful) await this.#sync();
      const { fileNumber } = await this.#drive.spaceToEndOfData();
      const count = fileNumber ?? (await this.#countBySearch());
      this.#head.fileNumber = undefined;
      return this.#free(count);
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  async verifyObject(number: number, sizeBytes: number): Promise<ObjectReadThrough | "end-of-data" | "not-offered"> {
    this.#claim();
    try {
      if (!this.#head.doubtful) await this.#sync();
      if (!(await this.#goTo(number))) return this.#free("end-of-data" as const);
      const before = await this.#drive.position();
      this.#head.fileNumber = undefined;
      const verdict = await this.#drive.verifyFile(sizeBytes);
      if (verdict === "unsupported") return this.#free("not-offered" as const);
      const after = await this.#drive.position();
      if (verdict === "end-of-data") {
        if (after.objectNumber > before.objectNumber) throw unfinished(number);
        return this.#free("end-of-data" as const);
      }
      if (after.fileNumber === number + 1) this.#head.fileNumber = number + 1;
      const isCounted = before.fileNumber === number && after.fileNumber === number + 1;
      return this.#free({ blocks: isCounted ? after.objectNumber - before.objectNumber - 1 : undefined });
    } catch (error) {
      this.#lost();
      throw error;
    }
  }

  async capacity(): Promise<MediumCapacity> {
    // A drive that does not tell warns early instead, and the contract of writeObject bears that.
    return (await this.#drive.capacity()) ?? { totalBytes: Number.MAX_SAFE_INTEGER, remainingBytes: Number.MAX_SAFE_INTEGER };
  }

  async readOrder(extents: readonly ObjectExtent[], stretches: readonly ObjectStretch[]): Promise<readonly number[]> {
    const inTapeOrder = stretches.map((_, index) => index);
    if (stretches.length < 3) return inTapeOrder;
    const placed = placeStretches(extents, stretches, this.blockSizeBytes);
    const recommended = await this.#drive.accessOrder(placed);
    if (recommended !== undefined) return recommended;
    const geometry = geometryOfDensity((await this.#drive.medium()).densityCode);
    const capacity = await this.#drive.capacity();
    return geometry === undefined ? inTapeOrder : estimatedOrder(placed, geometry, capacity?.totalBytes ?? geometry.nativeBytes);
  }

  async writeNote(note: VolumeNote): Promise<void> {
    // Errors of the note are passed over, and none that concerns what was written may be among them.
    await this.sync();
    for (const { id, format, value } of noteAttributes(note, this.barcode)) {
      try {
        await this.#drive.writeAttribute(id, format, value);
      } catch (error) {
        if (!(error instanceof StrongroomError)) throw error;
        this.#head.fileNumber = undefined;
        return;
      }
    }
  }

  async close(): Promise<void> {
    this.#lost();
    if (this.#protection === "off") return;
    try {
      await this.#drive.protectBlocks("off");
    } catch (error) {
      // A drive that does not answer any more cannot be told; closing it tries again.
      if (!(error instanceof StrongroomError)) throw error;
    }
  }

  /**
   * A drive that answers well here, and stands behind as many files as were finished, has them all: one that lost its power meanwhile says so, and stands
   * elsewhere should somebody else have heard it.
   */
  async #sync(): Promise<void> {
    if (this.#head.unsynced === undefined) return;
    const { files } = this.#head.unsynced;
    if (this.#head.doubtful) throw this.#unsure("something failed since it was written");
    if ((await this.#drive.writeFilemarks(0)) === "end-of-medium") throw this.#notAllFit();
    const { fileNumber } = await this.#drive.position();
    if (fileNumber !== undefined && fileNumber !== files) throw this.#unsure(`it stands behind ${String(fileNumber)} files instead of ${String(files)}`);
    this.#head.unsynced = undefined;
  }

  /** What is written over need not be sure. */
  #endsAt(number: number): void {
    const { unsynced } = this.#head;
    if (unsynced === undefined || number >= unsynced.files) return;
    this.#head.unsynced = number <= unsynced.first ? undefined : { ...unsynced, files: number };
    if (this.#head.unsynced === undefined) this.#head.doubtful = false;
  }

  #unsure(why: string): StrongroomError {
    const message = `drive ${this.#drive.name} may not have all that was written to ${this.barcode} last: ${why}; that does not count`;
    return new StrongroomError("temporary", "POSITION_UNKNOWN", message, { hint: "nothing needs to be done: it is written again" });
  }

  #notAllFit(): StrongroomError {
    const message = `cartridge ${this.barcode} ended before all that drive ${this.#drive.name} had taken was on it; what was written last does not count`;
    return new StrongroomError("failed", "END_OF_MEDIUM", message, { hint: "nothing needs to be done: it is written again on another cartridge" });
  }

  async #goTo(number: number): Promise<boolean> {
    if (this.#head.fileNumber === number) return true;
    this.#head.fileNumber = undefined;
    const found = (await this.#drive.locateFile(number)) === "there";
    if (found) this.#head.fileNumber = number;
    return found;
  }

  /** The place behind the last filemark is a place to write at, whether or not the drive counts it as a file. */
  async #goToForWriting(number: number): Promise<boolean> {
    if (await this.#goTo(number)) return true;
    const { fileNumber } = await this.#drive.position();
    if (fileNumber !== undefined) return fileNumber === number;
    return (await this.#countBySearch()) === number && (await this.#endOfData());
  }

  async #endOfData(): Promise<true> {
    await this.#drive.spaceToEndOfData();
    return true;
  }

  /** For drives that do not count filemarks: the first object without one behind it, by doubling and halving. */
  async #countBySearch(): Promise<number> {
    const exists = async (number: number): Promise<boolean> => (await this.#drive.locateFile(number + 1)) === "there";
    let low = 0;
    let high = 1;
    while (await exists(high - 1)) {
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (await exists(middle - 1)) low = middle;
      else high = middle;
    }
    return low;
  }

  async #refuseWriting(): Promise<void> {
    if (this.#mayWrite) return;
    refuseEncryptingDrive(this.#drive.name, await this.#drive.encryption());
    await refuseMisfit(this.#drive, this.barcode);
    this.#mayWrite = true;
  }

  #claim(): void {
    if (this.#head.busy) {
      throw new StrongroomError("internal", "OBJECT_OPEN", `an object of volume ${this.barcode} is still open; the tape was `
        + "not moved");
    }
    this.#head.busy = true;
  }

  #free<T>(result: T): T {
    this.#head.busy = false;
    return result;
  }

  #lost(): void {
    this.#head.doubtful = this.#head.unsynced !== undefined;
    this.#head.busy = false;
    this.#head.fileNumber = undefined;
  }
}
