import { resolve } from "node:path";
import type { VolumePlace } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, OptionRecord } from "./command.ts";

export const barcodeOrFolder: readonly [ArgumentRecord, OptionRecord] = [
  { name: "BARCODE", summary: "a cartridge in a library or known to the records", optional: true, names: "cartridge" },
  { flags: "--folder DIR", summary: "a volume in any folder, known or not" },
];

export function placeTyped(typed: Typed): VolumePlace {
  const barcode = typed.argument("BARCODE");
  const folder = typed.option("--folder");
  if (barcode !== undefined && folder === undefined) return { barcode };
  if (folder !== undefined && barcode === undefined) return { folder: resolve(folder) };
  throw new StrongroomError("usage", "PLACE_INVALID", "name one volume: either a barcode or --folder DIR", { hint: "see --help for examples" });
}

export function placeText(where: VolumePlace): string {
  return printable("barcode" in where ? where.barcode : where.folder);
}
