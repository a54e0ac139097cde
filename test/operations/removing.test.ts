import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

let appliance: TestAppliance;
let folder: string;

beforeEach(async () => {
  appliance = await makeAppliance();
  folder = join(appliance.folder, "usb");
  mkdirSync(folder);
  mkdirSync(join(appliance.folder, "source"));
  writeFileSync(join(appliance.folder, "source", "text"), "text\n");
  const { pool, volume, archive } = appliance.operations;
  await pool.create({ name: "usb", kind: "folder", folders: [folder] });
  await volume.init({ barcode: "USB001", pool: "usb", folder });
  await archive.create({ name: "docs", sources: [{ name: "source", path: join(appliance.folder, "source") }], pools: ["usb"] });
  await archive.run("docs", { full: false }, quietly);
});
afterEach(async () => { await appliance.close(); });

describe("what is removed", () => {
  it("is refused while something depends on it, and says what", async () => {
    const { pool, archive } = appliance.operations;
    await expect(pool.remove("usb")).rejects.toMatchObject({ code: "POOL_IN_USE", message: expect.stringMatching(/archive docs, volume USB001/) as string });
    await archive.remove("docs");
    expect(await archive.list()).toEqual([]);
    await expect(pool.remove("usb")).rejects.toMatchObject({ message: expect.stringMatching(/used by volume USB001/) as string });
    await pool.create({ name: "empty", kind: "folder" });
    await pool.remove("empty");
    expect((await pool.list()).map(({ name }) => name)).toEqual(["usb"]);
  });

  it("leaves the snapshots of an archive, to look into and to restore", async () => {
    const { archive, snapshot } = appliance.operations;
    await archive.remove("docs");
    expect(await snapshot.list("docs")).toHaveLength(1);
  });
});

describe("a volume with the only copy of something", () => {
  it("is not written over by whoever asks, unless that was said", async () => {
    const { volume } = appliance.operations;
    const again = { barcode: "USB001", pool: "usb", folder, overwrite: "USB001" };
    await expect(volume.init(again)).rejects.toMatchObject({ code: "ONLY_COPIES", kind: "denied" });
    expect((await volume.show("USB001")).copies).toHaveLength(1);
    expect((await volume.init({ ...again, loseOnlyCopies: true })).objects).toBe(1);
  });
});
