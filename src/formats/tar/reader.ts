import { StrongroomError } from "../../words/index.ts";
import { blockBytes, paddingBytes } from "./block.ts";
import { damaged } from "./damage.ts";
import { decodeDumpdir } from "./dumpdir.ts";
import type { TarEntry } from "./entry.ts";
import { GnuSparseMap } from "./gnu-sparse.ts";
import { isUstarHeader, isZeroBlock, parseHeader, type RawHeader } from "./header.ts";
import { type Announced, interpret } from "./interpret.ts";
import { parsePax, paxBytesMax } from "./pax.ts";
import { checkedExtents, decodeSparseMap, extentBytes, sparseMapBytesMax } from "./sparse.ts";

/** What a reader finds, in the order of the stream. Chunks are valid during the call only. */
export interface TarHandler {
  /** `storedBytes` of content follow in `data` calls: the file, or what the extents of its sparse map hold. */
  entry(entry: TarEntry, headerOffset: number, storedBytes: number): void;
  data(chunk: Uint8Array): void;
  /** After the last content of every entry, also of one that has none. */
  end(): void;
  /** With `resynchronise` only: something could not be read, reading went on at the next good header. */
  damage?(error: StrongroomError): void;
}

export interface TarReaderOptions {
  /** Where the first byte is in the whole stream: for messages and `headerOffset`. Default 0. */
  readonly streamOffset?: number;
  /** Content of an entry whose header came before: as many stored bytes come first, then padding. Delivered without `entry`. */
  readonly continuedBytes?: number;
  /** On damage look for the next header at a block border instead of throwing. */
  readonly resynchronise?: boolean;
}

/** Where the bytes ended: behind the end marker, between entries, inside an entry's content, or inside a header. */
export type TarEnding = "end-marker" | "between-entries" | "inside-content" | "inside-header";

type Collecting = "header" | "pax" | "ignored" | "long-name" | "long-link" | "dumpdir" | "map" | "gnu-map";
const longNameBytesMax = 1024 * 1024;
const ended = Number.POSITIVE_INFINITY;

/**
 * Reads a tar stream as it comes, in chunks of any size: POSIX pax and ustar, GNU (long names, base-256, dumpdir, sparse in all
 * four forms),
 * the seventh edition's. Synchronous; memory is bounded by one header (64 MiB of attributes at most, and no more than was really
 * sent).
 * Throws StrongroomError TAR_DAMAGED, after which the reader must not be used.
 */
export class TarReader {
  readonly #handler: TarHandler;
  readonly #resynchronise: boolean;
  #offset: number;
  /** Bytes to pass over: padding, or what nobody wants. */
  #skipBytes = 0;
  #dataBytes = 0;
  #inEntry = false;
  #collecting: Collecting = "header";
  #wantedBytes = blockBytes;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #searching = false;
  #zeroBlocks = 0;
  #announced: Announced = { records: [] };
  #pending: { readonly entry: TarEntry; readonly headerOffset: number; readonly followingBytes: number } | undefined;
  #gnuMap: GnuSparseMap | undefined;
  #headerBlock: { readonly raw: RawHeader } | undefined;

  constructor(handler: TarHandler, options: TarReaderOptions = {}) {
    this.#handler = handler;
    this.#resynchronise = options.resynchronise ?? false;
    this.#offset = options.streamOffset ?? 0;
    const continuedBytes = options.continuedBytes ?? 0;
    if (continuedBytes > 0) this.#beginData(continuedBytes, continuedBytes);
  }

  push(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      const taken = this.#take(rest);
      this.#offset += taken;
      rest = rest.subarray(taken);
    }
  }

  /** Says where the stream ended; whether that is where it should end is for the caller to know. */
  finish(): TarEnding {
    if (this.#skipBytes === ended) return "end-marker";
    if (this.#inEntry) return "inside-content";
    const between = this.#collecting === "header" && this.#partBytes === 0 && this.#announced.records.length === 0;
    return between && this.#announced.name === undefined && this.#announced.linkName === undefined
      ? "between-entries"
      : "inside-header";
  }

  #take(bytes: Buffer): number {
    if (this.#dataBytes > 0) {
      const taken = Math.min(this.#dataBytes, bytes.length);
      this.#dataBytes -= taken;
      this.#handler.data(bytes.subarray(0, taken));
      if (this.#dataBytes === 0) this.#endEntry();
      return taken;
    }
    if (this.#skipBytes > 0) {
      const taken = Math.min(this.#skipBytes, bytes.length);
      this.#skipBytes -= taken;
      return taken;
    }
    return this.#collect(bytes);
  }

  #collect(bytes: Buffer): number {
    const taken = Math.min(this.#wantedBytes - this.#partBytes, bytes.length);
    const part = bytes.subarray(0, taken);
    if (this.#partBytes + taken < this.#wantedBytes) {
      this.#parts.push(Buffer.from(part));
      this.#partBytes += taken;
      return taken;
    }
    const whole = this.#parts.length === 0 ? part : Buffer.concat([...this.#parts, part]);
    const start = this.#offset + taken - whole.length;
    this.#parts = [];
    this.#partBytes = 0;
    try {
      this.#collected(whole, start);
    } catch (error) {
      this.#damage(error);
    }
    return taken;
  }

  #damage(error: unknown): void {
    if (!this.#resynchronise || !(error instanceof StrongroomError) || error.code !== "TAR_DAMAGED") throw error;
    this.#handler.damage?.(error);
    this.#searching = true;
    this.#skipBytes = 0;
    this.#reset();
  }

  #reset(): void {
    this.#announced = { records: [] };
    this.#pending = undefined;
    this.#gnuMap = undefined;
    this.#headerBlock = undefined;
    this.#want("header", blockBytes);
  }

  #want(what: Collecting, sizeBytes: number): void {
    this.#collecting = what;
    this.#wantedBytes = sizeBytes;
  }

  #collected(whole: Buffer, offset: number): void {
    switch (this.#collecting) {
      case "header":
        this.#header(whole, offset);
        return;
      case "pax":
        this.#announced.records = parsePax(Buffer.from(whole), offset);
        break;
      case "long-name":
        this.#announced.name = untilNul(whole);
        break;
      case "long-link":
        this.#announced.linkName = untilNul(whole);
        break;
      case "dumpdir":
        this.#dumpdir(whole);
        return;
      case "map":
        this.#map(whole);
        return;
      case "gnu-map":
        this.#gnuMapBlock(whole);
        return;
      case "ignored":
        break;
    }
    this.#skipBytes = paddingBytes(whole.length);
    this.#want("header", blockBytes);
  }

  #header(block: Buffer, offset: number): void {
    if (this.#searching && !isUstarHeader(block)) return;
    this.#searching = false;
    if (isZeroBlock(block)) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#skipBytes = ended;
      return;
    }
    this.#zeroBlocks = 0;
    const raw = parseHeader(block, offset);
    switch (raw.type) {
      case "x":
      case "X":
        this.#announce("pax", raw, paxBytesMax);
        return;
      case "g":
        // Global records would rule entries of other archives too, once streams are joined.
        this.#announce("ignored", raw, paxBytesMax);
        return;
      case "L":
        this.#announce("long-name", raw, longNameBytesMax);
        return;
      case "K":
        this.#announce("long-link", raw, longNameBytesMax);
        return;
      case "V":
      case "M":
      case "N":
        // Volume labels and pieces of files that began elsewhere are no entries.
        this.#skipBytes = raw.size + paddingBytes(raw.size);
        this.#announced = { records: [] };
        return;
      default:
        this.#entryHeader(raw, block);
    }
  }

  #announce(what: Collecting, raw: RawHeader, bytesMax: number): void {
    if (raw.size > bytesMax) throw damaged("an extended header is too large", raw.offset);
    if (raw.size > 0) this.#want(what, raw.size);
  }

  #entryHeader(raw: RawHeader, block: Buffer): void {
    if (raw.type === "S") {
      this.#headerBlock = { raw };
      this.#gnuMap = new GnuSparseMap(block, raw.offset);
      if (this.#gnuMap.more) this.#want("gnu-map", blockBytes);
      else this.#gnuMapWhole();
      return;
    }
    const { entry, followingBytes, mapFollows } = interpret(raw, this.#announced);
    this.#announced = { records: [] };
    const pending = { entry, headerOffset: raw.offset, followingBytes };
    if (raw.type === "D" && followingBytes > 0) {
      if (followingBytes > paxBytesMax) throw damaged("a directory record is too large", raw.offset);
      this.#pending = pending;
      this.#want("dumpdir", followingBytes);
    } else if (mapFollows) {
      this.#pending = pending;
      if (followingBytes < blockBytes) throw damaged("a sparse file has no map", raw.offset);
      this.#want("map", blockBytes);
    } else {
      if (entry.sparseMap && extentBytes(entry.sparseMap) !== followingBytes) {
        throw damaged("a sparse map does not fit its data", raw.offset);
      }
      this.#begin(entry, raw.offset, followingBytes, followingBytes);
    }
  }

  #dumpdir(whole: Buffer): void {
    const { entry, headerOffset } = this.#pending!;
    const dumpdir = decodeDumpdir(whole, headerOffset);
    this.#begin({ ...entry, dumpdir }, headerOffset, 0, 0);
    this.#skipBytes = paddingBytes(whole.length);
  }

  #map(whole: Buffer): void {
    const { entry, headerOffset, followingBytes } = this.#pending!;
    const map = decodeSparseMap(whole, entry.sizeBytes, headerOffset);
    if (!map) {
      // Doubling keeps the work of parsing again in proportion to the map.
      const nextBytes = Math.min(whole.length * 2, followingBytes - (followingBytes % blockBytes));
      if (nextBytes <= whole.length || nextBytes > sparseMapBytesMax) throw damaged("a sparse map has no end", headerOffset);
      this.#parts = [Buffer.from(whole)];
      this.#partBytes = whole.length;
      this.#want("map", nextBytes);
      return;
    }
    const storedBytes = followingBytes - map.mapBytes;
    if (extentBytes(map.extents) !== storedBytes) throw damaged("a sparse map does not fit its data", headerOffset);
    this.#begin({ ...entry, sparseMap: map.extents }, headerOffset, storedBytes, followingBytes);
    // Doubling may have taken content along.
    const content = whole.subarray(map.mapBytes);
    if (content.length > 0) this.#takenAlong(content);
  }

  #takenAlong(content: Buffer): void {
    const data = content.subarray(0, this.#dataBytes);
    this.#dataBytes -= data.length;
    this.#handler.data(data);
    if (this.#dataBytes === 0) this.#endEntry();
    this.#skipBytes -= content.length - data.length;
  }

  #gnuMapBlock(block: Buffer): void {
    this.#gnuMap!.addBlock(block);
    if (!this.#gnuMap!.more) this.#gnuMapWhole();
  }

  #gnuMapWhole(): void {
    const { raw } = this.#headerBlock!;
    const { numbers, sizeBytes } = this.#gnuMap!;
    const { entry, followingBytes } = interpret(raw, this.#announced);
    const sparseMap = checkedExtents(numbers, sizeBytes, raw.offset);
    if (extentBytes(sparseMap) !== followingBytes) throw damaged("a sparse map does not fit its data", raw.offset);
    this.#announced = { records: [] };
    this.#begin({ ...entry, sizeBytes, sparseMap }, raw.offset, followingBytes, followingBytes);
  }

  #begin(entry: TarEntry, headerOffset: number, storedBytes: number, followingBytes: number): void {
    this.#reset();
    this.#handler.entry(entry, headerOffset, storedBytes);
    this.#beginData(storedBytes, followingBytes);
  }

  /** The padding is behind everything that follows, the map included. */
  #beginData(storedBytes: number, followingBytes: number): void {
    this.#inEntry = true;
    this.#dataBytes = storedBytes;
    this.#skipBytes = paddingBytes(followingBytes);
    if (storedBytes === 0) this.#endEntry();
  }

  #endEntry(): void {
    this.#inEntry = false;
    this.#handler.end();
  }
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}
