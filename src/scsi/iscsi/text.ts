/**
 * Key=value text of login and text requests (RFC 7143, 6.1): UTF-8, each pair ended by NUL. A key may come more than once (SendTargets
 * answers), so pairs stay in their order.
 */
export type Pair = readonly [key: string, value: string];

/** RFC 7143, 6.1: keys have at most 63 bytes, values at most 8192. */
const keyPattern = /^[A-Za-z][\w.+@-]{0,62}$/;
const valueLimit = 8192;

export function encodeText(pairs: readonly Pair[]): Uint8Array {
  return new Uint8Array(Buffer.from(pairs.map(([key, value]) => `${key}=${value}\0`).join(""), "utf8"));
}

/** Undefined when this is no such text. */
export function decodeText(bytes: Uint8Array): readonly Pair[] | undefined {
  const text = decoded(bytes);
  if (text === undefined) return undefined;
  const pairs: Pair[] = [];
  for (const line of text.split("\0")) {
    // Some pad with NULs behind the last pair.
    if (line === "") continue;
    const cut = line.indexOf("=");
    const key = line.slice(0, cut);
    const value = line.slice(cut + 1);
    if (cut < 0 || !keyPattern.test(key) || value.length > valueLimit) return undefined;
    pairs.push([key, value]);
  }
  return pairs;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Gathers a text that comes in several PDUs (C bit). `limitBytes` bounds what the other side can make us hold.
 */
export class TextGatherer {
  readonly #limitBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** False when the text has become too long. */
  add(piece: Uint8Array): boolean {
    this.#sizeBytes += piece.length;
    if (this.#sizeBytes > this.#limitBytes) return false;
    this.#pieces.push(piece);
    return true;
  }

  /** The pairs so far, undefined when they are not text; the next text begins anew. */
  take(): readonly Pair[] | undefined {
    this.#sizeBytes = 0;
    return decodeText(Buffer.concat(this.#pieces.splice(0)));
  }
}

/** Large binary values (RFC 7143, 6.1): 0x and hexadecimal digits, or 0b and base64. Undefined when it is neither, or longer than the limit. */
export function decodeBinary(value: string, limitBytes: number): Uint8Array | undefined {
  const digits = value.slice(2);
  if (digits === "" || digits.length > limitBytes * 2) return undefined;
  const bytes = binaryOf(value.slice(0, 2).toLowerCase(), digits);
  return bytes === undefined || bytes.length === 0 || bytes.length > limitBytes ? undefined : bytes;
}

function binaryOf(prefix: string, digits: string): Uint8Array | undefined {
  if (prefix === "0x" && /^[0-9a-f]+$/i.test(digits)) {
    // An odd number of digits leaves out the first zero.
    return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
  }
  if (prefix === "0b" && /^[0-9a-z+/]+={0,2}$/i.test(digits)) return new Uint8Array(Buffer.from(digits, "base64"));
  return undefined;
}

export function encodeBinary(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
