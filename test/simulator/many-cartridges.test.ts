import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLibrary, openLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { drive, move, send, slot, tape, temporaryFolder } from "./initiator.ts";

const count = 10_000;
const barcodes = Array.from({ length: count }, (_, at) => `S${String(at).padStart(5, "0")}L8`);

it("ten thousand cartridges in a folder: each gets a folder of its own when it is first used", async () => {
  const folder = join(temporaryFolder(), "library");
  const figures: string[] = [];
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const beginMs = performance.now();
    const result = await work();
    figures.push(`${what} ${(performance.now() - beginMs).toFixed(0)} ms`);
    return result;
  };
  const folders = (): readonly string[] => readdirSync(join(folder, "cartridges"));
  const cartridges = barcodes.map((barcode) => ({ barcode, capacityBytes: 1_000_000 }));
  await (await timed("created in", () => createLibrary(folder, { slots: count, content: "zeros", cartridges }, systemRandom))).close();
  expect(folders()).toEqual([]);
  const library = await timed("opened in", () => openLibrary(folder, systemRandom));
  const listed = await timed("listed in", () => library.hands.list());
  expect(listed.map(({ barcode }) => barcode)).toEqual(barcodes);
  expect(listed[9_999]).toMatchObject({ place: { where: "slot", number: 9_999 }, usedBytes: 0, capacityBytes: 1_000_000, content: "zeros" });
  expect(folders()).toEqual([]);
  const changer = await library.transport(0);
  await send(changer, [0, 0, 0, 0, 0, 0]);
  await timed("moved in", () => move(changer, slot(9_998), drive(0)));
  const path = tape(await library.transport(1));
  while ((await path.ready()) !== "good");
  await path.write(new Uint8Array(1000));
  await path.marks(1);
  await library.hands.setWriteProtected("S00007L8", true);
  await library.hands.addCartridge({ barcode: "NEW001L8", capacityBytes: 1_000_000 });
  await timed("inserted in", () => library.hands.insert("NEW001L8"));
  await expect(library.hands.addCartridge({ barcode: "S00042L8" })).rejects.toMatchObject({ code: "CARTRIDGE_EXISTS" });
  await library.close();
  expect([...folders()].sort()).toEqual(["NEW001L8", "S00007L8", "S09998L8"]);
  const again = await openLibrary(folder, systemRandom);
  const seen = new Map((await again.hands.list()).map((one) => [one.barcode, one]));
  expect(seen.size).toBe(count + 1);
  expect(seen.get("S09998L8")).toMatchObject({ usedBytes: 1000, place: { where: "drive", number: 0 } });
  expect(seen.get("S00007L8")).toMatchObject({ writeProtected: true, place: { where: "slot", number: 7 } });
  expect(seen.get("NEW001L8")).toMatchObject({ content: "zeros", place: { where: "mailSlot", number: 0 } });
  await again.close();
  console.log(`10,000 cartridges in a folder: ${figures.join(", ")}`);
});

it("two processes that come to the same cartridge first make it once", async () => {
  const folder = join(temporaryFolder(), "library");
  const library = await createLibrary(folder, { cartridges: barcodes.slice(0, 100).map((barcode) => ({ barcode, capacityBytes: 1_000_000 })) }, systemRandom);
  const other = await openLibrary(folder, systemRandom);
  await Promise.all([library, other].map((one) => one.hands.breakCartridge("S00001L8", "chip")));
  await Promise.all([library, other].map((one) => one.hands.setWriteProtected("S00002L8", true)));
  expect(await other.hands.damageOf("S00001L8")).toMatchObject({ isChipUnreadable: true });
  expect(readdirSync(join(folder, "cartridges")).sort()).toEqual(["S00001L8", "S00002L8"]);
  await library.close();
  await other.close();
});
