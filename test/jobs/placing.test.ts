import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/words/index.ts";
import { type ReferenceBench, openReferenceBench } from "../campaign/reference-job.ts";

/** Room for three of the segments of the reference job: the spool is full long before the job is done. */
const smallSpoolBytes = 1_800_000;

let bench: ReferenceBench;
beforeAll(async () => { bench = await openReferenceBench(undefined, smallSpoolBytes); }, 60_000);
afterAll(async () => { await bench.close(); });

it("brings two copies through one drive, by turns, with a spool that holds neither", async () => {
  const one = await bench.begin(1, { drives: 1, contentBytes: 4_800_000, capacityBytes: 12 * 2 ** 20 });
  await one.run();
  const { isDone, errors, untrue } = await one.outcome();
  expect({ isDone, errors, untrue }).toEqual({ isDone: true, errors: [], untrue: [] });
}, 30_000);

it("asks once for a cartridge, shows it in the job's record, and goes on by itself when one is in a mail slot", async () => {
  const one = await bench.begin(2, { cartridges: 1 });
  const running = one.run(Number.POSITIVE_INFINITY);
  await until(() => one.requests().length > 0);
  expect(one.requests()).toEqual(["POOL_NEEDS_CARTRIDGE"]);
  await one.library.hands.addCartridge({ barcode: "NEW001L8", capacityBytes: 6 * 2 ** 20 });
  await one.library.hands.insert("NEW001L8");
  await running;
  const { isDone, errors, untrue, events } = await one.outcome();
  expect({ isDone, errors, untrue }).toEqual({ isDone: true, errors: [], untrue: [] });
  expect(events.map(({ code }) => code).filter((code) => code.startsWith("OPERATOR") || code.startsWith("REQUEST"))).toEqual(["OPERATOR_REQUESTED", "REQUEST_MET"]);
  expect(one.requests()).toEqual([]);
}, 30_000);

it("stops at a safe point when nobody wants to wait, or came in time, and the same command goes on", async () => {
  const one = await bench.begin(3, { cartridges: 1 });
  await one.run(0);
  await one.run(60_000);
  expect(one.isDone()).toBe(false);
  expect(one.requests()).toEqual(["POOL_NEEDS_CARTRIDGE"]);
  await one.library.hands.addCartridge({ barcode: "NEW002L8", capacityBytes: 6 * 2 ** 20 });
  await one.library.hands.insert("NEW002L8");
  await one.run(0);
  const { isDone, errors, untrue } = await one.outcome();
  expect({ isDone, errors, untrue }).toEqual({ isDone: true, errors: ["POOL_NEEDS_CARTRIDGE", "POOL_NEEDS_CARTRIDGE"], untrue: [] });
}, 30_000);

it("lets one pool go on when the other has no cartridge, and keeps what that one lacks in the spool", async () => {
  const one = await bench.begin(4, { cartridges: 1 });
  await one.run(0);
  const { untrue, errors, events } = await one.outcome();
  expect({ untrue, errors }).toEqual({ untrue: [], errors: ["POOL_NEEDS_CARTRIDGE"] });
  expect(events.filter(({ text }) => text.includes("the other pools go on"))).toHaveLength(1);
  expect(one.copies().filter((count) => count > 0)).toHaveLength(1);
}, 30_000);

async function until(isSo: () => boolean): Promise<void> {
  for (let looks = 0; looks < 5000 && !isSo(); looks += 1) await systemClock.sleep(2);
  expect(isSo()).toBe(true);
}
