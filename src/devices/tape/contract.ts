import type { Density, Sense } from "../../scsi/index.ts";
import type { TapeRange } from "./access-order/index.ts";
import type { BlockProtection, DriveEncryption } from "./guards/index.ts";
import type { ReservationState } from "./reservation/index.ts";
import type { DriveHealth, HealthOptions } from "./health-contract.ts";
import type { LongWorkOptions } from "./long-work.ts";
import type { TimeoutSource } from "./timeouts/index.ts";

/**
 * A tape drive as the archive needs it: variable blocks on one partition (SSC-5). Filemark, end of data and early warning
 * are results; what a caller cannot plan for is a StrongroomError; `senseOf` gives the Sense behind it.
 *
 * Guarantees of every implementation:
 * - A unit attention is absorbed once and the command sent again, except where the medium may have changed or buffered data
 *   may be lost (28/00 not ready to ready, 29/xx reset): those reject with `MEDIUM_MAY_HAVE_CHANGED` or `DEVICE_WAS_RESET`, because
 *   the position is unknown. `ready()` absorbs those too.
 * - What no standard explains, news included, rejects with `UNKNOWN_CONDITION` and leaves the position unknown.
 * - Waits are bounded by time-outs that fit the operation; `NOT READY, becoming ready` (02/04/01) is waited for.
 * - After a rejection that leaves the position unknown, or that concerns data taken earlier, reading and writing reject until `ready`,
 *   `load` or a command that positions the tape has succeeded.
 * - Nothing is retried that could write twice.
 */
export interface TapeDrive {
  readonly name: string;
  /** How other hosts are kept away: `unsupported` where the drive has no persistent reservations, `not-asked` where nobody wanted one. */
  readonly reservation: ReservationState | "not-asked";
  identity(): Promise<DriveIdentity>;
  /**
   * Waits until a medium is loaded and ready: `no-medium` when there is none. Clears what unit attentions there are. With `onProgress`, a
   * drive whose progress grows is waited for longer than `timeoutMs`: two hours and a half at most.
   */
  ready(timeoutMs: number, options?: LongWorkOptions): Promise<"ready" | "no-medium">;
  /** What is loaded and how it may be used. */
  medium(): Promise<LoadedMedium>;
  /** Fills `target` from the next block. A block larger than `target` rejects with `BLOCK_TOO_LARGE`, positioned behind it. */
  readBlock(target: Uint8Array): Promise<ReadResult>;
  /**
   * Writes one block of 1 to maxBlockBytes. `programmed-warning`: written, and the place that `setEarlyWarning` chose was passed (told once).
   * `early-warning`: written, but the end is near. `end-of-medium`: not (wholly) written.
   */
  writeBlock(block: Uint8Array): Promise<WriteResult>;
  /** Writes `count` filemarks (0: only flushes) and returns when everything before is on the medium. */
  writeFilemarks(count: number): Promise<WriteResult>;
  /**
   * As `writeFilemarks`, but returns when they are in the drive's buffer, behind everything before: the tape runs on. They are on the medium once
   * `writeFilemarks` succeeded after them. A drive that does not take this writes them at once.
   */
  bufferFilemarks(count: number): Promise<WriteResult>;
  /**
   * The drive reads by itself from here to behind the next filemark, `sizeBytes` or so, and compares nothing but its own check codes (VERIFY, by filemarks). Errors are those
   * of reading. `end-of-data`: there was no filemark. `unsupported`: the drive has no such command; nothing was moved.
   */
  verifyFile(sizeBytes: number): Promise<"verified" | "end-of-data" | "unsupported">;
  position(): Promise<TapePosition>;
  rewind(): Promise<void>;
  /** Goes to the logical object of that number (LOCATE; rewind and SPACE where the drive has no LOCATE). */
  locate(objectNumber: number): Promise<void>;
  /** Goes to the first block of that tape file, the first is 0. `end-of-data` when there are fewer; then positioned there. */
  locateFile(fileNumber: number): Promise<"there" | "end-of-data">;
  spaceToEndOfData(): Promise<TapePosition>;
  /** Ejects the medium so that a changer can take it. */
  unload(): Promise<void>;
  /** Waits as `ready` does, for as long as a first load may take. */
  load(options?: LongWorkOptions): Promise<void>;
  /** Makes everything on the tape unreadable, which takes hours to days, and ends at its beginning. */
  erase(options?: LongWorkOptions): Promise<void>;
  /**
   * Everything before this logical object is known to be on the medium, after what was written, flushed and positioned on this path;
   * undefined where the position was not known. When an error concerns data taken earlier, nothing from here on can be trusted.
   */
  readonly confirmedObjects: number | undefined;
  /** How many bytes before its early warning the drive gives a programmed one; undefined where it has no such setting. */
  earlyWarning(): Promise<number | undefined>;
  /** Sets that for every cartridge until it is set again; 0 for none. Tells what holds then: drives count megabytes. */
  setEarlyWarning(sizeBytes: number): Promise<number | undefined>;
  /** How many partitions the cartridge has; undefined where the drive does not tell. */
  partitions(): Promise<number | undefined>;
  maxBlockBytes(): Promise<number>;
  /** Native capacity and what is left of it, in bytes; undefined where the drive does not tell. */
  capacity(): Promise<{ readonly totalBytes: number; readonly remainingBytes: number } | undefined>;
  /**
   * Asks how long its operations take (REPORT SUPPORTED OPERATION CODES with time-outs), or else of which generation it is, and keeps to
   * that from then on; tells where the figures come from. Without it the longest figures of any drive hold. Moves nothing.
   */
  learnTimeouts(): Promise<TimeoutSource>;
  /** The densities that the drive reads and writes; empty where it does not tell. */
  densities(): Promise<readonly Density[]>;
  /** Active TapeAlert flags, 1 to 64 (SSC-5, 4.2.17). Reading them may clear them. */
  tapeAlerts(): Promise<readonly number[]>;
  /** The raw parameters of a log page: parameter code → value. Undefined when the drive has no such page. */
  logPage(page: number, subpage?: number): Promise<ReadonlyMap<number, Uint8Array> | undefined>;
  /** One attribute of the cartridge memory (SPC-5, 7.4). Undefined when absent or when there is no cartridge memory. */
  readAttribute(id: number): Promise<Uint8Array | undefined>;
  /** False when the drive does not take this attribute: the memory is a convenience, never needed. */
  writeAttribute(id: number, format: "binary" | "ascii" | "text", value: Uint8Array): Promise<boolean>;
  /** Some answer since it was opened asked for cleaning, besides the work it was about. */
  readonly asksForCleaning: boolean;
  /**
   * Everything the drive tells of itself and, where it is loaded and ready, of its cartridge, and what follows from it. Moves no tape.
   * Alerts that reading would clear are read only with `mayClearAlerts`: for whoever tells somebody of them.
   */
  health(options: HealthOptions): Promise<DriveHealth>;
  /** What the drive does to blocks on their way, by a key that somebody set. Nothing is changed by asking. */
  encryption(): Promise<DriveEncryption>;
  /**
   * In which order the drive recommends to read these ranges: indices into `ranges`, each once. Undefined where it recommends none.
   * Nothing is moved.
   */
  accessOrder(ranges: readonly TapeRange[]): Promise<readonly number[] | undefined>;
  /** Whether it recommends orders at all. */
  hasAccessOrder(): Promise<boolean>;
  /**
   * Switches the protection of blocks on their way on or off, and tells what holds then: `off` where the drive has none. While it is
   * `crc32c`, every block given to `writeBlock` ends with its guard (`putBlockGuard`), and every block that `readBlock` gives ends with
   * one to be checked (`isGuardedBlock`); sizes count it, `maxBlockBytes` does not. A block that reaches the drive damaged is not
   * recorded. `close` switches it off.
   */
  protectBlocks(wanted: BlockProtection): Promise<BlockProtection>;
  /** Whether the drive has such protection at all. Switches off what a process that died left on. */
  canProtectBlocks(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DriveIdentity {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string;
}

export interface LoadedMedium {
  readonly writeProtected: boolean;
  readonly worm: boolean;
  readonly densityCode: number;
  readonly kind: "data" | "cleaning" | "unknown";
}

export type ReadResult =
  | { readonly kind: "block"; readonly sizeBytes: number }
  | { readonly kind: "filemark" }
  | { readonly kind: "end-of-data" };

export type WriteResult = "written" | "programmed-warning" | "early-warning" | "end-of-medium";

export interface TapePosition {
  /** Logical object number: blocks and filemarks before this point (SSC-5, 4.2.6). */
  readonly objectNumber: number;
  /** Filemarks before this point; undefined where the drive does not count them. */
  readonly fileNumber: number | undefined;
  readonly beginningOfPartition: boolean;
}

/** The sense behind an error of a device, or undefined. */
export type SenseOf = (error: unknown) => Sense | undefined;
