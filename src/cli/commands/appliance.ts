import { worst } from "../../words/index.ts";
import { applianceDocument, applianceFacts, findingColumns, findingDocument, table } from "../views/index.ts";
import type { Command } from "./command.ts";

const init: Command = {
  noun: "appliance",
  verb: "init",
  summary: "make a new appliance in an empty state folder",
  details:
    "The name, the organisation and the contact lines are printed into the README of every volume: they tell a stranger who finds one whom to ask.",
  options: [
    { flags: "--name NAME", summary: "name of the appliance: lower-case letters, digits and dashes", required: true },
    { flags: "--organisation TEXT", summary: "who owns the media" },
    { flags: "--contact LINE", summary: "who to ask about a volume", many: true },
  ],
  examples: [
    { line: "strongroom appliance init --name vault", what: "the shortest form" },
    {
      line: 'strongroom appliance init --name vault --organisation "Example Museum" --contact "archive@museum.example"',
      what: "with words for whoever finds a tape",
    },
  ],
  async run({ typed, answer, operations, units }) {
    const organisation = typed.option("--organisation");
    const info = await (await operations()).appliance.init({
      name: typed.needed("--name"),
      ...(organisation === undefined ? {} : { organisation }),
      contacts: typed.options("--contact"),
    });
    answer.document(applianceDocument(info), () => { answer.facts(applianceFacts(info, units)); });
    answer.next("strongroom key init --export DIR");
  },
};

const show: Command = {
  noun: "appliance",
  verb: "show",
  summary: "show the appliance and its spool",
  examples: [{ line: "strongroom appliance show", what: "name, state folder, spool" }],
  async run({ answer, operations, units }) {
    const info = await (await operations()).appliance.show();
    answer.document(applianceDocument(info), () => { answer.facts(applianceFacts(info, units)); });
  },
};

const check: Command = {
  noun: "appliance",
  verb: "check",
  summary: "look for anything wrong with permissions, configuration, records, keys and spool",
  details: "No device is touched. The exit code is 0 when nothing is wrong, 3 for warnings, 1 for errors.",
  examples: [{ line: "strongroom appliance check", what: "before the first run, and after every change by hand" }],
  async run({ answer, operations, units }) {
    const findings = await (await operations()).appliance.check();
    const severity = findings.map((finding) => finding.severity).reduce(worst, "ok");
    answer.document({ severity, findings: findings.map(findingDocument) }, () => {
      if (findings.length === 0) answer.line("nothing wrong was found");
      else answer.table(table(findingColumns, findings, units));
    });
    answer.exitWith(severity);
  },
};

export const applianceCommands: readonly Command[] = [init, show, check];
