import { senseKey, senses, type SenseFields } from "../../wire/index.ts";
import { isIntact, protectionBytes, putCrc } from "./crc32c.ts";

/** What a path wants behind its blocks: bytes per direction. */
interface Protection {
  readonly method: number;
  readonly ofWrites: boolean;
  readonly ofReads: boolean;
  readonly ofRecovered: boolean;
}

const none: Protection = { method: 0, ofWrites: false, ofReads: false, ofRecovered: false };
const crc32cMethod = 2;
const pageBytes = 32;

const guardCheckFailed: SenseFields = { key: senseKey.hardwareError, code: 0x1001 };

/** Logical block protection of one drive (SSC-5, 4.2.29) with CRC-32C, for each path by itself. Off at power-on. */
export class DriveProtection {
  readonly #of = new Map<string, Protection>();

  /** Bytes behind each block that the path writes. */
  writeBytes(nexus: string): number {
    return this.#of.get(nexus)?.ofWrites === true ? protectionBytes : 0;
  }

  readBytes(nexus: string): number {
    return this.#of.get(nexus)?.ofReads === true ? protectionBytes : 0;
  }

  /** The block without what protects it, if that is right. */
  take(nexus: string, block: Uint8Array): { readonly block: Uint8Array } | { readonly refusal: SenseFields } {
    if (this.writeBytes(nexus) === 0) return { block };
    if (block.length <= protectionBytes) return { refusal: senses.invalidParameter };
    return isIntact(block) ? { block: block.subarray(0, block.length - protectionBytes) } : { refusal: guardCheckFailed };
  }

  /** Puts what protects it behind a block of that length which lies at the start of `room`, where there is room for all of both. */
  give(nexus: string, room: Uint8Array, blockBytes: number): void {
    const end = blockBytes + this.readBytes(nexus);
    if (end > blockBytes && end <= room.length) putCrc(room, blockBytes, room.subarray(0, blockBytes));
  }

  /** The control data protection mode page (SSC-5, 8.3.9: page 0Ah, subpage F0h). */
  page(nexus: string): readonly number[] {
    const { method, ofWrites, ofReads, ofRecovered } = this.#of.get(nexus) ?? none;
    const flags = (ofWrites ? 0x80 : 0) | (ofReads ? 0x40 : 0) | (ofRecovered ? 0x20 : 0);
    return padded([0x4a, 0xf0, 0, pageBytes - 4, method, method === 0 ? 0 : protectionBytes, flags]);
  }

  /** What page this would be at power-on, and which bits can be changed. */
  static readonly defaults: readonly number[] = padded([0x4a, 0xf0, 0, pageBytes - 4]);
  static readonly changeable: readonly number[] = padded([0, 0, 0, 0, 0xff, 0x3f, 0xe0]);

  /** What MODE SELECT asks for with that page; undefined when this drive cannot. */
  accepts(bytes: Uint8Array): boolean {
    const [method, sizeBytes, flags] = [bytes[4] ?? 0, (bytes[5] ?? 0) & 0x3f, bytes[6] ?? 0];
    if (method === 0) return sizeBytes === 0 && (flags & 0xe0) === 0;
    return method === crc32cMethod && sizeBytes === protectionBytes;
  }

  set(nexus: string, bytes: Uint8Array): void {
    const flags = bytes[6] ?? 0;
    this.#of.set(nexus, {
      method: bytes[4] ?? 0,
      ofWrites: (flags & 0x80) !== 0,
      ofReads: (flags & 0x40) !== 0,
      ofRecovered: (flags & 0x20) !== 0,
    });
  }

  /** A reset makes every setting what it is at power-on. */
  reset(): void {
    this.#of.clear();
  }

  departed(nexus: string): void {
    this.#of.delete(nexus);
  }
}

function padded(bytes: readonly number[]): readonly number[] {
  return [...bytes, ...new Array<number>(pageBytes - bytes.length).fill(0)];
}

/** Vital product data, page B5h: which methods there are, from byte 4 on: CRC-32C, in every direction. */
export const protectionMethods: readonly number[] = [0, 0, 0, 0, 3, crc32cMethod, protectionBytes, 0xe0];
