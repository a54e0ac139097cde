import type { NewArchive, NewSource } from "../../records/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import { sizeBytes, sources } from "../reading/index.ts";
import {
  archiveColumns,
  archiveDocument,
  archiveFacts,
  planDocument,
  planFacts,
  planPoolColumns,
  plural,
  snapshotDocument,
  sourceColumns,
  table,
} from "../views/index.ts";
import { archiveTroublesCommand } from "./archive-troubles.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command, OptionRecord } from "./command.ts";
import { waitMsOf, waitOption } from "./wait-option.ts";

const archiveArgument: ArgumentRecord = { name: "NAME", summary: "name of the archive", names: "archive" };
const yesOption: OptionRecord = { flags: "--yes", summary: "do not ask" };
const full: OptionRecord = { flags: "--full", summary: "take everything, not only what is new or changed" };

const create: Command = {
  noun: "archive",
  verb: "create",
  summary: "make an archive: what to take, and into which pools",
  details: "Nothing is read or written yet. What is left out follows the appliance's defaults.",
  arguments: [{ name: "NAME", summary: "name of the archive: lower-case letters, digits and dashes" }],
  options: [
    { flags: "--source PATH", summary: "a tree to take, as PATH or NAME=PATH", many: true, required: true },
    { flags: "--pool POOL", summary: "a pool that gets a copy", many: true, required: true, names: "pool" },
    { flags: "--exclude PATTERN", summary: "leave out what matches, in every source", many: true },
    { flags: "--cipher CIPHER", summary: "mdc: every OpenPGP program reads it; ocb: faster, GnuPG 2.3 and newer", choices: ["mdc", "ocb"] },
    { flags: "--compression WHEN", summary: "auto: where it pays; off: never", choices: ["auto", "off"] },
    { flags: "--segment-size SIZE", summary: "how much one segment holds" },
    { flags: "--no-verify", summary: "do not read back in the same run what was written" },
    { flags: "--one-file-system", summary: "do not go into other file systems (the default)" },
    { flags: "--all-file-systems", summary: "go into file systems mounted below" },
  ],
  examples: [
    { line: "strongroom archive create photos --source /srv/photos --pool onsite --pool usb", what: "two copies, one in each pool" },
    {
      line: "strongroom archive create homes --source home=/home --source mail=/var/mail --pool onsite --exclude '*.tmp'",
      what: "two sources with names of their own",
    },
  ],
  async run({ typed, answer, operations }) {
    const name = typed.required("NAME");
    const archive = await (await operations()).archive.create({
      name,
      sources: sourcesTyped(typed),
      pools: typed.options("--pool"),
      ...policyTyped(typed),
    });
    answer.document({ name: archive.name, uuid: archive.uuid }, () => { answer.line(`archive ${printable(archive.name)}: made, no snapshot yet`); });
    answer.next(`strongroom archive plan ${printable(name)}, then strongroom archive run ${printable(name)}`);
  },
};

/** What was said of the archive's policy; the rest is left to the defaults. */
function policyTyped(typed: Typed): Pick<Partial<NewArchive>, "cipher" | "compression" | "segmentSizeBytes" | "verify"> {
  const cipher = typed.option("--cipher");
  const compression = typed.option("--compression");
  const segmentSize = typed.option("--segment-size");
  return {
    ...(cipher === undefined ? {} : { cipher: cipher === "ocb" ? "ocb" : "mdc" }),
    ...(compression === undefined ? {} : { compression: compression === "off" ? "off" : "auto" }),
    ...(segmentSize === undefined ? {} : { segmentSizeBytes: sizeBytes(segmentSize, "--segment-size") }),
    ...(typed.flag("--no-verify") ? { verify: false } : {}),
  };
}

function sourcesTyped(typed: Typed): readonly NewSource[] {
  if (typed.flag("--one-file-system") && typed.flag("--all-file-systems")) {
    throw new StrongroomError("usage", "OPTIONS_CONTRADICT", "--one-file-system and --all-file-systems contradict each other", {
      hint: "give one of them",
    });
  }
  const oneFileSystem = typed.flag("--all-file-systems") ? { oneFileSystem: false } : {};
  return sources(typed.options("--source")).map((source) => ({ ...source, exclude: typed.options("--exclude"), ...oneFileSystem }));
}

const list: Command = {
  noun: "archive",
  verb: "list",
  summary: "list the archives and how their last snapshots were",
  examples: [{ line: "strongroom archive list", what: "every archive" }],
  async run({ answer, operations, units }) {
    const archives = await (await operations()).archive.list();
    answer.document({ archives: archives.map(archiveDocument) }, () => { answer.table(table(archiveColumns, archives, units)); });
    if (archives.length === 0) answer.next("strongroom archive create NAME --source PATH --pool POOL");
  },
};

const show: Command = {
  noun: "archive",
  verb: "show",
  summary: "show an archive: its sources, pools and policy",
  arguments: [archiveArgument],
  examples: [{ line: "strongroom archive show photos", what: "sources, pools, last snapshot" }],
  async run({ typed, answer, operations, units }) {
    const archive = await (await operations()).archive.show(typed.required("NAME"));
    answer.document(archiveDocument(archive), () => {
      answer.facts(archiveFacts(archive, units));
      answer.table(table(sourceColumns, archive.sources, units));
    });
    if (archive.unfinished !== undefined) answer.next(`strongroom archive run ${printable(archive.name)} goes on with snapshot ${String(archive.unfinished.number)}`);
  },
};

const plan: Command = {
  noun: "archive",
  verb: "plan",
  summary: "show what a run would do, without writing anything",
  details: "The exit code is 4 when a pool has neither the room nor a blank cartridge for it.",
  arguments: [archiveArgument],
  options: [full],
  examples: [{ line: "strongroom archive plan photos", what: "how much is new, and whether the media will hold it" }],
  async run({ typed, answer, operations, units }) {
    const name = typed.required("NAME");
    const planned = await (await operations()).archive.plan(name, { full: typed.flag("--full") });
    answer.document(planDocument(name, planned), () => {
      answer.facts(planFacts(planned, units));
      answer.table(table(planPoolColumns(planned), planned.pools, units));
    });
    if (planned.pools.some(({ freeBytes, blankCartridges }) => freeBytes < planned.plannedBytes && blankCartridges === 0)) {
      answer.exitWith("operator");
      answer.next("insert blank cartridges, then strongroom library import LIBRARY; or strongroom volume init BARCODE --pool POOL");
    }
  },
};

const run: Command = {
  noun: "archive",
  verb: "run",
  summary: "take a snapshot: seal what is new, place it in every pool, read it back",
  details:
    "A run that was stopped or killed goes on where it was when the same command is given again. " +
    "The exit code is 3 when something was left out (a file changed or vanished while it was read), 4 when a cartridge is needed. " +
    "When a person is needed (a cartridge, a door, a drive that is off), the run says so once, job show tells what for, and it goes on by itself when that is done. " +
    "At a terminal it waits for as long as it takes; without one it stops at once at a safe point, unless --wait says how long to wait.",
  arguments: [archiveArgument],
  options: [full, waitOption],
  examples: [
    { line: "strongroom archive run photos", what: "what is new or changed since the last snapshot" },
    { line: "strongroom archive run photos --full", what: "everything" },
    { line: "strongroom archive run photos --wait 8h", what: "from a timer, with somebody coming in the morning" },
    { line: "strongroom archive run photos --json", what: "JSON lines: progress, events, and a summary" },
  ],
  async run({ typed, answer, ask, operations, job }) {
    const name = typed.required("NAME");
    const waitMs = waitMsOf(typed, ask);
    const open = await operations();
    const result = await job((options) => open.archive.run(name, { full: typed.flag("--full"), waitMs }, options));
    const { snapshot, volumes } = result;
    const document = {
      archive: name,
      snapshot: snapshotDocument(snapshot),
      resumed: result.resumed,
      entries_troubled: result.troubled,
      segments_sealed: result.segmentsSealed,
      segments_taken_over: result.segmentsTakenOver,
      volumes: volumes.map(({ pool, barcode }) => ({ pool, barcode })),
    };
    answer.result(result, document, () => {
      const takenOver = result.segmentsTakenOver === 0 ? "" : `, ${String(result.segmentsTakenOver)} taken over from the run before`;
      answer.line(`archive ${printable(name)}: snapshot ${String(snapshot.number)} ${snapshot.state}, ${plural(result.segmentsSealed, "segment")} sealed${takenOver}`);
      if (volumes.length > 0) answer.line(`on ${volumes.map(({ pool, barcode }) => `${printable(barcode)} (${printable(pool)})`).join(", ")}`);
    });
    if (result.troubled > 0) answer.next(`${plural(result.troubled, "entry", "entries")} not stored as in the source: strongroom archive troubles ${printable(name)}`);
  },
};

const mend: Command = {
  noun: "archive",
  verb: "mend",
  summary: "make the copies that are missing or were found bad anew, from copies that are good",
  details:
    "Every segment of every complete snapshot gets a good copy in each pool of the archive. The exit code is 3 when the only good copy of something is not in reach, " +
    "1 when there is none. Needs no secret and no source. After a verification that found damage, this happens by itself. " +
    "With --without, what is on that cartridge counts as not there, and nothing more is written on it: for one that is lost, or in doubt and cannot be read.",
  arguments: [archiveArgument],
  options: [{ flags: "--without BARCODE", summary: "a cartridge that nobody should count on any more", many: true, names: "cartridge" }, waitOption],
  examples: [
    { line: "strongroom archive mend photos", what: "after a volume was verified, or a pool was added" },
    { line: "strongroom archive mend photos --without SR0007L9", what: "after that cartridge was lost" },
  ],
  async run({ typed, answer, ask, operations, job }) {
    const name = typed.required("NAME");
    const waitMs = waitMsOf(typed, ask);
    const open = await operations();
    const result = await job((options) => open.archive.mend(name, { waitMs, without: typed.options("--without") }, options));
    answer.result(result, { archive: name, copies: result.copies, volumes: result.volumes, without: result.without }, () => {
      const on = result.volumes.length === 0 ? "" : ` on ${result.volumes.map((barcode) => printable(barcode)).join(", ")}`;
      answer.line(`archive ${printable(name)}: ${plural(result.copies, "copy", "copies")} made anew${on}`);
    });
  },
};

const abandon: Command = {
  noun: "archive",
  verb: "abandon",
  summary: "forget an unfinished snapshot",
  details: "What it sealed already is forgotten and sealed again by the next run. Complete snapshots are not touched.",
  arguments: [archiveArgument],
  options: [yesOption],
  examples: [
    { line: "strongroom archive abandon photos", what: "asks first" },
    { line: "strongroom archive abandon photos --yes", what: "from a script" },
  ],
  async run({ typed, answer, ask, operations }) {
    const name = typed.required("NAME");
    const open = await operations();
    const { unfinished } = await open.archive.show(name);
    if (unfinished === undefined) {
      throw new StrongroomError("missing", "SNAPSHOT_NONE_OPEN", `archive ${printable(name)} has no unfinished snapshot`, {
        hint: `see strongroom snapshot list ${printable(name)}`,
      });
    }
    const which = `snapshot ${String(unfinished.number)} of archive ${printable(name)}`;
    if (!(await ask.moderate([`${which} is unfinished; what it sealed so far will be forgotten`], `abandon ${which}?`))) return;
    await open.archive.abandon(name);
    answer.document({ archive: name, abandoned_snapshot: unfinished.number }, () => { answer.line(`${which}: abandoned`); });
  },
};

const remove: Command = {
  noun: "archive",
  verb: "remove",
  summary: "take an archive out of the appliance; its snapshots are kept and can be restored",
  details: "Refused while a snapshot is unfinished. Nothing on any volume is touched, and the archive can be made again under the same name.",
  arguments: [archiveArgument],
  examples: [{ line: "strongroom archive remove photos", what: "take no more snapshots of photos" }],
  async run({ typed, answer, operations }) {
    const archive = typed.required("NAME");
    await (await operations()).archive.remove(archive);
    answer.document({ archive, removed: true }, () => { answer.line(`archive ${printable(archive)}: removed, its snapshots are kept`); });
  },
};

export const archiveCommands: readonly Command[] = [create, list, show, plan, run, archiveTroublesCommand, mend, abandon, remove];
