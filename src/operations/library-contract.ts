import type { ChangerCondition, Element, ElementReference } from "../devices/changer/index.ts";
import type { CartridgeRecord, CleaningCartridge, VolumeRecord } from "../records/index.ts";

export type NewLibrary =
  | { readonly name: string; readonly simulatorFolder: string }
  | {
      readonly name: string;
      readonly changer: string;
      /** Only for a changer that does not tell its drives' serial numbers: the drives in the order of their elements. */
      readonly drives?: readonly string[];
      /** Instead of `drives`: the barcode of a cartridge that is brought to each drive, to see which one has it. */
      readonly look?: string;
    }
  | NewNetworkLibrary;

/** Where an iSCSI portal is and as whom this appliance goes there. Secrets are in files that only their owner may read. */
export interface NetworkAccess {
  /** `host`, `host:port` or `[v6]:port`. */
  readonly portal: string;
  /** The appliance's own name unless given. */
  readonly initiator?: string;
  readonly digests?: "off" | "preferred" | "required";
  readonly chap?: {
    readonly user: string;
    readonly secretFile: string;
    readonly target?: { readonly user: string; readonly secretFile: string };
  };
}

export interface NewNetworkLibrary extends NetworkAccess {
  readonly name: string;
  /** The only one that the portal shows unless given. */
  readonly target?: string;
  /** The logical units, where the target does not tell them. */
  readonly units?: { readonly changerLun: number; readonly driveLuns: readonly number[] };
}

export interface ListedLibrary {
  readonly name: string;
  readonly kind: string;
  /** The folder of a simulated library, the changer's device of one at this machine, target and portal of one on the network. */
  readonly place: string;
}

/** The SCSI devices of this machine, whether the appliance uses them or not. Needs no appliance. */
export interface DeviceOperations {
  /** As the kernel knows them; opens none and sends nothing. */
  list(): Promise<readonly MachineDevice[]>;
}

export interface MachineDevice {
  readonly kind: "drive" | "changer" | "optical" | "disk" | "other";
  /** `host:channel:target:lun`; may be another after each start of the machine. */
  readonly address: string;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string | undefined;
  /** What to call it in commands: it lasts, where the device has a serial number or udev a name for it. */
  readonly reference: string;
  readonly nodes: readonly string[];
  readonly isUsb: boolean;
  readonly sizeBytes: number | undefined;
  /** `running`, `offline`, … as the kernel has it. */
  readonly state: string;
  /** Processes that have one of its nodes open. */
  readonly holders: readonly { readonly processId: number; readonly command: string; readonly node: string }[];
  /** Processes of other users that could not be looked into: each may be one more holder. */
  readonly unseen: number;
}

export interface LibraryOperations {
  /**
   * Adds a library that answers. Devices of this machine may be named by any of their nodes, by a link or as `serial:NUMBER`; kept is the
   * name that lasts.
   */
  add(request: NewLibrary): Promise<ListedLibrary>;
  /** The iSCSI targets that a portal shows to this appliance. */
  discover(access: NetworkAccess): Promise<readonly { readonly name: string; readonly portals: readonly string[] }[]>;
  /** Takes a library out of the configuration; `CONFIG_INVALID` while a pool uses it. Records of its cartridges stay. */
  remove(name: string): Promise<void>;
  list(): Promise<readonly ListedLibrary[]>;
  show(name: string): Promise<ShownLibrary>;
  /** Opens or closes the mail slots; `MAIL_SLOTS_BY_HAND` where the library has no command for that. */
  mailSlots(library: string, action: "open" | "close"): Promise<void>;
  move(request: { readonly library: string; readonly from: ElementReference; readonly to: ElementReference; readonly why: string }): Promise<void>;
  /** Brings every cartridge from the mail slots into slots; returns their barcodes. */
  import(library: string, why: string): Promise<readonly string[]>;
  /** Brings cartridges to the mail slots. */
  export(library: string, barcodes: readonly string[], why: string): Promise<readonly { readonly barcode: string; readonly mailSlot: number }[]>;
  audit(library: string): Promise<void>;
}

export interface ShownLibrary {
  readonly name: string;
  readonly product: string;
  readonly condition: ChangerCondition;
  readonly elements: readonly LibraryElement[];
}

export interface LibraryElement extends Element {
  /** What an element in an exceptional state suffers from, and what to do. */
  readonly trouble: { readonly sentence: string; readonly advice: string } | undefined;
  /** Another cartridge in this library has the same barcode. */
  readonly duplicate: boolean;
  /** Of a cleaning cartridge: how it was used here so far. */
  readonly cleaning: CleaningCartridge | undefined;
  readonly cartridge: CartridgeRecord | undefined;
  readonly volume: VolumeRecord | undefined;
}
