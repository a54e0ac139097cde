import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

let library: VirtualLibrary;
let appliance: TestAppliance;

beforeEach(async () => {
  const cartridges = ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 8 * 1024 * 1024 }));
  library = await createMemoryLibrary({ drives: 1, slots: 4, mailSlots: 1, cartridges }, systemRandom);
  appliance = await makeAppliance({
    openLibrary: ({ name }) => ({
      name,
      openChanger: async () => openMediaChanger(await library.transport(0), systemClock),
      openDrive: async ({ number }) => openTapeDrive(await library.transport(number + 1), systemClock),
    }),
  });
});
afterEach(async () => {
  await appliance.close();
  await library.close();
});

/** As if another cartridge bore the label of the one in the drive. */
async function writeOver(): Promise<void> {
  const drive = await library.transport(1);
  for (const cdb of [[0x01, 0, 0, 0, 0, 0], [0x10, 0, 0, 0, 2, 0]]) {
    // The first command after another path was closed may hear of it.
    for (let tries = 0; tries < 3; tries += 1) {
      const { status } = await drive.execute({ cdb: Uint8Array.from(cdb), timeoutMs: 60_000 });
      if (status === 0) break;
    }
  }
  await drive.close();
}

it("puts a cartridge aside that does not hold its volume, says so once, and goes on with another one", async () => {
  const { operations, folder, parts } = appliance;
  const source = join(folder, "source");
  mkdirSync(source);
  writeFileSync(join(source, "first"), randomBytes(200_000));
  await operations.library.add({ name: "vtl", simulatorFolder: "/nowhere" });
  await operations.pool.create({ name: "vault", kind: "tape", library: "vtl" });
  await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 512 * 1024 });
  expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  const [volume] = parts.inventory.volumesOfPool("vault");
  await writeOver();

  writeFileSync(join(source, "second"), randomBytes(200_000));
  const run = await operations.archive.run("docs", { full: false }, quietly);
  const notes = parts.journal.events(run.job.id).filter(({ code }) => code === "VOLUME_NOT_ON_CARTRIDGE");
  expect(notes.map(({ severity }) => severity)).toEqual(["err"]);
  expect(notes[0]?.text).toContain(`cartridge ${volume!.barcode} is put aside`);
  expect(parts.inventory.cartridge(volume!.barcode)).toMatchObject({ state: "foreign" });
  expect(parts.inventory.volume(volume!.uuid)).toMatchObject({ state: "closed" });
  const others = parts.inventory.volumesOfPool("vault").filter(({ uuid }) => uuid !== volume!.uuid);
  expect(others).toMatchObject([{ barcode: "SR0002L8", state: "open" }]);
  expect(parts.inventory.copiesOnVolume(others[0]!.uuid).map(({ state }) => state)).toEqual(["verified"]);
});
