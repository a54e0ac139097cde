import { parseArgs } from "node:util";
import { parseBytes } from "../../src/words/index.ts";

const mebibyte = 1024 * 1024;

export const partNames = ["incompressible", "text", "small", "appliance", "catalog", "simulator", "rss"] as const;
export type PartName = (typeof partNames)[number];

export interface Options {
  readonly json: boolean;
  readonly parts: readonly PartName[];
  readonly rounds: number;
  readonly sizeBytes: number;
  readonly smallFiles: number;
  readonly catalogRows: number;
  /** How much of an LTO-9 cartridge is written on virtual time. */
  readonly virtualFillBytes: number;
}

export const usage = `usage: tools/bench [--quick] [--json] [--rss] [--only PART]... [--size SIZE] [--rounds N]

Measures sealing, restoring and the catalog beside stock tools, in interleaved rounds, and prints rates, costs and ratios.

  --quick        small data and few rows: shows that it runs, not how fast it is
  --json         one object on standard output instead of tables
  --rss          also the peak memory of sealing 1, 5 and 20 GB (part rss, which is otherwise left out)
  --only PART    ${partNames.join(", ")}; may be repeated
  --size SIZE    of each kind of data, such as 2GiB; the workspace needs four times as much
  --rounds N     how often each thing is measured, 5 at the least for figures to quote
  --help         this`;

/** Undefined when only help was asked for. Throws what parseArgs throws, and a RangeError for what makes no sense. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      rss: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      size: { type: "string" },
      rounds: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  const usual = partNames.filter((part) => part !== "rss" || values.rss);
  const rounds = values.rounds === undefined ? 5 : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) throw new RangeError("--rounds takes a number from 1 to 1000");
  return {
    json: values.json,
    parts: values.only?.map(partNamed) ?? usual,
    rounds,
    sizeBytes: sizeOf(values.size, quick),
    smallFiles: quick ? 5_000 : 200_000,
    catalogRows: quick ? 100_000 : 5_000_000,
    virtualFillBytes: quick ? 1e11 : Infinity,
  };
}

function partNamed(name: string): PartName {
  const part = partNames.find((known) => known === name);
  if (!part) throw new RangeError(`there is no part ${JSON.stringify(name)}; there are ${partNames.join(", ")}`);
  return part;
}

function sizeOf(text: string | undefined, quick: boolean): number {
  if (text === undefined) return (quick ? 128 : 2048) * mebibyte;
  const sizeBytes = parseBytes(text);
  if (sizeBytes === undefined || sizeBytes < 16 * mebibyte) throw new RangeError("--size takes 16MiB or more, such as 2GiB");
  return sizeBytes;
}
