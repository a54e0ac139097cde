import { readSync, openSync, closeSync } from "node:fs";
import type { Ask } from "../commands/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { Terminal, TextOutput } from "./context.ts";

export interface AskChoices {
  readonly terminal: Terminal | undefined;
  readonly stderr: TextOutput;
  readonly yes: boolean;
  readonly passphraseFile: string | undefined;
  readonly passphraseFd: string | undefined;
}

/** A passphrase longer than this is a wrong file. */
const maxPassphraseBytes = 4096;
const maxTries = 3;

export function createAsk(choices: AskChoices): Ask {
  const { terminal, stderr } = choices;
  const show = (what: readonly string[]) => {
    for (const line of what) stderr.write(`${line}\n`);
  };
  return {
    possible: terminal !== undefined,
    async moderate(what, question) {
      if (choices.yes) return true;
      if (terminal === undefined) throw noTerminal("a confirmation", "--yes");
      show(what);
      return /^y(es)?$/i.test(((await terminal.readLine(`${question} [y/N] `)) ?? "").trim());
    },
    async barcode(what, barcode, option) {
      if (terminal === undefined) throw noTerminal("a confirmation", `${option} ${barcode}`);
      show(what);
      return ((await terminal.readLine(`type the barcode ${barcode} to go on: `)) ?? "").trim();
    },
    passphrase: (purpose, isNew) => async () => {
      if (choices.passphraseFile !== undefined) return fromFile(choices.passphraseFile);
      if (choices.passphraseFd !== undefined) return fromDescriptor(choices.passphraseFd);
      if (terminal === undefined) throw noTerminal("a passphrase", "--passphrase-file FILE or --passphrase-fd N");
      return isNew ? newPassphrase(terminal, stderr, purpose) : typedPassphrase(terminal, purpose);
    },
  };
}

async function typedPassphrase(terminal: Terminal, purpose: string): Promise<Uint8Array> {
  const secret = await terminal.readSecret(`passphrase for ${purpose}: `);
  return secret ?? missingPassphrase();
}

async function newPassphrase(terminal: Terminal, stderr: TextOutput, purpose: string): Promise<Uint8Array> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const first = await terminal.readSecret(`new passphrase for ${purpose}: `);
    if (first === undefined || first.length === 0) return missingPassphrase();
    const second = await terminal.readSecret("the same again: ");
    const same = second !== undefined && Buffer.compare(first, second) === 0;
    second?.fill(0);
    if (same) return first;
    first.fill(0);
    stderr.write("the two are not the same\n");
  }
  return missingPassphrase();
}

function fromFile(path: string): Uint8Array {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (cause) {
    throw new StrongroomError("missing", "PASSPHRASE_FILE", "the passphrase file cannot be opened", {
      hint: "check the path given to --passphrase-file",
      cause,
    });
  }
  try {
    return firstLine(fd);
  } finally {
    closeSync(fd);
  }
}

function fromDescriptor(text: string): Uint8Array {
  if (!/^\d{1,4}$/.test(text)) {
    throw new StrongroomError("usage", "USAGE", "--passphrase-fd takes the number of an open file descriptor");
  }
  return firstLine(Number(text));
}

function firstLine(fd: number): Uint8Array {
  const buffer = new Uint8Array(maxPassphraseBytes + 1);
  try {
    const used = fill(fd, buffer);
    let end = buffer.subarray(0, used).indexOf(0x0a);
    if (end === -1) end = used;
    if (end > maxPassphraseBytes) {
      throw new StrongroomError("usage", "PASSPHRASE_TOO_LONG", `a passphrase has at most ${maxPassphraseBytes} bytes`);
    }
    if (end > 0 && buffer[end - 1] === 0x0d) end -= 1;
    return end === 0 ? missingPassphrase() : buffer.slice(0, end);
  } finally {
    buffer.fill(0);
  }
}

/** A pipe gives what it has; the line is whole only when its end was seen. */
function fill(fd: number, buffer: Uint8Array): number {
  let used = 0;
  while (used < buffer.length) {
    const bytes = readFrom(fd, buffer, used);
    used += bytes;
    if (bytes === 0 || buffer.subarray(used - bytes, used).includes(0x0a)) break;
  }
  return used;
}

function readFrom(fd: number, buffer: Uint8Array, at: number): number {
  try {
    return readSync(fd, buffer, at, buffer.length - at, null);
  } catch (cause) {
    throw new StrongroomError("failed", "PASSPHRASE_UNREADABLE", "the passphrase cannot be read", {
      hint: "give a readable file to --passphrase-file, or an open descriptor to --passphrase-fd",
      cause,
    });
  }
}

function missingPassphrase(): never {
  throw new StrongroomError("operator", "PASSPHRASE_MISSING", "no passphrase was given, nothing was changed");
}

function noTerminal(what: string, option: string): StrongroomError {
  return new StrongroomError("operator", "NO_TERMINAL", `${what} is needed and nobody can be asked, nothing was changed`, {
    hint: `give ${option}`,
  });
}
