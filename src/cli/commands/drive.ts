import type { DriveHealthReport, DriveOperations, ListedDrive } from "../../operations/index.ts";
import { printable, printableSentence, rfc3339, StrongroomError, worst } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import {
  alertColumns, cartridgeHealthFacts, changeColumns, driveColumns, driveDetailsDocument, driveFacts, driveHealthDocument, driveHealthFacts, driveHealthLine, elementName,
  findingLines, listedDriveDocument, table,
} from "../views/index.ts";
import type { Call } from "./call.ts";
import type { ArgumentRecord, Command } from "./command.ts";
import { explain } from "./drive-explain.ts";
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
  summary: "list the drives of all libraries: what is in them, who holds them, what they want",
  examples: [{ line: "strongroom drive list", what: "every drive" }],
  async run({ answer, operations, units }) {
    const drives = await (await operations()).drive.list();
    answer.document({ drives: drives.map(listedDriveDocument) }, () => { answer.table(table(driveColumns, drives, units)); });
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

const health: Command = {
  noun: "drive",
  verb: "health",
  summary: "ask drives and the cartridges in them how they are, and what to do",
  details:
    "Reads everything that a drive and the memory of its cartridge tell of themselves: errors, alerts, hours, loads, cleaning, wear. What is to " +
    "be done comes with it, worst first, and what changed since the last look. Nothing is moved. Without a number every drive that is free is " +
    "asked, and only what is to be done is told. The exit code is 0 when all is well, 3 for warnings, 1 for errors.",
  arguments: [{ ...inLibrary, optional: true }],
  examples: [
    { line: "strongroom drive health", what: "every drive, in short: for a timer" },
    { line: "strongroom drive health 0", what: "all of drive 0 of the only library, and of the cartridge in it" },
    { line: "strongroom drive health vtl 1 --json", what: "every number, for a program that watches" },
  ],
  async run(call) {
    if (call.typed.arguments(inLibrary.name).length === 0) await healthOfAll(call);
    else await healthOfOne(call);
  },
};

async function healthOfOne(call: Call): Promise<void> {
  const { answer, operations, units } = call;
  const [library, number] = await libraryAnd(call, inLibrary.name);
  const report = await (await operations()).drive.health(library, driveNumber(number));
  answer.document(driveHealthDocument(report), () => {
    answer.facts(driveHealthFacts(report, units));
    if (report.cartridge !== undefined) {
      answer.line("");
      answer.facts(cartridgeHealthFacts(report, units));
    }
    if (report.findings.length > 0) answer.line("");
    for (const line of findingLines(report)) answer.line(line);
    for (const { sinceMs, changes } of [report.sinceLastLook, report.cartridgeSinceLastLook ?? { sinceMs: undefined, changes: [] }]) {
      if (sinceMs === undefined || changes.length === 0) continue;
      answer.line("");
      answer.line(`since the last look at ${rfc3339(sinceMs)}:`);
      answer.table(table(changeColumns, changes, units));
    }
  });
  answer.exitWith(report.severity);
}

interface Looked {
  readonly listed: ListedDrive;
  /** Undefined of a drive that could not be asked. */
  readonly report: DriveHealthReport | undefined;
}

async function healthOfAll({ answer, operations }: Call): Promise<void> {
  const { drive } = await operations();
  const looked: Looked[] = [];
  for (const listed of await drive.list()) looked.push(await look(drive, listed));
  const severity = looked.map(({ listed, report }) => report?.severity ?? (listed.state === "failed" ? "err" : "ok")).reduce(worst, "ok");
  const documents = looked.map(({ listed, report }) => {
    return report === undefined ? listedDriveDocument(listed) : { state: listed.state, ...driveHealthDocument(report) };
  });
  answer.document({ severity, drives: documents }, () => {
    for (const { listed, report } of looked) {
      answer.line(driveHealthLine(listed, report));
      if (report !== undefined) for (const line of findingLines(report)) answer.line(line);
    }
  });
  if (looked.length === 0) answer.next("strongroom library add NAME --changer DEVICE");
  answer.exitWith(severity);
}

/** A drive at work, also one that went to work a moment ago, is left alone: it is looked at when the work is done. */
async function look(drive: DriveOperations, listed: ListedDrive): Promise<Looked> {
  if (listed.state === "busy" || listed.state === "failed") return { listed, report: undefined };
  try {
    return { listed, report: await drive.health(listed.library, listed.number) };
  } catch (error) {
    if (!(error instanceof StrongroomError) || error.kind === "internal") throw error;
    return { listed: { ...listed, state: error.kind === "busy" ? "busy" : "failed", detail: error.message }, report: undefined };
  }
}

const clean: Command = {
  noun: "drive",
  verb: "clean",
  summary: "clean a drive with a cleaning cartridge of its library",
  details:
    "A drive that asks for cleaning is cleaned by itself before the next cartridge comes into it, at most once in six hours; this does it now. The drive " +
    "must be at rest; a cartridge in it goes back to its slot first. A cleaning cartridge is one whose label begins with CLN.",
  arguments: [inLibrary],
  examples: [{ line: "strongroom drive clean 0", what: "drive 0 of the only library: a few minutes" }],
  async run(call) {
    const { answer, operations } = call;
    const [library, number] = await libraryAnd(call, inLibrary.name);
    const { barcode, outcome, news } = await (await operations()).drive.clean(library, driveNumber(number));
    const document = { library, drive: driveNumber(number), barcode, outcome, news: news.map(({ severity, code, text }) => ({ severity, code, text })) };
    answer.document(document, () => {
      for (const { text } of news) answer.line(printableSentence(text));
    });
    if (outcome === "refused" || outcome === "failed") answer.exitWith("failed");
    else if (outcome === "still-dirty") answer.exitWith("warn");
    answer.next(`strongroom drive health ${printable(library)} ${number}`);
  },
};

const acknowledge: Command = {
  noun: "drive",
  verb: "acknowledge",
  summary: "say that you know of an alert of a drive; it is written down who did, and when",
  details: "The alert stays visible, behind those that nobody knows of. When the drive stops raising it and raises it again, it is a new one. This does not mend anything.",
  arguments: [inLibrary],
  options: [{ flags: "--alert NUMBER", summary: "which one, as strongroom drive show tells it", required: true }],
  examples: [{ line: "strongroom drive acknowledge vtl 0 --alert 20", what: "alert 20 of drive 0" }],
  async run(call) {
    const { typed, answer, operations } = call;
    const [library, number] = await libraryAnd(call, inLibrary.name);
    const flag = wholeNumber(typed.option("--alert")!, "--alert", 1, 64);
    const { alert, who, timeMs } = await (await operations()).drive.acknowledge(library, driveNumber(number), flag);
    answer.document({ library, drive: driveNumber(number), flag, alert: alert.name, who, time: rfc3339(timeMs) }, () => {
      answer.line(`${printable(who)} knows of alert ${String(flag)} (${alert.name}) of drive ${number} of ${printable(library)}`);
    });
    answer.next(alert.advice);
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

export const driveCommands: readonly Command[] = [list, show, health, acknowledge, clean, load, unload, explain];
