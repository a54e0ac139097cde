/** Density codes of LTO cartridges (SSC-5, table 203, and the makers' references for LTO-8 on). */
const byDensity: ReadonlyMap<number, string> = new Map([
  [0x40, "LTO-1"], [0x42, "LTO-2"], [0x44, "LTO-3"], [0x46, "LTO-4"], [0x58, "LTO-5"], [0x5a, "LTO-6"], [0x5c, "LTO-7"],
  [0x5d, "LTO-7 M8"], [0x5e, "LTO-8"], [0x60, "LTO-9"], [0x62, "LTO-10"], [0x63, "LTO-10 P"],
]);

/** `LTO-8`; undefined for what is no LTO density. */
export function ltoGeneration(densityCode: number): string | undefined {
  return byDensity.get(densityCode);
}
