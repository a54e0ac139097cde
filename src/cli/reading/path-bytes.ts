import { printable, StrongroomError } from "../../words/index.ts";

/**
 * A name as it was typed, in bytes. The command line is text, names are bytes: what printable() shows is taken back, so that any name that
 * was printed can be pasted. `\xNN` is one byte, `\u{N}` a character, `\\` a backslash; any other backslash is refused, so that no
 * name is guessed at.
 */
export function pathBytes(typed: string): Uint8Array {
  const pieces: Buffer[] = [];
  let end = 0;
  for (const match of typed.matchAll(escapes)) {
    pieces.push(Buffer.from(typed.slice(end, match.index)));
    pieces.push(escapedBytes(match, typed));
    end = match.index + match[0].length;
  }
  pieces.push(Buffer.from(typed.slice(end)));
  const bytes = Buffer.concat(pieces);
  if (bytes.includes(0)) throw refused(typed, "no name holds a NUL byte");
  return bytes;
}

/** A path in a snapshot: relative, with neither `./` in front nor a slash behind, however it was typed. */
export function entryPath(typed: string): Uint8Array {
  let bytes = pathBytes(typed);
  while (bytes[0] === slash || (bytes[0] === dot && bytes[1] === slash)) bytes = bytes.subarray(bytes[0] === slash ? 1 : 2);
  while (bytes.at(-1) === slash) bytes = bytes.subarray(0, -1);
  return bytes.length === 0 ? Buffer.from(".") : bytes;
}

const slash = 0x2f;
const dot = 0x2e;
const escapes = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|(\\)|)/g;

function escapedBytes([whole, byte, character, backslash]: RegExpMatchArray, typed: string): Buffer {
  if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)]);
  if (backslash !== undefined) return Buffer.from("\\");
  const codePoint = Number.parseInt(character ?? "", 16);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint <= 0x10ffff && !isSurrogate) return Buffer.from(String.fromCodePoint(codePoint));
  throw refused(typed, `${whole === "\\" ? "a backslash" : whole} stands for nothing here`);
}

function refused(typed: string, why: string): StrongroomError {
  return new StrongroomError("usage", "PATH_ESCAPE_INVALID", `cannot read the name ${printable(typed)}: ${why}`, {
    hint: String.raw`write \\ for a backslash, \xNN for a byte and \u{N} for a character, as names are printed`,
  });
}
