import { type ScsiCommand, status } from "../../../src/scsi/index.ts";
import { be32, check, field, type Outcome, type SenseFields, senseKey } from "../../wire/index.ts";
import type { DriveAlerts } from "./drive-alerts.ts";
import { flagCount } from "./flags.ts";

/** Whether and how the drive says by itself that alerts are up: mode page 1C (SPC-5, 7.5.13, with the test flag of SSC-5, 8.3.6). */
export interface ExceptionSettings {
  /** DEXCPT: it says nothing by itself. */
  readonly isDisabled: boolean;
  readonly isTest: boolean;
  readonly method: number;
  readonly testFlag: number;
}

export const usualExceptions: ExceptionSettings = { isDisabled: true, isTest: false, method: 3, testFlag: 0 };

const methods = { none: 0, attention: 2, recoveredOnce: 3, recovered: 4, noSense: 5, whenAsked: 6 } as const;
const everyFlag = 32767;
const [disabledBit, testBit] = [0x08, 0x04];

export function exceptionsPage({ isDisabled, isTest, method, testFlag }: ExceptionSettings): readonly number[] {
  return [0x1c, 0x0a, (isDisabled ? disabledBit : 0) | (isTest ? testBit : 0), method, ...field(0, 4), ...field(testFlag >>> 0, 4)];
}

export const changeableExceptions: readonly number[] = [0, 0, disabledBit | testBit, 0x0f, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];

/** Undefined when no drive can do so. */
export function readExceptionsPage(bytes: Uint8Array): ExceptionSettings | undefined {
  if (bytes.length < 12) return undefined;
  const settings = {
    isDisabled: (bytes[2]! & disabledBit) !== 0,
    isTest: (bytes[2]! & testBit) !== 0,
    method: bytes[3]! & 0x0f,
    testFlag: be32(bytes, 8) | 0,
  };
  const isKnown = (Object.values(methods) as number[]).includes(settings.method);
  const isFlag = Math.abs(settings.testFlag) <= flagCount || settings.testFlag === everyFlag;
  // A test that must not be told is none.
  return isKnown && isFlag && !(settings.isTest && settings.isDisabled) ? settings : undefined;
}

/** The test flag: up to 64 it comes up, below zero it goes, 32767 is all of them. Zero tests the report alone. */
export function applyTest(alerts: DriveAlerts, { isTest, testFlag }: ExceptionSettings): void {
  if (!isTest || testFlag === 0) return;
  if (testFlag === everyFlag) for (let flag = 1; flag <= flagCount; flag += 1) alerts.raise(flag);
  else if (testFlag > 0) alerts.raise(testFlag);
  else alerts.end(-testFlag);
}

/** FAILURE PREDICTION THRESHOLD EXCEEDED, or (FALSE) where a test asks for it. */
function exceptionSense(key: number, { isTest }: ExceptionSettings): SenseFields {
  return { key, code: isTest ? 0x5dff : 0x5d00 };
}

/** Says once a path, until there are others, that alerts are up that it did not hear of. */
export class ExceptionReports {
  /** What was said last to each path. */
  readonly #said = new Map<string, string>();
  readonly #alerts: DriveAlerts;

  constructor(alerts: DriveAlerts) {
    this.#alerts = alerts;
  }

  departed(nexus: string): void {
    this.#said.delete(nexus);
  }

  /** What a command that ended well ends with instead; `attend` takes unit attentions for later commands. */
  after(outcome: Outcome, settings: ExceptionSettings, nexus: string, attend: (sense: SenseFields) => void): Outcome {
    if (settings.isDisabled || settings.method === methods.none || settings.method === methods.whenAsked) return outcome;
    const up = this.#upFor(nexus, settings);
    if (up === this.#said.get(nexus) || (up === "" && this.#said.get(nexus) === undefined)) return outcome;
    if (up !== "" && settings.method === methods.attention) attend(exceptionSense(senseKey.unitAttention, settings));
    else if (up !== "" && outcome.status !== status.good) return outcome;
    this.#said.set(nexus, up);
    if (up === "" || settings.method === methods.attention) return outcome;
    const key = settings.method === methods.noSense ? senseKey.noSense : senseKey.recoveredError;
    return check(exceptionSense(key, settings), outcome.transferredBytes);
  }

  /** What REQUEST SENSE tells where it is told only when asked for. */
  whenAsked(settings: ExceptionSettings, nexus: string): SenseFields | undefined {
    if (settings.isDisabled || settings.method !== methods.whenAsked || this.#upFor(nexus, settings) === "") return undefined;
    return exceptionSense(senseKey.noSense, settings);
  }

  #upFor(nexus: string, { isTest, testFlag }: ExceptionSettings): string {
    return isTest && testFlag === 0 ? "test" : this.#alerts.untold(nexus).join();
  }
}

/** LOG SENSE of the alerts themselves says by its data what it would say by its sense; INQUIRY and the like never do. */
export function mayCarryReport({ cdb }: ScsiCommand): boolean {
  return !silent.has(cdb[0]!);
}

const silent: ReadonlySet<number> = new Set([0x03, 0x12, 0x15, 0x1a, 0x4c, 0x4d, 0x55, 0x5a, 0xa0]);
