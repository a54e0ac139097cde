import type { ElementReference } from "../devices/changer/index.ts";
import type { CartridgeCondition, CleaningNeed, DriveCondition, DriveEncryption, HealthFinding, LoadedMedium, TapeDrive } from "../devices/tape/index.ts";
import type { CleaningRecord } from "../records/index.ts";
import type { TapeAlert } from "../scsi/index.ts";
import type { Severity } from "../words/index.ts";
import type { CleaningNews } from "../work/mount/index.ts";
import type { SenseExplanation } from "./sense-explanation.ts";

export type { SenseExplanation } from "./sense-explanation.ts";

export interface DriveOperations {
  /** Every drive; those that are free are asked what they want. */
  list(): Promise<readonly ListedDrive[]>;
  show(library: string, drive: number): Promise<DriveDetails>;
  load(library: string, barcode: string): Promise<{ readonly drive: number }>;
  unload(library: string, drive: number): Promise<{ readonly to: ElementReference }>;
  /** Asks the drive and the cartridge in it for everything they tell, compares it with the last look, and writes it down. */
  health(library: string, drive: number): Promise<DriveHealthReport>;
  /** Cleans a drive that nobody uses with a cleaning cartridge of its library; a cartridge in it goes back to its slot first. */
  clean(library: string, drive: number): Promise<DriveCleaned>;
  /** That whoever asks knows of an alert which the drive raises now. It is alerted of it anew when it was gone and comes again: `ALERT_NOT_RAISED`. */
  acknowledge(library: string, drive: number, flag: number): Promise<AcknowledgedAlert>;
  /** What the numbers mean that a drive or a library gives: `3/11/00`. Asks no device. Rejects with `SENSE_INVALID`. */
  explain(numbers: string): Promise<SenseExplanation>;
}

export interface DriveHealthReport extends DriveInfo {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string;
  /** The worst of the findings; `ok` without any. */
  readonly severity: Severity;
  /** Worst first. */
  readonly findings: readonly HealthFinding[];
  readonly cleaning: CleaningNeed;
  /** The last ones that this appliance knows of, newest first. */
  readonly cleanings: readonly CleaningRecord[];
  readonly drive: DriveCondition;
  readonly cartridge: CartridgeCondition | undefined;
  readonly sinceLastLook: SinceLastLook;
  readonly cartridgeSinceLastLook: SinceLastLook | undefined;
}

export interface SinceLastLook {
  /** Undefined: this was the first look. */
  readonly sinceMs: number | undefined;
  readonly changes: readonly CountedChange[];
}

/** A counter that is not what it was. */
export interface CountedChange {
  /** `loads`, `poweredHours`: as DriveCondition and CartridgeCondition call it. */
  readonly name: string;
  readonly before: number;
  readonly now: number;
}

export interface DriveCleaned {
  readonly barcode: string;
  readonly outcome: CleaningRecord["outcome"];
  /** One sentence, and whatever else is to be known, such as a spent cartridge. */
  readonly news: readonly CleaningNews[];
}

export interface DriveInfo {
  readonly library: string;
  readonly number: number;
  readonly barcode: string | undefined;
  readonly state: "empty" | "loaded" | "busy" | "failed";
  /** Who holds it, where it is busy. */
  readonly detail: string;
}

export interface ListedDrive extends DriveInfo {
  /** As the changer knows it; undefined where it does not. */
  readonly serial: string | undefined;
  /** `unknown` of a drive that could not be asked. */
  readonly cleaning: CleaningNeed;
  /** As far as they can be asked for without clearing them; with who acknowledged them, and when. */
  readonly alerts: readonly (TapeAlert & { readonly acknowledged?: { readonly who: string; readonly timeMs: number } })[];
}

export interface AcknowledgedAlert {
  readonly alert: TapeAlert;
  readonly who: string;
  readonly timeMs: number;
}

export interface DriveDetails extends DriveInfo {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string;
  readonly writeProtected: boolean | undefined;
  readonly remainingBytes: number | undefined;
  readonly totalBytes: number | undefined;
  /** In words: `idle`, `writing`; undefined where the drive does not tell. */
  readonly activity: string | undefined;
  readonly cleaning: CleaningNeed;
  /** Undefined when none is loaded. */
  readonly medium: LoadedMedium | undefined;
  /** Of the loaded cartridge, as it is written: `LTO-8`. */
  readonly generation: string | undefined;
  readonly alerts: readonly TapeAlert[];
  /** What cartridges the drive takes, newest last: `{ name: "LTO-8", writes: true }`. Empty where it does not tell. */
  readonly takes: readonly { readonly name: string; readonly writes: boolean }[];
  /** How other hosts are kept away while it is open here. */
  readonly reservation: TapeDrive["reservation"];
  readonly encryption: DriveEncryption;
  /** Whether blocks can carry a CRC all the way to the tape. */
  readonly protectsBlocks: boolean;
  /** Recommends in which order to read what lies scattered on a tape; otherwise that is estimated. */
  readonly recommendsOrder: boolean;
}
