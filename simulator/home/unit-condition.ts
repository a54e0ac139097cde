/** How a unit is that somebody switched off, unplugged or broke, until somebody puts it right. What is missing is well. */
export interface UnitCondition {
  readonly isOff?: boolean;
  /** Commands do not reach it; it keeps its power, and what is in its buffer. */
  readonly isCableOut?: boolean;
  /** Counts how often it lost its power: whoever sees it grow has lost what was not on the tape. */
  readonly powerLosses?: number;
}

/** What can be broken of a drive, each until it is mended. */
export const driveAilments = ["eject", "fan", "heat"] as const;

/** `eject`: it does not let go of a cartridge; `fan`: its fan stands still; `heat`: it is too hot. */
export type DriveAilment = (typeof driveAilments)[number];

export interface DriveCondition extends UnitCondition {
  readonly ailments?: readonly DriveAilment[];
}

/** How a unit stands to those who send it commands. */
export interface Reach {
  readonly isReached: boolean;
  readonly powerLosses: number;
}

interface Powered extends UnitCondition {
  readonly drives: readonly DriveCondition[];
}

/** Units take their power from the library, and their paths lead through it. Unit 0 is its changer, 1 the first drive. */
export function reachOf(library: Powered, lun: number): Reach {
  const conditions = [library, library.drives[lun - 1] ?? {}];
  return {
    isReached: conditions.every(({ isOff, isCableOut }) => isOff !== true && isCableOut !== true),
    powerLosses: conditions.reduce((sum, { powerLosses = 0 }) => sum + powerLosses, 0),
  };
}

export function isUnitCondition(value: Readonly<Record<string, unknown>>): boolean {
  const { isOff = false, isCableOut = false, powerLosses = 0 } = value;
  return typeof isOff === "boolean" && typeof isCableOut === "boolean" && Number.isSafeInteger(powerLosses) && (powerLosses as number) >= 0;
}

export function isDriveCondition(value: Readonly<Record<string, unknown>>): boolean {
  const { ailments = [] } = value;
  return isUnitCondition(value) && Array.isArray(ailments) && ailments.every((one) => driveAilments.includes(one as DriveAilment));
}
