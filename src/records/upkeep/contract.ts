/**
 * What is known of the condition of drives and cartridges over time, and of their cleaning. The same guarantees on writes as the catalog.
 */
export interface Upkeep {
  /** Keeps the newest `readingsKept` of each subject. */
  addReading(reading: HealthReading): void;
  /** The newest; undefined when nobody looked before. */
  lastReading(subject: string): HealthReading | undefined;
  /** Newest first. */
  readings(subject: string, limit: number): readonly HealthReading[];

  /** Adds or updates by barcode. */
  putCleaningCartridge(cartridge: CleaningCartridge): void;
  cleaningCartridge(barcode: string): CleaningCartridge | undefined;
  cleaningCartridges(): readonly CleaningCartridge[];

  /** Writes it down; one that ran to its end counts as a use of its cartridge. */
  addCleaning(cleaning: CleaningRecord): void;
  /** Of that drive, newest first. */
  cleanings(library: string, drive: number, limit: number): readonly CleaningRecord[];
}

export const readingsKept = 200;

/** What was counted at one time, as it was told then. */
export interface HealthReading {
  /** `drive SERIAL` or `cartridge BARCODE`. */
  readonly subject: string;
  readonly timeMs: number;
  /** Finite numbers under the names that the reader gave them. */
  readonly numbers: Readonly<Record<string, number>>;
}

export interface CleaningCartridge {
  readonly barcode: string;
  /** As often as it was used here, or as its memory says, whichever is more. */
  readonly uses: number;
  /** Undefined until its memory, or an operator, said so. */
  readonly maxUses: number | undefined;
  /** `spent`: a drive said so, or all uses are gone. `refused`: a drive would not take it. Neither is used again. */
  readonly state: "usable" | "spent" | "refused";
  readonly seenMs: number;
}

export interface CleaningRecord {
  readonly timeMs: number;
  readonly library: string;
  readonly drive: number;
  readonly driveSerial: string;
  readonly barcode: string;
  /** `still-dirty`: it ran, and the drive asks for cleaning all the same. `refused`: the cartridge was spent or of a wrong kind. */
  readonly outcome: "cleaned" | "still-dirty" | "refused" | "failed";
  readonly who: string;
  readonly why: string;
}
