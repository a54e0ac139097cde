import { flagOf, type Numbers, numberOf, numbersOf } from "./log-fields.ts";
import type { LogParameters } from "./log-pages.ts";

const sequentialFields = {
  /** From the host, before compression. */
  receivedBytes: 0x0000,
  /** To the tape, after compression. */
  writtenBytes: 0x0001,
  /** From the tape, before decompression. */
  readBytes: 0x0002,
  /** To the host, after decompression. */
  deliveredBytes: 0x0003,
} as const;

/** Page 0x0C (SSC-5, 8.2.6). */
export interface SequentialAccess extends Numbers<typeof sequentialFields> {
  readonly cleaningRequired: boolean | undefined;
}

export function sequentialAccess(parameters: LogParameters): SequentialAccess {
  const cleaning = parameters.get(0x0100);
  return {
    ...numbersOf(parameters, sequentialFields),
    // Any value but zero asks for cleaning, all ones too.
    cleaningRequired: cleaning === undefined || cleaning.length === 0 ? undefined : cleaning.some((byte) => byte !== 0),
  };
}

/** Page 0x1B (SSC-5, 8.2.4), and 0x32, where LTO drives had the same numbers before. */
export interface DataCompression {
  /** What the data shrank to: 2.5 means 2.5 bytes of the host in each byte on the tape. */
  readonly readRatio: number | undefined;
  readonly writeRatio: number | undefined;
  readonly deliveredBytes: number | undefined;
  readonly readBytes: number | undefined;
  readonly receivedBytes: number | undefined;
  readonly writtenBytes: number | undefined;
  readonly enabled: boolean | undefined;
}

export function dataCompression(parameters: LogParameters): DataCompression {
  const ratio = (code: number): number | undefined => {
    const hundredths = numberOf(parameters.get(code));
    return hundredths === undefined || hundredths === 0 ? undefined : hundredths / 100;
  };
  // Bytes follow megabytes, each in a parameter of its own.
  const bytes = (code: number): number | undefined => {
    const megabytes = numberOf(parameters.get(code));
    return megabytes === undefined ? undefined : megabytes * 1e6 + (numberOf(parameters.get(code + 1)) ?? 0);
  };
  return {
    readRatio: ratio(0x0000),
    writeRatio: ratio(0x0001),
    deliveredBytes: bytes(0x0002),
    readBytes: bytes(0x0004),
    receivedBytes: bytes(0x0006),
    writtenBytes: bytes(0x0008),
    enabled: flagOf(parameters.get(0x0100)),
  };
}
