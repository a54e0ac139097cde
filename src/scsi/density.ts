import { asciiField, be16, be24, be32, putAscii, putNumber } from "./bytes.ts";

/** A descriptor of REPORT DENSITY SUPPORT (SSC-5, 7.9.3). */
export interface Density {
  readonly primaryCode: number;
  readonly secondaryCode: number;
  readonly writable: boolean;
  readonly isDefault: boolean;
  readonly bitsPerMm: number;
  readonly tracks: number;
  /** In units of 10^6 bytes. */
  readonly capacityMegabytes: number;
  readonly organization: string;
  readonly name: string;
  readonly description: string;
}

const descriptorBytes = 52;

/** Descriptors are 52 bytes; with DLV set each tells its length. One that is cut off is left out. */
export function parseDensities(data: Uint8Array): readonly Density[] {
  const end = Math.min(data.length, 2 + be16(data, 0));
  const densities: Density[] = [];
  for (let at = 4; at + descriptorBytes <= end; ) {
    const flags = data[at + 2] ?? 0;
    densities.push({
      primaryCode: data[at] ?? 0,
      secondaryCode: data[at + 1] ?? 0,
      writable: (flags & 0x80) !== 0,
      isDefault: (flags & 0x20) !== 0,
      bitsPerMm: be24(data, at + 5),
      tracks: be16(data, at + 10),
      capacityMegabytes: be32(data, at + 12),
      organization: asciiField(data, at + 16, 8),
      name: asciiField(data, at + 24, 8),
      description: asciiField(data, at + 32, 20),
    });
    at += (flags & 0x10) === 0 ? descriptorBytes : Math.max(descriptorBytes, 5 + be16(data, at + 3));
  }
  return densities;
}

export function buildDensities(densities: readonly Density[]): Uint8Array {
  const data = new Uint8Array(4 + densities.length * descriptorBytes);
  putNumber(data, 0, 2, data.length - 2);
  densities.forEach((density, index) => {
    const at = 4 + index * descriptorBytes;
    data.set([density.primaryCode, density.secondaryCode, (density.writable ? 0x80 : 0) | (density.isDefault ? 0x20 : 0)], at);
    putNumber(data, at + 5, 3, density.bitsPerMm);
    putNumber(data, at + 10, 2, density.tracks);
    putNumber(data, at + 12, 4, density.capacityMegabytes);
    putAscii(data, at + 16, 8, density.organization);
    putAscii(data, at + 24, 8, density.name);
    putAscii(data, at + 32, 20, density.description);
  });
  return data;
}
