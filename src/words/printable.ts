/**
 * A name of unknown origin made safe for a terminal or a log line: control characters, DEL, C1, bidirectional and zero-width
 * formatting characters, line separators and backslashes become `\xNN` or `\u{N}`; bytes that are not UTF-8 become `\xNN`.
 * The result is one line, reversible by eye, and cannot move a cursor or reorder what follows it.
 */
export function printable(name: Uint8Array | string): string {
  if (typeof name === "string") return escapeText(name);
  let text = "";
  let rest = name;
  while (rest.length > 0) {
    const goodBytes = validUtf8Prefix(rest);
    text += escapeText(utf8.decode(rest.subarray(0, goodBytes)));
    if (goodBytes < rest.length) text += `\\x${rest[goodBytes]!.toString(16).padStart(2, "0")}`;
    rest = rest.subarray(goodBytes + 1);
  }
  return text;
}

/** A sentence whose names were made safe by whoever made it: keeps what was forgotten from moving a cursor, and escapes nothing twice. */
export function printableSentence(text: string): string {
  return text.split("\\").map(printable).join("\\");
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// eslint-disable-next-line no-control-regex -- control characters are exactly what must be found
const unsafe = /[\u0000-\u001f\u007f-\u009f\\\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

function escapeText(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) => {
    if (character === "\\") return "\\\\";
    const code = character.codePointAt(0)!;
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

function validUtf8Prefix(bytes: Uint8Array): number {
  try {
    strictUtf8.decode(bytes);
    return bytes.length;
  } catch {
    let low = 0;
    let at = 0;
    while (at < bytes.length) {
      const lengthBytes = sequenceLength(bytes[at]!);
      try {
        strictUtf8.decode(bytes.subarray(at, at + lengthBytes));
      } catch {
        return low;
      }
      at += lengthBytes;
      low = Math.min(at, bytes.length);
    }
    return low;
  }
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
