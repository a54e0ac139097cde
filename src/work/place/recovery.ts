import type { StrongroomError } from "../../words/index.ts";

/**
 * What is done about a failure:
 *
 * - `again`: the drive is given back, the same cartridge mounted again, its label and the last segment on it are checked, and the segment under way is written again.
 * - `other-drive`: as `again`, and the drive is left out as long as there is another one.
 * - `other-volume`: the volume is closed for writing; what is on it stays in use, and the work goes on on another one.
 * - `leave-volume`: as `other-volume`, but nothing is wrong with the volume: later runs may write on it.
 * - `ask`: one request to the operator, and the work goes on by itself once it is met.
 * - `stop`: the pool's work ends at a safe point; the same command goes on from there.
 */
export type Remedy = "again" | "other-drive" | "other-volume" | "leave-volume" | "ask" | "stop";

/** A remedy, and how often it is tried in a row: until a segment was placed. */
export type RecoveryStep = readonly [remedy: Remedy, times: number];

export interface RecoveryRule {
  /** The case, in words; in docs/RELIABILITY.md as well. */
  readonly failure: string;
  /** Codes of StrongroomError that are this case. */
  readonly codes: readonly string[];
  /** What is done, one after the other, when what came before did not help; then the work stops. */
  readonly steps: readonly RecoveryStep[];
  /** How long is waited before, for whatever it was to settle. */
  readonly pauseMs: number;
}

/** In one run, until a segment was placed: so many volumes that fail one after the other are not the volumes' fault. */
export const volumesFailedAtMost = 4;

/** Asking ends when the request is met, or when whoever started the work said how long to wait. */
const untilMet = Number.POSITIVE_INFINITY;

export const recoveryRules: readonly RecoveryRule[] = [
  {
    failure: "fault of the medium, at once or reported late, in a drive that wants cleaning",
    codes: ["MEDIUM_ERROR in a dirty drive"],
    steps: [["again", 1], ["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "fault of the medium, at once or reported late (deferred)",
    codes: ["MEDIUM_ERROR", "END_OF_DATA", "POSITION_NOT_REACHED", "VOLUME_GAP", "OBJECT_GONE", "BLOCK_TOO_LARGE", "OPERATION_ENDLESS"],
    steps: [["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "last segment on the tape is not what was recorded",
    codes: ["TAIL_NOT_CONFIRMED"],
    steps: [["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "end of the medium where no write could tell of it",
    codes: ["END_OF_MEDIUM"],
    steps: [["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "write protection, WORM, data protection (7/2A/13 and others), encryption, partitions, a generation that the drive does not write",
    codes: [
      "WRITE_PROTECTED", "FOLDER_READ_ONLY", "WORM_OVERWRITE", "WORM_INTEGRITY", "DATA_PROTECTED", "MEDIUM_ENCRYPTED", "MEDIUM_INCOMPATIBLE", "MEDIUM_PARTITIONED",
      "MEDIUM_TOO_SMALL",
    ],
    steps: [["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "another volume's label, or none, or one that was broken off",
    codes: ["VOLUME_NOT_ON_CARTRIDGE", "OBJECT_UNFINISHED", "OBJECT_NO_FILE", "MEDIUM_NOT_BLANK", "VOLUME_DESCRIPTION_WRONG", "VOLUME_TAR_DAMAGED"],
    steps: [["other-volume", volumesFailedAtMost]], pauseMs: 0,
  },
  {
    failure: "unit attention in the middle: reset, power lost, the cartridge may be another one",
    codes: ["DEVICE_WAS_RESET", "MEDIUM_MAY_HAVE_CHANGED", "DEVICE_CHANGED", "POSITION_UNKNOWN", "PROTECTION_LOST"],
    steps: [["again", 3], ["other-drive", 1], ["leave-volume", 1], ["ask", untilMet]], pauseMs: 0,
  },
  {
    failure: "a command was aborted, the drive or library is not ready, or somebody changed the library meanwhile",
    codes: ["COMMAND_ABORTED", "NOT_READY", "LIBRARY_CHANGED", "TRANSPORT_BUSY", "DEVICE_BUSY", "ELEMENT_EMPTY", "ELEMENT_FULL", "ISCSI_UNAVAILABLE"],
    steps: [["again", 3], ["other-drive", 1], ["leave-volume", 1], ["ask", untilMet]], pauseMs: 2000,
  },
  {
    failure: "the connection is lost, or a command was not answered in time",
    codes: [
      "TRANSPORT_LOST", "TRANSPORT_CLOSED", "TRANSPORT_TIMEOUT", "TRANSPORT_REFUSED", "ISCSI_ENDED", "ISCSI_UNREACHABLE", "ISCSI_BREACH", "ISCSI_GARBLED",
      "ISCSI_LOGIN_FAILED", "DEVICE_NOT_OPENED",
    ],
    steps: [["again", 3], ["other-drive", 1], ["leave-volume", 1], ["ask", untilMet]], pauseMs: 2000,
  },
  {
    failure: "fault of the drive, or an answer that no standard explains",
    codes: [
      "DRIVE_ERROR", "UNKNOWN_CONDITION", "DRIVE_NOT_READY", "CLEANING_FAILED", "COMMAND_REFUSED", "DEVICE_ANSWER_UNREADABLE", "DEVICE_MISSING", "DEVICE_WITHOUT_NODE",
      "DRIVE_UNMAPPED", "ISCSI_TARGET_MISSING", "ISCSI_NO_UNITS", "RESERVATION_REFUSED", "REMOVAL_PREVENTED",
    ],
    steps: [["other-drive", 2], ["leave-volume", 1], ["ask", untilMet]], pauseMs: 0,
  },
  {
    failure: "fault of the library, or a movement that did not end",
    codes: ["CHANGER_ERROR", "MOVE_FAILED", "MEDIUM_LOCKED", "ELEMENT_MISSING"],
    steps: [["again", 2], ["ask", untilMet]], pauseMs: 2000,
  },
  {
    failure: "a cartridge is missing, or two have its label",
    codes: ["CARTRIDGE_NOT_IN_LIBRARY", "DUPLICATE_BARCODE", "CARTRIDGE_UNKNOWN", "FOLDER_MISSING", "NO_MEDIUM"],
    steps: [["leave-volume", volumesFailedAtMost], ["ask", untilMet]], pauseMs: 0,
  },
  {
    failure: "the disk of a folder volume does not answer",
    codes: ["FOLDER_FAILED", "VOLUME_BUSY"],
    steps: [["leave-volume", volumesFailedAtMost], ["ask", untilMet]], pauseMs: 0,
  },
  {
    failure: "hands are needed: no volume to write on, a door open, drives taken or stuck, no slot empty, this host not served",
    codes: [
      "POOL_NEEDS_CARTRIDGE", "DOOR_OPEN", "OPERATOR_NEEDED", "DRIVES_BUSY", "DRIVE_BUSY", "CLEANING_STUCK", "NO_CLEANING_CARTRIDGE", "NO_EMPTY_SLOT", "DEVICE_RESERVED",
      "ACCESS_DENIED", "DEVICE_NOT_PERMITTED", "ISCSI_DENIED", "DRIVES_LEFT_OUT",
    ],
    steps: [["ask", untilMet]], pauseMs: 0,
  },
];

const byCode: ReadonlyMap<string, RecoveryRule> = new Map(recoveryRules.flatMap((rule) => rule.codes.map((code) => [code, rule] as const)));

/** The row of a failure; undefined where there is none: the work stops then. */
export function recoveryRule(error: StrongroomError, isDriveDirty: boolean): RecoveryRule | undefined {
  return (isDriveDirty ? byCode.get(`${error.code} in a dirty drive`) : undefined) ?? byCode.get(error.code);
}

/** The volume is to blame, not where it is or who is in the way: it is not written on any more. */
export function isVolumeAtFault(error: StrongroomError): boolean {
  return recoveryRule(error, false)?.steps[0]?.[0] === "other-volume";
}

/** What failed is the way to the volume, its drive or library, or a person is needed: it says nothing about what is on the volume. */
export function isVolumeAside(error: StrongroomError): boolean {
  const remedy = recoveryRule(error, false)?.steps[0]?.[0];
  // A disk that fails at one file may well give the others.
  return remedy !== undefined && remedy !== "other-volume" && error.code !== "FOLDER_FAILED";
}

export interface Recovery {
  readonly remedy: Remedy;
  readonly pauseMs: number;
}

/** Counts failures until a segment was placed, so that nothing is tried for ever. */
export class Recoveries {
  readonly #times = new Map<RecoveryRule, number>();
  #volumes = 0;

  /** What to do about this failure, after those before it. */
  next(error: StrongroomError, isDriveDirty = false): Recovery {
    const rule = recoveryRule(error, isDriveDirty);
    if (!rule) return { remedy: "stop", pauseMs: 0 };
    const times = (this.#times.get(rule) ?? 0) + 1;
    this.#times.set(rule, times);
    const remedy = stepAfter(rule, times);
    if (remedy === "other-volume" || remedy === "leave-volume") this.#volumes += 1;
    return { remedy: this.#volumes > volumesFailedAtMost ? "stop" : remedy, pauseMs: rule.pauseMs };
  }

  placed(): void {
    this.#times.clear();
    this.#volumes = 0;
  }
}

function stepAfter({ steps }: RecoveryRule, times: number): Remedy {
  let before = 0;
  for (const [remedy, timesAtMost] of steps) {
    before += timesAtMost;
    if (times <= before) return remedy;
  }
  return "stop";
}
