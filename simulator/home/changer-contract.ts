import type { PlacedCartridge } from "./contract.ts";
import type { QuirkName } from "./quirks.ts";

/** The kinds of elements (SMC-3); a transport element is the gripper of a picker. */
export type ElementKind = "transport" | "mailSlot" | "drive" | "slot";

/** Where the elements of each kind begin. Those of one kind follow one another; between kinds there may be gaps. */
export type FirstAddresses = Readonly<Record<ElementKind, number>>;

/** What a changer is, from its making on. */
export interface ChangerShape {
  readonly firstAddresses: FirstAddresses;
  /** So many slots come out together; 0: all are built in. The last magazine has what is left. */
  readonly slotsPerMagazine: number;
  /** So many slots at the end are kept back: no initiator sees them. */
  readonly reservedSlots: number;
  readonly quirks: readonly QuirkName[];
}

export interface PickerState {
  /** Undefined trouble aside, a gripper is empty between two commands. */
  readonly cartridge: PlacedCartridge | null;
  /** `failing`: sticks at its next movement, cartridge in hand. `stuck`: has done so, and waits for somebody. */
  readonly gripper: "well" | "failing" | "stuck";
}

/** How a changer is, beyond what lies where. */
export interface ChangerCondition {
  readonly isDoorOpen: boolean;
  readonly isMailDoorOpen: boolean;
  /** Magazines that are out, from 0, rising. Their cartridges stay in them. */
  readonly magazinesOut: readonly number[];
  /** What a reader sees on a cartridge, by its barcode, where that is something else: another text, or nothing readable. */
  readonly labels: Readonly<Record<string, string | null>>;
  /** What the changer takes for true of elements that hands were at since it last looked, by address in decimal. */
  readonly beliefs: Readonly<Record<string, PlacedCartridge | null>>;
  /** How often each unit attention came up, by its code as four hexadecimal digits: whoever sees one grow reports it. */
  readonly news: Readonly<Record<string, number>>;
  readonly counters: ChangerCounters;
}

/** Media changer statistics (SMC-3, log page 14h). */
export interface ChangerCounters {
  readonly moves: number;
  readonly picks: number;
  readonly places: number;
  readonly tagsRead: number;
  readonly tagsUnreadable: number;
  readonly doorOpenings: number;
  readonly mailDoorOpenings: number;
  readonly inventories: number;
  readonly gripperFailures: number;
}

export const newChanger: ChangerCondition = {
  isDoorOpen: false,
  isMailDoorOpen: false,
  magazinesOut: [],
  labels: {},
  beliefs: {},
  news: {},
  counters: { moves: 0, picks: 0, places: 0, tagsRead: 0, tagsUnreadable: 0, doorOpenings: 0, mailDoorOpenings: 0, inventories: 0, gripperFailures: 0 },
};
