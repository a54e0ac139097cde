import { printable } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import { table, troubleColumns, troublesDocument } from "../views/index.ts";
import type { Command } from "./command.ts";

export const archiveTroublesCommand: Command = {
  noun: "archive",
  verb: "troubles",
  summary: "list what the newest snapshot does not have as it stands in the source",
  details:
    "What was left out, could not be read, changed or shrank while it was read, or vanished: each stays in the list until a later snapshot has it whole, or the source has it no more. " +
    "The exit code is 3 when there is anything of severity warn or worse. Sockets and other file systems are listed for the record.",
  arguments: [{ name: "NAME", summary: "name of the archive", names: "archive" }],
  options: [{ flags: "--limit N", summary: "at most so many", otherwise: "1000" }],
  examples: [
    { line: "strongroom archive troubles photos", what: "paths, and why each is not as in the source" },
    { line: "strongroom archive troubles photos --json --limit 1000000", what: "all of them, for a program; names that are not text in base64" },
  ],
  async run({ typed, answer, operations, units }) {
    const name = typed.required("NAME");
    const limit = wholeNumber(typed.option("--limit") ?? "1000", "--limit", 1, 1_000_000);
    const found = await (await operations()).archive.troubles(name, limit);
    answer.document(troublesDocument(found), () => {
      answer.table(table(troubleColumns, found.troubles, units));
      if (found.count === 0) answer.line(`archive ${printable(name)}: everything is stored as it stood in the source`);
    });
    if (found.troubles.some(({ severity }) => severity !== "ok" && severity !== "note")) answer.exitWith("warn");
    if (found.count > found.troubles.length) answer.next(`there are ${String(found.count)}: raise --limit ${String(limit)}`);
  },
};
