import { type Numbers, numbersOf } from "./log-fields.ts";
import type { LogParameters } from "./log-pages.ts";

/** SPC-5, 7.3.8, table 369. */
const fields = {
  correctedWithoutDelay: 0x0000,
  correctedWithDelay: 0x0001,
  /** Rewrites or rereads. */
  retries: 0x0002,
  corrected: 0x0003,
  correctionRuns: 0x0004,
  processedBytes: 0x0005,
  uncorrected: 0x0006,
} as const;

/** Pages 0x02 (writing) and 0x03 (reading): errors since the counters were reset, on most drives since the cartridge was loaded. */
export type ErrorCounters = Numbers<typeof fields>;

export function errorCounters(parameters: LogParameters): ErrorCounters {
  return numbersOf(parameters, fields);
}
