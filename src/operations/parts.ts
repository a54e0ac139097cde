import type { TapeDrive } from "../devices/tape/index.ts";
import type { VolumeMedium } from "../formats/volume/index.ts";
import type { Catalog, Config, ConfigStore, Inventory, IscsiLibraryConfig, Journal, KeyRing, LibraryConfig, Owner, StateFolder, Upkeep, Verifications } from "../records/index.ts";
import type { Clock, RandomBytes } from "../words/index.ts";
import type { LibraryAccess, LocalDrive } from "../work/mount/index.ts";

/** What the operations are built on. The concrete parts are chosen in main; tests choose others. */
export interface OperationParts {
  readonly state: StateFolder;
  readonly configStore: ConfigStore;
  readonly catalog: Catalog;
  readonly inventory: Inventory;
  readonly upkeep: Upkeep;
  readonly verifications: Verifications;
  readonly journal: Journal;
  /** Reads the whole database: what is wrong with it, nothing when it is sound. */
  checkStore(): readonly string[];
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly owner: Owner;
  /** Login name of whoever asks. */
  readonly requestedBy: string;
  /** How many segments are sealed side by side. */
  readonly sealThreads: number;
  openLibrary(config: LibraryConfig): LibraryAccess;
  /** A name for a device of this machine that lasts. Throws when there is none of that kind. */
  deviceReference(named: string, kind: "changer" | "drive"): string;
  /** The tape drives of this machine, in whichever library they stand. */
  localDrives(): readonly LocalDrive[];
  readonly networkLibraries: NetworkLibraries;
  openTape(drive: TapeDrive, barcode: string, blockSizeBytes: number): Promise<VolumeMedium>;
  /** Runs a program without a shell, with that on its standard input, for a bounded time; answers why it failed. Never rejects. */
  runCommand(command: readonly string[], input: string): Promise<string | undefined>;
  openFolder(path: string, barcode: string, capacityBytes: number | undefined): Promise<VolumeMedium>;
}

/** Libraries behind iSCSI targets. Errors are those of a login. */
export interface NetworkLibraries {
  /** The targets that a portal shows to this initiator. */
  targets(place: NetworkPlace): Promise<readonly NetworkTarget[]>;
  /** Which of a target's units are its changer and its drives, these in the order of their elements: `CHANGER_UNCLEAR`, `DRIVES_UNMAPPED`. */
  units(place: NetworkPlace, target: string): Promise<NetworkUnits>;
}

export type NetworkPlace = Pick<IscsiLibraryConfig, "portal" | "initiator" | "digests" | "chap">;
export type NetworkUnits = Pick<IscsiLibraryConfig, "changerLun" | "driveLuns">;

export interface NetworkTarget {
  readonly name: string;
  readonly portals: readonly string[];
}

/** The configuration as the file is now: an edit takes effect with the next operation. */
export function configOf(parts: OperationParts): Config {
  return parts.configStore.load();
}
