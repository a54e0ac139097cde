import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type CartridgeDescription, type CartridgePlace, comparePublished, createLibrary, driveForSuffix, dumpCartridge, flipBit, type LayoutName, layouts,
  type LibraryDescription, meaningOfLabel, openLibrary,
  type QuirkName, quirks, tapeFileDigests, toldModels, type VirtualLibrary,
} from "../../simulator/index.ts";
import type { NewSimulatedLibrary, SimulatedElement, SimulatorTools } from "../cli/index.ts";
import { StrongroomError, systemRandom } from "../words/index.ts";
import { simulatorHands, statesOf } from "./simulator-hands.ts";
import { simulatorFaults } from "./simulator-faults.ts";
import { serveSimulators } from "./simulator-service.ts";

/** The operator's hands on simulated libraries, as the command line reaches them. */
export const simulatorTools: SimulatorTools = {
  create: async (folder, { drives, slots, mailSlots, barcodes, capacityBytes, generation, isHalfHeight, content, wereNeverLoaded, ...shape }) => {
    const cartridges = barcodes.map((barcode) => cartridgeOf(barcode, capacityBytes, wereNeverLoaded));
    const { name: model } = driveForSuffix(generation, isHalfHeight ? "half" : "full") ?? driveForSuffix("L8", isHalfHeight ? "half" : "full")!;
    await (await createLibrary(folder, { drives, model, slots, mailSlots, cartridges, content: contentOf[content], ...changerOf(shape) }, systemRandom)).close();
  },
  show: async (folder) =>
    await withLibrary(folder, async (library) => {
      const listings = await library.hands.list();
      const cartridges = listings.map(({ barcode, capacityBytes, usedBytes, writeProtected, place }) => ({
        barcode,
        place: nameOf(place),
        capacityBytes,
        usedBytes,
        writeProtected,
      }));
      return { folder, elements: elementsOf(library, listings), cartridges, states: await statesOf(library.hands) };
    }),
  insert: async (folder, barcode, { capacityBytes, wasNeverLoaded }) =>
    await withLibrary(folder, async ({ hands }) => {
      const isNew = !(await hands.knows(barcode));
      if (isNew && capacityBytes === undefined && meaningOfLabel(barcode)?.kind !== "cleaning") {
        throw new StrongroomError("usage", "CAPACITY_NEEDED", `there is no cartridge ${barcode} yet; nothing was inserted`, {
          hint: "say how much a new one holds: --capacity 64MiB",
        });
      }
      if (!isNew && wasNeverLoaded) {
        throw new StrongroomError("usage", "CARTRIDGE_KNOWN", `${barcode} is no new cartridge; nothing was inserted`, { hint: "leave --never-loaded out" });
      }
      if (isNew) await hands.addCartridge(cartridgeOf(barcode, capacityBytes, wasNeverLoaded));
      return { mailSlot: (await hands.insert(barcode)) + 1, isNew };
    }),
  take: async (folder, barcode) => {
    await withLibrary(folder, ({ hands }) => hands.take(barcode));
  },
  setWriteProtect: async (folder, barcode, on) => {
    await withLibrary(folder, ({ hands }) => hands.setWriteProtected(barcode, on));
  },
  dump: async (folder, barcode, target) => {
    mkdirSync(target, { recursive: true });
    const files = await dumpCartridge(folder, barcode, target);
    const bytes = readdirSync(target).reduce((sum, name) => sum + statSync(join(target, name)).size, 0);
    return { files, bytes };
  },
  digests: tapeFileDigests,
  timing: () => comparePublished(),
  models: toldModels,
  changers: () => ({
    layouts: Object.entries(layouts).map(([name, layout]) => ({ name, ...layout })),
    quirks: Object.entries(quirks).map(([name, what]) => ({ name, what })),
  }),
  hands: simulatorHands,
  faults: simulatorFaults,
  serve: serveSimulators,
  damage: async (folder, barcode, { file, byte, bit }) => {
    await flipBit(folder, barcode, file, byte, bit);
  },
};

function cartridgeOf(barcode: string, capacityBytes: number | undefined, isNew: boolean): CartridgeDescription {
  return { barcode, ...(capacityBytes === undefined ? {} : { capacityBytes }), ...(isNew ? { isNew } : {}) };
}

const contentOf = { keep: "kept", zeros: "zeros", refuse: "refused" } as const;

type ChangerWish = Pick<NewSimulatedLibrary, "pickers" | "slotsPerMagazine" | "reservedSlots" | "layout" | "quirks">;

/** Names that there are not are refused where the library is planned. */
function changerOf({ pickers, slotsPerMagazine, reservedSlots, layout, quirks: names }: ChangerWish): LibraryDescription {
  const magazines = slotsPerMagazine === undefined ? {} : { slotsPerMagazine };
  return { pickers, reservedSlots, layout: layout as LayoutName, quirks: names as readonly QuirkName[], ...magazines };
}

async function withLibrary<T>(folder: string, work: (library: VirtualLibrary) => Promise<T>): Promise<T> {
  const library = await openLibrary(folder, systemRandom);
  try {
    return await work(library);
  } finally {
    await library.close();
  }
}

/** Drives and grippers are numbered from 0, slots and mail slots from 1, as everywhere. */
function nameOf(place: CartridgePlace): string {
  if (place.where === "shelf") return "shelf";
  if (place.where === "drive" || place.where === "transport") return `${place.where}:${String(place.number)}`;
  return `${place.where === "slot" ? "slot" : "mail"}:${String(place.number + 1)}`;
}

function elementsOf(library: VirtualLibrary, listings: readonly { readonly barcode: string; readonly place: CartridgePlace }[]): SimulatedElement[] {
  const barcodes = new Map(listings.map(({ barcode, place }) => [nameOf(place), barcode]));
  const places: CartridgePlace[] = [
    ...range(library.driveCount, "drive"),
    ...range(library.slotCount, "slot"),
    ...range(library.mailSlotCount, "mailSlot"),
  ];
  return places.map((place) => ({ name: nameOf(place), barcode: barcodes.get(nameOf(place)) }));
}

function range(count: number, where: "drive" | "slot" | "mailSlot"): CartridgePlace[] {
  return Array.from({ length: count }, (_, number) => ({ where, number }));
}
