import { resolve } from "node:path";
import { printable, worst } from "../../words/index.ts";
import { applianceDocument, applianceFacts, findingColumns, findingDocument, table } from "../views/index.ts";
import type { Command } from "./command.ts";
import { passphraseOptions } from "./key.ts";

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

const notify: Command = {
  noun: "appliance",
  verb: "notify",
  summary: "send a test message to those who are notified",
  details:
    "By the command in config.json (notify.command), as jobs do when they need somebody, or end with a warning or worse. How mail and the system log are set up is in docs/OPERATING.md.",
  examples: [{ line: "strongroom appliance notify", what: "see whether it arrives" }],
  async run({ answer, operations }) {
    await (await operations()).appliance.notify();
    answer.document({ sent: true }, () => { answer.line("a test message was given to notify.command, which took it"); });
  },
};

const adopt: Command = {
  noun: "appliance",
  verb: "adopt",
  summary: "make the state folder this machine's, after it was moved or put back here",
  details:
    "A state folder belongs to one machine, because two that use copies of it would write over each other's volumes. Adopt it only when the machine " +
    "that had it will never use it again, nor any copy of it.",
  examples: [{ line: "strongroom appliance adopt", what: "after the appliance moved to this machine" }],
  async run({ answer, operations, units }) {
    const info = await (await operations()).appliance.adopt();
    answer.document(applianceDocument(info), () => { answer.facts(applianceFacts(info, units)); });
    answer.next("strongroom appliance check");
  },
};

const rebuild: Command = {
  noun: "appliance",
  verb: "rebuild",
  summary: "make the records anew from the volumes and the keys alone",
  details:
    "For the day when the state database is damaged, gone, or older than the volumes. Each volume is read once, from its newest trailer; what was read is kept, " +
    "so the same command goes on after an interruption. The old records stay as they are until the new ones are whole, and are put aside then, never written over. " +
    "The configuration and the keys folder have to be there. What the volumes do not know is in docs/RELIABILITY.md.",
  options: [
    { flags: "--key FILE", summary: "the locked private key: operations or recovery", required: true },
    ...passphraseOptions,
    { flags: "--pool NAME", summary: "read the volumes of this pool only", names: "pool" },
    { flags: "--from WHAT", summary: "read this cartridge, or the volume in this folder, instead of all", many: true, names: "cartridge" },
    { flags: "--without-missing", summary: "finish although volumes that once were are not there" },
  ],
  examples: [
    { line: "strongroom appliance rebuild --key /media/usb/keys/operations-private-key.asc", what: "from every cartridge in the libraries" },
    { line: "strongroom appliance rebuild --key operations-private-key.asc --from A00001L9 --from /mnt/disk1", what: "from one tape and one folder" },
  ],
  async run(call) {
    const { typed, answer } = call;
    const open = await call.operations();
    const request = {
      pool: typed.option("--pool"),
      from: typed.options("--from"),
      withoutMissing: typed.flag("--without-missing"),
      keyFile: resolve(typed.needed("--key")),
      passphrase: call.ask.passphrase("the private key", false),
    };
    const result = await call.job((options) => open.appliance.rebuild(request, options));
    const document = {
      volumes: result.volumes,
      missing: result.missing,
      archives: result.archives,
      snapshots: result.snapshots,
      segments: result.segments,
      left_out: result.leftOut,
      restored_policies: result.restoredPolicies,
      old_records: result.oldRecords ?? null,
    };
    answer.result(result, document, () => {
      answer.line(result.summary);
      for (const what of result.restoredPolicies) answer.line(`${printable(what)} is in the configuration again`);
      if (result.oldRecords !== undefined) answer.line(`the old records are kept at ${printable(result.oldRecords)}`);
    });
    answer.next("strongroom volume verify BARCODE: copies count as verified once they were read");
  },
};

export const applianceCommands: readonly Command[] = [init, show, check, notify, adopt, rebuild];
