/** What can be broken of a cartridge besides a spot on its tape. */
export type BreakablePart = "end" | "chip" | "tape";

/** What can ail a drive. */
export type BreakableDrive = "eject" | "fan" | "heat";

/** Part of what is recorded: objects by their numbers, or bytes of a tape file. */
export interface BrokenSpot {
  readonly at: { readonly objects: readonly [first: number, last: number] } | { readonly file: number; readonly byte: number; readonly lengthBytes: number };
  /** The how manieth try reads it; undefined: none does. */
  readonly readAtTry: number | undefined;
  /** Writing over it fails too, instead of healing it. */
  readonly failsWriting: boolean;
}

/**
 * What hands do to a simulated library that lasts until they undo it, whoever uses the library meanwhile. Drives and grippers are counted from 0, slots,
 * mail slots and magazines from 1, as everywhere. Rejects as the other tools of the simulator do, with kind `operator` where hands do not reach.
 */
export interface SimulatorHands {
  /** Gives the objects that the spot covers. */
  breakSpot(folder: string, barcode: string, spot: BrokenSpot): Promise<{ readonly first: number; readonly last: number }>;
  breakCartridge(folder: string, barcode: string, part: BreakablePart): Promise<void>;
  /** All of it where no part is named. */
  mendCartridge(folder: string, barcode: string, part: "spot" | BreakablePart | undefined): Promise<void>;
  breakDrive(folder: string, drive: number, ailment: BreakableDrive): Promise<void>;
  mendDrive(folder: string, drive: number, ailment: BreakableDrive | undefined): Promise<void>;
  /** The head, until a cleaning cartridge was in the drive. */
  setDirt(folder: string, drive: number, dirt: "clean" | "requested" | "required"): Promise<void>;
  setGripper(folder: string, gripper: number, isJammed: boolean): Promise<void>;
  /** Undefined: the whole library. */
  setPower(folder: string, drive: number | undefined, isOn: boolean): Promise<void>;
  setCable(folder: string, drive: number | undefined, isIn: boolean): Promise<void>;
  setDoor(folder: string, door: "door" | "mail", isOpen: boolean): Promise<void>;
  setMagazine(folder: string, magazine: number, isOut: boolean): Promise<void>;
  /** Behind the changer's back. */
  moveByHand(folder: string, barcode: string, to: "shelf" | { readonly slot: number } | { readonly gripper: number }): Promise<void>;
  /** What a reader sees from now on: null nothing readable, undefined the barcode itself. */
  relabel(folder: string, barcode: string, seen: string | null | undefined): Promise<void>;
  /** Everything that is not as it should be. */
  states(folder: string): Promise<readonly SimulatedState[]>;
}

export interface SimulatedState {
  /** A barcode, the name of an element, `library`, `door`, `mail door` or `magazine:1`. */
  readonly thing: string;
  /** `off`, `tape snapped`, … */
  readonly state: string;
}
