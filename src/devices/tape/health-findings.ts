import { tapeAlert } from "../../scsi/index.ts";
import { severities } from "../../words/index.ts";
import type { CartridgeCondition, CleaningNeed, DriveCondition, ErrorRate, HealthFinding } from "./health-contract.ts";

const cleanNow = 20;
const cleanPeriodic = 21;

/** From whichever of the places says the most: TapeAlert, device status, sequential access, a remark with an answer. */
export function cleaningNeed({ alerts, status, transfers, asksForCleaning }: DriveCondition): CleaningNeed {
  if (alerts.includes(cleanNow) || status?.cleaningRequired === true) return "needed";
  if (alerts.includes(cleanPeriodic) || status?.cleaningRequested === true || transfers.cleaningRequired === true || asksForCleaning) {
    return "wanted";
  }
  return status === undefined && transfers.cleaningRequired === undefined && alerts.length === 0 ? "unknown" : "none";
}

/** What makers rate LTO cartridges for, roughly: from here on they are worth a plan, not an alarm. */
const ratedLoads = 20_000;
const ratedFills = 200;
/** End to end; what others of the field reckon with, too. */
const ratedPasses = 16_000;

/** Everything somebody should know or do, worst first. */
export function findingsOf(drive: DriveCondition, cartridge: CartridgeCondition | undefined): readonly HealthFinding[] {
  const findings = [
    ...alertFindings(drive.alerts),
    ...cleaningFindings(drive),
    ...driveFindings(drive),
    ...(cartridge === undefined ? [] : [...cartridgeErrors(cartridge), ...memoryFindings(drive, cartridge), ...cartridgeLife(cartridge)]),
  ];
  const rank = (finding: HealthFinding): number => severities.indexOf(finding.severity);
  return findings.sort((a, b) => rank(b) - rank(a));
}

/** Those that ask for cleaning are told once, by `cleaningFindings`. */
function* alertFindings(alerts: readonly number[]): Generator<HealthFinding> {
  for (const flag of alerts) {
    if (flag === cleanNow || flag === cleanPeriodic) continue;
    const { name, severity, blames, advice } = tapeAlert(flag);
    yield { severity, code: `TAPE_ALERT_${String(flag)}`, blames, text: `the drive raises TapeAlert ${String(flag)}, ${name}`, advice };
  }
}

function* cleaningFindings(drive: DriveCondition): Generator<HealthFinding> {
  const advice = "it is cleaned by itself when a cleaning cartridge is in the library; by hand: strongroom drive clean";
  switch (cleaningNeed(drive)) {
    case "needed":
      yield { severity: "err", code: "CLEANING_NEEDED", blames: "drive", text: "the drive must be cleaned before it goes on", advice };
      return;
    case "wanted":
      yield { severity: "warn", code: "CLEANING_WANTED", blames: "drive", text: "the drive asks to be cleaned soon", advice };
      return;
    default:
      return;
  }
}

function* driveFindings({ writing, reading, statistics }: DriveCondition): Generator<HealthFinding> {
  yield* uncorrected("writing", writing);
  yield* uncorrected("reading", reading);
  if (statistics.wasTooHot === true) {
    const text = "the drive was hotter than its maker recommends, at least once";
    yield { severity: "warn", code: "DRIVE_WAS_HOT", blames: "drive", text, advice: "see to the cooling of drive and room" };
  }
}

function* uncorrected(doing: "reading" | "writing", { counters }: ErrorRate): Generator<HealthFinding> {
  const errors = counters.uncorrected ?? 0;
  if (errors === 0) return;
  const text = `${amount(errors, "error")} could not be corrected while ${doing} since the cartridge was loaded`;
  const advice = "verify the cartridge in another drive: if it is well there, have this drive looked at";
  yield { severity: "err", code: doing === "writing" ? "WRITE_ERRORS" : "READ_ERRORS", blames: "unknown", text, advice };
}

const copyAway = "copy what is on it to another cartridge, and retire it";

function* cartridgeErrors({ statistics }: CartridgeCondition): Generator<HealthFinding> {
  const lastMount = (statistics.lastMountUnrecoveredReadErrors ?? 0) + (statistics.lastMountUnrecoveredWriteErrors ?? 0);
  const lifetime = (statistics.unrecoveredReadErrors ?? 0) + (statistics.unrecoveredWriteErrors ?? 0);
  if (lastMount > 0) {
    const text = `the cartridge had ${amount(lastMount, "error")} that could not be recovered since it was last mounted`;
    yield { severity: "err", code: "CARTRIDGE_ERRORS", blames: "cartridge", text, advice: `verify it; if that fails, ${copyAway}` };
  } else if (lifetime > 0) {
    const text = `the cartridge had ${amount(lifetime, "error")} that could not be recovered in its life`;
    yield { severity: "warn", code: "CARTRIDGE_HAD_ERRORS", blames: "cartridge", text, advice: "verify it from time to time, and keep another copy" };
  }
  const suspended = (statistics.fatalSuspendedReads ?? 0) + (statistics.fatalSuspendedWrites ?? 0);
  if (suspended > 0) {
    const text = `reading or writing had to be given up ${amount(suspended, "time")} on this cartridge in its life`;
    yield { severity: "warn", code: "CARTRIDGE_GAVE_UP", blames: "cartridge", text, advice: "verify it; clean the drives it is used in" };
  }
  if (statistics.wasTooHot === true) {
    const text = "the cartridge was in a drive whose tape path was hotter than its maker recommends";
    yield { severity: "warn", code: "CARTRIDGE_WAS_HOT", blames: "cartridge", text, advice: "verify it, and see to the cooling" };
  }
}

/** A drive without the command for it is no reason to suspect the cartridge. */
function* memoryFindings({ status }: DriveCondition, { memory, medium }: CartridgeCondition): Generator<HealthFinding> {
  if (memory !== undefined || medium.kind !== "data" || status === undefined || status.memoryAccessible) return;
  const text = "the memory of the cartridge gives no answer";
  yield { severity: "note", code: "NO_CARTRIDGE_MEMORY", blames: "cartridge", text, advice: "where other cartridges answer in this drive, replace this one" };
}

function* cartridgeLife({ loads, fills, passes, encrypted, medium }: CartridgeCondition): Generator<HealthFinding> {
  const worn = [
    ...((loads ?? 0) >= ratedLoads ? [`loaded ${amount(loads ?? 0, "time")}`] : []),
    ...((fills ?? 0) >= ratedFills ? [`filled ${amount(Math.round(fills ?? 0), "time")}`] : []),
    ...((passes ?? 0) >= ratedPasses ? [`run over the heads ${amount(passes ?? 0, "time")}`] : []),
  ];
  if (worn.length > 0) {
    const text = `the cartridge was ${worn.join(" and ")}: that is all it is rated for`;
    yield { severity: "warn", code: "CARTRIDGE_WORN", blames: "cartridge", text, advice: `plan to ${copyAway}` };
  }
  if (encrypted === "yes") {
    const text = "data on the cartridge was encrypted by a drive: without the key that the drive had, it cannot be read";
    const advice = "Strongroom seals data itself and gives drives no key: find out who wrote this";
    yield { severity: "warn", code: "CARTRIDGE_ENCRYPTED", blames: "host", text, advice };
  }
  if (medium.kind === "cleaning") {
    const text = "a cleaning cartridge is in the drive";
    yield { severity: "note", code: "CLEANING_CARTRIDGE", blames: "cartridge", text, advice: "unload it when the drive has finished" };
  }
}

function amount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
