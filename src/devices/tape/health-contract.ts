import type {
  CartridgeMemory, Culprit, DataCompression, DeviceStatistics, DriveStatus, ErrorCounters, SequentialAccess, TapeCapacity, VolumeStatistics,
} from "../../scsi/index.ts";
import type { Severity } from "../../words/index.ts";
import type { LoadedMedium } from "./contract.ts";

/**
 * What a drive tells of itself and of the cartridge in it, and what follows from it. Drives tell very different amounts: each number
 * may be undefined, and an absent page is no finding.
 */
export interface DriveHealth {
  /** Worst first; empty when nothing is to be done. */
  readonly findings: readonly HealthFinding[];
  readonly cleaning: CleaningNeed;
  readonly drive: DriveCondition;
  /** Undefined when none is loaded, or when it was not asked for. */
  readonly cartridge: CartridgeCondition | undefined;
}

export interface HealthOptions {
  readonly withCartridge: boolean;
  readonly mayClearAlerts: boolean;
}

/** `wanted`: at the next opportunity. `needed`: now, or data will suffer. `unknown`: this drive does not tell. */
export type CleaningNeed = "none" | "wanted" | "needed" | "unknown";

export interface HealthFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly blames: Culprit;
  /** One sentence without a full stop. */
  readonly text: string;
  readonly advice: string;
}

export interface DriveCondition {
  /** Active TapeAlert flags. */
  readonly alerts: readonly number[];
  /** Some answer of late asked for cleaning. */
  readonly asksForCleaning: boolean;
  readonly status: DriveStatus | undefined;
  readonly statistics: DeviceStatistics;
  readonly transfers: SequentialAccess;
  readonly compression: DataCompression;
  readonly writing: ErrorRate;
  readonly reading: ErrorRate;
}

/** Errors since the cartridge was loaded (on most drives). */
export interface ErrorRate {
  readonly counters: ErrorCounters;
  /** What the errors are to be measured against. */
  readonly processedBytes: number | undefined;
  /** In each 10^9 bytes; undefined until at least so many have passed. */
  readonly correctedPerGigabyte: number | undefined;
  readonly uncorrectedPerGigabyte: number | undefined;
}

export interface CartridgeCondition {
  readonly medium: LoadedMedium;
  readonly capacity: TapeCapacity | undefined;
  readonly statistics: VolumeStatistics;
  /** Undefined where the memory cannot be read. */
  readonly memory: CartridgeMemory | undefined;
  /** Data written with a key in the drive (not ours: that is sealed before it comes here). */
  readonly encrypted: "yes" | "no" | "unknown";
  readonly loads: number | undefined;
  /** How often the place that was passed most went over a head. */
  readonly passes: number | undefined;
  /** How often what was read and written in its life would have filled it. */
  readonly fills: number | undefined;
}
