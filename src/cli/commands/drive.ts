import { printable, StrongroomError } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import { alertColumns, driveColumns, driveDetailsDocument, driveDocument, driveFacts, elementName, table } from "../views/index.ts";
import type { Call } from "./call.ts";
import type { ArgumentRecord, Command } from "./command.ts";
import { libraryOrOnly } from "./names.ts";

const inLibrary: ArgumentRecord = {
  name: "[LIBRARY] N",
  summary: "number of the drive, from 0; before it the name of the library where there are several",
  many: true,
  names: "library",
};

const list: Command = {
  noun: "drive",
  verb: "list",
  summary: "list the drives of all libraries, what is in them and who holds them",
  examples: [{ line: "strongroom drive list", what: "every drive" }],
  async run({ answer, operations, units }) {
    const drives = await (await operations()).drive.list();
    answer.document({ drives: drives.map(driveDocument) }, () => { answer.table(table(driveColumns, drives, units)); });
    if (drives.length === 0) answer.next("strongroom library add NAME --changer DEVICE");
  },
};

const show: Command = {
  noun: "drive",
  verb: "show",
  summary: "show one drive: its cartridge, what is left on it, and its alerts",
  arguments: [inLibrary],
  examples: [
    { line: "strongroom drive show 0", what: "drive 0 of the only library" },
    { line: "strongroom drive show vtl 1", what: "drive 1 of library vtl" },
  ],
  async run(call) {
    const { answer, operations, units } = call;
    const [library, number] = await libraryAnd(call, inLibrary.name);
    const drive = await (await operations()).drive.show(library, driveNumber(number));
    answer.document(driveDetailsDocument(drive), () => {
      answer.facts(driveFacts(drive, units));
      if (drive.alerts.length > 0) answer.table(table(alertColumns, drive.alerts, units));
    });
  },
};

const load: Command = {
  noun: "drive",
  verb: "load",
  summary: "bring a cartridge into a free drive",
  arguments: [
    {
      name: "[LIBRARY] BARCODE",
      summary: "the cartridge; before it the name of the library where there are several",
      many: true,
      names: "cartridge",
    },
  ],
  examples: [{ line: "strongroom drive load SR0001L8", what: "into a free drive of the only library" }],
  async run(call) {
    const { answer, operations } = call;
    const [library, barcode] = await libraryAnd(call, "[LIBRARY] BARCODE");
    const { drive } = await (await operations()).drive.load(library, barcode);
    answer.document({ library, barcode, element: `drive:${String(drive)}` }, () => {
      answer.line(`${printable(barcode)} is in drive:${String(drive)} of ${printable(library)}`);
    });
  },
};

const unload: Command = {
  noun: "drive",
  verb: "unload",
  summary: "bring the cartridge of a drive back to a slot",
  arguments: [inLibrary],
  examples: [{ line: "strongroom drive unload 0", what: "empty drive 0 of the only library" }],
  async run(call) {
    const { answer, operations } = call;
    const [library, number] = await libraryAnd(call, inLibrary.name);
    const { to } = await (await operations()).drive.unload(library, driveNumber(number));
    answer.document({ library, drive: driveNumber(number), to: elementName(to) }, () => {
      answer.line(`drive:${number} of ${printable(library)} is empty; its cartridge is in ${elementName(to)}`);
    });
  },
};

/** The library and what follows it, of one or two typed words. */
async function libraryAnd({ typed, operations }: Call, argument: string): Promise<readonly [library: string, rest: string]> {
  const words = typed.arguments(argument);
  const rest = words.at(-1);
  if (rest === undefined || words.length > 2) {
    throw new StrongroomError("usage", "ARGUMENTS_INVALID", `give one or two words: ${argument}`, { hint: "see --help for examples" });
  }
  return [await libraryOrOnly(await operations(), words.length === 2 ? words[0] : undefined), rest];
}

function driveNumber(typed: string): number {
  return wholeNumber(typed.replace(/^drive:/, ""), "drive", 0, 65_535);
}

export const driveCommands: readonly Command[] = [list, show, load, unload];
