import { describeSense, type Sense, senseCode, SenseError, senseKey } from "../../scsi/index.ts";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const lookAgain = "see what is where with: strongroom library show";

const meanings = {
  full: { kind: "busy", code: "ELEMENT_FULL", what: "found the destination full; nothing was moved", hint: lookAgain },
  empty: { kind: "missing", code: "ELEMENT_EMPTY", what: "found the source empty; nothing was moved", hint: lookAgain },
  locked: {
    kind: "busy", code: "MEDIUM_LOCKED", what: "cannot take a cartridge that its drive has not let go of; nothing was moved",
    hint: "unload the drive first",
  },
  doorOpen: { kind: "operator", code: "DOOR_OPEN", what: "has an open door or mail slot; nothing was moved", hint: "close it, and run the same command again" },
  address: { kind: "failed", code: "ELEMENT_UNKNOWN", what: "has no such element; nothing was moved", hint: lookAgain },
  notReady: { kind: "temporary", code: "NOT_READY", what: "is not ready", hint: "look at the library's panel, and try again when it is ready" },
  prevented: { kind: "busy", code: "REMOVAL_PREVENTED", what: "is kept shut by a host", hint: "let the host that locked it unlock it" },
  refused: { kind: "failed", code: "COMMAND_REFUSED", what: "does not take this command", hint: "see whether the library needs newer firmware" },
  moveFailed: {
    kind: "operator", code: "MOVE_FAILED", what: "could not move the cartridge",
    hint: "look into the library; then make it look at its elements again with: strongroom library audit",
  },
} as const satisfies Record<string, Meaning>;

/** The error that stands for this sense. `doing` ends the sentence "... while": `moving a cartridge`. */
export function failureOf(name: string, sense: Sense, doing: string): StrongroomError {
  const { kind, code, what, hint } = meaningOf(sense);
  return new StrongroomError(kind, code, `changer ${name} ${what}, while ${doing}: ${describeSense(sense)}`, { hint, cause: new SenseError(sense) });
}

function meaningOf(sense: Sense): Meaning {
  switch (senseCode(sense)) {
    case 0x3b0d:
      return meanings.full;
    case 0x3b0e:
      return meanings.empty;
    case 0x2101:
      return meanings.address;
    case 0x5301:
    case 0x5303:
    case 0x3b1a:
      return meanings.locked;
    case 0x5302:
      return meanings.prevented;
    case 0x3b12:
    case 0x0418:
    case 0x3a02:
      return meanings.doorOpen;
  }
  if (sense.key === senseKey.notReady) return meanings.notReady;
  return sense.key === senseKey.illegalRequest ? meanings.refused : meanings.moveFailed;
}
