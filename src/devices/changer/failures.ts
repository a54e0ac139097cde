import { describeSense, type Sense, senseCode, SenseError, senseKey } from "../../scsi/index.ts";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const meanings = {
  empty: {
    kind: "missing", code: "ELEMENT_EMPTY", what: "found nothing where it should take a cartridge from",
    hint: "look at the inventory again, and audit the library if it is wrong",
  },
  full: {
    kind: "failed", code: "ELEMENT_FULL", what: "found a cartridge where it should put one",
    hint: "look at the inventory again, and choose an empty element",
  },
  locked: {
    kind: "busy", code: "MEDIUM_LOCKED", what: "could not take the cartridge, because a drive or a host has not let go of it",
    hint: "unload the drive, then repeat the movement",
  },
  door: {
    kind: "operator", code: "DOOR_OPEN", what: "stands still, because a door, a mail slot or a magazine is open",
    hint: "close the library's doors and put its magazines back, then repeat the work",
  },
  notReady: {
    kind: "temporary", code: "NOT_READY", what: "is not ready", hint: "look at the library's display, and repeat the work when it is ready",
  },
  noElement: {
    kind: "missing", code: "ELEMENT_MISSING", what: "has no such element", hint: "look at the inventory for the elements that there are",
  },
  refused: {
    kind: "failed", code: "COMMAND_REFUSED", what: "does not take this command", hint: "see whether the library needs newer firmware",
  },
  move: {
    kind: "failed", code: "MOVE_FAILED", what: "did not finish the movement", hint: "look at the inventory for where the cartridge is now",
  },
  robot: {
    kind: "failed", code: "CHANGER_ERROR", what: "has a fault", hint: "look at the library's display, and have the library looked at",
  },
  aborted: {
    kind: "temporary", code: "COMMAND_ABORTED", what: "aborted a command, which may have taken effect",
    hint: "look at the inventory before the work is repeated",
  },
} as const satisfies Record<string, Meaning>;

/** The error that stands for this sense; while moving, whatever has no better name is `MOVE_FAILED`. */
export function failureOf(name: string, sense: Sense, doing: string, isMove = false): StrongroomError {
  const meaning: Meaning = meaningOf(sense) ?? (isMove ? meanings.move : otherwise(sense));
  const message = `changer ${name} ${meaning.what}, while ${doing}: ${describeSense(sense)}`;
  return new StrongroomError(meaning.kind, meaning.code, message, { hint: meaning.hint, cause: new SenseError(sense) });
}

function meaningOf(sense: Sense): Meaning | undefined {
  switch (senseCode(sense)) {
    case 0x3b0d:
      return meanings.full;
    case 0x3b0e:
      return meanings.empty;
    // A drive that cannot eject reports 53/01 through the changer (SMC-3, 6.6); 3B/14 is a magazine that is locked.
    case 0x5301:
    case 0x5302:
    case 0x5303:
    case 0x3b14:
      return meanings.locked;
    case 0x3a02:
    case 0x3b11:
    case 0x3b12:
    case 0x0418:
      return meanings.door;
    case 0x2101:
      return meanings.noElement;
    case 0x0403:
      return sense.key === senseKey.notReady ? meanings.door : undefined;
    default:
      return sense.key === senseKey.notReady ? meanings.notReady : undefined;
  }
}

function otherwise(sense: Sense): Meaning {
  if (sense.key === senseKey.illegalRequest) return meanings.refused;
  return sense.key === senseKey.abortedCommand ? meanings.aborted : meanings.robot;
}
