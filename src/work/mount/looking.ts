import type { Element, MediaChanger } from "../../devices/changer/index.ts";
import type { TapeDrive } from "../../devices/tape/index.ts";
import { type Clock, printable, StrongroomError } from "../../words/index.ts";

/** A tape drive of this machine by the name that lasts, wherever it stands. */
export interface LocalDrive {
  readonly reference: string;
  open(): Promise<TapeDrive>;
}

export interface Looking {
  readonly changer: MediaChanger;
  /** The cartridge that goes from drive to drive; nothing is read from it or written on it. */
  readonly barcode: string;
  readonly drives: readonly LocalDrive[];
  readonly clock: Clock;
}

/** What the slowest drives take to notice a cartridge; whoever takes it needs no more than to say that it is at work. */
const noticeMs = 5 * 60_000;
const pauseMs = 2000;
const readyMs = 15 * 60_000;

/**
 * Which tape drive is where, for a changer that does not tell: a cartridge is brought to each drive element, and the drive that has it is the one that
 * stands there. Returns the references in the order of the elements. The cartridge is back in its slot afterwards, whatever happened, unless a drive
 * does not let go of it: then the error says where it is. Rejects with `DRIVES_NOT_EMPTY`, `CARTRIDGE_NOT_IN_LIBRARY`, `DRIVES_UNMAPPED`.
 */
export async function lookForDrives({ changer, barcode, drives, clock }: Looking): Promise<readonly string[]> {
  const { elements } = await changer.inventory();
  const places = elements.filter(({ kind }) => kind === "drive");
  const slot = slotOf(barcode, elements);
  const full = places.filter(({ full: isFull }) => isFull);
  if (full.length > 0) {
    throw new StrongroomError("operator", "DRIVES_NOT_EMPTY", `drive ${String(full[0]!.number)} of the library holds a cartridge; nothing was moved`, {
      hint: "bring the cartridges of all drives back to their slots, then try again",
    });
  }
  const empty = await emptyDrives(drives);
  try {
    const found: string[] = [];
    for (const place of places) {
      await changer.move(slot, place);
      const taker = await takerOf(empty, clock, place);
      await taker.drive.ready(readyMs);
      await taker.drive.unload();
      await changer.move(place, slot);
      empty.splice(empty.indexOf(taker), 1);
      await taker.drive.close();
      found.push(taker.reference);
    }
    return found;
  } finally {
    for (const { drive } of empty) await drive.close();
  }
}

interface OpenDrive {
  readonly reference: string;
  readonly drive: TapeDrive;
}

/** One that somebody else has, or that holds a cartridge of another library, is not among those that may stand there. */
async function emptyDrives(drives: readonly LocalDrive[]): Promise<OpenDrive[]> {
  const empty: OpenDrive[] = [];
  for (const { reference, open } of drives) {
    let drive: TapeDrive | undefined;
    try {
      drive = await open();
      if ((await drive.ready(0)) === "no-medium") {
        empty.push({ reference, drive });
        continue;
      }
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
    }
    await drive?.close();
  }
  return empty;
}

/** The drive that says anything but that it is empty. */
async function takerOf(empty: readonly OpenDrive[], clock: Clock, place: Element): Promise<OpenDrive> {
  for (let waitedMs = 0; waitedMs <= noticeMs; waitedMs += pauseMs) {
    for (const one of empty) if (!(await isEmpty(one.drive))) return one;
    await clock.sleep(pauseMs);
  }
  throw new StrongroomError("failed", "DRIVES_UNMAPPED", `no tape drive of this machine took the cartridge that drive ${String(place.number)} of the library holds now`, {
    hint: "see whether that drive is switched on and connected here, and free: strongroom device list; then move the cartridge back at the library's panel",
  });
}

async function isEmpty(drive: TapeDrive): Promise<boolean> {
  try {
    return (await drive.ready(0)) === "no-medium";
  } catch (error) {
    // Becoming ready, or unhappy with what came: it has it.
    if (error instanceof StrongroomError) return false;
    throw error;
  }
}

function slotOf(barcode: string, elements: readonly Element[]): Element {
  const slot = elements.find((element) => element.kind === "slot" && element.barcode === barcode);
  if (slot) return slot;
  throw new StrongroomError("missing", "CARTRIDGE_NOT_IN_LIBRARY", `cartridge ${printable(barcode)} is in no slot of the library; nothing was moved`, {
    hint: "name a cartridge that is in a slot; any will do but a cleaning cartridge",
  });
}
