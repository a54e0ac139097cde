import type { CartridgeDamage } from "./cartridge-damage.ts";
import type { FaultShelf } from "./fault-shelf.ts";
import type { DriveCare } from "./drive-care.ts";
import type { DriveCondition, UnitCondition } from "./unit-condition.ts";
import type { Content, Tape } from "../storage/index.ts";
import type { ChangerCondition, ChangerShape, FirstAddresses, PickerState } from "./changer-contract.ts";
import type { LayoutName } from "./layouts.ts";
import type { QuirkName } from "./quirks.ts";

/** What a library is made of. Everything has a default but the cartridges. */
export interface LibraryDescription {
  /** 1 to 64; 2 when not said. Or the model of each, as `simulator/models` names them. */
  readonly drives?: number | readonly string[];
  /** The model of drives that are only counted; LTO-8 when not said. */
  readonly model?: string;
  /** 1 to 50,000; 10 when not said. */
  readonly slots?: number;
  /** 0 to 240; 2 when not said. */
  readonly mailSlots?: number;
  /** 1 to 8; 1 when not said. */
  readonly pickers?: number;
  /** So many slots come out together; none do when not said. */
  readonly slotsPerMagazine?: number;
  /** So many slots at the end are hidden from initiators; none when not said. */
  readonly reservedSlots?: number;
  /** Addresses of the elements, or whose library has them so; `default` when not said. Kinds must not overlap. */
  readonly layout?: LayoutName | FirstAddresses;
  readonly quirks?: readonly QuirkName[];
  /** Put into the slots in this order, and on the shelf when those are full. */
  readonly cartridges?: readonly CartridgeDescription[];
  /** How often a drive says that it is becoming ready (02/04/01) after a cartridge came in; 0 when not said. */
  readonly becomingReadyAnswers?: number;
  /** What cartridges in a folder keep of what is written on them; all of it when not said. */
  readonly content?: Content;
}

export interface CartridgeDescription {
  /** 1 to 32 of A-Z, a-z, 0-9, `-`, `_`. */
  readonly barcode: string;
  /** Bytes of blocks and marks up to the physical end. At least 64 KiB; what the generation holds when not said. */
  readonly capacityBytes?: number;
  /** What the barcode says when not said, or `data` where it says nothing. */
  readonly kind?: CartridgeKind;
  /** `LTO-9`: what the barcode says when not said, or what the first drive records where it says nothing. */
  readonly generation?: string;
  /** It was never in a drive: one of LTO-9 is measured at its first load. As if that was done when not said. */
  readonly isNew?: boolean;
  /** What it keeps of what is written on it; as the library's cartridges do when not said. */
  readonly content?: Content;
}

export type CartridgeKind = "data" | "worm" | "cleaning";

export interface PlacedCartridge {
  readonly barcode: string;
  /** The address of the element it came from. */
  readonly source: number | null;
  /** Drives only: let go of, so that a gripper can take it. */
  readonly ejected: boolean;
}

/** All that a changer knows, as it is kept in `library.json`. */
export interface LibraryState extends UnitCondition {
  /** In the first format all drives were LTO-8, in the second all changers alike; both are still read. */
  readonly format: "virtual tape library 3";
  readonly serial: string;
  readonly drives: readonly DriveState[];
  readonly slots: readonly (PlacedCartridge | null)[];
  readonly mailSlots: readonly (PlacedCartridge | null)[];
  readonly pickers: readonly PickerState[];
  readonly shape: ChangerShape;
  readonly changer: ChangerCondition;
  /** Counts what hands did at the mail slots: a changer that sees it grow reports 28/01. */
  readonly handsAtMailSlots: number;
  readonly becomingReadyAnswers: number;
  /** Of cartridges that come later; all of it when not said. */
  readonly content?: Content;
}

export interface DriveState extends DriveCondition {
  readonly serial: string;
  /** Of `simulator/models`. */
  readonly model: string;
  readonly cartridge: PlacedCartridge | null;
  /** Counts what came in, so that the drive notices when a cartridge was out and in again. */
  readonly insertions: number;
  /** Missing: it has no past. */
  readonly care?: DriveCare;
}

/** A cartridge that a drive or a person holds. */
export interface Cartridge {
  readonly facts: CartridgeFacts;
  readonly store: Tape;
  /** The chip: attribute identifier, in partitions but the first with `partition << 16`, → format and value. */
  memory(): ReadonlyMap<number, MemoryAttribute>;
  /** Durable when it resolves. */
  writeMemory(attributes: ReadonlyMap<number, MemoryAttribute>): Promise<void>;
  /** What is broken of it now, whoever broke it. */
  damage(): CartridgeDamage;
  close(): Promise<void>;
}

export interface MemoryAttribute {
  /** SPC-5, table 449: 0 binary, 1 ASCII, 2 text. */
  readonly format: number;
  readonly value: Uint8Array;
}

export interface CartridgeFacts {
  readonly barcode: string;
  readonly capacityBytes: number;
  readonly kind: CartridgeKind;
  readonly serial: string;
  readonly writeProtected: boolean;
  /** Of `simulator/models`: `LTO-9`. Cleaning cartridges, which fit all, have that of the first drive. */
  readonly generation: string;
  /** Left the factory and was in no drive before it came here. */
  readonly isNew?: boolean;
  /** Of what is written on it; all of it when not said. Libraries in memory keep what their stores do. */
  readonly content?: Content;
}

export interface CartridgeCondition {
  readonly usedBytes: number;
  readonly damage: CartridgeDamage;
  /** Its tape is measured when it is loaded. */
  readonly awaitsMeasuring: boolean;
}

/** Lets others have what was held. */
export type Release = () => Promise<void>;

/**
 * Where a library is kept, for all processes that use it.
 *
 * Guarantees: `change` is atomic and durable and never overlaps another; `state` is what the last change left, whoever made
 * it; what `holdDrive`
 * and `hold` give ends with the process, however it ends.
 */
export interface LibraryHome {
  readonly name: string;
  state(): LibraryState;
  /** Rejects with LIBRARY_BUSY after some seconds of waiting. The state stays as it is when `edit` gives back the same one. */
  change<T>(edit: (state: LibraryState) => { readonly state: LibraryState; readonly result: T }): Promise<T>;
  /** Rejects with TRANSPORT_BUSY when somebody has the drive. */
  holdDrive(number: number): Promise<Release>;
  /** Keeps the mail slots shut to hands until released. Any number may. */
  holdMailSlots(): Promise<Release>;
  mailSlotsHeld(): Promise<boolean>;
  barcodes(): Promise<readonly string[]>;
  facts(barcode: string): Promise<CartridgeFacts>;
  addCartridge(facts: CartridgeFacts): Promise<void>;
  /** Bytes of all blocks on it, as far as they are synced, and what is broken of it. Cheap for a cartridge that was never used. */
  conditionOf(barcode: string): Promise<CartridgeCondition>;
  setWriteProtected(barcode: string, writeProtected: boolean): Promise<void>;
  /** Atomic and durable, and gives what is broken then. It stays as it is when `edit` gives back the same. */
  changeDamage(barcode: string, edit: (damage: CartridgeDamage) => CartridgeDamage): Promise<CartridgeDamage>;
  openCartridge(barcode: string, access: "read" | "write"): Promise<Cartridge>;
  /** Rules of faults for all processes; libraries in memory have none but their own. */
  readonly faults: FaultShelf | undefined;
  /** Lets go of what is open; nothing else may be called afterwards. */
  close(): void;
}
