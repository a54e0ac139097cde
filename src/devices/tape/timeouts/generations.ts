import type { OperationKind } from "./defaults.ts";

/** Kinds of operations whose duration depends on the generation of the drive. */
export type SlowKind = Extract<OperationKind, "read" | "write" | "writeFilemarks" | "rewind" | "locate" | "space" | "unload" | "erase">;

export const slowKinds = ["read", "write", "writeFilemarks", "rewind", "locate", "space", "unload", "erase"] as const satisfies
  readonly SlowKind[];

type Row = readonly [
  erase: number, unload: number, locate: number, read: number, rewind: number, space: number, write: number, writeFilemarks: number,
];

/**
 * What drives of each generation recommend for themselves, in seconds. Of LTO-9, the longer figures of half-height drives: what a drive
 * tells of its densities does not tell its height.
 */
const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  ["LTO-5", [16_380, 780, 2040, 1500, 600, 2040, 1500, 1620]],
  ["LTO-6", [24_600, 780, 2940, 1500, 600, 2040, 1500, 1620]],
  ["LTO-7", [27_540, 960, 2880, 2280, 600, 2880, 1500, 1620]],
  ["LTO-8", [54_896, 960, 2880, 2280, 600, 2880, 1500, 1620]],
  ["LTO-9", [166_370, 960, 2940, 2340, 600, 2940, 1560, 1680]],
  ["LTO-10", [16_320, 780, 2940, 2340, 600, 2940, 1500, 1620]],
]);

/** Oldest first; a drive is of the youngest generation that it writes. */
const order = [...rows.keys()];

/** The generation of a drive that takes these densities, by their names (`LTO-7`, `LTO-7 M8`); undefined for none of the table. */
export function youngestGeneration(names: readonly (string | undefined)[]): string | undefined {
  return order.findLast((generation) => names.some((name) => name === generation || name === `${generation} P`));
}

/** By the names that makers give their drives: `ULT3580-TD8`, `ULTRIUM-HH7`, `Ultrium 6-SCSI`. */
export function generationOfProduct(product: string): string | undefined {
  const [, number] = /(?:-TD|-HH|ultrium )(\d{1,2})(?!\d)/i.exec(product) ?? [];
  return order.find((generation) => generation === `LTO-${String(number)}`);
}

/** In milliseconds; undefined where the generation is not in the table. */
export function limitOfGeneration(generation: string | undefined, kind: SlowKind): number | undefined {
  const row = generation === undefined ? undefined : rows.get(generation);
  if (row === undefined) return undefined;
  const [erase, unload, locate, read, rewind, space, write, writeFilemarks] = row;
  return { erase, unload, locate, read, rewind, space, write, writeFilemarks }[kind] * 1000;
}
