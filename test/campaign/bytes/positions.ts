import type { ObjectRole } from "../../../src/formats/volume/index.ts";

/** A place in an object that stands for all of its kind. */
export interface Position {
  readonly name: string;
  readonly offsetBytes: number;
}

/** Where the parts of a tar header begin (POSIX.1, ustar). */
const tarFields = { name: 3, mode: 104, size: 130, mtime: 140, checksum: 150, type: 156, magic: 259 } as const;
const blockBytes = 512;
/** What one write of a tape takes at most as the appliance makes volumes, and what segments are sealed in. */
const borders = [64 * 1024, 128 * 1024, 512 * 1024] as const;

/** One position of each class that an object of that role has: heads, fields, members, borders, ends. */
export function positionsOf(role: ObjectRole, bytes: Buffer): readonly Position[] {
  const own = role === "segment" ? inPackets(bytes) : role === "seal" ? inSignedText(bytes, 0, bytes.length) : inTar(bytes);
  const crossed = borders.filter((border) => border < bytes.length).flatMap((border) => [
    { name: `before-border-${String(border)}`, offsetBytes: border - 1 }, { name: `behind-border-${String(border)}`, offsetBytes: border },
  ]);
  const [first, middle] = [{ name: "first-byte", offsetBytes: 0 }, { name: "middle", offsetBytes: bytes.length >> 1 }];
  const all = [first, ...own, middle, ...crossed, { name: "last-byte", offsetBytes: bytes.length - 1 }];
  return all.filter(({ offsetBytes }, at) => offsetBytes < bytes.length && all.findIndex((one) => one.name === all[at]!.name) === at);
}

/** Each packet's head, its length and its body; of a body in partial lengths (RFC 4880, 4.2.2.4) every part's length. */
function inPackets(bytes: Buffer): readonly Position[] {
  const found: Position[] = [];
  let at = 0;
  for (let packet = 1; at < bytes.length && packet <= 8; packet += 1) {
    const name = `packet-${String(packet)}`;
    found.push({ name: `${name}-head`, offsetBytes: at });
    at += 1;
    for (let part = 1; at < bytes.length; part += 1) {
      const { lengthBytes, bodyBytes, isPartial } = lengthAt(bytes, at);
      if (part <= 3) {
        const middle = at + lengthBytes + (bodyBytes >> 1);
        found.push({ name: `${name}-length-${String(part)}`, offsetBytes: at }, { name: `${name}-body-${String(part)}`, offsetBytes: middle });
      }
      at += lengthBytes + bodyBytes;
      if (!isPartial) break;
    }
  }
  return found;
}

/** A length of the new packet format. */
function lengthAt(bytes: Buffer, at: number): { readonly lengthBytes: number; readonly bodyBytes: number; readonly isPartial: boolean } {
  const first = bytes[at]!;
  if (first < 192) return { lengthBytes: 1, bodyBytes: first, isPartial: false };
  if (first < 224) return { lengthBytes: 2, bodyBytes: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192, isPartial: false };
  if (first < 255) return { lengthBytes: 1, bodyBytes: 2 ** (first & 31), isPartial: true };
  return { lengthBytes: 5, bodyBytes: at + 5 <= bytes.length ? bytes.readUInt32BE(at + 1) : 0, isPartial: false };
}

/** Each line of a clear-signed text, of what is signed and of its signature, and a line's end. */
function inSignedText(bytes: Buffer, from: number, to: number): readonly Position[] {
  const found: Position[] = [];
  let line = 1;
  for (let at = from; at < to; line += 1) {
    const newline = bytes.indexOf(0x0a, at);
    const end = newline === -1 || newline > to ? to : newline;
    found.push({ name: `line-${String(line)}`, offsetBytes: at + ((end - at) >> 1) });
    if (line % 5 === 1) found.push({ name: `end-of-line-${String(line)}`, offsetBytes: end });
    at = end + 1;
  }
  return found.filter(({ offsetBytes }) => offsetBytes < to);
}

/** The fields of each member's header, its content and padding; each line of a manifest; the end marks. */
function inTar(bytes: Buffer): readonly Position[] {
  const found: Position[] = [];
  let at = 0;
  while (at + blockBytes <= bytes.length && bytes[at] !== 0) {
    const name = bytes.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    // The names of members that hold sealed lines tell barcodes and numbers; what they are is enough.
    const label = name.replace(/[^A-Za-z0-9.]+/g, "-");
    const sizeBytes = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    for (const [field, offset] of Object.entries(tarFields)) found.push({ name: `${label}-${field}`, offsetBytes: at + offset });
    if (sizeBytes > 0) found.push({ name: `${label}-content`, offsetBytes: at + blockBytes + (sizeBytes >> 1) });
    if (sizeBytes % blockBytes !== 0) found.push({ name: `${label}-padding`, offsetBytes: at + blockBytes + sizeBytes });
    if (name === "manifest.txt") {
      found.push(...inSignedText(bytes, at + blockBytes, at + blockBytes + sizeBytes).map(({ name: line, offsetBytes }) => ({ name: `manifest-${line}`, offsetBytes })));
    }
    at += blockBytes + Math.ceil(sizeBytes / blockBytes) * blockBytes;
  }
  found.push({ name: "end-marks", offsetBytes: at + 7 }, { name: "behind-end-marks", offsetBytes: at + 2 * blockBytes });
  return found;
}
