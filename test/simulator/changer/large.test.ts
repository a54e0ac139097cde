import { expect, it } from "vitest";
import { createMemoryLibrary } from "../../../simulator/index.ts";
import { createMemoryHome, planLibrary } from "../../../simulator/home/index.ts";
import { elementAt } from "../../../simulator/changer/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive, move, send, slot } from "../initiator.ts";
import { clientOf, heard, takeApart } from "./library.ts";

const count = 10_000;
const barcodes = Array.from({ length: count }, (_, at) => `S${String(at).padStart(5, "0")}L8`);

it("a library of 10,000 slots reports all of them in one answer, and to our client in many", async () => {
  const library = await createMemoryLibrary({ slots: count, drives: 8, pickers: 2, cartridges: barcodes.map((barcode) => ({ barcode, capacityBytes: 1_000_000 })) }, systemRandom);
  const changer = await heard(library);
  const dataIn = new Uint8Array(0xff_ff_ff);
  const beginMs = performance.now();
  const { transferredBytes } = await send(changer, [0xb8, 0x12, 0, 0, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0, 0], { dataIn });
  const wholeMs = performance.now() - beginMs;
  const { rows } = takeApart(Buffer.from(dataIn.subarray(0, transferredBytes)));
  expect(rows.map(({ tag }) => tag.trim())).toEqual(barcodes);
  const client = await clientOf(library);
  const clientBeginMs = performance.now();
  const { elements } = await client.inventory();
  const clientMs = performance.now() - clientBeginMs;
  expect(elements.filter(({ full }) => full)).toHaveLength(count);
  const moveBeginMs = performance.now();
  for (let number = 0; number < 100; number += 1) expect(await move(changer, slot(count - 1 - number), drive(0))).toBe(number === 0 ? "good" : "5/3b/0d");
  const moveMs = (performance.now() - moveBeginMs) / 100;
  console.log(`10,000 slots: an answer of ${String(transferredBytes)} bytes in ${wholeMs.toFixed(0)} ms, a command to move in ${moveMs.toFixed(2)} ms`);
  console.log(`10,000 slots: our client's inventory in ${clientMs.toFixed(0)} ms`);
  await library.close();
});

it("elements are found by arithmetic, not by looking through them", () => {
  const { state } = planLibrary({ slots: 50_000, slotsPerMagazine: 20 }, systemRandom);
  expect(elementAt(state, 0x1000 + 49_999)).toEqual({ where: "slot", number: 49_999, address: 0x1000 + 49_999 });
  expect(elementAt(state, 0x1000 + 50_000)).toBeUndefined();
  expect(elementAt(state, 0x0fff)).toBeUndefined();
  expect(createMemoryHome(state).state().slots).toHaveLength(50_000);
});
