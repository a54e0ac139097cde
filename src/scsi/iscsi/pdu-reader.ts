import { be24 } from "../bytes.ts";
import { StrongroomError } from "../../words/index.ts";
import { digestOf } from "./crc32c.ts";
import { headerBytes } from "./fields.ts";
import { type Digests, noDigests, paddingBytes } from "./frame.ts";

export interface Pdu {
  /** 48 bytes. */
  readonly header: Uint8Array;
  /** Additional header segments, as they came. */
  readonly additional: Uint8Array;
  /** The data segment without its padding, in the room that was given for it. */
  readonly data: Uint8Array;
  /** False: the data do not agree with their digest. A damaged header never becomes a PDU. */
  readonly isDataIntact: boolean;
}

/** Whoever takes the PDUs. What either function throws ends the reading. */
export interface PduSink {
  /** Where that many bytes of data of this PDU shall go: room of exactly that size, or undefined to refuse the PDU. */
  roomFor(header: Uint8Array, dataBytes: number): Uint8Array | undefined;
  received(pdu: Pdu): void;
}

type Part = "header" | "additional" | "header-digest" | "data" | "padding" | "data-digest";

const noBytes: Uint8Array = new Uint8Array(0);

/**
 * Cuts a stream of bytes into PDUs, in whatever chunks it comes. Data go straight into the room that the sink gives: nothing is gathered
 * here but one header, so the memory taken does not depend on what the other side sends.
 */
export class PduReader {
  readonly #sink: PduSink;
  #digests = noDigests;
  #part: Part = "header";
  #target: Uint8Array = new Uint8Array(headerBytes);
  #filledBytes = 0;
  #header = noBytes;
  #additional = noBytes;
  #data = noBytes;
  readonly #padding = new Uint8Array(3);
  readonly #digest = new Uint8Array(4);

  constructor(sink: PduSink) {
    this.#sink = sink;
  }

  /** From the next PDU on. Must be called between PDUs, which inside of `received` always holds. */
  setDigests(digests: Digests): void {
    this.#digests = digests;
  }

  /** Whether the stream may end here. */
  get isBetweenPdus(): boolean {
    return this.#part === "header" && this.#filledBytes === 0;
  }

  /** Takes the next bytes of the stream and keeps none of them. Throws ISCSI_GARBLED; then nothing more may be pushed. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const room = this.#target.length - this.#filledBytes;
      const step = Math.min(room, chunk.length - at);
      this.#target.set(step === chunk.length ? chunk : chunk.subarray(at, at + step), this.#filledBytes);
      this.#filledBytes += step;
      at += step;
      while (this.#filledBytes === this.#target.length) this.#advance();
    }
  }

  #advance(): void {
    switch (this.#part) {
      case "header":
        this.#header = this.#target;
        this.#additional = noBytes;
        this.#await("additional", new Uint8Array((this.#header[4] ?? 0) * 4));
        break;
      case "additional":
        this.#additional = this.#target;
        this.#await("header-digest", this.#digests.header ? this.#digest : noBytes);
        break;
      case "header-digest":
        if (this.#digests.header && !isSame(this.#digest, digestOf(this.#header, this.#additional))) {
          throw garbled("a header does not agree with its digest");
        }
        this.#await("data", this.#room());
        break;
      case "data":
        this.#data = this.#target;
        this.#await("padding", this.#padding.subarray(0, paddingBytes(this.#data.length)));
        break;
      case "padding":
        this.#await("data-digest", this.#digests.data && this.#data.length > 0 ? this.#digest : noBytes);
        break;
      case "data-digest":
        this.#deliver(this.#target.length === 0 || isSame(this.#digest, this.#dataDigest()));
        break;
    }
  }

  #await(part: Part, target: Uint8Array): void {
    this.#part = part;
    this.#target = target;
    this.#filledBytes = 0;
  }

  #room(): Uint8Array {
    const dataBytes = be24(this.#header, 5);
    if (dataBytes === 0) return noBytes;
    const room = this.#sink.roomFor(this.#header, dataBytes);
    if (room?.length !== dataBytes) throw garbled(`${String(dataBytes)} bytes of data came where they are not expected`);
    return room;
  }

  #dataDigest(): Uint8Array {
    return digestOf(this.#data, this.#padding.subarray(0, paddingBytes(this.#data.length)));
  }

  #deliver(isDataIntact: boolean): void {
    const pdu: Pdu = { header: this.#header, additional: this.#additional, data: this.#data, isDataIntact };
    this.#data = noBytes;
    this.#await("header", new Uint8Array(headerBytes));
    this.#sink.received(pdu);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => byte === other[at]);
}

function garbled(what: string): StrongroomError {
  return new StrongroomError("failed", "ISCSI_GARBLED", `the iSCSI connection is garbled: ${what}`, {
    hint: "look for faulty network equipment between this machine and the library",
  });
}
