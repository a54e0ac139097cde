import { resolve } from "node:path";
import type { FoundFile } from "../../operations/index.ts";
import { printable } from "../../words/index.ts";
import { entryPath, pathBytes, wholeNumber } from "../reading/index.ts";
import {
  foundColumns,
  foundDocument,
  plural,
  problemColumns,
  problemDocument,
  recallColumns,
  recallDocument,
  recallFacts,
  table,
} from "../views/index.ts";
import type { Call, Typed } from "./call.ts";
import type { ArgumentRecord, Command, OptionRecord } from "./command.ts";
import { passphraseOptions } from "./key.ts";
import { snapshotNumber } from "./snapshot.ts";
import { waitMsOf, waitOption } from "./wait-option.ts";

const archiveArgument: ArgumentRecord = { name: "ARCHIVE", summary: "name of the archive", names: "archive" };
const pathsArgument: ArgumentRecord = { name: "PATH", summary: "what to bring back; everything where it is left out", many: true, optional: true };
const snapshotOption: OptionRecord = { flags: "--snapshot N", summary: "of that snapshot", otherwise: "the newest" };
const archiveOption: OptionRecord = { flags: "--archive ARCHIVE", summary: "look in this archive only", otherwise: "all", names: "archive" };
const limitOption: OptionRecord = { flags: "--limit N", summary: "at most so many", otherwise: "100" };
const escapes = String.raw`Names that are not plain text are printed with \xNN for a byte; they can be typed the same way.`;

const find: Command = {
  noun: "file",
  verb: "find",
  summary: "find entries by name, in all snapshots",
  details: `The pattern is compared with the last part of each path; *, ? and [ ] stand for other characters. ${escapes}`,
  arguments: [{ name: "PATTERN", summary: "a name or a pattern" }],
  options: [archiveOption, limitOption],
  examples: [
    { line: "strongroom file find '*.jpg' --archive photos", what: "every picture, newest first" },
    { line: "strongroom file find report.pdf", what: "that name, in all archives" },
  ],
  async run(call) {
    const pattern = pathBytes(call.typed.required("PATTERN"));
    await showFound(call, (request) => call.operations().then(({ file }) => file.find({ pattern, ...request })));
  },
};

const list: Command = {
  noun: "file",
  verb: "list",
  summary: "list entries whose path begins with a prefix, in all snapshots",
  details: escapes,
  arguments: [{ name: "PREFIX", summary: "the beginning of a path" }],
  options: [archiveOption, limitOption],
  examples: [{ line: "strongroom file list 2024/ --archive photos", what: "what is below one directory" }],
  async run(call) {
    const prefix = pathBytes(call.typed.required("PREFIX"));
    await showFound(call, (request) => call.operations().then(({ file }) => file.findPrefix({ prefix, ...request })));
  },
};

async function showFound(
  call: Call,
  find: (request: { readonly archive?: string; readonly limit: number }) => Promise<Iterable<FoundFile>>,
): Promise<void> {
  const archive = call.typed.option("--archive");
  const limit = wholeNumber(call.typed.option("--limit") ?? "100", "--limit", 1, 1_000_000);
  const found = [...(await find({ ...(archive === undefined ? {} : { archive }), limit }))];
  showFiles(call, found);
  if (found.length === limit) call.answer.next(`there may be more: raise --limit ${String(limit)}`);
}

function showFiles({ answer, units }: Call, found: readonly FoundFile[]): void {
  answer.document({ files: found.map(foundDocument) }, () => { answer.table(table(foundColumns, found, units)); });
  if (found.length > 0) return;
  answer.exitWith("missing");
  answer.next("nothing is called that; a pattern in quotes looks wider: strongroom file find '*PART*'");
}

const history: Command = {
  noun: "file",
  verb: "history",
  summary: "show every version of one path",
  details: escapes,
  arguments: [archiveArgument, { name: "PATH", summary: "the path, as strongroom file find prints it" }],
  examples: [{ line: "strongroom file history photos 2024/a.jpg", what: "oldest first" }],
  async run(call) {
    const { typed } = call;
    const versions = (await call.operations()).file.history(typed.required("ARCHIVE"), entryPath(typed.required("PATH")));
    showFiles(call, [...versions]);
  },
};

const recall: Command = {
  noun: "file",
  verb: "recall",
  summary: "show which volumes a restore needs, where they are, and in which order",
  details: "Reads no medium and needs no key. The exit code is 4 when a volume has to be brought, 7 when something has no good copy left.",
  arguments: [archiveArgument, pathsArgument],
  options: [snapshotOption],
  examples: [{ line: "strongroom file recall photos 2024", what: "what to fetch from the vault before a restore" }],
  async run({ typed, answer, operations, units }) {
    const plan = await (await operations()).file.recallPlan(whatTyped(typed));
    answer.document(recallDocument(plan), () => {
      answer.facts(recallFacts(plan, units));
      answer.table(table(recallColumns, plan.volumes, units));
    });
    if (plan.entries === 0) {
      answer.exitWith("missing");
      answer.next("no such path in that snapshot; strongroom file find NAME tells where one is");
    }
    if (plan.lostSegments > 0) answer.exitWith("mismatch");
    const away = plan.volumes.filter(({ inReach }) => !inReach);
    if (away.length === 0) return;
    answer.exitWith("operator");
    answer.next(`bring ${away.map(({ barcode, place }) => `${printable(barcode)} (${printable(place)})`).join(", ")}`);
  },
};

const restore: Command = {
  noun: "file",
  verb: "restore",
  summary: "bring entries back from their volumes",
  details:
    "Only the segments that hold what was asked for are read. Every file is compared with its hash before it counts. " +
    "When a volume is not in the library, the restore says so before it reads anything; at a terminal it waits until the volume is brought, " +
    "without one it ends with exit code 4, unless --wait says how long to wait. " +
    `The exit code is 3 when something was left out or is not what it was. ${escapes}`,
  arguments: [archiveArgument, pathsArgument],
  options: [
    { flags: "--to DIR", summary: "the folder to restore into", required: true },
    { flags: "--key FILE", summary: "the locked private key: operations or recovery", required: true },
    ...passphraseOptions,
    snapshotOption,
    { flags: "--when-exists WHAT", summary: "what to do with files that are there", choices: ["refuse", "replace", "keep-newer"], otherwise: "refuse" },
    { flags: "--owners HOW", summary: "owners: by name, by number (both need root), or none", choices: ["by-name", "by-number", "none"], otherwise: "none" },
    { flags: "--include-damaged", summary: "also files that changed, shrank or vanished while they were read" },
    waitOption,
  ],
  examples: [
    { line: "strongroom file restore photos 2024/a.jpg --to /tmp/back --key /media/usb/keys/operations-private-key.asc", what: "one file" },
    { line: "strongroom file restore photos --snapshot 3 --to /srv/back --key operations-private-key.asc --owners by-name", what: "a whole snapshot" },
    {
      line: "strongroom file restore photos --to /srv/back --key operations-private-key.asc --passphrase-fd 3 3</run/secret/passphrase",
      what: "without a terminal",
    },
  ],
  async run(call) {
    const { typed, answer, units } = call;
    const open = await call.operations();
    const request = {
      ...whatTyped(typed),
      target: resolve(typed.needed("--to")),
      whenExists: oneOf(typed.option("--when-exists"), ["refuse", "replace", "keep-newer"] as const),
      owners: oneOf(typed.option("--owners"), ["none", "by-name", "by-number"] as const),
      includeDamaged: typed.flag("--include-damaged"),
      waitMs: waitMsOf(typed, call.ask),
      keyFile: resolve(typed.needed("--key")),
      passphrase: call.ask.passphrase("the private key", false),
    };
    const result = await call.job((options) => open.file.restore(request, options));
    const document = {
      archive: request.archive,
      target: request.target,
      entries: result.entries,
      content_bytes: result.contentBytes,
      segments: result.segments,
      volumes: result.volumes,
      problems: result.problems.map(problemDocument),
    };
    answer.result(result, document, () => {
      if (result.problems.length > 0) answer.table(table(problemColumns, result.problems, units));
      const what = `${plural(result.entries, "entry", "entries")}, ${units.bytes(result.contentBytes)}`;
      answer.line(`restored ${what} into ${printable(request.target)} from ${result.volumes.map(printable).join(", ")}`);
      if (result.problems.length > 0) answer.line(plural(result.problems.length, "problem"));
    });
  },
};

function whatTyped(typed: Typed): { readonly archive: string; readonly snapshot: number | undefined; readonly paths: readonly Uint8Array[] } {
  return {
    archive: typed.required("ARCHIVE"),
    snapshot: snapshotNumber(typed.option("--snapshot")),
    paths: typed.arguments("PATH").map(entryPath),
  };
}

/** A choice that the parser has checked; the first where it was left out. */
function oneOf<const Choice extends string>(typed: string | undefined, choices: readonly [Choice, ...Choice[]]): Choice {
  return choices.find((choice) => choice === typed) ?? choices[0];
}

export const fileCommands: readonly Command[] = [find, list, history, recall, restore];
