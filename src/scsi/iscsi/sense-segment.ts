import { be16 } from "../bytes.ts";

/** The sense data in the data segment of a SCSI response (RFC 7143, 11.4.7): two bytes of length before them. */
export function senseInResponse(data: Uint8Array): Uint8Array {
  return data.length < 2 ? new Uint8Array(0) : data.slice(2, 2 + Math.min(be16(data, 0), data.length - 2));
}
