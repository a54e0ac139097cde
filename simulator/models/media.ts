import type { MediaModel } from "./contract.ts";

const tera = 1e12;
const kibi = 1024;

/**
 * Cartridges from LTO-5 to LTO-10. Capacities, lengths and densities: IBM, "Performance specifications for LTO tape drives"; FreeBSD's mt(1) for
 * LTO-10; tracks: HPE QuickSpecs.
 */
export const mediaModels: readonly MediaModel[] = [
  {
    name: "LTO-5", densityCode: 0x58, mediumType: 0x58, wormMediumType: 0x5c, nativeBytes: 1.5 * tera, bitsPerMm: 15_142, tracks: 1280, tapeMetres: 846,
    densityName: "U-516", densityText: "Ultrium 5/16T", chipBytes: 8 * kibi, suffix: "L5", wormSuffix: "LV", isMeasuredFirst: false,
    estimated: [],
  },
  {
    name: "LTO-6", densityCode: 0x5a, mediumType: 0x68, wormMediumType: 0x6c, nativeBytes: 2.5 * tera, bitsPerMm: 15_142, tracks: 2176, tapeMetres: 846,
    densityName: "U-616", densityText: "Ultrium 6/16T", chipBytes: 16 * kibi, suffix: "L6", wormSuffix: "LW", isMeasuredFirst: false,
    estimated: [],
  },
  {
    name: "LTO-7", densityCode: 0x5c, mediumType: 0x78, wormMediumType: 0x7c, nativeBytes: 6 * tera, bitsPerMm: 19_107, tracks: 3584, tapeMetres: 960,
    densityName: "U-732", densityText: "Ultrium 7/32T", chipBytes: 16 * kibi, suffix: "L7", wormSuffix: "LX", isMeasuredFirst: false,
    estimated: [],
  },
  {
    name: "LTO-7 M8", densityCode: 0x5d, mediumType: 0x78, wormMediumType: undefined, nativeBytes: 9 * tera, bitsPerMm: 19_107, tracks: 5376, tapeMetres: 960,
    densityName: "U-M832", densityText: "Ultrium M8/32T", chipBytes: 16 * kibi, suffix: "M8", wormSuffix: undefined, isMeasuredFirst: false,
    estimated: ["mediumType", "tracks", "densityName", "densityText"],
  },
  {
    name: "LTO-8", densityCode: 0x5e, mediumType: 0x88, wormMediumType: 0x8c, nativeBytes: 12 * tera, bitsPerMm: 20_669, tracks: 6656, tapeMetres: 960,
    densityName: "U-832", densityText: "Ultrium 8/32T", chipBytes: 16 * kibi, suffix: "L8", wormSuffix: "LY", isMeasuredFirst: false,
    estimated: [],
  },
  {
    name: "LTO-9", densityCode: 0x60, mediumType: 0x98, wormMediumType: 0x9c, nativeBytes: 18 * tera, bitsPerMm: 23_031, tracks: 8960, tapeMetres: 1035,
    densityName: "U-932", densityText: "Ultrium 9/32T", chipBytes: 32 * kibi, suffix: "L9", wormSuffix: "LZ", isMeasuredFirst: true,
    estimated: [],
  },
  {
    name: "LTO-10", densityCode: 0x62, mediumType: 0xa8, wormMediumType: 0xac, nativeBytes: 30 * tera, bitsPerMm: 21_657, tracks: 15_104, tapeMetres: 1035,
    densityName: "U-1032", densityText: "Ultrium 10/32T", chipBytes: 32 * kibi, suffix: "LA", wormSuffix: undefined, isMeasuredFirst: false,
    estimated: ["tracks", "densityName", "densityText", "chipBytes"],
  },
  {
    name: "LTO-10 P", densityCode: 0x63, mediumType: 0xa9, wormMediumType: undefined, nativeBytes: 40 * tera, bitsPerMm: 22_441, tracks: 15_104,
    tapeMetres: 1337, densityName: "U-1032P", densityText: "Ultrium 10P/32T", chipBytes: 32 * kibi, suffix: "PA", wormSuffix: undefined,
    isMeasuredFirst: false, estimated: ["tracks", "densityName", "densityText", "chipBytes"],
  },
];

/** By its name; undefined for what is none. */
export function mediaModel(name: string): MediaModel | undefined {
  return mediaModels.find((one) => one.name === name);
}

export interface LabelMeaning {
  readonly kind: "data" | "worm" | "cleaning";
  /** Undefined for cleaning cartridges, which fit all. */
  readonly media: MediaModel | undefined;
}

/** What a barcode of LTO says of the cartridge (IBM, "Bar code label"); undefined where it says nothing. */
export function meaningOfLabel(barcode: string): LabelMeaning | undefined {
  if (/^CLN[A-Z0-9]{3}(CU|L\d)?$/.test(barcode)) return { kind: "cleaning", media: undefined };
  const suffix = barcode.slice(-2);
  for (const media of mediaModels) {
    if (media.suffix === suffix) return { kind: "data", media };
    if (media.wormSuffix === suffix) return { kind: "worm", media };
  }
  return undefined;
}
