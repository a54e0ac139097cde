import type { Scenario, Step } from "../contract.ts";
import { makeEverything, writePapers } from "./beginnings.ts";

interface Amount {
  readonly cartridges: number;
  readonly mailSlots: number;
}

/** So many cartridges out and in again by scanning, with one key for each load of the mail slots. */
export function exchangeByScanning({ cartridges, mailSlots }: Amount): Scenario {
  const barcodes = Array.from({ length: cartridges }, (_, at) => `SR${String(at + 1).padStart(4, "0")}L8`);
  const batches = Array.from({ length: Math.ceil(cartridges / mailSlots) }, (_, at) => barcodes.slice(at * mailSlots, (at + 1) * mailSlots));
  return {
    name: `exchange-${String(cartridges)}`,
    what: `${String(cartridges)} cartridges out and in again by scanning, with one key for each load of the mail slots`,
    prepare: async (stage) => {
      writePapers(stage, 1, 1000);
      await makeEverything(stage, { cartridges, slots: cartridges + 4, mailSlots, capacity: "16MiB" });
    },
    steps: (stage) => [
      { kind: "exchange", direction: "out" },
      ...barcodes.map((code, at): Step => ({ kind: "scan", code, texts: [`${code}: number ${String(at + 1)} of the list`] })),
      ...batches.flatMap((batch, at) => takenOut(batch, batches[at + 1])),
      { kind: "end" },
      { kind: "check", what: "all are on the shelf", check: async () => inside(await stage.run(["library", "show", "vtl", "--json"]), barcodes, 0) },
      { kind: "exchange", direction: "in" },
      ...batches.flatMap((batch, at) => broughtIn(batch, batches.slice(0, at + 1).flat().length)),
      { kind: "end" },
      { kind: "check", what: "all are in slots", check: async () => inside(await stage.run(["library", "show", "vtl", "--json"]), barcodes, cartridges) },
    ],
  };
}

function takenOut(batch: readonly string[], next: readonly string[] | undefined): readonly Step[] {
  return [
    { kind: "batch", texts: [`take ${String(batch.length)} cartridges out of the mail slots`] },
    { kind: "carry", way: "to-shelf", barcodes: batch },
    // The scan of what is in hand is what lets the console look again.
    ...batch.slice(-1).map((code): Step => ({ kind: "scan", code, texts: [code] })),
    ...(next === undefined ? [] : [{ kind: "scan", code: next[0]!, texts: ["on the list already"] } as const]),
  ];
}

function broughtIn(batch: readonly string[], done: number): readonly Step[] {
  return [
    ...batch.map((code): Step => ({ kind: "scan", code, texts: [code] })),
    { kind: "carry", way: "to-mail-slots", barcodes: batch },
    { kind: "batch", texts: [`${String(done)} of ${String(done)} done`] },
  ];
}

function inside(shown: string, barcodes: readonly string[], wanted: number): string | undefined {
  const found = barcodes.filter((code) => shown.includes(`"${code}"`)).length;
  return found === wanted ? undefined : `${String(found)} are in the library, and not ${String(wanted)}`;
}
