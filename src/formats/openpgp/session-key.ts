import { decryptSessionKeys, encryptSessionKey, readMessage } from "openpgp";
import { type Clock, StrongroomError } from "../../words/index.ts";
import { type Certificate, requireEncryption } from "./certificate.ts";
import type { UnlockedKey } from "./keys.ts";
import { definiteLength, messageDamaged, type PacketBody, PacketReader, packetTypes, skippedBody, typeOctet } from "../message/index.ts";
import { compatibilityProfile } from "./profile.ts";

const packetBytesMax = 64 * 1024;
/** A packet may hide its recipient, and then every key is tried on it. */
const packetsMax = 64;

/**
 * One version 3 packet for each recipient, holding the AES-256 session key: what `SealingParameters` wants. The key stays the
 * caller's to zero.
 */
export async function makeSessionKeyPackets(
  recipients: readonly Certificate[],
  sessionKey: Uint8Array,
  clock: Clock,
): Promise<Uint8Array> {
  if (recipients.length === 0) throw new TypeError("there is no recipient");
  recipients.forEach(requireEncryption);
  return await encryptSessionKey({
    data: sessionKey,
    algorithm: "aes256",
    encryptionKeys: recipients.map(({ key }) => key),
    date: new Date(clock.nowMs()),
    format: "binary",
    config: compatibilityProfile,
  });
}

/**
 * The session key of a message, by whichever of `keys` it was encrypted to. `head` is its beginning, as far as the recipients'
 * packets reach; 64 KiB is
 * plenty. The result is the caller's to zero or to give to an opener. Throws MESSAGE_NOT_FOR_KEY when none of the keys fits.
 */
export async function readSessionKey(head: Uint8Array, keys: readonly UnlockedKey[]): Promise<Uint8Array> {
  const packets = recipientPackets(head);
  let found;
  try {
    const message = await readMessage({ binaryMessage: packets });
    [found] = await decryptSessionKeys({ message, decryptionKeys: keys.map(({ key }) => key) });
  } catch (error) {
    throw new StrongroomError("denied", "MESSAGE_NOT_FOR_KEY", "none of the unlocked keys opens this message", {
      hint: "unlock the private key of one of its recipients",
      cause: error,
    });
  }
  if (found?.algorithm !== "aes256") {
    throw new StrongroomError("failed", "SESSION_KEY_UNSUPPORTED", "the message is not encrypted with AES-256", {
      hint: "open it with gpg --decrypt",
    });
  }
  return found.data;
}

/** The recipients' packets alone, written anew with definite lengths. */
export function recipientPackets(head: Uint8Array): Uint8Array {
  const packets: Uint8Array[] = [];
  let encryptedSeen = false;
  const reader = new PacketReader((type) => {
    encryptedSeen ||= type === packetTypes.integrityProtected || type === packetTypes.ocbEncrypted;
    if (encryptedSeen) return skippedBody(Infinity, "the encrypted data");
    if (type !== packetTypes.publicKeySession) return skippedBody(packetBytesMax, "a packet before the encrypted data");
    if (packets.length >= packetsMax) throw messageDamaged("it has too many recipients");
    return gatheredBody((body) => packets.push(Uint8Array.of(typeOctet(type), ...definiteLength(body.length), ...body)));
  });
  reader.push(head);
  if (packets.length === 0) throw messageDamaged("it names no recipient");
  return Buffer.concat(packets);
}

function gatheredBody(whole: (body: Uint8Array) => void): PacketBody {
  const parts: Uint8Array[] = [];
  let gatheredBytes = 0;
  return {
    push(bytes) {
      gatheredBytes += bytes.length;
      if (gatheredBytes > packetBytesMax) throw messageDamaged("a recipient's packet is too long");
      parts.push(Uint8Array.from(bytes));
    },
    end() {
      whole(Buffer.concat(parts));
    },
  };
}
