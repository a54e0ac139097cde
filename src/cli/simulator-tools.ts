import type { SimulatedState, SimulatorHands } from "./simulator-hands.ts";

/**
 * The operator's hands on a simulated library: what a person does at a real one with doors, shelves and write-protect tabs.
 * None of it goes through the appliance, just as nobody asks it before opening a mail slot.
 *
 * Every method names the library by its folder and rejects with a StrongroomError: `missing` where there is no such library or
 * cartridge, `usage` where the hands cannot do that (no free mail slot), `busy` while another process holds the cartridge.
 */
export interface SimulatorTools {
  readonly hands: SimulatorHands;
  create(folder: string, library: NewSimulatedLibrary): Promise<void>;
  show(folder: string): Promise<SimulatedLibrary>;
  /** Puts a cartridge into a free mail slot: from the shelf, or a new one made so. Returns the mail slot. */
  insert(folder: string, barcode: string, made: NewSimulatedCartridge): Promise<{ readonly mailSlot: number; readonly isNew: boolean }>;
  /** From its mail slot to the shelf. */
  take(folder: string, barcode: string): Promise<void>;
  setWriteProtect(folder: string, barcode: string, on: boolean): Promise<void>;
  /** Writes every tape file of a cartridge into `target` as `dd` would read it: 000000, 000001, …; returns how many. */
  dump(folder: string, barcode: string, target: string): Promise<{ readonly files: number; readonly bytes: number }>;
  /** SHA-256 of each tape file in order; undefined where it cannot be told. */
  digests(folder: string, barcode: string): Promise<readonly (string | undefined)[]>;
  /** What vendors publish about the time that drives take, and what the model of their moving parts gives for it. */
  timing(): readonly TimingFigure[];
  /** The kinds of drives that can be simulated. */
  models(): readonly SimulatedModel[];
  /** The layouts and habits that simulated changers can have. */
  changers(): { readonly layouts: readonly SimulatedLayout[]; readonly quirks: readonly SimulatedQuirk[] };
  /** Serves libraries until the signal comes. Resolves when nothing is in use any more, with what each drive did: nothing where machines take no time. */
  serve(wish: ServiceWish, signal: AbortSignal, hears: ServiceEvents): Promise<readonly DriveReport[]>;
  readonly faults: SimulatorFaults;
  /** Flips one bit of what is stored. */
  damage(folder: string, barcode: string, at: { readonly file: number; readonly byte: number; readonly bit: number }): Promise<void>;
}

export interface NewSimulatedCartridge {
  /** Undefined: only one from the shelf is inserted, or a cleaning cartridge made. */
  readonly capacityBytes: number | undefined;
  /** One of LTO-9 is measured at its first load. */
  readonly wasNeverLoaded: boolean;
}

export interface TimingFigure {
  /** `LTO-9 half height`. */
  readonly generation: string;
  readonly what: string;
  /** `s`, `h`, `MB/s`. */
  readonly unit: string;
  readonly published: number;
  readonly modelled: number;
  /** Nobody published it: it is an estimate. */
  readonly isEstimated: boolean;
}

/** Libraries to be served over iSCSI. */
export interface ServiceWish {
  /** Each a target, by that name or by one made from the folder's. */
  readonly libraries: readonly { readonly folder: string; readonly target: string | undefined }[];
  /** `host`, `host:port` or `[v6]:port`. */
  readonly listen: string;
  readonly digests: boolean;
  /** A disk in memory behind the drives of each library. */
  readonly diskBytes: number | undefined;
  /** Rules of faults for each library, and what their probabilities are drawn from. */
  readonly faults: { readonly file: string; readonly seed: number } | undefined;
  /** So many times as long as a real machine takes; undefined: none. */
  readonly timeFactor: number | undefined;
  readonly chap: (ChapFiles & { readonly own: ChapFiles | undefined }) | undefined;
}

/** What is heard of libraries while they are served. */
export interface ServiceEvents {
  /** Once, when initiators can log in. */
  listening(service: SimulatorService): void;
  struck(folder: string, strike: FaultStrike): void;
}

/** A fault that happened. */
export interface FaultStrike {
  readonly lun: number;
  /** In hexadecimal. */
  readonly cdb: string;
  readonly phase: string;
  /** `sense`, `drop`. */
  readonly fault: string;
}

export interface RecordedFaultStrike extends FaultStrike {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** Rules of faults that wait in a library's folder; it may be served meanwhile. */
export interface SimulatorFaults {
  /** Lines as docs/SIMULATOR.md has them, from a text or a file; gives how many there were. */
  add(folder: string, rules: { readonly text: string } | { readonly file: string }): Promise<number>;
  /** Each as JSON. */
  list(folder: string): Promise<readonly string[]>;
  /** Gives how many were taken back. */
  clear(folder: string): Promise<number>;
  strikes(folder: string): Promise<readonly RecordedFaultStrike[]>;
}

/** What a drive did while it was served, in machine time. */
export interface DriveReport {
  readonly folder: string;
  readonly drive: number;
  readonly totalMs: number;
  /** `streaming`, `stopped`, …: milliseconds. */
  readonly spent: Readonly<Record<string, number>>;
  readonly backhitches: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  /** A letter for each part of the time: what it did most. */
  readonly timeline: string;
}

export interface ChapFiles {
  readonly user: string;
  readonly secretFile: string;
}

/** What is served, and where. */
export interface SimulatorService {
  readonly listen: string;
  readonly targets: readonly {
    readonly folder: string;
    readonly target: string;
    readonly drives: number;
    /** Their logical unit numbers: the changer, the drives, the disk if there is one. */
    readonly units: readonly number[];
  }[];
}

export interface NewSimulatedLibrary {
  readonly drives: number;
  readonly slots: number;
  readonly mailSlots: number;
  readonly barcodes: readonly string[];
  /** Undefined: what cartridges of the generation hold. */
  readonly capacityBytes: number | undefined;
  /** The two last characters of the barcodes: `L8`. They say which drives there are, LTO-8 where they say nothing. */
  readonly generation: string;
  readonly isHalfHeight: boolean;
  readonly pickers: number;
  /** Undefined: slots do not come out. */
  readonly slotsPerMagazine: number | undefined;
  readonly reservedSlots: number;
  /** Names as `changers` gives them; others are refused with LIBRARY_DESCRIPTION. */
  readonly layout: string;
  readonly quirks: readonly string[];
  /** All; or sizes, order and hashes alone, so that blocks are read as zeros or not at all. */
  readonly content: "keep" | "zeros" | "refuse";
  /** Its cartridges: those of LTO-9 are measured at their first load. */
  readonly wereNeverLoaded: boolean;
}

/** Addresses of elements, as some libraries have them. */
export interface SimulatedLayout {
  readonly name: string;
  readonly firstAddresses: { readonly transport: number; readonly mailSlot: number; readonly drive: number; readonly slot: number };
  /** Which libraries, and who says so. */
  readonly because: string;
}

/** What some changers do otherwise. */
export interface SimulatedQuirk {
  readonly name: string;
  readonly what: string;
}

/** One kind of drive. */
export interface SimulatedModel {
  /** `LTO-9 half height`. */
  readonly name: string;
  readonly product: string;
  readonly densityCode: number;
  readonly nativeBytes: number;
  /** Generations of cartridges. */
  readonly writes: readonly string[];
  readonly readsOnly: readonly string[];
  /** GENERATE RECOMMENDED ACCESS ORDER. */
  readonly recommendsOrders: boolean;
  /** What of it nobody published. */
  readonly estimated: readonly string[];
}

export interface SimulatedLibrary {
  readonly folder: string;
  readonly elements: readonly SimulatedElement[];
  readonly cartridges: readonly SimulatedCartridge[];
  /** What is not as it should be. */
  readonly states: readonly SimulatedState[];
}

export interface SimulatedElement {
  /** `slot:3`, `drive:0`, `mail:1`, `transport:0`. */
  readonly name: string;
  readonly barcode: string | undefined;
}

export interface SimulatedCartridge {
  readonly barcode: string;
  /** An element's name, or `shelf`. */
  readonly place: string;
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly writeProtected: boolean;
}
