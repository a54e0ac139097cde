import { StrongroomError } from "../../words/index.ts";

/**
 * SQLite's result codes (sqlite.org/rescode.html) as our errors. What comes out as is: our own errors, and mistakes of this
 * program. A failed write never leaves half of itself behind, so every message can say that what was recorded before is safe.
 */
export function storeFailure(thrown: unknown, path: string): unknown {
  const code = sqliteCode(thrown);
  if (code === undefined) return thrown;
  const reason = thrown instanceof Error ? thrown.message : "unknown";
  const known = failures[code & 0xff];
  if (known === undefined) {
    return new StrongroomError(
      "internal",
      "STORE_FAILED",
      `the state database refused a request (${reason}), nothing was changed`,
      {
        cause: thrown,
      },
    );
  }
  return new StrongroomError(known.kind, known.code, `${known.message}: ${path} (${reason})`, {
    hint: known.hint,
    cause: thrown,
    severity: known.kind === "busy" ? "err" : "fatal",
  });
}

interface Failure {
  readonly kind: "busy" | "failed" | "denied";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const damaged: Failure = {
  kind: "failed",
  code: "STORE_DAMAGED",
  message: "the state database is damaged, the volumes are not affected",
  hint: "make the records anew from the volumes, which puts the damaged file aside: strongroom appliance rebuild --key FILE; and look at the disk of the state folder",
};

/** Damage that we found ourselves, in the words of damage that SQLite finds. */
export function storeDamaged(path: string, reason: string): StrongroomError {
  return new StrongroomError(damaged.kind, damaged.code, `${damaged.message}: ${path} (${reason})`, { hint: damaged.hint, severity: "fatal" });
}

const readOnly: Failure = {
  kind: "denied",
  code: "STORE_READ_ONLY",
  message: "the state database cannot be written, what was recorded before is safe",
  hint: "check the owner and the mode of the file and whether its file system is mounted read-only",
};

const unreadable: Failure = {
  kind: "failed",
  code: "STORE_IO",
  message: "reading or writing the state database failed, what was recorded before is safe",
  hint: "look at the kernel log (dmesg) for errors of the disk that holds the state folder",
};

const busy: Failure = {
  kind: "busy",
  code: "STORE_BUSY",
  message: "another process is writing to the state database for too long, nothing was changed",
  hint: "wait for the other command to finish and run this one again",
};

const failures: Readonly<Partial<Record<number, Failure>>> = {
  3: readOnly,
  5: busy,
  6: busy,
  8: readOnly,
  10: unreadable,
  11: damaged,
  13: {
    kind: "failed",
    code: "STORE_FULL",
    message: "no space left for the state database, what was recorded before is safe",
    hint: "free space on the file system of the state folder and run the same command again",
  },
  14: {
    kind: "failed",
    code: "STORE_CANNOT_OPEN",
    message: "the state database cannot be opened",
    hint: "check that the state folder exists and that its file system is mounted",
  },
  26: damaged,
};

function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("errcode" in thrown)) return undefined;
  return typeof thrown.errcode === "number" ? thrown.errcode : undefined;
}
