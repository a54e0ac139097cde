import { numberOf } from "./log-fields.ts";
import type { LogParameters } from "./log-pages.ts";

/** What a drive is doing (SSC-5, table 145, after ADC-4). */
const activities: ReadonlyMap<number, string> = new Map([
  [0x00, "idle"], [0x01, "cleaning"], [0x02, "loading"], [0x03, "unloading"], [0x04, "other activity"], [0x05, "reading"],
  [0x06, "writing"], [0x07, "locating"], [0x08, "rewinding"], [0x09, "erasing"], [0x0a, "formatting"], [0x0b, "calibrating"],
  [0x0c, "other activity"], [0x0d, "updating its firmware"], [0x0e, "reading encrypted data"], [0x0f, "writing encrypted data"],
]);

/** Parameter 0 of page 0x11, the very high frequency data (SSC-5, 8.2.3.2). */
export interface DriveStatus {
  readonly removalPrevented: boolean;
  readonly memoryAccessible: boolean;
  readonly compressing: boolean;
  readonly writeProtected: boolean;
  /** Cleaning would do good; `cleaningRequired`: the drive will soon not work without. */
  readonly cleaningRequested: boolean;
  readonly cleaningRequired: boolean;
  readonly changing: boolean;
  readonly robotMayAccess: boolean;
  readonly mediumPresent: boolean;
  readonly mediumThreaded: boolean;
  readonly mediumMounted: boolean;
  /** In words: `idle`, `writing`. */
  readonly activity: string;
  readonly encrypting: boolean;
  /** Page 0x12 has news since it was last read over this path. */
  readonly alertsChanged: boolean;
}

const initialized = 0x01;

/** Undefined where the drive does not tell, or says (DINIT) that nothing in it is valid yet. */
export function driveStatus(parameters: LogParameters): DriveStatus | undefined {
  const data = parameters.get(0x0000);
  if (data === undefined || data.length < 4 || ((data[0] ?? 0) & initialized) === 0) return undefined;
  const bit = (byte: number, mask: number): boolean => ((data[byte] ?? 0) & mask) !== 0;
  return {
    removalPrevented: bit(0, 0x80),
    memoryAccessible: bit(0, 0x20),
    compressing: bit(0, 0x10),
    writeProtected: bit(0, 0x08),
    cleaningRequested: bit(0, 0x04),
    cleaningRequired: bit(0, 0x02),
    changing: bit(1, 0x80),
    robotMayAccess: bit(1, 0x20),
    mediumPresent: bit(1, 0x10),
    mediumThreaded: bit(1, 0x02),
    mediumMounted: bit(1, 0x01),
    activity: activities.get(data[2] ?? 0) ?? `activity 0x${(data[2] ?? 0).toString(16).padStart(2, "0")}`,
    encrypting: bit(3, 0x10),
    alertsChanged: bit(3, 0x01),
  };
}

/** How soon the status may be asked for again, in milliseconds; undefined where the drive does not tell. */
export function pollingDelayMs(parameters: LogParameters): number | undefined {
  return numberOf(parameters.get(0x0001));
}

const firstPort = 0x0101;
const lastPort = 0x01ff;

/** One port of the drive (SSC-5, 8.2.3.4). */
export interface PortStatus {
  /** 1 is the first. */
  readonly number: number;
  /** Kind and state differ from protocol to protocol: kept as they came. */
  readonly bytes: Uint8Array;
}

export function portStatuses(parameters: LogParameters): readonly PortStatus[] {
  const ports = [...parameters].filter(([code]) => code >= firstPort && code <= lastPort);
  return ports.map(([code, bytes]) => ({ number: code - firstPort + 1, bytes }));
}
