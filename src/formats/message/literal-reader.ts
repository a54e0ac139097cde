import { StrongroomError } from "../../words/index.ts";
import { messageDamaged, type PacketBody, PacketReader, skippedBody } from "./packet-reader.ts";
import { packetTypes } from "./packets.ts";

const signatureBytesMax = 64 * 1024;

/**
 * The inside of an encrypted message: one literal packet, possibly signed; its content goes to `sink`. Signatures inside are not
 * looked at: seals carry ours.
 */
export class LiteralReader {
  readonly #packets: PacketReader;
  readonly #sink: (plain: Uint8Array) => void;
  #literals = 0;

  constructor(sink: (plain: Uint8Array) => void) {
    this.#sink = sink;
    this.#packets = new PacketReader((type) => this.#begin(type));
  }

  push(bytes: Uint8Array): void {
    this.#packets.push(bytes);
  }

  finish(): void {
    this.#packets.finish();
    if (this.#literals === 0) throw messageDamaged("there is no data in it");
  }

  #begin(type: number): PacketBody {
    switch (type) {
      case packetTypes.literal:
        this.#literals += 1;
        if (this.#literals > 1) throw messageDamaged("there is more than one piece of data in it");
        return new LiteralBody(this.#sink);
      case packetTypes.onePassSignature:
      case packetTypes.signature:
      case packetTypes.marker:
      case packetTypes.padding:
        return skippedBody(signatureBytesMax, "a signature");
      case packetTypes.compressed:
        throw new StrongroomError(
          "failed",
          "MESSAGE_COMPRESSED",
          "the message is compressed inside its encryption, which this program does not read",
          {
            hint: "open it with gpg --decrypt",
          },
        );
      default:
        throw messageDamaged(`a packet of type ${String(type)} is out of place`);
    }
  }
}

/** Format, name and date in front of the data (RFC 9580, 5.9): 6 bytes and the name. */
class LiteralBody implements PacketBody {
  readonly #sink: (plain: Uint8Array) => void;
  #headBytes = 0;
  #headLengthBytes = 6;

  constructor(sink: (plain: Uint8Array) => void) {
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (this.#headBytes < this.#headLengthBytes && at < bytes.length) {
      if (this.#headBytes === 1) this.#headLengthBytes = 6 + bytes[at]!;
      this.#headBytes += 1;
      at += 1;
    }
    if (at < bytes.length) this.#sink(bytes.subarray(at));
  }

  end(): void {
    if (this.#headBytes < this.#headLengthBytes) throw messageDamaged("its data packet is too short");
  }
}
