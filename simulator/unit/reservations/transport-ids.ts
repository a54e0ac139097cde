import { be16, be32 } from "../../wire/index.ts";

/** How two TransportIDs are compared: padding is no part of an iSCSI name (SPC-5, 7.6.4.7). */
export function identityOf(transportId: Uint8Array): string {
  let end = transportId.length;
  if ((transportId[0]! & 0x0f) === 0x05) while (end > 4 && transportId[end - 1] === 0) end -= 1;
  const kind = transportId.slice(0, end);
  // The length of an iSCSI one tells of its padding.
  if ((kind[0]! & 0x0f) === 0x05) kind.fill(0, 2, 4);
  return Buffer.from(kind).toString("hex");
}

/** The TransportIDs one after another in `bytes`; undefined when they are not whole. */
export function transportIdsIn(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 24 > bytes.length) return undefined;
    const isIscsi = (bytes[at]! & 0x0f) === 0x05;
    const sizeBytes = isIscsi ? 4 + be16(bytes, at + 2) : 24;
    if (sizeBytes < 24 || sizeBytes % 4 !== 0 || at + sizeBytes > bytes.length) return undefined;
    found.push(bytes.slice(at, at + sizeBytes));
    at += sizeBytes;
  }
  return found;
}

/** A length of 32 bits and the TransportIDs behind it, at that place of a parameter list which ends with them. */
export function transportIdList(list: Uint8Array, at: number): readonly Uint8Array[] | undefined {
  if (list.length < at + 4 || be32(list, at) !== list.length - at - 4) return undefined;
  return transportIdsIn(list.subarray(at + 4));
}
