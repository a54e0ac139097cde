import {
  attributeFormat, type Density, loadUnloadCdb, readCdb, type ReservationKey, type Sense, senseCode, senseKey, senseMeaning, type TapeCapacity,
  type Transport, verifyFilesCdb, writeCdb, writeFilemarksCdb,
} from "../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import { askAccessOrder, hasAccessOrder, type TapeRange } from "./access-order/index.ts";
import { readPartitionCount } from "./cartridge-use.ts";
import { DriveChannel, isEndOfData, isRemark, isUnsupported } from "./channel.ts";
import { readEarlyWarning, setEarlyWarning } from "./early-warning.ts";
import { eraseTape } from "./erasing.ts";
import type { DriveHealth, HealthOptions } from "./health-contract.ts";
import { readHealth } from "./health-reading.ts";
import type { DriveIdentity, LoadedMedium, ReadResult, TapeDrive, TapePosition, WriteResult } from "./contract.ts";
import {
  readAttribute, readCapacity, readDensities, readIdentity, readLogPage, readMaxBlockBytes, readMedium, readTapeAlerts, writeAttribute,
} from "./particulars.ts";
import { type LongWorkOptions, waitUntilReady } from "./long-work.ts";
import { Positioning } from "./positioning.ts";
import { type BlockProtection, type DriveEncryption, ProtectionSetting, readEncryption } from "./guards/index.ts";
import { reserveTransport } from "./reservation/index.ts";
import { becomingReadyMs, learnLimits, type TimeoutSource } from "./timeouts/index.ts";

export interface TapeDriveOptions {
  /** How long a command waits while the drive is becoming ready; 15 minutes unless given. */
  readonly becomingReadyMs?: number;
}

/**
 * As `openTapeDrive`, for a drive that other hosts can reach too: it is reserved for this path at once, and given back by `close`.
 * Rejects with `DEVICE_RESERVED`, and closes the transport, when another host has it.
 */
export async function openReservedTapeDrive(
  transport: Transport,
  clock: Clock,
  key: ReservationKey,
  options: TapeDriveOptions = {},
): Promise<TapeDrive> {
  try {
    const reserved = await reserveTransport(transport, clock, key);
    return new ScsiTapeDrive(reserved.transport, clock, options.becomingReadyMs ?? becomingReadyMs, reserved.state);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** A drive behind that transport. Sends nothing yet. `close` of the drive closes the transport. */
export function openTapeDrive(transport: Transport, clock: Clock, options: TapeDriveOptions = {}): TapeDrive {
  return new ScsiTapeDrive(transport, clock, options.becomingReadyMs ?? becomingReadyMs, "not-asked");
}

const largestTransfer = 0xff_ffff;
/** Slower than any drive reads: nothing that is read in one go may time out because it is large. */
const verifyBytesPerMs = 10_000;

interface BlockCommand {
  readonly cdb: Uint8Array;
  readonly sizeBytes: number;
}

class ScsiTapeDrive implements TapeDrive {
  readonly name: string;
  readonly reservation: TapeDrive["reservation"];
  readonly #channel: DriveChannel;
  readonly #positioning: Positioning;
  readonly #protection: ProtectionSetting;
  #maxBlockBytes: number | undefined;
  #buffersFilemarks = true;
  /** Blocks come in long runs of one size: the last command of each kind serves again. */
  #readCommand: BlockCommand = { cdb: new Uint8Array(6), sizeBytes: -1 };
  #writeCommand: BlockCommand = { cdb: new Uint8Array(6), sizeBytes: -1 };

  constructor(transport: Transport, clock: Clock, waitMs: number, reservation: TapeDrive["reservation"]) {
    this.name = transport.name;
    this.reservation = reservation;
    this.#channel = new DriveChannel(transport, clock, waitMs);
    this.#positioning = new Positioning(this.#channel);
    this.#protection = new ProtectionSetting(this.#channel);
  }

  async identity(): Promise<DriveIdentity> {
    return await readIdentity(this.#channel);
  }

  async ready(limitMs: number, options: LongWorkOptions = {}): Promise<"ready" | "no-medium"> {
    return await waitUntilReady(this.#channel, limitMs, options);
  }

  async medium(): Promise<LoadedMedium> {
    return await readMedium(this.#channel);
  }

  async readBlock(target: Uint8Array): Promise<ReadResult> {
    const sizeBytes = Math.min(target.length, largestTransfer);
    if (this.#readCommand.sizeBytes !== sizeBytes) this.#readCommand = { cdb: readCdb(sizeBytes), sizeBytes };
    const command = { cdb: this.#readCommand.cdb, dataIn: target, timeoutMs: this.#channel.limitMs("read") };
    const { sense, transferredBytes } = await this.#channel.askInPlace(command, "reading a block");
    const result = sense === undefined ? ({ kind: "block", sizeBytes: transferredBytes } as const) : this.#readResult(sense, sizeBytes, transferredBytes);
    if (result.kind !== "end-of-data") this.#channel.written.passed(1);
    return result;
  }

  #readResult(sense: Sense, requestedBytes: number, transferredBytes: number): ReadResult {
    const hasSucceeded = sense.key === senseKey.noSense || sense.key === senseKey.recoveredError;
    if (hasSucceeded && (sense.filemark || senseCode(sense) === 0x0001)) return { kind: "filemark" };
    // The end of the partition (3/00/02) is the end of the data of a tape that was written full.
    if (isEndOfData(sense) || (sense.key === senseKey.mediumError && senseCode(sense) === 0x0002)) return { kind: "end-of-data" };
    if (!hasSucceeded) throw this.#channel.failure(sense, "reading a block");
    if (!sense.incorrectLength) return { kind: "block", sizeBytes: transferredBytes };
    const residual = sense.information ?? requestedBytes - transferredBytes;
    if (residual > 0 && residual <= requestedBytes) return { kind: "block", sizeBytes: requestedBytes - residual };
    throw new StrongroomError(
      "failed", "BLOCK_TOO_LARGE",
      `a block of ${String(requestedBytes - residual)} bytes on the tape in ${this.name} is larger than the ${String(requestedBytes)} bytes that were expected`,
      { hint: "read this tape with the block size that it was written with", cause: this.#channel.failure(sense, "reading a block").cause },
    );
  }

  async writeBlock(block: Uint8Array): Promise<WriteResult> {
    const sizeBytes = block.length;
    if (sizeBytes === 0 || sizeBytes > largestTransfer) {
      throw new StrongroomError("internal", "BLOCK_SIZE", `a block of ${String(sizeBytes)} bytes cannot be written; nothing was written`);
    }
    if (this.#writeCommand.sizeBytes !== sizeBytes) this.#writeCommand = { cdb: writeCdb(sizeBytes), sizeBytes };
    const command = { cdb: this.#writeCommand.cdb, dataOut: block, timeoutMs: this.#channel.limitMs("write") };
    const { sense } = await this.#channel.askInPlace(command, "writing a block");
    const result = sense === undefined ? "written" : this.#writeResult(sense, "writing a block");
    if (result === "end-of-medium") this.#channel.written.lost();
    else this.#channel.written.passed(1);
    return result;
  }

  async writeFilemarks(count: number): Promise<WriteResult> {
    const result = this.#marked(count, await this.#sendFilemarks(count, false));
    if (result !== "end-of-medium") this.#channel.written.flushed();
    return result;
  }

  async bufferFilemarks(count: number): Promise<WriteResult> {
    if (!this.#buffersFilemarks) return await this.writeFilemarks(count);
    const sense = await this.#sendFilemarks(count, true);
    // Refused before anything was done, so nothing is written twice. What is reported late is about something else.
    if (sense !== undefined && !sense.deferred && isUnsupported(sense)) {
      this.#buffersFilemarks = false;
      return await this.writeFilemarks(count);
    }
    return this.#marked(count, sense);
  }

  async #sendFilemarks(count: number, immediate: boolean): Promise<Sense | undefined> {
    const command = { cdb: writeFilemarksCdb(count, immediate), timeoutMs: this.#channel.limitMs("writeFilemarks") };
    return (await this.#channel.askInPlace(command, "writing a filemark")).sense;
  }

  #marked(count: number, sense: Sense | undefined): WriteResult {
    const result = sense === undefined ? "written" : this.#writeResult(sense, "writing a filemark");
    if (result === "end-of-medium") this.#channel.written.lost();
    else this.#channel.written.passed(count);
    return result;
  }

  /** SSC-5, 4.2.4 and 4.2.5: warnings come with the data written; INFORMATION is what was not. */
  #writeResult(sense: Sense, doing: string): WriteResult {
    if (sense.key === senseKey.volumeOverflow) return "end-of-medium";
    if (!isRemark(sense)) throw this.#channel.failure(sense, doing);
    const code = senseCode(sense);
    if (!sense.endOfMedium && code !== 0x0002 && code !== 0x0007) return "written";
    if ((sense.information ?? 0) > 0) return "end-of-medium";
    return code === 0x0007 ? "programmed-warning" : "early-warning";
  }

  async verifyFile(sizeBytes: number): Promise<"verified" | "end-of-data" | "unsupported"> {
    const doing = "verifying an object";
    const command = { cdb: verifyFilesCdb(1), timeoutMs: this.#channel.limitMs("read") + Math.ceil(sizeBytes / verifyBytesPerMs) };
    const { sense } = await this.#channel.askInPlace(command, doing);
    if (sense !== undefined && !sense.deferred && isUnsupported(sense)) return "unsupported";
    // How many blocks it passed only the drive knows.
    this.#channel.written.lost();
    if (sense === undefined || isRemark(sense)) return "verified";
    if (isEndOfData(sense) || (sense.key === senseKey.mediumError && senseCode(sense) === 0x0002)) return "end-of-data";
    throw this.#channel.failure(sense, doing);
  }

  async position(): Promise<TapePosition> {
    return await this.#positioning.position();
  }

  async rewind(): Promise<void> {
    await this.#positioning.rewind();
  }

  async locate(objectNumber: number): Promise<void> {
    await this.#positioning.locate(objectNumber);
  }

  async locateFile(fileNumber: number): Promise<"there" | "end-of-data"> {
    return await this.#positioning.locateFile(fileNumber);
  }

  async spaceToEndOfData(): Promise<TapePosition> {
    return await this.#positioning.spaceToEndOfData();
  }

  async unload(): Promise<void> {
    await this.#channel.demand({ cdb: loadUnloadCdb("unload"), timeoutMs: this.#channel.limitMs("unload") }, "unloading");
  }

  async load(options: LongWorkOptions = {}): Promise<void> {
    // What a load changes is no news to whoever asked for it.
    await this.#channel.testReady();
    const command = { cdb: loadUnloadCdb("load"), timeoutMs: this.#channel.limitMs("load") };
    const { sense } = await this.#channel.askWithoutWaiting(command, "loading");
    // A drive that goes on in the background says so: a first load of an LTO-9 cartridge takes up to two hours.
    const goesOn = sense?.key === senseKey.notReady && senseMeaning(sense).senseClass === "wait";
    if (sense !== undefined && !isRemark(sense) && !goesOn) throw this.#channel.failure(sense, "loading");
    if (goesOn && (await this.ready(this.#channel.limitMs("load"), options)) === "no-medium") throw this.#channel.failure(sense, "loading");
    this.#channel.found();
    this.#channel.written.placedAt(undefined);
  }

  async erase(options: LongWorkOptions = {}): Promise<void> {
    await eraseTape(this.#channel, options);
  }

  get confirmedObjects(): number | undefined {
    return this.#channel.written.confirmed;
  }

  async earlyWarning(): Promise<number | undefined> {
    return await readEarlyWarning(this.#channel);
  }

  async setEarlyWarning(sizeBytes: number): Promise<number | undefined> {
    return await setEarlyWarning(this.#channel, sizeBytes);
  }

  async partitions(): Promise<number | undefined> {
    return await readPartitionCount(this.#channel);
  }

  async maxBlockBytes(): Promise<number> {
    this.#maxBlockBytes ??= await readMaxBlockBytes(this.#channel);
    return this.#maxBlockBytes;
  }

  async capacity(): Promise<TapeCapacity | undefined> {
    return await readCapacity(this.#channel);
  }

  async learnTimeouts(): Promise<TimeoutSource> {
    const limits = await learnLimits(this.#channel);
    this.#channel.adoptLimits(limits);
    return limits.source;
  }

  async densities(): Promise<readonly Density[]> {
    return await readDensities(this.#channel);
  }

  async tapeAlerts(): Promise<readonly number[]> {
    return await readTapeAlerts(this.#channel);
  }

  async logPage(page: number, subpage = 0): Promise<ReadonlyMap<number, Uint8Array> | undefined> {
    return await readLogPage(this.#channel, page, subpage);
  }

  async readAttribute(id: number): Promise<Uint8Array | undefined> {
    return await readAttribute(this.#channel, id);
  }

  async writeAttribute(id: number, format: "binary" | "ascii" | "text", value: Uint8Array): Promise<boolean> {
    return await writeAttribute(this.#channel, { id, format: attributeFormat[format], value });
  }

  get asksForCleaning(): boolean {
    return this.#channel.asksForCleaning;
  }

  async health(options: HealthOptions): Promise<DriveHealth> {
    return await readHealth(this.#channel, options);
  }

  async encryption(): Promise<DriveEncryption> {
    return await readEncryption(this.#channel);
  }

  async accessOrder(ranges: readonly TapeRange[]): Promise<readonly number[] | undefined> {
    return await askAccessOrder(this.#channel, ranges);
  }

  async hasAccessOrder(): Promise<boolean> {
    return await hasAccessOrder(this.#channel);
  }

  async protectBlocks(wanted: BlockProtection): Promise<BlockProtection> {
    return await this.#protection.set(wanted);
  }

  async canProtectBlocks(): Promise<boolean> {
    return await this.#protection.isOffered();
  }

  async close(): Promise<void> {
    await this.#unprotect();
    await this.#channel.close();
  }

  /** Whoever uses the drive next may not know of guards. A drive that does not answer any more cannot be told. */
  async #unprotect(): Promise<void> {
    // To ask anything would wait for a command that hangs.
    if (this.#protection.state === "off" || !this.#channel.isIdle) return;
    try {
      await this.#protection.set("off");
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
    }
  }
}
