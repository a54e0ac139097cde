import type { CodeRow } from "./contract.ts";

/** Codes of makers that are in wide use, beyond those that a standard gives. */
export const makerCodes: readonly CodeRow[] = [
  [0x8282, "drive requires cleaning (maker's code of LTO drives)", "result", "clean", "the drive asks for cleaning"],
  [0x8300, "barcode not readable (maker's code of libraries)", "operator", "relabel",
    "the library cannot read the barcode of a cartridge"],
];
