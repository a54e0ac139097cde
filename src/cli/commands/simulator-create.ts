import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { sizeBytes, wholeNumber } from "../reading/index.ts";
import type { NewSimulatedLibrary } from "../simulator-tools.ts";
import { layoutColumns, layoutDocument, plural, quirkColumns, table } from "../views/index.ts";
import type { Typed } from "./call.ts";
import type { Command } from "./command.ts";

export const create: Command = {
  noun: "simulator",
  verb: "create",
  summary: "make a simulated tape library in a folder",
  details: "The library behaves like a real one down to its sense data and keeps its cartridges in the folder: for trying, learning and drills.",
  arguments: [{ name: "FOLDER", summary: "where the simulated library lives" }],
  options: [
    { flags: "--drives N", summary: "how many drives", otherwise: "2" },
    { flags: "--slots N", summary: "how many slots", otherwise: "10" },
    { flags: "--mail-slots N", summary: "how many mail slots", otherwise: "2" },
    { flags: "--cartridges N", summary: "how many blank cartridges to put into slots", otherwise: "one for each slot" },
    { flags: "--capacity SIZE", summary: "how much each cartridge holds; native for what its generation does", otherwise: "64MiB" },
    { flags: "--prefix TEXT", summary: "what barcodes begin with", otherwise: "SR" },
    { flags: "--generation G", summary: "of drives and cartridges: 5 to 10, or what barcodes end with: L8, M8, LA, PA", otherwise: "8" },
    { flags: "--half-height", summary: "drives of half height" },
    { flags: "--pickers N", summary: "how many grippers move cartridges", otherwise: "1" },
    { flags: "--magazine SIZE", summary: "how many slots come out together", otherwise: "none do" },
    { flags: "--reserved-slots N", summary: "how many slots at the end are hidden from initiators", otherwise: "0" },
    { flags: "--layout NAME", summary: "whose element addresses: see strongroom simulator changers", otherwise: "default" },
    { flags: "--content HOW", summary: "what cartridges keep of what is written on them", choices: ["keep", "zeros", "refuse"], otherwise: "keep: all" },
    { flags: "--never-loaded", summary: "cartridges come from the factory: LTO-9 ones are measured at their first load" },
    { flags: "--quirk NAME", summary: "a habit of its changer: see strongroom simulator changers", many: true },
  ],
  examples: [
    { line: "strongroom simulator create /srv/vtl", what: "two drives, ten slots, ten cartridges of 64 MiB" },
    { line: "strongroom simulator create /srv/vtl --slots 24 --cartridges 8 --capacity 2GiB", what: "larger" },
    { line: "strongroom simulator create /srv/vtl --generation 9 --capacity native", what: "LTO-9 drives, cartridges of 18 TB that take room as they are filled" },
    { line: "strongroom simulator create /srv/vtl --slots 10000 --prefix S --capacity native --content zeros", what: "sizes and hashes are kept, blocks are forgotten and read as zeros" },
    { line: "strongroom simulator create /srv/vtl --layout hpe --magazine 12 --slots 48 --quirk one-type --quirk lower-case", what: "a changer like some that exist" },
  ],
  async run({ typed, answer, simulator }) {
    const folder = resolve(typed.required("FOLDER"));
    const library = libraryTyped(typed);
    await (await simulator()).create(folder, library);
    const document = {
      folder,
      drives: library.drives,
      slots: library.slots,
      mail_slots: library.mailSlots,
      barcodes: library.barcodes,
      capacity_bytes: library.capacityBytes ?? null,
      generation: library.generation,
      pickers: library.pickers,
      slots_per_magazine: library.slotsPerMagazine ?? null,
      reserved_slots: library.reservedSlots,
      layout: library.layout,
      quirks: [...library.quirks],
      content: library.content,
      never_loaded: library.wereNeverLoaded,
    };
    answer.document(document, () => {
      const what = `${plural(library.drives, "drive")}, ${plural(library.slots, "slot")}, ${plural(library.mailSlots, "mail slot")}`;
      answer.line(`simulated library in ${printable(folder)}: ${what}, ${plural(library.barcodes.length, "cartridge")}`);
    });
    answer.next(`strongroom library add NAME --simulator ${printable(folder)}`);
  },
};

function libraryTyped(typed: Typed): NewSimulatedLibrary {
  const number = (option: string, otherwise: number, least: number, most: number): number =>
    wholeNumber(typed.option(option) ?? String(otherwise), option, least, most);
  const slots = number("--slots", 10, 1, 50_000);
  const reservedSlots = number("--reserved-slots", 0, 0, slots - 1);
  const cartridges = number("--cartridges", slots - reservedSlots, 0, slots - reservedSlots);
  const prefix = typed.option("--prefix") ?? "SR";
  const generation = suffixOf(typed.option("--generation") ?? "8");
  if (!/^[A-Z0-9]{1,5}$/.test(prefix) || !/^[A-Z][A-Z0-9]$/.test(generation)) {
    throw new StrongroomError("usage", "BARCODE_INVALID", "a barcode has capital letters and digits only", {
      hint: "give a prefix of 1 to 5 characters such as SR, and a generation such as L8",
    });
  }
  const capacity = typed.option("--capacity") ?? "64MiB";
  const digits = 6 - prefix.length;
  if (cartridges >= 10 ** digits) {
    throw new StrongroomError("usage", "BARCODE_TOO_SHORT", `the prefix ${prefix} leaves ${String(digits)} digits, too few for ${String(cartridges)} cartridges`, {
      hint: "give a shorter --prefix",
    });
  }
  return {
    drives: number("--drives", 2, 1, 64),
    slots,
    mailSlots: number("--mail-slots", 2, 0, 240),
    barcodes: Array.from({ length: cartridges }, (_, index) => `${prefix}${String(index + 1).padStart(digits, "0")}${generation}`),
    capacityBytes: capacity === "native" ? undefined : sizeBytes(capacity, "--capacity"),
    generation,
    isHalfHeight: typed.flag("--half-height"),
    pickers: number("--pickers", 1, 1, 8),
    slotsPerMagazine: typed.option("--magazine") === undefined ? undefined : number("--magazine", slots, 1, slots),
    reservedSlots,
    layout: typed.option("--layout") ?? "default",
    quirks: typed.options("--quirk"),
    content: (typed.option("--content") ?? "keep") as NewSimulatedLibrary["content"],
    wereNeverLoaded: typed.flag("--never-loaded"),
  };
}

/** `9` and `LTO-9` are other words for L9, 10 for LA. */
function suffixOf(generation: string): string {
  const number = /^(?:LTO-)?([5-9]|10)$/.exec(generation)?.[1];
  if (number === undefined) return generation;
  return number === "10" ? "LA" : `L${number}`;
}

export const changers: Command = {
  noun: "simulator",
  verb: "changers",
  summary: "list the layouts and the habits that simulated changers can have",
  details: "Layouts are the addresses of elements, as libraries have them. Habits are what changers do otherwise than the standard has it, or than most others do.",
  examples: [{ line: "strongroom simulator changers", what: "then: strongroom simulator create /srv/vtl --layout hpe --quirk one-type" }],
  async run({ answer, simulator, units }) {
    const { layouts, quirks } = (await simulator()).changers();
    answer.document({ layouts: layouts.map(layoutDocument), quirks: quirks.map(({ name, what }) => ({ name, what })) }, () => {
      answer.table(table(layoutColumns, layouts, units));
      answer.table(table(quirkColumns, quirks, units));
    });
    await Promise.resolve();
  },
};
