import type { VerifyText, VolumeMedium } from "../../formats/volume/index.ts";
import type { Inventory, Verifications, VolumeRecord } from "../../records/index.ts";
import type { Clock, StrongroomError } from "../../words/index.ts";
import type { MountedDrive } from "../../work/mount/index.ts";

/** What reading volumes back is made of. The concrete parts are chosen in operations. */
export interface VerifyParts {
  readonly inventory: Inventory;
  readonly verifications: Verifications;
  readonly clock: Clock;
  readonly verify: VerifyText;
  /** Believes one certificate, armored: that of a volume whose signer is not known here. */
  believing(certificate: Uint8Array): Promise<VerifyText>;
  /** The failure is one of the drive, the library or the way there: it says nothing about what is on the volume. */
  isElsewhere(error: StrongroomError): boolean;
}

/** A medium that is to be read back, and what the records know of it. */
export interface ReadableVolume {
  readonly medium: VolumeMedium;
  /** Undefined for a volume that the records do not know. */
  readonly volume: VolumeRecord | undefined;
  /** In words: the library and drive, or the folder. */
  readonly place: string;
  readonly drive?: MountedDrive;
  release(): Promise<void>;
}

export type VerifyMethod =
  | { readonly kind: "full" }
  /** `share` of the segments, above 0 to 1. */
  | { readonly kind: "sample"; readonly share: number; readonly seed: number }
  /** By the drive alone where it can; what it cannot read through, and everything where it has no such command, is read and compared. */
  | { readonly kind: "quick" };

/** How a volume is read and compared here: as it was asked for, or those objects that a quick verification could not pass. */
export type ReadMethod = Exclude<VerifyMethod, { readonly kind: "quick" }> | { readonly kind: "suspects"; readonly objects: readonly number[] };
