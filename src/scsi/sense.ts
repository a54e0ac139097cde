import { be16, viewOf } from "./bytes.ts";

/** What a device says about how a command ended (SPC-5, 4.4), from either format. */
export interface Sense {
  /** About an earlier command, not the one it came with: buffered data did not reach the medium. */
  readonly deferred: boolean;
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
  readonly filemark: boolean;
  readonly endOfMedium: boolean;
  readonly incorrectLength: boolean;
  /** Requested less actual length, or what was left to do; negative for a block longer than asked for. Present when VALID. */
  readonly information?: number;
  /** Part done, 0 to 1. */
  readonly progress?: number;
}

export const senseKey = {
  noSense: 0x0,
  recoveredError: 0x1,
  notReady: 0x2,
  mediumError: 0x3,
  hardwareError: 0x4,
  illegalRequest: 0x5,
  unitAttention: 0x6,
  dataProtect: 0x7,
  blankCheck: 0x8,
  abortedCommand: 0xb,
  volumeOverflow: 0xd,
  miscompare: 0xe,
} as const;

/** Additional sense code and qualifier as one number, `asc << 8 | ascq`. */
export function senseCode(sense: Sense): number {
  return (sense.asc << 8) | sense.ascq;
}

/** Undefined when these bytes are no sense data at all. What a short answer lacks counts as zero. */
export function parseSense(bytes: Uint8Array): Sense | undefined {
  switch ((bytes[0] ?? 0) & 0x7f) {
    case 0x70:
    case 0x71:
      return bytes.length >= 3 ? parseFixed(bytes) : undefined;
    case 0x72:
    case 0x73:
      return bytes.length >= 4 ? parseDescriptors(bytes) : undefined;
    default:
      return undefined;
  }
}

/** SPC-5, 4.4.3. */
function parseFixed(bytes: Uint8Array): Sense {
  const flags = bytes[2] ?? 0;
  const key = flags & 0x0f;
  const end = Math.min(bytes.length, bytes.length > 7 ? 8 + (bytes[7] ?? 0) : bytes.length);
  const byteAt = (at: number): number => (at < end ? (bytes[at] ?? 0) : 0);
  const informed = ((bytes[0] ?? 0) & 0x80) !== 0 && bytes.length >= 7;
  const progressed = end >= 18 && (byteAt(15) & 0x80) !== 0 && hasProgress(key);
  return {
    deferred: ((bytes[0] ?? 0) & 0x7f) === 0x71,
    key,
    asc: byteAt(12),
    ascq: byteAt(13),
    ...streamBits(flags),
    ...(informed ? { information: viewOf(bytes).getInt32(3) } : {}),
    ...(progressed ? { progress: ((byteAt(16) << 8) | byteAt(17)) / 0x1_0000 } : {}),
  };
}

/** SPC-5, 4.4.2. */
function parseDescriptors(bytes: Uint8Array): Sense {
  const key = (bytes[1] ?? 0) & 0x0f;
  const fields = descriptorsOf(bytes);
  const stream = fields.find((field) => field[0] === 0x04 && field.length >= 4);
  const information = informationOf(fields);
  const progress = progressOf(fields, key);
  return {
    deferred: ((bytes[0] ?? 0) & 0x7f) === 0x73,
    key,
    asc: bytes[2] ?? 0,
    ascq: bytes[3] ?? 0,
    ...streamBits(stream?.[3] ?? 0),
    ...(information === undefined ? {} : { information }),
    ...(progress === undefined ? {} : { progress }),
  };
}

/** Those that are there whole. */
function descriptorsOf(bytes: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  const end = Math.min(bytes.length, 8 + (bytes[7] ?? 0));
  for (let at = 8; at + 2 <= end; ) {
    const next = at + 2 + (bytes[at + 1] ?? 0);
    if (next > end) break;
    fields.push(bytes.subarray(at, next));
    at = next;
  }
  return fields;
}

function informationOf(fields: readonly Uint8Array[]): number | undefined {
  const field = fields.find((each) => each[0] === 0x00 && each.length >= 12 && ((each[2] ?? 0) & 0x80) !== 0);
  return field === undefined ? undefined : Number(viewOf(field).getBigInt64(4));
}

/** From the sense key specific descriptor, or from another progress indication (SPC-5, 4.4.2.7). */
function progressOf(fields: readonly Uint8Array[], key: number): number | undefined {
  const specific = fields.find((each) => each[0] === 0x02 && each.length >= 7 && ((each[4] ?? 0) & 0x80) !== 0);
  if (specific !== undefined && hasProgress(key)) return be16(specific, 5) / 0x1_0000;
  const another = fields.find((each) => each[0] === 0x0a && each.length >= 8);
  return another === undefined ? undefined : be16(another, 6) / 0x1_0000;
}

/** The sense key specific field is a progress indication for these keys alone (SPC-5, 4.4.2.4.1). */
function hasProgress(key: number): boolean {
  return key === senseKey.noSense || key === senseKey.notReady;
}

function streamBits(flags: number): Pick<Sense, "filemark" | "endOfMedium" | "incorrectLength"> {
  return { filemark: (flags & 0x80) !== 0, endOfMedium: (flags & 0x40) !== 0, incorrectLength: (flags & 0x20) !== 0 };
}

/** Fixed (18 bytes) or descriptor format. INFORMATION that does not fit into 32 bits is left out of the fixed one. */
export function buildSense(sense: Sense, format: "fixed" | "descriptor"): Uint8Array {
  const flags = (sense.filemark ? 0x80 : 0) | (sense.endOfMedium ? 0x40 : 0) | (sense.incorrectLength ? 0x20 : 0);
  const progress = sense.progress === undefined ? undefined : Math.min(0xffff, Math.round(sense.progress * 0x1_0000));
  if (format === "fixed") {
    const bytes = new Uint8Array(18);
    const information = sense.information;
    const fits = information !== undefined && information >= -(2 ** 31) && information < 2 ** 31;
    bytes[0] = (fits ? 0x80 : 0) | (sense.deferred ? 0x71 : 0x70);
    bytes[2] = flags | sense.key;
    if (fits) viewOf(bytes).setInt32(3, information);
    bytes[7] = 10;
    bytes[12] = sense.asc;
    bytes[13] = sense.ascq;
    if (progress !== undefined) bytes.set([0x80, progress >> 8, progress & 0xff], 15);
    return bytes;
  }
  const descriptors: number[] = [];
  if (sense.information !== undefined) {
    const field = new Uint8Array(12);
    field.set([0x00, 0x0a, 0x80]);
    viewOf(field).setBigInt64(4, BigInt(sense.information));
    descriptors.push(...field);
  }
  if (progress !== undefined) descriptors.push(0x02, 0x06, 0, 0, 0x80, progress >> 8, progress & 0xff, 0);
  if (flags !== 0) descriptors.push(0x04, 0x02, 0, flags);
  const head = [sense.deferred ? 0x73 : 0x72, sense.key, sense.asc, sense.ascq, 0, 0, 0, descriptors.length];
  return Uint8Array.from([...head, ...descriptors]);
}
