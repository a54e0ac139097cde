import { resolve } from "node:path";
import { printable } from "../../words/index.ts";
import { sizeBytes, wholeNumber } from "../reading/index.ts";
import { cartridgeColumns, cartridgeDocument, modelColumns, modelDocument, placeColumns, plural, stateColumns, table, timingColumns, timingDocument } from "../views/index.ts";
import type { ArgumentRecord, Command } from "./command.ts";
import { changers, create } from "./simulator-create.ts";
import { faultCommands } from "./simulator-faults.ts";
import { handCommands } from "./simulator-hands.ts";
import { serve } from "./simulator-serve.ts";

const folderArgument: ArgumentRecord = { name: "FOLDER", summary: "where the simulated library lives" };
const barcodeArgument: ArgumentRecord = { name: "BARCODE", summary: "the cartridge" };

const show: Command = {
  noun: "simulator",
  verb: "show",
  summary: "show a simulated library as somebody standing before it sees it",
  arguments: [folderArgument],
  examples: [{ line: "strongroom simulator show /srv/vtl", what: "elements, cartridges on the shelf too, and what is broken, off or open" }],
  async run({ typed, answer, simulator, units }) {
    const library = await (await simulator()).show(resolve(typed.required("FOLDER")));
    const document = {
      folder: library.folder,
      elements: library.elements.map(({ name, barcode }) => ({ element: name, barcode: barcode ?? null })),
      cartridges: library.cartridges.map(cartridgeDocument),
      states: library.states.map(({ thing, state }) => ({ thing, state })),
    };
    answer.document(document, () => {
      answer.table(table(placeColumns, library.elements, units));
      answer.table(table(cartridgeColumns, library.cartridges, units));
      if (library.states.length > 0) answer.table(table(stateColumns, library.states, units));
    });
  },
};

const insert: Command = {
  noun: "simulator",
  verb: "insert",
  summary: "put a cartridge into a mail slot: from the shelf, or a new one",
  arguments: [folderArgument, barcodeArgument],
  options: [
    { flags: "--capacity SIZE", summary: "how much a new cartridge holds; cleaning cartridges need none", otherwise: "only one from the shelf is inserted" },
    { flags: "--never-loaded", summary: "a new one comes from the factory: of LTO-9 it is measured at its first load" },
  ],
  examples: [
    { line: "strongroom simulator insert /srv/vtl SR0001L8", what: "back from the shelf; then: strongroom library import vtl" },
    { line: "strongroom simulator insert /srv/vtl SR0011L8 --capacity 64MiB", what: "a new cartridge; SR0011LY is a WORM one" },
    { line: "strongroom simulator insert /srv/vtl CLN001L8", what: "a cleaning cartridge, as its label says" },
  ],
  async run({ typed, answer, simulator }) {
    const capacity = typed.option("--capacity");
    const barcode = typed.required("BARCODE");
    const capacityBytes = capacity === undefined ? undefined : sizeBytes(capacity, "--capacity");
    const { mailSlot, isNew } = await (await simulator()).insert(resolve(typed.required("FOLDER")), barcode, { capacityBytes, wasNeverLoaded: typed.flag("--never-loaded") });
    answer.document({ barcode, element: `mail:${String(mailSlot)}`, new: isNew }, () => {
      answer.line(`${printable(barcode)}${isNew ? ", a new cartridge," : ""} is in mail:${String(mailSlot)}`);
    });
    answer.next("strongroom library import NAME");
  },
};

const take: Command = {
  noun: "simulator",
  verb: "take",
  summary: "take a cartridge out of a mail slot and put it on the shelf",
  arguments: [folderArgument, barcodeArgument],
  examples: [{ line: "strongroom simulator take /srv/vtl SR0001L8", what: "after: strongroom library export vtl SR0001L8" }],
  async run({ typed, answer, simulator }) {
    const barcode = typed.required("BARCODE");
    await (await simulator()).take(resolve(typed.required("FOLDER")), barcode);
    answer.document({ barcode, place: "shelf" }, () => { answer.line(`${printable(barcode)} is on the shelf`); });
  },
};

const [protect, unprotect] = ([["protect", true], ["unprotect", false]] as const).map(([verb, on]): Command => ({
  noun: "simulator",
  verb,
  summary: `slide the write-protect tab of a cartridge ${on ? "shut" : "open"}`,
  arguments: [folderArgument, barcodeArgument],
  examples: [{ line: `strongroom simulator ${verb} /srv/vtl SR0001L8`, what: on ? "nothing can write to it now" : "it can be written again" }],
  async run({ typed, answer, simulator }) {
    const barcode = typed.required("BARCODE");
    await (await simulator()).setWriteProtect(resolve(typed.required("FOLDER")), barcode, on);
    answer.document({ barcode, write_protected: on }, () => { answer.line(`${printable(barcode)} is ${on ? "write protected" : "writable"}`); });
  },
})) as [Command, Command];

const dump: Command = {
  noun: "simulator",
  verb: "dump",
  summary: "write the tape files of a cartridge into a folder, as dd would read them",
  details: "What a stranger with a tape drive and dd gets. Nothing of Strongroom is used to read them.",
  arguments: [folderArgument, barcodeArgument, { name: "DIR", summary: "an empty or new folder for 000000, 000001, …" }],
  examples: [{ line: "strongroom simulator dump /srv/vtl SR0001L8 /tmp/sr0001", what: "then: tar xvf /tmp/sr0001/000000" }],
  async run({ typed, answer, simulator, units }) {
    const [barcode, target] = [typed.required("BARCODE"), resolve(typed.required("DIR"))];
    const { files, bytes } = await (await simulator()).dump(resolve(typed.required("FOLDER")), barcode, target);
    answer.document({ barcode, target, files, bytes }, () => {
      answer.line(`${printable(barcode)}: ${plural(files, "tape file")}, ${units.bytes(bytes)}, in ${printable(target)}`);
    });
  },
};

const digests: Command = {
  noun: "simulator",
  verb: "digests",
  summary: "print the SHA-256 of every tape file of a cartridge",
  details: "As sha256sum would print it of what simulator dump writes. Cartridges that do not keep their content still have it, but for files that two processes wrote.",
  arguments: [folderArgument, barcodeArgument],
  examples: [{ line: "strongroom simulator digests /srv/vtl SR0001L8", what: "a line for each tape file of the first partition" }],
  async run({ typed, answer, simulator }) {
    const barcode = typed.required("BARCODE");
    const found = await (await simulator()).digests(resolve(typed.required("FOLDER")), barcode);
    answer.document({ barcode, sha256: found.map((digest) => digest ?? null) }, () => {
      for (const [file, digest] of found.entries()) answer.line(`${digest ?? "-".repeat(64)}  ${String(file).padStart(6, "0")}`);
    });
  },
};

const damage: Command = {
  noun: "simulator",
  verb: "damage",
  summary: "flip one bit on a cartridge, for a drill",
  details: "Afterwards strongroom volume verify must name the object. What is damaged stays damaged: use a cartridge made for the drill.",
  arguments: [folderArgument, barcodeArgument],
  options: [
    { flags: "--file N", summary: "which tape file, from 0", required: true },
    { flags: "--byte N", summary: "which byte in it, from 0", required: true },
    { flags: "--bit N", summary: "which bit, 0 to 7", otherwise: "0" },
  ],
  examples: [{ line: "strongroom simulator damage /srv/vtl SR0001L8 --file 3 --byte 1000", what: "then: strongroom volume verify SR0001L8" }],
  async run({ typed, answer, simulator }) {
    const barcode = typed.required("BARCODE");
    const at = {
      file: wholeNumber(typed.needed("--file"), "--file", 0, 1_000_000_000),
      byte: wholeNumber(typed.needed("--byte"), "--byte", 0, Number.MAX_SAFE_INTEGER),
      bit: wholeNumber(typed.option("--bit") ?? "0", "--bit", 0, 7),
    };
    await (await simulator()).damage(resolve(typed.required("FOLDER")), barcode, at);
    answer.document({ barcode, ...at }, () => {
      answer.line(`${printable(barcode)}: bit ${String(at.bit)} of byte ${String(at.byte)} of tape file ${String(at.file)} is flipped`);
    });
    answer.next(`strongroom volume verify ${printable(barcode)}`);
  },
};

const timing: Command = {
  noun: "simulator",
  verb: "timing",
  summary: "compare what the model of drives gives with what vendors publish",
  details: "Loads, searches and fills a cartridge of every generation on virtual time. What nobody publishes is marked as an estimate.",
  examples: [{ line: "strongroom simulator timing", what: "every generation, within a tenth of the published figures" }],
  async run({ answer, simulator, units }) {
    const figures = (await simulator()).timing();
    answer.document({ figures: figures.map(timingDocument) }, () => { answer.table(table(timingColumns, figures, units)); });
    await Promise.resolve();
  },
};

const models: Command = {
  noun: "simulator",
  verb: "models",
  summary: "list the drives that can be simulated, and what each takes",
  details: "Figures are those of makers and standards. What nobody publishes is an estimate, and named in the last column.",
  examples: [{ line: "strongroom simulator models", what: "then: strongroom simulator create /srv/vtl --generation 9" }],
  async run({ answer, simulator, units }) {
    const known = (await simulator()).models();
    answer.document({ models: known.map(modelDocument) }, () => { answer.table(table(modelColumns, known, units)); });
    await Promise.resolve();
  },
};

export const simulatorCommands: readonly Command[] = [create, show, insert, take, protect, unprotect, dump, digests, damage, timing, models, changers, serve, ...faultCommands, ...handCommands];
