import type { DriveHealthReport, ListedDrive } from "../../operations/index.ts";
import type { CleaningRecord } from "../../records/index.ts";
import type { Severity } from "../../words/index.ts";
import { type Column, count, type Fact, name, plural, sentence, time, type Units } from "./column.ts";
import { type Json, type JsonObject, snakeCase, timeDocument } from "./document.ts";
import { paragraph } from "./paragraph.ts";

const verdicts: Readonly<Record<Severity, string>> = {
  ok: "well",
  note: "well; there is something to know",
  warn: "works, but look at it soon",
  err: "needs somebody now",
  fatal: "needs somebody now",
};

const cleaningWords = { none: "not needed", wanted: "wanted soon", needed: "needed now", unknown: "the drive does not tell" } as const;

const outcomeWords: Readonly<Record<CleaningRecord["outcome"], string>> = {
  cleaned: "cleaned",
  "still-dirty": "still dirty afterwards",
  refused: "cartridge refused",
  failed: "failed",
};

/** One drive in one line. */
export function driveHealthLine(listed: ListedDrive, report: DriveHealthReport | undefined): string {
  const cartridge = listed.barcode === undefined ? "" : ` with ${name(listed.barcode)}`;
  const verdict = report === undefined ? `${listed.state}: ${sentence(listed.detail)}` : verdicts[report.severity];
  return `${name(listed.library)} drive:${String(listed.number)}${cartridge}: ${verdict}`;
}

export function driveHealthFacts(report: DriveHealthReport, units: Units): readonly Fact[] {
  const { drive, cleanings } = report;
  const { statistics } = drive;
  const last = cleanings[0];
  return [
    ["drive", `${name(report.library)} drive:${String(report.number)}`],
    ["verdict", verdicts[report.severity]],
    ["product", name(`${report.vendor} ${report.product} ${report.revision}`.trim())],
    ["serial", name(report.serial)],
    ["doing", drive.status?.activity],
    ["cleaning", cleaningWords[report.cleaning]],
    ["last cleaned", last === undefined ? "never by this appliance" : `${time(last.timeMs)} with ${name(last.barcode)}: ${outcomeWords[last.outcome]}`],
    ["powered", joined(amount(statistics.poweredHours, "hour"), amount(statistics.powerCycles, "power cycle"))],
    ["tape moved", joined(amount(statistics.motionHours, "hour"), distance(statistics.tapeMetres), since(statistics.motionHoursSinceCleaning))],
    ["loads", joined(statistics.loads === undefined ? undefined : count(statistics.loads), amount(statistics.cleanings, "cleaning"))],
    ["hard errors", hardErrors(statistics.hardWriteErrors, statistics.hardReadErrors)],
    ["writing", errorWords(drive.writing, units)],
    ["reading", errorWords(drive.reading, units)],
    ["compression", joined(ratio("writing", drive.compression.writeRatio), ratio("reading", drive.compression.readRatio))],
  ];
}

export function cartridgeHealthFacts(report: DriveHealthReport, units: Units): readonly Fact[] {
  const { cartridge } = report;
  if (cartridge === undefined) return [];
  const { medium, memory, statistics, capacity } = cartridge;
  const application = [memory?.application.vendor, memory?.application.name, memory?.application.version].filter((part) => part !== undefined).join(" ");
  const drives = memory?.lastDrives.map(({ vendor, serial }) => `${vendor} ${serial}`.trim()).join(", ");
  return [
    ["cartridge", name(report.barcode)],
    ["kind", joined(medium.kind, medium.worm ? "WORM" : undefined, medium.writeProtected ? "write-protected" : undefined)],
    ["made", joined(optionalName(memory?.manufacturer), optionalName(memory?.manufactured), serialWords(memory?.serialNumber ?? statistics.serialNumber))],
    ["tape", memory?.lengthMetres === undefined ? undefined : `${String(memory.lengthMetres)} m`],
    ["capacity", capacity === undefined ? undefined : `${units.bytes(capacity.totalBytes)}, ${units.bytes(capacity.remainingBytes)} left`],
    ["loaded", joined(amount(cartridge.loads, "time"), filled(cartridge.fills), amount(cartridge.passes, "pass", "passes"))],
    ["errors", joined(unrecovered(statistics.unrecoveredWriteErrors, "writing"), unrecovered(statistics.unrecoveredReadErrors, "reading"))],
    ["retries", joined(retries(statistics.writeRetries, "writing"), retries(statistics.readRetries, "reading"))],
    ["hardware key", { yes: "used: unreadable without it", no: "never used", unknown: undefined }[cartridge.encrypted]],
    ["written by", application === "" ? undefined : name(application)],
    ["note in it", optionalName(memory?.userText)],
    ["was in", drives === undefined || drives === "" ? undefined : name(drives)],
  ];
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(", ");
}

function amount(value: number | undefined, noun: string, nouns?: string): string | undefined {
  return value === undefined ? undefined : plural(value, noun, nouns);
}

function filled(fills: number | undefined): string | undefined {
  return fills === undefined ? undefined : `filled ${fills.toFixed(1)} times`;
}

function optionalName(text: string | undefined): string | undefined {
  return text === undefined ? undefined : name(text);
}

function serialWords(serial: string | undefined): string | undefined {
  return serial === undefined ? undefined : `serial ${name(serial)}`;
}

function distance(metres: number | undefined): string | undefined {
  if (metres === undefined) return undefined;
  return metres < 10_000 ? `${String(metres)} m` : `${(metres / 1000).toFixed(0)} km`;
}

function since(hours: number | undefined): string | undefined {
  return hours === undefined ? undefined : `${plural(hours, "hour")} since cleaned`;
}

function hardErrors(writing: number | undefined, reading: number | undefined): string | undefined {
  return joined(writing === undefined ? undefined : `${String(writing)} writing`, reading === undefined ? undefined : `${String(reading)} reading`);
}

function errorWords({ counters, processedBytes, correctedPerGigabyte }: DriveHealthReport["drive"]["writing"], units: Units): string | undefined {
  const { corrected, uncorrected } = counters;
  if (corrected === undefined && uncorrected === undefined) return undefined;
  return joined(
    processedBytes === undefined ? undefined : units.bytes(processedBytes),
    corrected === undefined ? undefined : `${String(corrected)} errors corrected`,
    correctedPerGigabyte === undefined ? undefined : `${correctedPerGigabyte.toFixed(1)} in a GB`,
    uncorrected === undefined ? undefined : `${String(uncorrected)} not`,
  );
}

function ratio(doing: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value.toFixed(2)}:1 ${doing}`;
}

function unrecovered(errors: number | undefined, doing: string): string | undefined {
  return errors === undefined ? undefined : `${String(errors)} lost ${doing}`;
}

function retries(tries: number | undefined, doing: string): string | undefined {
  return tries === undefined ? undefined : `${String(tries)} ${doing}`;
}

/** What is to be known, worst first, each with what it blames and what to do: at most 80 columns wide. */
export function findingLines({ findings }: DriveHealthReport): readonly string[] {
  return findings.flatMap(({ severity, blames, text, advice }) => [
    ...paragraph(`${severity.padEnd(5)} `, `${blames === "unknown" ? "drive or cartridge" : blames}: ${sentence(text)}`),
    ...paragraph("      do: ", sentence(advice)),
  ]);
}

export type CountedChange = DriveHealthReport["sinceLastLook"]["changes"][number];

export const changeColumns: readonly Column<CountedChange>[] = [
  { title: "counter", cell: (change) => counterWords(change.name) },
  { title: "before", right: true, cell: ({ before }) => rounded(before) },
  { title: "now", right: true, cell: ({ now }) => rounded(now) },
];

/** `poweredHours` → `powered hours`. */
function counterWords(counter: string): string {
  return counter.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

export function driveHealthDocument(report: DriveHealthReport): JsonObject {
  return {
    library: report.library,
    drive: report.number,
    barcode: report.barcode ?? null,
    vendor: report.vendor,
    product: report.product,
    revision: report.revision,
    serial: report.serial,
    severity: report.severity,
    cleaning: report.cleaning,
    findings: report.findings.map(({ severity, code, blames, text, advice }) => ({ severity, code, blames, text, advice })),
    cleanings: report.cleanings.map(({ timeMs, barcode, outcome, who, why }) => ({ time: timeDocument(timeMs), barcode, outcome, who, why })),
    readings: plain(report.drive),
    cartridge: report.cartridge === undefined ? null : plain(report.cartridge),
    since_last_look: sinceDocument(report.sinceLastLook),
    cartridge_since_last_look: report.cartridgeSinceLastLook === undefined ? null : sinceDocument(report.cartridgeSinceLastLook),
  };
}

function sinceDocument({ sinceMs, changes }: DriveHealthReport["sinceLastLook"]): JsonObject {
  return {
    since: timeDocument(sinceMs),
    changes: changes.map(({ name: counter, before, now }) => ({ counter: snakeCase(counter), before, now })),
  };
}

/** Readings are plain data under names of our own: the same in JSON, in its spelling. What was not told is null. */
function plain(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snakeCase(key), plain(inner)]));
}
