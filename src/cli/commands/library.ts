import { resolve } from "node:path";
import type { NewLibrary } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import { elementReference } from "../reading/index.ts";
import {
  conditionDocument, elementColumns, elementDocument, elementName, libraryColumns, libraryRemarks, plural, table, targetColumns,
} from "../views/index.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command, OptionRecord } from "./command.ts";
import { identityOptions, identityTyped, networkLibraryTyped, portalOptions } from "./library-network.ts";

const libraryArgument: ArgumentRecord = { name: "NAME", summary: "name of the library", names: "library" };
const why: OptionRecord = { flags: "--why TEXT", summary: "the reason, for the movement's record", otherwise: "the command itself" };

const add: Command = {
  noun: "library",
  verb: "add",
  summary: "add a library to the appliance",
  arguments: [{ name: "NAME", summary: "name of the library: lower-case letters, digits and dashes" }],
  details:
    "A real library is named by its changer: /dev/sg3, any other of its nodes, a link below /dev/tape/by-id, or serial:NUMBER. Its serial number " +
    "is what is kept, so that it is found again wherever it comes up. Its drives are found by the serial numbers that the changer tells. " +
    "A library on the network needs neither root nor a kernel module; secrets are read from files alone.",
  options: [
    { flags: "--changer DEVICE", summary: "a library at this machine, by its media changer" },
    { flags: "--drive DEVICE", summary: "of a changer that tells no serial numbers: its drives, in the order of their elements", many: true },
    { flags: "--look BARCODE", summary: "of such a changer: bring that cartridge to each drive, and see which one has it" },
    { flags: "--simulator FOLDER", summary: "a simulated library that strongroom simulator create made" },
    ...portalOptions("a library on the network"),
    { flags: "--target IQN", summary: "with --iscsi: its target", otherwise: "the only one that the portal shows" },
    { flags: "--changer-lun NUMBER", summary: "with --iscsi: the changer's logical unit", otherwise: "asked of the target" },
    { flags: "--drive-lun NUMBER", summary: "with --iscsi: the drives' logical units, in the order of their elements", many: true },
  ],
  examples: [
    { line: "strongroom library add autoloader --changer /dev/sg3", what: "the library whose changer is /dev/sg3 now" },
    { line: "strongroom library add vtl --simulator /srv/vtl", what: "use the simulated library in /srv/vtl as vtl" },
    { line: "strongroom library add atl --iscsi 10.0.0.5", what: "the library behind the only target of that portal" },
  ],
  async run({ typed, answer, operations }) {
    const request = requestTyped(typed);
    const { name, kind, place } = await (await operations()).library.add(request);
    answer.document({ name, kind, place }, () => {
      answer.line(`library ${printable(name)}: added, ${placeWords[kind] ?? "at"} ${printable(place)}`);
    });
    answer.next(`strongroom library show ${printable(name)}`);
  },
};

const placeWords: Readonly<Record<string, string>> = { simulator: "simulated in", sg: "its changer is", iscsi: "on the network," };

function requestTyped(typed: Typed): NewLibrary {
  const name = typed.required("NAME");
  const portal = typed.option("--iscsi");
  if (portal !== undefined) return networkLibraryTyped(typed, name, portal);
  const [changer, simulator, drives, look] = [typed.option("--changer"), typed.option("--simulator"), typed.options("--drive"), typed.option("--look")];
  if (changer !== undefined && simulator === undefined && (look === undefined || drives.length === 0)) {
    return { name, changer: devicePath(changer), ...(look === undefined ? {} : { look }), ...(drives.length === 0 ? {} : { drives: drives.map(devicePath) }) };
  }
  if (simulator !== undefined && changer === undefined && drives.length === 0 && look === undefined) return { name, simulatorFolder: resolve(simulator) };
  throw new StrongroomError("usage", "LIBRARY_INVALID", "name one library: either --changer DEVICE, with --drive or --look as needed, or --simulator FOLDER, or --iscsi PORTAL", {
    hint: "see --help for examples; lsscsi -g lists the devices of this machine",
  });
}

function devicePath(device: string): string {
  return device.startsWith("serial:") ? device : resolve(device);
}

const discover: Command = {
  noun: "library",
  verb: "discover",
  summary: "ask an iSCSI portal for the targets that it shows to this appliance",
  arguments: [{ name: "PORTAL", summary: "host, host:port or [v6]:port" }],
  options: identityOptions,
  examples: [{ line: "strongroom library discover 10.0.0.5", what: "which libraries could be added from there" }],
  async run({ typed, answer, operations, units }) {
    const portal = typed.required("PORTAL");
    const targets = await (await operations()).library.discover({ portal, ...identityTyped(typed) });
    answer.document({ portal, targets: targets.map(({ name, portals }) => ({ name, portals: [...portals] })) }, () => {
      answer.table(table(targetColumns, targets, units));
    });
    if (targets.length > 0) answer.next(`strongroom library add NAME --iscsi ${printable(portal)} --target ${printable(targets[0]!.name)}`);
  },
};

const remove: Command = {
  noun: "library",
  verb: "remove",
  summary: "take a library out of the appliance; what is known of its cartridges is kept",
  arguments: [libraryArgument],
  details: "Refused while a pool uses the library. Nothing is moved or written, and the library can be added again under the same name.",
  examples: [{ line: "strongroom library remove vtl", what: "forget where vtl is" }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    await (await operations()).library.remove(library);
    answer.document({ library, removed: true }, () => { answer.line(`library ${printable(library)}: removed`); });
  },
};

const list: Command = {
  noun: "library",
  verb: "list",
  summary: "list the libraries",
  examples: [{ line: "strongroom library list", what: "names, kinds and places" }],
  async run({ answer, operations, units }) {
    const libraries = await (await operations()).library.list();
    answer.document({ libraries: libraries.map(({ name, kind, place }) => ({ name, kind, place })) }, () => {
      answer.table(table(libraryColumns, libraries, units));
    });
    if (libraries.length === 0) answer.next("strongroom library add NAME --changer DEVICE");
  },
};

const show: Command = {
  noun: "library",
  verb: "show",
  summary: "show every slot, mail slot and drive, and what is in it",
  arguments: [libraryArgument],
  examples: [{ line: "strongroom library show vtl", what: "what is where" }],
  async run({ typed, answer, operations, units }) {
    const library = await (await operations()).library.show(typed.required("NAME"));
    answer.document({
      name: library.name, product: library.product, condition: conditionDocument(library.condition), elements: library.elements.map(elementDocument),
    }, () => {
      answer.line(`library ${printable(library.name)}: ${printable(library.product)}`);
      for (const line of libraryRemarks(library)) answer.line(line);
      answer.table(table(elementColumns, library.elements, units));
    });
  },
};

const move: Command = {
  noun: "library",
  verb: "move",
  summary: "move a cartridge from one place in the library to another",
  arguments: [
    libraryArgument,
    { name: "FROM", summary: "slot:3, drive:0 or mail:1; transport:0 for what was left in a gripper" },
    { name: "TO", summary: "slot:3, drive:0 or mail:1" },
  ],
  options: [why],
  examples: [{ line: "strongroom library move vtl slot:3 mail:1", what: "slot 3 to mail slot 1" }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    const [from, to] = [elementReference(typed.required("FROM")), elementReference(typed.required("TO"))];
    await (await operations()).library.move({ library, from, to, why: typed.option("--why") ?? "strongroom library move" });
    answer.document({ library, from: elementName(from), to: elementName(to) }, () => {
      answer.line(`${printable(library)}: what was in ${elementName(from)} is in ${elementName(to)} now`);
    });
  },
};

const importFromMail: Command = {
  noun: "library",
  verb: "import",
  summary: "bring every cartridge from the mail slots into slots",
  arguments: [libraryArgument],
  options: [why],
  examples: [{ line: "strongroom library import vtl", what: "after putting cartridges into the mail slots" }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    const barcodes = await (await operations()).library.import(library, typed.option("--why") ?? "strongroom library import");
    answer.document({ library, imported: barcodes }, () => {
      const which = barcodes.length === 0 ? "the mail slots are empty" : `${plural(barcodes.length, "cartridge")} imported: ${barcodes.map(printable).join(", ")}`;
      answer.line(`${printable(library)}: ${which}`);
    });
  },
};

const exportToMail: Command = {
  noun: "library",
  verb: "export",
  summary: "bring cartridges to the mail slots, to be taken out",
  arguments: [libraryArgument, { name: "BARCODE", summary: "cartridges to bring out", many: true, names: "cartridge" }],
  options: [why],
  examples: [{ line: "strongroom library export vtl SR0001L8 SR0002L8 --why 'to the vault'", what: "two cartridges to mail slots" }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    const exported = await (await operations()).library.export(
      library,
      typed.arguments("BARCODE"),
      typed.option("--why") ?? "strongroom library export",
    );
    answer.document({ library, exported: exported.map(({ barcode, mailSlot }) => ({ barcode, element: `mail:${String(mailSlot)}` })) }, () => {
      for (const { barcode, mailSlot } of exported) answer.line(`${printable(barcode)} is in mail:${String(mailSlot)}: take it out`);
    });
  },
};

const mailSlots = (verb: "open" | "close", what: string): Command => ({
  noun: "library",
  verb,
  summary: `${verb} the mail slots of a library that can do so by command`,
  arguments: [libraryArgument],
  examples: [{ line: `strongroom library ${verb} vtl`, what }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    await (await operations()).library.mailSlots(library, verb);
    answer.document({ library, mail_slots: verb === "open" ? "opened" : "closed" }, () => {
      answer.line(`${printable(library)}: mail slots ${verb === "open" ? "opened" : "closed"}`);
    });
  },
});

const audit: Command = {
  noun: "library",
  verb: "audit",
  summary: "make the library look at every element again, and take over what it sees",
  arguments: [libraryArgument],
  examples: [{ line: "strongroom library audit vtl", what: "after somebody opened its door" }],
  async run({ typed, answer, operations }) {
    const library = typed.required("NAME");
    await (await operations()).library.audit(library);
    answer.document({ library, audited: true }, () => { answer.line(`${printable(library)}: audited`); });
    answer.next(`strongroom library show ${printable(library)}`);
  },
};

export const libraryCommands: readonly Command[] = [
  add, discover, list, show, move, importFromMail, exportToMail,
  mailSlots("open", "put cartridges in or take them out"), mailSlots("close", "when that is done"),
  audit, remove,
];
