import { describeSense, type Sense, type SenseClass, senseCode, SenseError, senseKey, senseMeaning } from "../../scsi/index.ts";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";

interface Failure {
  readonly kind: ErrorKind;
  readonly code: string;
  /** What the drive did or is, after its name. */
  readonly what: string;
}

const failures = {
  noMedium: { kind: "operator", code: "NO_MEDIUM", what: "has no cartridge loaded" },
  incompatible: { kind: "operator", code: "MEDIUM_INCOMPATIBLE", what: "cannot use this cartridge" },
  cleaning: { kind: "operator", code: "CLEANING_FAILED", what: "was not cleaned" },
  notReady: { kind: "temporary", code: "NOT_READY", what: "is not ready" },
  hands: { kind: "operator", code: "OPERATOR_NEEDED", what: "needs somebody's hands" },
  medium: { kind: "failed", code: "MEDIUM_ERROR", what: "met a fault of the medium" },
  drive: { kind: "failed", code: "DRIVE_ERROR", what: "has a fault" },
  writeProtected: { kind: "operator", code: "WRITE_PROTECTED", what: "holds a write-protected cartridge; nothing was written" },
  worm: { kind: "denied", code: "WORM_OVERWRITE", what: "holds a cartridge on which nothing can be written over; nothing was written" },
  wormIntegrity: { kind: "denied", code: "WORM_INTEGRITY", what: "holds a WORM cartridge that is not as it was left; nothing was written" },
  encrypted: { kind: "denied", code: "MEDIUM_ENCRYPTED", what: "cannot work with the keys that it has" },
  protected: { kind: "denied", code: "DATA_PROTECTED", what: "does not permit this on the cartridge" },
  denied: { kind: "denied", code: "ACCESS_DENIED", what: "does not serve this host" },
  changed: { kind: "temporary", code: "MEDIUM_MAY_HAVE_CHANGED", what: "may hold another cartridge than before; its position is unknown" },
  reset: {
    kind: "temporary", code: "DEVICE_WAS_RESET", what: "was reset; what was not yet flushed is lost and its position is unknown",
  },
  news: { kind: "temporary", code: "DEVICE_CHANGED", what: "is not as it was; nothing was done" },
  refused: { kind: "failed", code: "COMMAND_REFUSED", what: "does not take this command" },
  removalPrevented: { kind: "busy", code: "REMOVAL_PREVENTED", what: "must not let go of its cartridge" },
  endOfData: { kind: "missing", code: "END_OF_DATA", what: "met the end of data" },
  endOfMedium: { kind: "failed", code: "END_OF_MEDIUM", what: "met the end of the medium" },
  elsewhere: { kind: "failed", code: "POSITION_NOT_REACHED", what: "stopped elsewhere than it was sent to" },
  aborted: { kind: "temporary", code: "COMMAND_ABORTED", what: "aborted a command, which may have taken effect" },
  unknown: {
    kind: "failed", code: "UNKNOWN_CONDITION", what: "met something unknown; nothing since the last confirmed flush counts as written",
  },
} as const satisfies Record<string, Failure>;

/** Codes that have a name of their own among the failures, by `asc << 8 | ascq`. */
const byCode: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [0x2800, failures.changed], [0x3007, failures.cleaning], [0x300a, failures.cleaning],
  [0x300b, failures.cleaning], [0x3013, failures.cleaning], [0x300c, failures.worm], [0x300d, failures.wormIntegrity],
  [0x5001, failures.worm], [0x5302, failures.removalPrevented], [0x5303, failures.removalPrevented], [0x7440, failures.denied],
  [0x7471, failures.denied],
]);

/** As `byCode`, for all that share the first byte. Only codes of class `operator` and unit attentions come here. */
const byFirstByte: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [0x20, failures.denied], [0x26, failures.encrypted], [0x27, failures.writeProtected], [0x29, failures.reset],
  [0x30, failures.incompatible], [0x3a, failures.noMedium], [0x74, failures.encrypted],
]);

const byClass: Readonly<Record<SenseClass, Failure>> = {
  result: failures.elsewhere,
  retry: failures.aborted,
  wait: failures.notReady,
  operator: failures.hands,
  medium: failures.medium,
  drive: failures.drive,
  bug: failures.refused,
  unsafe: failures.unknown,
};

/**
 * The error that stands for this sense. `doing` ends the sentence "... while": `writing a block`. Everything before the object
 * `confirmedObjects` is known to be on the medium.
 */
export function failureOf(name: string, sense: Sense, doing: string, confirmedObjects?: number): StrongroomError {
  const { kind, code, what } = failureFor(sense);
  const { sentence, advice } = senseMeaning(sense);
  const loss = sense.deferred ? lossOf(confirmedObjects) : "";
  const message = `drive ${name} ${what}, while ${doing}${loss}: ${sentence}; it says ${describeSense(sense)}`;
  return new StrongroomError(kind, code, message, { hint: advice, cause: new SenseError(sense) });
}

function lossOf(confirmed: number | undefined): string {
  if (confirmed === undefined) return "; this concerns data it took earlier, and nobody knows how much of it";
  return `; this concerns data it took earlier: objects from ${String(confirmed)} on are not to be trusted`;
}

function failureFor(sense: Sense): Failure {
  const { senseClass } = senseMeaning(sense);
  if (senseClass === "unsafe") return failures.unknown;
  const isNamed = senseClass === "operator" || sense.key === senseKey.unitAttention;
  const named = isNamed ? (byCode.get(senseCode(sense)) ?? byFirstByte.get(sense.asc)) : undefined;
  return named ?? byKey(sense, senseClass);
}

function byKey(sense: Sense, senseClass: SenseClass): Failure {
  switch (sense.key) {
    case senseKey.notReady:
      return senseClass === "wait" ? failures.notReady : { ...byClass[senseClass], kind: "operator", code: "NOT_READY" };
    case senseKey.unitAttention:
      return failures.news;
    case senseKey.dataProtect:
      return sense.asc === 0x50 ? failures.worm : failures.protected;
    case senseKey.blankCheck:
      return senseClass === "result" ? failures.endOfData : failures.medium;
    case senseKey.volumeOverflow:
      return failures.endOfMedium;
    default:
      return byClass[senseClass];
  }
}
