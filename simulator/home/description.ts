import { type RandomBytes, StrongroomError } from "../../src/words/index.ts";
import type { CartridgeDescription, CartridgeFacts, LibraryDescription, LibraryState, PlacedCartridge } from "./contract.ts";

const limits = { drives: 64, slots: 4096, mailSlots: 64, becomingReadyAnswers: 1000 } as const;
const minCapacityBytes = 64 * 1024;
/** The largest number of bytes that is exact, with room for sums. */
const maxCapacityBytes = 2 ** 50;

/** The state of a new library, and the cartridges to make for it. Wrong descriptions are refused with LIBRARY_DESCRIPTION. */
export function planLibrary(
  description: LibraryDescription,
  random: RandomBytes,
): { readonly state: LibraryState; readonly cartridges: readonly CartridgeFacts[] } {
  const drives = counted("drives", description.drives ?? 2, 1, limits.drives);
  const slots = counted("slots", description.slots ?? 10, 1, limits.slots);
  const mailSlots = counted("mail slots", description.mailSlots ?? 2, 0, limits.mailSlots);
  const cartridges = (description.cartridges ?? []).map((cartridge) => describeCartridge(cartridge, random));
  if (new Set(cartridges.map((cartridge) => cartridge.barcode)).size < cartridges.length)
    {throw wrong("two cartridges have the same barcode");}
  const placed = (at: number): PlacedCartridge | null =>
    cartridges[at] === undefined ? null : { barcode: cartridges[at].barcode, source: null, ejected: true };
  const state: LibraryState = {
    format: "virtual tape library 1",
    serial: serialNumber(random),
    drives: Array.from({ length: drives }, () => ({ serial: serialNumber(random), cartridge: null, insertions: 0 })),
    slots: Array.from({ length: slots }, (_, at) => placed(at)),
    mailSlots: Array.from({ length: mailSlots }, () => null),
    handsAtMailSlots: 0,
    becomingReadyAnswers: counted(
      "becoming-ready answers",
      description.becomingReadyAnswers ?? 0,
      0,
      limits.becomingReadyAnswers,
    ),
  };
  return { state, cartridges };
}

export function describeCartridge(cartridge: CartridgeDescription, random: RandomBytes): CartridgeFacts {
  const { barcode, capacityBytes } = cartridge;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(barcode)) throw wrong(`"${barcode}" is no barcode: 1 to 32 letters, digits, - and _`);
  counted(`capacity of ${barcode}`, capacityBytes, minCapacityBytes, maxCapacityBytes);
  return { barcode, capacityBytes, kind: cartridge.kind ?? "data", serial: serialNumber(random), writeProtected: false };
}

function counted(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(`${name}: ${value} is not between ${least} and ${most}`);
}

function wrong(message: string): StrongroomError {
  return new StrongroomError("usage", "LIBRARY_DESCRIPTION", message);
}

function serialNumber(random: RandomBytes): string {
  const bytes = new Uint8Array(5);
  random(bytes);
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
