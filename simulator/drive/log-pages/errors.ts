import type { LogParameter } from "../../unit/index.ts";
import { field, text } from "../../wire/index.ts";
import type { Direction } from "../care/index.ts";
import { type Drive, profile } from "../model.ts";

const hourMs = 3_600_000;

/** Pages 02 and 03 (SPC-5, 7.3.8): without delay, with it, retries, corrected, how often the correction ran, bytes, uncorrected. */
export function errorCounters({ errors }: Drive, direction: Direction): readonly LogParameter[] {
  const { bytes, retries, uncorrected } = errors.sinceReset(direction);
  return [0, retries, retries, retries, retries, bytes, uncorrected].map((value, code) => ({ code, value: field(value, 8), isCounter: true }));
}

/** Page 06 (SPC-5, 7.3.16): errors that neither medium nor transport had; this drive has none that it does not tell otherwise. */
export function nonMediumErrors(): readonly LogParameter[] {
  return [{ code: 0, value: field(0, 4), isCounter: true }];
}

/** Page 10 (SPC-5, 7.3.19): no extended self-test was ever run. */
export function selfTests(): readonly LogParameter[] {
  return Array.from({ length: 20 }, (_, at) => ({ code: at + 1, value: field(0, 16) }));
}

/** Page 16 (SSC-5, 8.2.8): the last errors, each with what was in the drive. */
export function diagnosticData(drive: Drive): readonly LogParameter[] {
  const { medium, errors, life } = drive;
  const { motionMs, motionAtCleaningsMs } = life.care();
  const hours = Math.floor(motionMs / hourMs);
  const hoursSinceCleaning = Math.floor((motionMs - (motionAtCleaningsMs[0] ?? 0)) / hourMs);
  return errors.records().map(({ opcode, key, code: senseCode }, code) => ({
    code,
    value: [
      0, 0, medium?.media.densityCode ?? 0, medium?.media.mediumType ?? 0, ...field(hours, 4), 0, key, senseCode >> 8, senseCode & 0xff, ...field(0, 4),
      ...text(profile.revision, 4), ...field(hoursSinceCleaning, 4), opcode, 0, 0, 0, ...text(medium?.cartridge.facts.serial ?? "", 32), 0, 0, ...field(0, 6),
    ],
  }));
}
