import { StrongroomError } from "../../words/index.ts";
import type { SegmentOpener } from "./contract.ts";
import { type Lanes, openLanes, type OpenLanes } from "./lanes.ts";
import { MdcOpener } from "./mdc-opener.ts";
import { OcbOpener } from "./ocb-opener.ts";
import { messageDamaged, type PacketBody, PacketReader, skippedBody } from "./packet-reader.ts";
import { packetTypes } from "./packets.ts";

/** Far more recipients than anybody has. */
const sessionKeyPacketsBytesMax = 1024 * 1024;

/**
 * Opens a message under its session key (32 bytes, AES-256; ownership passes to the opener, which zeroes it). `sink` receives the
 * plaintext in order; the
 * bytes are valid only during the call. Reads what this project writes and what GnuPG writes to AES-256, as long as it was not
 * compressed there.
 */
export function createSegmentOpener(
  sessionKey: Uint8Array,
  sink: (plain: Uint8Array) => void,
  lanes: OpenLanes = openLanes,
): SegmentOpener {
  if (sessionKey.length !== 32) {
    throw new StrongroomError("failed", "SESSION_KEY_UNSUPPORTED", "the message is not encrypted with AES-256", {
      hint: "open it with gpg --decrypt",
    });
  }
  return new Opener(sessionKey, sink, lanes(sessionKey));
}

class Opener implements SegmentOpener {
  readonly #sessionKey: Uint8Array;
  readonly #sink: (plain: Uint8Array) => void;
  readonly #lanes: Lanes;
  readonly #packets = new PacketReader((type) => this.#begin(type));
  #encryptedSeen = false;
  #ended = false;

  constructor(sessionKey: Uint8Array, sink: (plain: Uint8Array) => void, lanes: Lanes) {
    this.#sessionKey = sessionKey;
    this.#sink = sink;
    this.#lanes = lanes;
  }

  push(message: Uint8Array): void {
    this.#refuseEnded();
    try {
      this.#packets.push(message);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  finish(): void {
    this.#refuseEnded();
    try {
      this.#packets.finish();
      if (!this.#encryptedSeen) throw messageDamaged("there is no encrypted data in it");
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    this.#ended = true;
    this.#sessionKey.fill(0);
    this.#lanes.dispose();
  }

  #begin(type: number): PacketBody {
    if (type === packetTypes.marker || type === packetTypes.padding)
      {return skippedBody(sessionKeyPacketsBytesMax, "a packet of padding");}
    if (this.#encryptedSeen) throw messageDamaged("something follows the encrypted data");
    switch (type) {
      case packetTypes.publicKeySession:
      case packetTypes.passphraseSession:
        return skippedBody(sessionKeyPacketsBytesMax, "a recipient's packet");
      case packetTypes.integrityProtected:
        this.#encryptedSeen = true;
        return new MdcOpener(this.#lanes, this.#sink);
      case packetTypes.ocbEncrypted:
        this.#encryptedSeen = true;
        return new OcbOpener(this.#sessionKey, this.#sink);
      default:
        throw messageDamaged(`a packet of type ${String(type)} is out of place`);
    }
  }

  #refuseEnded(): void {
    if (this.#ended) throw new TypeError("the message was ended");
  }
}
