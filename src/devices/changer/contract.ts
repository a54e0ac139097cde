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
  close(): Promise<void>;
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
