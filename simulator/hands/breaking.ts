import { StrongroomError } from "../../src/words/index.ts";
import { elementOf, withContent } from "../changer/index.ts";
import {
  type CartridgeDamage, type DamagedStretch, type DriveAilment, driveAilments, isCartridgeDamage, type LibraryHome, type LibraryState, undamaged,
} from "../home/index.ts";
import { refusal } from "./refusal.ts";
import { objectsOfTapeBytes } from "./tape-bytes.ts";

/** `spot`: stretches that cannot be read, or not at once; `end`: the end of data; `chip`: the memory; `tape`: it snaps. */
export const cartridgeParts = ["spot", "end", "chip", "tape"] as const;

export type CartridgePart = (typeof cartridgeParts)[number];

/** Which objects a spot covers: by their numbers, or those of which some of these bytes of a tape file are. */
export type SpotPlace = { readonly objects: readonly [first: number, last: number] } | { readonly file: number; readonly byte: number; readonly lengthBytes: number };

export interface Spot {
  readonly at: SpotPlace;
  /** The how manieth try reads, from 2 to 100; none does when not said. */
  readonly readAtTry?: number;
  /** Writing over it fails; it heals when not said. */
  readonly failsWriting?: boolean;
}

/** What hands can break, wherever the cartridge is, and mend. It lasts until then, whoever has the library open. */
export interface BreakingHands {
  damageOf(barcode: string): Promise<CartridgeDamage>;
  /** Gives the objects. */
  breakSpot(barcode: string, spot: Spot): Promise<readonly [first: number, last: number]>;
  breakCartridge(barcode: string, part: Exclude<CartridgePart, "spot">): Promise<void>;
  /** All of it when no part is named. A snapped tape is taken out of the drive that holds it, and is on the shelf then. */
  mendCartridge(barcode: string, part?: CartridgePart): Promise<void>;
  /** `drive` from 0. */
  breakDrive(drive: number, ailment: DriveAilment): Promise<void>;
  mendDrive(drive: number, ailment?: DriveAilment): Promise<void>;
}

const broken = { end: { isEndOfDataDamaged: true }, chip: { isChipUnreadable: true }, tape: { isTapeSnapped: true } } as const;
const mended = { spot: { stretches: [] }, end: { isEndOfDataDamaged: false }, chip: { isChipUnreadable: false }, tape: { isTapeSnapped: false } } as const;

export function breakingHands(home: LibraryHome): BreakingHands {
  return {
    damageOf: (barcode) => home.changeDamage(barcode, (damage) => damage),
    breakSpot: async (barcode, { at, readAtTry, failsWriting = false }) => {
      const [first, last] = "objects" in at ? at.objects : await objectsOfTapeBytes(home, barcode, at);
      const stretch: DamagedStretch = { first, last, readAtTry: readAtTry ?? null, whenWritten: failsWriting ? "fails" : "heals" };
      await home.changeDamage(barcode, (damage) => {
        const after = { ...damage, stretches: [stretch, ...damage.stretches] };
        if (!isCartridgeDamage(after)) throw wrongSpot();
        return after;
      });
      return [first, last];
    },
    breakCartridge: async (barcode, part) => {
      await home.changeDamage(barcode, (damage) => ({ ...damage, ...broken[part] }));
    },
    mendCartridge: async (barcode, part) => {
      const { isTapeSnapped } = await home.changeDamage(barcode, (damage) => damage);
      if (isTapeSnapped && (part === undefined || part === "tape")) await home.change((state) => ({ state: withoutSnapped(state, barcode), result: undefined }));
      await home.changeDamage(barcode, (damage) => (part === undefined ? undamaged : { ...damage, ...mended[part] }));
    },
    breakDrive: async (drive, ailment) => {
      await home.change((state) => ({ state: withAilments(state, drive, (ailing) => [...ailing.filter((one) => one !== ailment), ailment]), result: undefined }));
    },
    mendDrive: async (drive, ailment) => {
      await home.change((state) => ({ state: withAilments(state, drive, (ailing) => ailing.filter((one) => ailment !== undefined && one !== ailment)), result: undefined }));
    },
  };
}

/** Whether that is something that a cartridge or a drive has. */
export function isCartridgePart(what: string): what is CartridgePart {
  return cartridgeParts.includes(what as CartridgePart);
}

export function isDriveAilment(what: string): what is DriveAilment {
  return driveAilments.includes(what as DriveAilment);
}

/** Somebody opens the drive for it. */
function withoutSnapped(state: LibraryState, barcode: string): LibraryState {
  const place = elementOf(state, barcode);
  return place?.where === "drive" ? withContent(state, place, null) : state;
}

function withAilments(state: LibraryState, number: number, edit: (ailing: readonly DriveAilment[]) => readonly DriveAilment[]): LibraryState {
  mustHaveDrive(state, number);
  return { ...state, drives: state.drives.map((drive, at) => (at === number ? { ...drive, ailments: edit(drive.ailments ?? []) } : drive)) };
}

export function mustHaveDrive(state: LibraryState, number: number): void {
  if (Number.isInteger(number) && number >= 0 && number < state.drives.length) return;
  throw refusal("DRIVE_MISSING", `there is no drive ${number}: the library has ${state.drives.length}; nothing was changed`, `count from 0 to ${state.drives.length - 1}`);
}

function wrongSpot(): StrongroomError {
  return new StrongroomError("usage", "SPOT_INVALID", "a spot has objects from a first to a last and is read at the 2nd to 100th try, and a cartridge has at most 1000; nothing was changed");
}
