import { describeSense, type Sense, senseCode, SenseError, senseKey } from "../../scsi/index.ts";
import { type ErrorKind, StrongroomError } from "../../words/index.ts";

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const meanings = {
  noMedium: {
    kind: "operator", code: "NO_MEDIUM", what: "has no cartridge loaded", hint: "load a cartridge, then repeat the work",
  },
  incompatible: {
    kind: "operator", code: "MEDIUM_INCOMPATIBLE", what: "cannot use this cartridge", hint: "use a cartridge of a generation that this drive takes",
  },
  notReady: {
    kind: "temporary", code: "NOT_READY", what: "is not ready", hint: "look at the drive's display, and repeat the work when it is ready",
  },
  medium: {
    kind: "failed", code: "MEDIUM_ERROR", what: "met a fault of the medium",
    hint: "clean the drive if it asks for it, and try this cartridge in another drive",
  },
  drive: {
    kind: "failed", code: "DRIVE_ERROR", what: "has a fault", hint: "try the same cartridge in another drive, and have this drive looked at",
  },
  writeProtected: {
    kind: "operator", code: "WRITE_PROTECTED", what: "holds a write-protected cartridge; nothing was written",
    hint: "open the write-protect switch of the cartridge, or use another one",
  },
  worm: {
    kind: "denied", code: "WORM_OVERWRITE", what: "holds a WORM cartridge, on which nothing can be written over; nothing was written",
    hint: "append behind the end of data, or use another cartridge",
  },
  encrypted: {
    kind: "denied", code: "MEDIUM_ENCRYPTED", what: "cannot decrypt this cartridge", hint: "give the drive the key that the cartridge was written with",
  },
  protected: {
    kind: "denied", code: "DATA_PROTECTED", what: "does not permit this on the cartridge", hint: "use another cartridge",
  },
  changed: {
    kind: "temporary", code: "MEDIUM_MAY_HAVE_CHANGED", what: "may hold another cartridge than before; its position is unknown",
    hint: "identify the cartridge again before anything is written",
  },
  reset: {
    kind: "temporary", code: "DEVICE_WAS_RESET", what: "was reset; what was not yet flushed is lost and its position is unknown",
    hint: "position the tape behind the last object that was confirmed, and go on from there",
  },
  refused: {
    kind: "failed", code: "COMMAND_REFUSED", what: "does not take this command", hint: "see whether the drive needs newer firmware",
  },
  removalPrevented: {
    kind: "busy", code: "REMOVAL_PREVENTED", what: "must not let go of its cartridge", hint: "let the host that locked the drive unlock it",
  },
  endOfData: {
    kind: "missing", code: "END_OF_DATA", what: "met the end of data", hint: "check that this is the right cartridge",
  },
  endOfMedium: {
    kind: "failed", code: "END_OF_MEDIUM", what: "met the end of the medium", hint: "go on with another cartridge",
  },
  aborted: {
    kind: "temporary", code: "COMMAND_ABORTED", what: "aborted a command, which may have taken effect", hint: "repeat the work",
  },
} as const satisfies Record<string, Meaning>;

/** The error that stands for this sense. `doing` ends the sentence "... while": `writing a block`. */
export function failureOf(name: string, sense: Sense, doing: string): StrongroomError {
  const { kind, code, what, hint } = meaningOf(sense);
  const earlier = sense.deferred ? "; this concerns data it took earlier" : "";
  const message = `drive ${name} ${what}, while ${doing}${earlier}: ${describeSense(sense)}`;
  return new StrongroomError(kind, code, message, { hint, cause: new SenseError(sense) });
}

function meaningOf(sense: Sense): Meaning {
  switch (sense.key) {
    case senseKey.notReady:
      if (sense.asc === 0x3a) return meanings.noMedium;
      return sense.asc === 0x30 ? meanings.incompatible : meanings.notReady;
    case senseKey.mediumError:
      return sense.asc === 0x30 ? meanings.incompatible : meanings.medium;
    case senseKey.illegalRequest:
      if (sense.asc === 0x30) return meanings.incompatible;
      return sense.asc === 0x53 ? meanings.removalPrevented : meanings.refused;
    case senseKey.unitAttention:
      return senseCode(sense) === 0x2800 ? meanings.changed : meanings.reset;
    case senseKey.dataProtect:
      return protectionOf(sense);
    case senseKey.blankCheck:
      return meanings.endOfData;
    case senseKey.abortedCommand:
      return meanings.aborted;
    case senseKey.volumeOverflow:
      return meanings.endOfMedium;
    default:
      return meanings.drive;
  }
}

function protectionOf(sense: Sense): Meaning {
  if (sense.asc === 0x27) return meanings.writeProtected;
  if (sense.asc === 0x74) return meanings.encrypted;
  if (senseCode(sense) === 0x300c || sense.asc === 0x50) return meanings.worm;
  return sense.asc === 0x30 ? meanings.incompatible : meanings.protected;
}
