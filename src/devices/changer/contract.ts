/**
 * A media changer (SMC-3): moves cartridges between elements and knows what is where. Element addresses stay inside; people
 * see slot 1, drive 0, mail slot 1, numbered by rising address.
 *
 * Guarantees of every implementation:
 * - `inventory` is read from the device at each call, in as many requests as it needs.
 * - `move` returns when the medium is at its destination. It rejects with `ELEMENT_EMPTY`, `ELEMENT_FULL`, `MEDIUM_LOCKED` (a drive
 *   has not let go of it), `DOOR_OPEN`, `MOVE_FAILED`; in each case what the changer then reports is the truth.
 * - Inventory changes by hand arrive as unit attentions and are absorbed: the next `inventory` shows them.
 */
export interface MediaChanger {
  readonly name: string;
  identity(): Promise<{ readonly vendor: string; readonly product: string; readonly revision: string; readonly serial: string }>;
  ready(timeoutMs: number): Promise<void>;
  inventory(): Promise<LibraryInventory>;
  /** Makes the changer look at every element again (INITIALIZE ELEMENT STATUS). */
  audit(): Promise<void>;
  move(from: ElementReference, to: ElementReference): Promise<void>;
  /**
   * What lies in `through` goes to `to`, and what lies in `from` into `through`, in one command (EXCHANGE MEDIUM). `unsupported`: nothing was
   * moved, and two movements do it. Errors as for `move`.
   */
  exchange(from: ElementReference, through: ElementReference, to: ElementReference): Promise<"done" | "unsupported">;
  /** Opens or closes the mail slots where the changer has a motor or a lock for that; rejects with `MEDIUM_LOCKED` while removal is prevented. */
  mailSlots(action: "open" | "close"): Promise<"done" | "unsupported">;
  /** Keeps the mail slots shut for everybody (PREVENT ALLOW MEDIUM REMOVAL), until released or the connection ends. */
  holdMailSlots(held: boolean): Promise<"done" | "unsupported">;
  /** How it is now, without waiting. */
  condition(): Promise<ChangerCondition>;
  close(): Promise<void>;
}

export interface ChangerCondition {
  readonly ready: boolean;
  /** The code of the error that work would meet: `DOOR_OPEN`, `NOT_READY`, …; undefined when ready. */
  readonly code: string | undefined;
  /** For people: `a door of the library is open`. */
  readonly sentence: string;
  readonly advice: string | undefined;
}

export type ElementKind = "slot" | "mail-slot" | "drive" | "transport";

export interface ElementReference {
  readonly kind: ElementKind;
  /** 1-based for slots and mail slots, 0-based for drives and transports, by rising element address. */
  readonly number: number;
}

export interface Element extends ElementReference {
  /** The address the device uses. */
  readonly address: number;
  readonly full: boolean;
  /** Trimmed; undefined when empty or unreadable. */
  readonly barcode: string | undefined;
  /** Where the medium came from, if the changer knows. */
  readonly source: ElementReference | undefined;
  readonly accessible: boolean;
  /** Drives only: serial number from the device identifier (DVCID). */
  readonly driveSerial: string | undefined;
  /** Additional sense when the element is in an exceptional state, as `asc << 8 | ascq`. */
  readonly exception: number | undefined;
}

export interface LibraryInventory {
  readonly elements: readonly Element[];
}
