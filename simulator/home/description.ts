import { type DriveModel, driveModel, driveModels, meaningOfLabel, type MediaModel, mediaModel, mediaModels, usualDriveModel } from "../models/index.ts";
import { contents, isContent } from "../storage/index.ts";
import type { RandomBytes } from "../../src/words/index.ts";
import { newChanger } from "./changer-contract.ts";
import { shapeOf } from "./changer-shape.ts";
import { counted, wrong } from "./refusals.ts";
import type { CartridgeDescription, CartridgeFacts, LibraryDescription, LibraryState, PlacedCartridge } from "./contract.ts";

const limits = { drives: 64, slots: 50_000, mailSlots: 240, pickers: 8, becomingReadyAnswers: 1000 } as const;
const minCapacityBytes = 64 * 1024;
/** The largest number of bytes that is exact, with room for sums. */
const maxCapacityBytes = 2 ** 50;

/** The state of a new library, and the cartridges to make for it. Wrong descriptions are refused with LIBRARY_DESCRIPTION. */
export function planLibrary(
  description: LibraryDescription,
  random: RandomBytes,
): { readonly state: LibraryState; readonly cartridges: readonly CartridgeFacts[] } {
  const models = modelsOf(description);
  const slots = counted("slots", description.slots ?? 10, 1, limits.slots);
  const mailSlots = counted("mail slots", description.mailSlots ?? 2, 0, limits.mailSlots);
  const pickers = counted("pickers", description.pickers ?? 1, 1, limits.pickers);
  const shape = shapeOf(description, { drive: models.length, slot: slots, mailSlot: mailSlots, transport: pickers });
  const { content } = description;
  const keeping = content === undefined ? {} : { content };
  const cartridges = (description.cartridges ?? []).map((one) => describeCartridge({ ...keeping, ...one }, random, models[0]!.ownMedia));
  if (new Set(cartridges.map((cartridge) => cartridge.barcode)).size < cartridges.length)
    {throw wrong("two cartridges have the same barcode");}
  const placed = (at: number): PlacedCartridge | null =>
    cartridges[at] === undefined ? null : { barcode: cartridges[at].barcode, source: null, ejected: true };
  const state: LibraryState = {
    format: "virtual tape library 3",
    serial: serialNumber(random),
    drives: models.map(({ name }) => ({ serial: serialNumber(random), model: name, cartridge: null, insertions: 0 })),
    slots: Array.from({ length: slots }, (_, at) => (at < slots - shape.reservedSlots ? placed(at) : null)),
    mailSlots: Array.from({ length: mailSlots }, () => null),
    pickers: Array.from({ length: pickers }, () => ({ cartridge: null, gripper: "well" })),
    shape,
    changer: newChanger,
    handsAtMailSlots: 0,
    becomingReadyAnswers: counted(
      "becoming-ready answers",
      description.becomingReadyAnswers ?? 0,
      0,
      limits.becomingReadyAnswers,
    ),
    ...keeping,
  };
  return { state, cartridges };
}

/** `usual` is the generation of cartridges whose barcodes say nothing. */
export function describeCartridge(cartridge: CartridgeDescription, random: RandomBytes, usual: MediaModel): CartridgeFacts {
  const { barcode } = cartridge;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(barcode)) throw wrong(`"${barcode}" is no barcode: 1 to 32 letters, digits, - and _`);
  const label = meaningOfLabel(barcode);
  const media = cartridge.generation === undefined ? (label?.media ?? usual) : mediaModel(cartridge.generation);
  if (media === undefined) throw wrong(`"${cartridge.generation}" is no generation: ${mediaModels.map(({ name }) => name).join(", ")}`);
  const kind = cartridge.kind ?? label?.kind ?? "data";
  if (kind === "worm" && media.wormMediumType === undefined) throw wrong(`there are no WORM cartridges of ${media.name}`);
  const capacityBytes = counted(`capacity of ${barcode}`, cartridge.capacityBytes ?? media.nativeBytes, minCapacityBytes, maxCapacityBytes);
  const isNew = cartridge.isNew === true ? { isNew: true } : {};
  return { barcode, capacityBytes, kind, serial: serialNumber(random), writeProtected: false, generation: media.name, ...isNew, ...contentOf(cartridge) };
}

function contentOf({ content }: CartridgeDescription): Pick<CartridgeFacts, "content"> {
  if (content === undefined || content === "kept") return {};
  if (isContent(content)) return { content };
  throw wrong(`"${String(content)}" is no way to keep content: ${contents.join(", ")}`);
}

function modelsOf({ drives = 2, model = usualDriveModel }: LibraryDescription): readonly DriveModel[] {
  const names = typeof drives === "number" ? new Array<string>(counted("drives", drives, 1, limits.drives)).fill(model) : drives;
  counted("drives", names.length, 1, limits.drives);
  return names.map((name) => {
    const known = driveModel(name);
    if (known === undefined) throw wrong(`"${name}" is no drive: ${driveModels.map((one) => one.name).join(", ")}`);
    return known;
  });
}

function serialNumber(random: RandomBytes): string {
  const bytes = new Uint8Array(5);
  random(bytes);
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
