import type { Scenario, Step } from "../contract.ts";
import { makeEverything, writePapers } from "./beginnings.ts";

const mailSlots = 5;
const barcodes = Array.from({ length: 20 }, (_, at) => `SR${String(at + 1).padStart(4, "0")}L8`);
const batches = Array.from({ length: barcodes.length / mailSlots }, (_, at) => barcodes.slice(at * mailSlots, (at + 1) * mailSlots));

function takenOut(batch: readonly string[], at: number): readonly Step[] {
  const isLast = at === batches.length - 1;
  return [
    { kind: "batch", texts: [`take ${String(mailSlots)} cartridges out of the mail slots`] },
    { kind: "carry", way: "to-shelf", barcodes: batch },
    // The scan of what is in hand is what lets the console look again.
    ...batch.slice(-1).map((code): Step => ({ kind: "scan", code, texts: [code] })),
    ...(isLast ? [] : [{ kind: "scan", code: batches[at + 1]![0]!, texts: ["on the list already"] } as const]),
  ];
}

function broughtIn(batch: readonly string[], at: number): readonly Step[] {
  return [
    ...batch.map((code): Step => ({ kind: "scan", code, texts: [code] })),
    { kind: "carry", way: "to-mail-slots", barcodes: batch },
    { kind: "batch", texts: [`${String((at + 1) * mailSlots)} of ${String((at + 1) * mailSlots)} done`] },
  ];
}

export const exchangeByScanning: Scenario = {
  name: "exchange-20",
  what: "20 cartridges out and in again by scanning, with one key for each load of the mail slots",
  prepare: async (stage) => {
    writePapers(stage, 1, 1000);
    await makeEverything(stage, { cartridges: barcodes.length, slots: 24, mailSlots, capacity: "16MiB" });
  },
  steps: (stage) => [
    { kind: "exchange", direction: "out" },
    ...barcodes.map((code, at): Step => ({ kind: "scan", code, texts: [`${code}: number ${String(at + 1)} of the list`] })),
    ...batches.flatMap(takenOut),
    { kind: "end" },
    { kind: "check", what: "all are on the shelf", check: async () => inside(await stage.run(["library", "show", "vtl", "--json"]), 0) },
    { kind: "exchange", direction: "in" },
    ...batches.flatMap(broughtIn),
    { kind: "end" },
    { kind: "check", what: "all are in slots", check: async () => inside(await stage.run(["library", "show", "vtl", "--json"]), barcodes.length) },
  ],
};

function inside(shown: string, wanted: number): string | undefined {
  const found = barcodes.filter((code) => shown.includes(`"${code}"`)).length;
  return found === wanted ? undefined : `${String(found)} are in the library, and not ${String(wanted)}`;
}
