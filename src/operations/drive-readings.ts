import type { CartridgeCondition, DriveCondition, HealthFinding } from "../devices/tape/index.ts";
import type { CartridgeMemory } from "../scsi/index.ts";
import type { HealthReading, Upkeep } from "../records/index.ts";
import { printable, rfc3339 } from "../words/index.ts";
import type { CountedChange } from "./contract.ts";

/** What is kept of a drive from one look to the next. */
export function driveNumbers({ statistics }: DriveCondition): HealthReading["numbers"] {
  const { loads, cleanings, poweredHours, motionHours, tapeMetres, powerCycles, hardWriteErrors, hardReadErrors } = statistics;
  return known({ loads, cleanings, poweredHours, motionHours, tapeMetres, powerCycles, hardWriteErrors, hardReadErrors });
}

/** What is kept of a cartridge. */
export function cartridgeNumbers({ loads, fills, passes, statistics }: CartridgeCondition): HealthReading["numbers"] {
  const { unrecoveredWriteErrors, unrecoveredReadErrors, writeRetries, readRetries, writtenMegabytes, readMegabytes } = statistics;
  return known({ loads, fills, passes, unrecoveredWriteErrors, unrecoveredReadErrors, writeRetries, readRetries, writtenMegabytes, readMegabytes });
}

function known(numbers: Readonly<Record<string, number | undefined>>): HealthReading["numbers"] {
  return Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== undefined && Number.isFinite(entry[1])));
}

/** By serial number, so that a drive keeps its past when it changes its place. */
export function driveSubject(library: string, number: number, serial: string): string {
  return serial === "" ? `drive ${String(number)} of library ${library}` : `drive ${serial}`;
}

/** Writes the reading down, and tells what changed since the one before. Nothing to tell at the first look. */
export function takeDown(upkeep: Upkeep, reading: HealthReading): { readonly sinceMs: number | undefined; readonly changes: readonly CountedChange[] } {
  const before = upkeep.lastReading(reading.subject);
  upkeep.addReading(reading);
  if (before === undefined) return { sinceMs: undefined, changes: [] };
  const changes = Object.entries(reading.numbers).flatMap(([name, now]) => {
    const then = before.numbers[name];
    return then === undefined || then === now ? [] : [{ name, before: then, now }];
  });
  return { sinceMs: before.timeMs, changes };
}

/** Counters of errors that grew since the last look: worth more than any total. */
export function growthFindings(sinceMs: number | undefined, changes: readonly CountedChange[], what: "drive" | "cartridge"): readonly HealthFinding[] {
  return changes.flatMap(({ name, before, now }) => {
    const doing = errorCounters.get(name);
    if (doing === undefined || now <= before || sinceMs === undefined) return [];
    const grown = now - before;
    const text = `${String(grown)} more ${doing} ${grown === 1 ? "error" : "errors"} of this ${what} since ${rfc3339(sinceMs)}`;
    const advice =
      what === "drive"
        ? "clean the drive; if the number grows again with other cartridges, have it looked at"
        : "verify the cartridge in another drive, and copy it if that fails";
    return [{ severity: "err" as const, code: what === "drive" ? "DRIVE_ERRORS_GREW" : "CARTRIDGE_ERRORS_GREW", blames: what, text, advice }];
  });
}

/**
 * A label on the wrong cartridge, or a cartridge that was labelled anew: whoever looks for one of the two barcodes will take the wrong
 * one. Some programs leave the last two characters out.
 */
export function labelFindings(label: string | undefined, memory: CartridgeMemory | undefined): readonly HealthFinding[] {
  const inside = memory?.barcode;
  if (label === undefined || inside === undefined || label.startsWith(inside) || inside.startsWith(label)) return [];
  const text = `the label says ${printable(label)}, the memory of the cartridge says ${printable(inside)}`;
  const advice = "identify what is written on it, and put the right label on";
  return [{ severity: "warn", code: "LABEL_DIFFERS", blames: "cartridge", text, advice }];
}

const errorCounters: ReadonlyMap<string, string> = new Map([
  ["hardWriteErrors", "write"],
  ["hardReadErrors", "read"],
  ["unrecoveredWriteErrors", "write"],
  ["unrecoveredReadErrors", "read"],
]);
