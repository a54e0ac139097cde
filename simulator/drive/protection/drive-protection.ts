import { senseKey, senses, type SenseFields } from "../../wire/index.ts";
import { guardBytes, isIntact, protectionMethod, putGuard } from "./guard.ts";

/** What a path wants behind its blocks: bytes per direction. */
interface Protection {
  readonly method: number;
  readonly ofWrites: boolean;
  readonly ofReads: boolean;
  readonly ofRecovered: boolean;
}

const none: Protection = { method: 0, ofWrites: false, ofReads: false, ofRecovered: false };
const pageBytes = 32;

const guardCheckFailed: SenseFields = { key: senseKey.hardwareError, code: 0x1001 };

/** Logical block protection of one drive (SSC-5, 4.2.29), for each path by itself. Off at power-on. */
export class DriveProtection {
  readonly #methods: readonly number[];
  readonly #of = new Map<string, Protection>();

  constructor(methods: readonly number[]) {
    this.#methods = methods;
  }

  /** Bytes behind each block that the path writes. */
  writeBytes(nexus: string): number {
    return this.#of.get(nexus)?.ofWrites === true ? guardBytes : 0;
  }

  readBytes(nexus: string): number {
    return this.#of.get(nexus)?.ofReads === true ? guardBytes : 0;
  }

  /** The block without what protects it, if that is right. */
  take(nexus: string, block: Uint8Array): { readonly block: Uint8Array } | { readonly refusal: SenseFields } {
    const { ofWrites, method } = this.#of.get(nexus) ?? none;
    if (!ofWrites) return { block };
    if (block.length <= guardBytes) return { refusal: senses.invalidParameter };
    return isIntact(method, block) ? { block: block.subarray(0, block.length - guardBytes) } : { refusal: guardCheckFailed };
  }

  /** Puts what protects it behind a block of that length which lies at the start of `room`, where there is room for all of both. */
  give(nexus: string, room: Uint8Array, blockBytes: number): void {
    const { ofReads, method } = this.#of.get(nexus) ?? none;
    if (ofReads && blockBytes + guardBytes <= room.length) putGuard(method, room, blockBytes, room.subarray(0, blockBytes));
  }

  /** The control data protection mode page (SSC-5, 8.3.9: page 0Ah, subpage F0h). */
  page(nexus: string): readonly number[] {
    const { method, ofWrites, ofReads, ofRecovered } = this.#of.get(nexus) ?? none;
    const flags = (ofWrites ? 0x80 : 0) | (ofReads ? 0x40 : 0) | (ofRecovered ? 0x20 : 0);
    return padded([0x4a, 0xf0, 0, pageBytes - 4, method, method === protectionMethod.none ? 0 : guardBytes, flags]);
  }

  /** What page this would be at power-on, and which bits can be changed. */
  static readonly defaults: readonly number[] = padded([0x4a, 0xf0, 0, pageBytes - 4]);
  static readonly changeable: readonly number[] = padded([0, 0, 0, 0, 0xff, 0x3f, 0xe0]);

  /** Whether the drive can do what MODE SELECT asks for with that page. */
  accepts(bytes: Uint8Array): boolean {
    const [method, sizeBytes, flags] = [bytes[4] ?? 0, (bytes[5] ?? 0) & 0x3f, bytes[6] ?? 0];
    if (method === protectionMethod.none) return sizeBytes === 0 && (flags & 0xe0) === 0;
    return this.#methods.includes(method) && sizeBytes === guardBytes;
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

  /** Vital product data, page B5h, from byte 4 on: which methods there are, each in every direction. */
  vitalPage(): readonly number[] {
    return [0, 0, 0, 0, ...this.#methods.flatMap((method) => [3, method, guardBytes, 0xe0])];
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

/** Drives up to LTO-6 know the CRC of LTO alone. */
export function protectionMethodsOf(generation: string): readonly number[] {
  const { reedSolomon, crc32c } = protectionMethod;
  return generation.startsWith("LTO-5") || generation.startsWith("LTO-6") ? [reedSolomon] : [reedSolomon, crc32c];
}
