import { printable } from "../../words/index.ts";
import { entryPath, wholeNumber } from "../reading/index.ts";
import {
  entryColumns,
  entryDocument,
  poolCopiesColumns,
  snapshotColumns,
  snapshotDetailsDocument,
  snapshotDocument,
  snapshotFacts,
  table,
  volumePlaceColumns,
} from "../views/index.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command } from "./command.ts";

const archiveArgument: ArgumentRecord = { name: "ARCHIVE", summary: "name of the archive", names: "archive" };
const numberArgument: ArgumentRecord = { name: "N", summary: "number of the snapshot; the newest where it is left out", optional: true };

const list: Command = {
  noun: "snapshot",
  verb: "list",
  summary: "list the snapshots of an archive",
  arguments: [archiveArgument],
  examples: [{ line: "strongroom snapshot list photos", what: "every snapshot, with sizes" }],
  async run({ typed, answer, operations, units }) {
    const archive = typed.required("ARCHIVE");
    const snapshots = await (await operations()).snapshot.list(archive);
    answer.document({ archive, snapshots: snapshots.map(snapshotDocument) }, () => {
      answer.table(table(snapshotColumns, snapshots, units));
    });
    if (snapshots.length === 0) answer.next(`strongroom archive run ${printable(archive)}`);
  },
};

const show: Command = {
  noun: "snapshot",
  verb: "show",
  summary: "show a snapshot: its size, its copies in each pool, its volumes and where they are",
  arguments: [archiveArgument, numberArgument],
  examples: [
    { line: "strongroom snapshot show photos", what: "the newest" },
    { line: "strongroom snapshot show photos 3", what: "snapshot 3" },
  ],
  async run({ typed, answer, operations, units }) {
    const details = await (await operations()).snapshot.show(typed.required("ARCHIVE"), snapshotNumber(typed.argument("N")));
    answer.document(snapshotDetailsDocument(details), () => {
      answer.facts(snapshotFacts(details, units));
      answer.table(table(poolCopiesColumns, details.copies, units));
      answer.table(table(volumePlaceColumns, details.volumes, units));
    });
  },
};

const entries: Command = {
  noun: "snapshot",
  verb: "entries",
  summary: "list the entries of a snapshot",
  details: "With --json each entry is one JSON line, so that snapshots of any size can be read.",
  arguments: [archiveArgument, numberArgument],
  options: [{ flags: "--prefix PATH", summary: "only this path and what is below it" }],
  examples: [
    { line: "strongroom snapshot entries photos", what: "the newest snapshot, whole" },
    { line: "strongroom snapshot entries photos 3 --prefix 2024 --json", what: "one directory of snapshot 3, for a program" },
  ],
  async run({ typed, answer, operations, units }) {
    const number = snapshotNumber(typed.argument("N"));
    const found = (await operations()).snapshot.entries(typed.required("ARCHIVE"), number, prefixTyped(typed));
    for (const entry of found) {
      answer.record("entry", entryDocument(entry), () => entryColumns.map((column) => column.cell(entry, units)).join("  "));
      if (await answer.drained()) return;
    }
  },
};

function prefixTyped(typed: Typed): Uint8Array | undefined {
  const prefix = typed.option("--prefix");
  return prefix === undefined ? undefined : entryPath(prefix);
}

/** A snapshot's number as typed; undefined for the newest. */
export function snapshotNumber(typed: string | undefined): number | undefined {
  return typed === undefined ? undefined : wholeNumber(typed, "snapshot", 1, 1_000_000_000);
}

export const snapshotCommands: readonly Command[] = [list, show, entries];
