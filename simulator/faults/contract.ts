import type { SenseFields } from "../wire/index.ts";

/** Whether the command has had its effect when the fault strikes. `asking`: its data are still to be asked for, which is the carrier's business. */
export type FaultPhase = "asking" | "before" | "after";

/** Which commands a rule is about; what is not said fits all. */
export interface FaultMatch {
  /** 0 the changer, 1 the first drive. */
  readonly lun?: number;
  readonly opcode?: number;
  /** The low five bits of byte 1. */
  readonly serviceAction?: number;
  /** The logical objects from the first to the last, on which the command begins or which it covers. Commands of drives with a cartridge alone. */
  readonly objects?: readonly [first: number, last: number];
  /** Of the cartridge in the drive, or in an element that a command of the changer names. */
  readonly barcode?: string;
  /** An element that a command of the changer names, or that of the drive itself. */
  readonly element?: number;
}

/** What happens. `catalogue` says of each what it is and where it may strike. */
export type FaultEffect =
  | ({ readonly kind: "sense" } & SenseFields)
  | { readonly kind: "busy" | "task-set-full" | "task-aborted" | "reservation-conflict" }
  | { readonly kind: "short-data"; readonly keepBytes: number }
  | { readonly kind: "wrong-residual"; readonly offByBytes: number }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: WireFault | "wire-no-r2t" }
  | { readonly kind: "deferred-sense" | "hang" | "drop" | "power-cycle" | "reset" | "reservation-loss" };

/** What happens to an answer between the device and the initiator, where the carrier has a wire. */
export type WireFault = "wire-cut" | "wire-header-digest" | "wire-data-digest" | "wire-deaf" | "wire-logout";

/** How often: at most one of `nth`, `every` and `probability`; the first command that fits when none is said. */
export interface FaultRule extends FaultMatch {
  /** The how manieth of the fitting commands from now on, 1 the first; then never again. */
  readonly nth?: number;
  readonly every?: number;
  /** Of each fitting command, above 0 up to 1, drawn from the seed of the plan. */
  readonly probability?: number;
  /** The first that the catalogue has for the effect when not said. */
  readonly phase?: FaultPhase;
  readonly effect: FaultEffect;
}

/** What a command is about, as somebody who looks into the library sees it before the command begins. */
export interface Sight {
  readonly objects?: readonly [first: number, last: number];
  readonly barcodes: readonly string[];
  readonly elements: readonly number[];
}

/** A fault that struck. */
export interface Strike {
  /** 1 the first of this library object. */
  readonly number: number;
  /** Milliseconds of the library's clock since it was opened. */
  readonly atMs: number;
  readonly lun: number;
  /** In hexadecimal. */
  readonly cdb: string;
  /** Which rule, 1 the first that was added. */
  readonly rule: number;
  readonly phase: FaultPhase;
  readonly effect: FaultEffect;
}
