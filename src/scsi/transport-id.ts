import { asciiField, be16 } from "./bytes.ts";

/** The largest TransportID that is read: an iSCSI name has up to 223 bytes, with its session identifier 241 (SPC-5, 7.6.4.6). */
const longestBytes = 1024;

const protocol = { fibreChannel: 0x0, sas: 0x6, iscsi: 0x5 } as const;

/**
 * Which initiator port a TransportID means (SPC-5, 7.6.4), as an administrator would write it: an iSCSI name, a world-wide name in
 * hexadecimal. Bytes of other protocols come in hexadecimal. Undefined when nothing readable is there.
 */
export function describeTransportId(bytes: Uint8Array): string | undefined {
  if (bytes.length < 4 || bytes.length > longestBytes) return undefined;
  switch ((bytes[0] ?? 0) & 0x0f) {
    case protocol.iscsi:
      // Format 1 ends in ",i,0x" and the session identifier, which says nothing to people but tells two sessions of one host apart.
      return nonEmpty(asciiField(bytes, 4, Math.min(be16(bytes, 2), bytes.length - 4)));
    case protocol.fibreChannel:
      return bytes.length >= 16 ? `world-wide name ${hex(bytes.subarray(8, 16))}` : undefined;
    case protocol.sas:
      return bytes.length >= 12 ? `SAS address ${hex(bytes.subarray(4, 12))}` : undefined;
    default:
      return `initiator ${hex(bytes.subarray(0, 24))}`;
  }
}

function nonEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
