import type { LogParameter } from "../../unit/index.ts";
import { field, text } from "../../wire/index.ts";
import { dirtOf } from "../../home/index.ts";
import { capacityOf, type Drive, earlyWarningBytes, usedBytes, usedOf } from "../model.ts";

const megabyte = 1_000_000;
const hourMs = 3_600_000;
const [usualCelsius, mostCelsius, hotCelsius] = [34, 55, 68];
const forgottenCleaning = 0xffff_ffff;

/** Page 0C (SSC-5, 8.2.6). Data is not compressed. */
export function sequentialAccess({ counters, medium, life }: Drive): readonly LogParameter[] {
  const { bytesWritten, bytesRead } = counters;
  const transfers = [bytesWritten, bytesWritten, bytesRead, bytesRead].map((value, code) => ({ code, value: field(value, 8), isCounter: true }));
  const megabytes = (value: number): number[] => field(Math.floor(value / megabyte), 4);
  const ofTape = medium === undefined ? [] : [usedOf(medium), earlyWarningBytes(capacityOf(medium)), capacityOf(medium) - earlyWarningBytes(capacityOf(medium)), usedBytes(medium)];
  return [
    ...transfers,
    ...ofTape.map((value, at) => ({ code: 4 + at, value: megabytes(value) })),
    // Any value but zero asks for cleaning.
    { code: 0x0100, value: field(dirtOf(life.care()) === "clean" ? 0 : forgottenCleaning, 4) },
  ];
}

/** Page 0D (SPC-5, 7.3.21): as it is, and as it should be at most. */
export function temperature(drive: Drive): readonly LogParameter[] {
  return [{ code: 0, value: [0, isHot(drive) ? hotCelsius : usualCelsius] }, { code: 1, value: [0, mostCelsius] }];
}

function isHot({ home, number }: Drive): boolean {
  return home.state().drives[number]!.ailments?.includes("heat") === true;
}

/** Page 14 (SSC-5, 8.2.5): the life of the drive. Hours are whole ones. */
export function deviceStatistics(drive: Drive): readonly LogParameter[] {
  const { counters, life, serial, removalPreventedBy } = drive;
  const care = life.care();
  const hours = (durationMs: number): number => Math.floor(durationMs / hourMs);
  const sinceCleaning = (at: number): number => hours(care.motionMs - (care.motionAtCleaningsMs[at] ?? 0));
  const numbers = [
    care.loads, care.cleanings, hours(care.poweredMs), hours(care.motionMs), Math.floor(care.metres), 0, 0, 0, sinceCleaning(0), sinceCleaning(1), sinceCleaning(2),
    0, care.powerCycles + 1, counters.loads, care.hardWriteErrors, care.hardReadErrors,
  ];
  return [
    ...numbers.map((value, code) => ({ code, value: field(value, 8) })),
    { code: 0x0041, value: text(serial, 32), format: 1 },
    { code: 0x0080, value: [removalPreventedBy.size > 0 ? 1 : 0] },
    { code: 0x0081, value: [isHot(drive) ? 1 : 0] },
  ];
}
