import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { plural } from "../views/index.ts";
import type { ArgumentRecord, Command } from "./command.ts";

const folderArgument: ArgumentRecord = { name: "FOLDER", summary: "where the simulated library lives" };

const fault: Command = {
  noun: "simulator",
  verb: "fault",
  summary: "let something go wrong in a simulated library, whoever uses it",
  details: "Rules wait in the library's folder, for whatever process carries its next commands, one that serves it already among them. One that strikes once strikes once "
    + "in all; each process counts for itself.",
  arguments: [folderArgument, { name: "RULE", summary: "a JSON object, as docs/SIMULATOR.md has them", optional: true }],
  options: [{ flags: "--file FILE", summary: "a file of rules instead, one to a line" }],
  examples: [
    { line: "strongroom simulator fault /srv/vtl '{\"lun\": 1, \"opcode\": \"0x0a\", \"nth\": 3, \"effect\": {\"kind\": \"busy\"}}'", what: "the third write from now on meets BUSY" },
    { line: "strongroom simulator fault /srv/vtl --file rules.jsonl", what: "all rules of a file" },
  ],
  async run({ typed, answer, simulator }) {
    const [text, file] = [typed.argument("RULE"), typed.option("--file")];
    if ((text === undefined) === (file === undefined)) {
      throw new StrongroomError("usage", "FAULT_RULE", "a rule is given, or a file of rules; nothing was changed", { hint: "give RULE or --file FILE" });
    }
    const added = await (await simulator()).faults.add(resolve(typed.required("FOLDER")), file === undefined ? { text: text! } : { file: resolve(file) });
    answer.document({ added }, () => { answer.line(`${plural(added, "rule")} added`); });
    answer.next("strongroom simulator strikes FOLDER");
  },
};

const faults: Command = {
  noun: "simulator",
  verb: "faults",
  summary: "list the rules of faults that wait in a simulated library",
  arguments: [folderArgument],
  options: [{ flags: "--clear", summary: "take all of them back" }],
  examples: [
    { line: "strongroom simulator faults /srv/vtl", what: "one rule to a line, as --file takes them" },
    { line: "strongroom simulator faults /srv/vtl --clear", what: "nothing goes wrong any more" },
  ],
  async run({ typed, answer, simulator }) {
    const folder = resolve(typed.required("FOLDER"));
    if (typed.flag("--clear")) {
      const cleared = await (await simulator()).faults.clear(folder);
      answer.document({ cleared }, () => { answer.line(`${plural(cleared, "rule")} taken back`); });
      return;
    }
    const rules = await (await simulator()).faults.list(folder);
    answer.document({ rules: [...rules] }, () => { for (const rule of rules) answer.line(printable(rule)); });
  },
};

const strikes: Command = {
  noun: "simulator",
  verb: "strikes",
  summary: "show which faults struck a simulated library",
  details: "The latest, in all processes; LUN 0 is the changer. The oldest are forgotten after some megabytes.",
  arguments: [folderArgument],
  examples: [{ line: "strongroom simulator strikes /srv/vtl", what: "when, at which command, and what happened" }],
  async run({ typed, answer, simulator }) {
    const struck = await (await simulator()).faults.strikes(resolve(typed.required("FOLDER")));
    const document = { strikes: struck.map(({ timeMs, lun, cdb, phase, fault: kind }) => ({ time: new Date(timeMs).toISOString(), lun, cdb, phase, fault: kind })) };
    answer.document(document, () => {
      for (const { time, lun, cdb, phase, fault: kind } of document.strikes) answer.line(`${time}  LUN ${String(lun)}  ${printable(cdb)}  ${printable(phase)}  ${printable(kind)}`);
    });
  },
};

export const faultCommands: readonly Command[] = [fault, faults, strikes];
