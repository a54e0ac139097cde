import { describeSense, type Sense, type SenseClass, senseCode, SenseError, senseKey, senseMeaning } from "../../scsi/index.ts";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";

interface Failure {
  readonly kind: ErrorKind;
  readonly code: string;
  /** What the library did or is, after its name. */
  readonly what: string;
}

const failures = {
  empty: { kind: "missing", code: "ELEMENT_EMPTY", what: "found nothing where it should take a cartridge from" },
  full: { kind: "failed", code: "ELEMENT_FULL", what: "found a cartridge where it should put one" },
  locked: { kind: "busy", code: "MEDIUM_LOCKED", what: "could not take the cartridge, because a drive or a host has not let go of it" },
  door: { kind: "operator", code: "DOOR_OPEN", what: "stands still, because a door, a mail slot or a magazine is open" },
  notReady: { kind: "temporary", code: "NOT_READY", what: "is not ready" },
  hands: { kind: "operator", code: "OPERATOR_NEEDED", what: "needs somebody's hands" },
  noElement: { kind: "missing", code: "ELEMENT_MISSING", what: "has no such element" },
  changed: { kind: "temporary", code: "LIBRARY_CHANGED", what: "is not as it was; nothing was moved" },
  refused: { kind: "failed", code: "COMMAND_REFUSED", what: "does not take this command" },
  move: { kind: "failed", code: "MOVE_FAILED", what: "did not finish the movement" },
  robot: { kind: "failed", code: "CHANGER_ERROR", what: "has a fault" },
  aborted: { kind: "temporary", code: "COMMAND_ABORTED", what: "aborted a command, which may have taken effect" },
  unknown: { kind: "failed", code: "UNKNOWN_CONDITION", what: "met something unknown; nobody knows where the cartridge is" },
} as const satisfies Record<string, Failure>;

/** Codes that have a name of their own, whatever the key: libraries of different makers give them under different ones. */
const byCode: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [0x2101, failures.noElement], [0x3b0d, failures.full], [0x3b0e, failures.empty],
  // A drive that cannot eject reports 53/01 through the changer (SMC-3, 6.6); 3B/14 is a magazine that is locked.
  [0x5301, failures.locked], [0x5302, failures.locked], [0x5303, failures.locked], [0x530b, failures.locked], [0x3b14, failures.locked],
  [0x3a02, failures.door], [0x3b11, failures.door], [0x3b12, failures.door], [0x0415, failures.door], [0x0418, failures.door],
]);

const byClass: Readonly<Record<SenseClass, Failure>> = {
  result: failures.robot,
  retry: failures.aborted,
  wait: failures.notReady,
  operator: failures.hands,
  medium: failures.robot,
  drive: failures.robot,
  bug: failures.refused,
  unsafe: failures.unknown,
};

/** What any hint of a movement begins with: only the library knows how far it came. */
const afterMove = "look at the inventory for where the cartridge is now";

/** The error that stands for this sense; while moving, whatever has no better name is `MOVE_FAILED`. */
export function failureOf(name: string, sense: Sense, doing: string, isMove = false): StrongroomError {
  const { senseClass, sentence, advice } = senseMeaning(sense);
  const { kind, code, what } = failureFor(sense, senseClass, isMove);
  const hint = code === failures.move.code || senseClass === "unsafe" ? `${afterMove}; ${advice}` : advice;
  const message = `changer ${name} ${what}, while ${doing}: ${sentence}; it says ${describeSense(sense)}`;
  return new StrongroomError(kind, code, message, { hint, cause: new SenseError(sense) });
}

function failureFor(sense: Sense, senseClass: SenseClass, isMove: boolean): Failure {
  if (senseClass === "unsafe") return failures.unknown;
  const named = byCode.get(senseCode(sense));
  if (named !== undefined) return named;
  if (sense.key === senseKey.notReady) return isDoor(sense) ? failures.door : byClass[senseClass];
  if (isMove) return failures.move;
  return sense.key === senseKey.unitAttention ? failures.changed : byClass[senseClass];
}

/** 04/03: most libraries say so when somebody has opened them. */
function isDoor(sense: Sense): boolean {
  return senseCode(sense) === 0x0403;
}
