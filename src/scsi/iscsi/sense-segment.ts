import { be16 } from "../bytes.ts";

/** The sense data in the data segment of a SCSI response (RFC 7143, 11.4.7): two bytes of length before them. */
export function senseInResponse(data: Uint8Array): Uint8Array {
  return data.length < 2 ? new Uint8Array(0) : data.slice(2, 2 + Math.min(be16(data, 0), data.length - 2));
}

/** Sense data as the data segment of a SCSI response. */
export function responseSegment(sense: Uint8Array): Uint8Array {
  const segment = new Uint8Array(2 + sense.length);
  segment[0] = sense.length >>> 8;
  segment[1] = sense.length & 0xff;
  segment.set(sense, 2);
  return segment;
}
