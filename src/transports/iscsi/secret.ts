import { constants, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { printable, StrongroomError } from "../../words/index.ts";

/** RFC 7143, 9.2.1: at least 96 bits; and no more than implementations take. */
const shortestBytes = 12;
const longestBytes = 255;

/** Reads a secret into a buffer that the caller fills with zeros when it is done. */
export function readSecret(path: string): Uint8Array {
  const buffer = new Uint8Array(longestBytes + 2);
  const readBytes = readInto(path, buffer);
  let end = readBytes;
  while (end > 0 && (buffer[end - 1] === 0x0a || buffer[end - 1] === 0x0d)) end -= 1;
  const secret = buffer.slice(0, end);
  buffer.fill(0);
  if (secret.length >= shortestBytes && secret.length <= longestBytes) return secret;
  secret.fill(0);
  throw unusable(path, `does not hold one line of ${String(shortestBytes)} to ${String(longestBytes)} bytes`, "put the secret, and nothing else, into that file");
}

function readInto(path: string, buffer: Uint8Array): number {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (cause) {
    throw unusable(path, "cannot be read", "check the path and that this user may read it", cause);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw unusable(path, "is no file", "name the file that holds the secret");
    if ((stat.mode & 0o077) !== 0) throw unusable(path, "can be read by others", `run: chmod 600 ${printable(path)}`);
    return readSync(fd, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(fd);
  }
}

function unusable(path: string, what: string, hint: string, cause?: unknown): StrongroomError {
  return new StrongroomError("usage", "ISCSI_SECRET_UNUSABLE", `the CHAP secret file ${printable(path)} ${what}; nothing was sent`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}
