import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeAppliance, quietly, silentObserver, type TestAppliance } from "../support/appliance.ts";

let appliance: TestAppliance;
const listener = createServer();
beforeEach(async () => {
  appliance = await makeAppliance();
  const { operations, folder } = appliance;
  mkdirSync(join(folder, "source", "sub"), { recursive: true });
  for (const name of ["a", "sub/b"]) writeFileSync(join(folder, "source", name), "as it was");
  await new Promise<void>((resolve) => { listener.listen(join(folder, "source", "socket"), resolve); });
  await operations.pool.create({ name: "near", kind: "folder" });
  await operations.volume.init({ barcode: "NEAR0001", pool: "near", folder: join(folder, "NEAR0001"), capacityBytes: 8 * 1024 * 1024 });
  await operations.archive.create({ name: "docs", sources: [{ name: "source", path: join(folder, "source") }], pools: ["near"], segmentSizeBytes: 128 * 1024 });
});
afterEach(async () => {
  listener.close();
  await appliance.close();
});

/** A run while which, between the walk and the reading, something happens to the source. */
async function runWhile(happens: () => void): ReturnType<typeof appliance.operations.archive.run> {
  let isDone = false;
  const progress = ({ stage }: { readonly stage: string }): void => {
    if (stage !== "sealing and placing" || isDone) return;
    isDone = true;
    happens();
  };
  return await appliance.operations.archive.run("docs", { full: false }, { ...quietly, observer: { ...silentObserver, progress } });
}

const listed = async (): Promise<readonly (readonly [string, string, number])[]> =>
  (await appliance.operations.archive.troubles("docs", 100)).troubles.map(({ path, condition, since }) => [Buffer.from(path).toString(), condition, since]);

it("stay listed until they are archived whole, or are gone from the source", async () => {
  const { operations, folder } = appliance;
  expect(await operations.archive.troubles("docs", 100)).toEqual({ archive: "docs", snapshot: undefined, count: 0, troubles: [] });
  const first = await runWhile(() => { for (const name of ["a", "sub/b"]) rmSync(join(folder, "source", name)); });
  expect(first).toMatchObject({ severity: "warn", troubled: 2 });
  expect(await listed()).toEqual([["socket", "left out", 1], ["a", "vanished", 1], ["sub/b", "vanished", 1]]);
  const report = await operations.appliance.status();
  expect(report.archives).toMatchObject([{ troubled: 2 }]);
  expect(report.remarks.find(({ code }) => code === "ENTRIES_TROUBLED")).toMatchObject({ severity: "warn", hint: expect.stringContaining("strongroom archive troubles docs") as string });
  expect(await operations.archive.troubles("docs", 1)).toMatchObject({ count: 3, troubles: [{ code: "SOCKET_LEFT_OUT" }] });
  const metrics = join(folder, "strongroom.prom");
  await operations.appliance.writeMetrics(metrics);
  expect(readFileSync(metrics, "utf8")).toContain('strongroom_entries_troubled{archive="docs"} 2');

  writeFileSync(join(folder, "source", "a"), "here again");
  expect(await runWhile(() => undefined)).toMatchObject({ troubled: 0 });
  expect(await listed()).toEqual([["socket", "left out", 2]]);

  await new Promise<void>((resolve) => { listener.close(() => { resolve(); }); });
  await runWhile(() => undefined);
  expect(await listed()).toEqual([]);
  expect((await operations.appliance.status()).remarks.map(({ code }) => code)).not.toContain("ENTRIES_TROUBLED");
});

it("are listed from the snapshot they are in when a later one takes only what changed", async () => {
  const { folder } = appliance;
  await runWhile(() => { writeFileSync(join(folder, "source", "sub", "b"), "less"); });
  const shrunk = (await listed()).find(([path]) => path === "sub/b");
  expect(["changed", "shrunk"]).toContain(shrunk?.[1]);
  await runWhile(() => { writeFileSync(join(folder, "source", "sub", "b"), "even less than that, or more"); });
  expect((await listed()).filter(([path]) => path === "sub/b")).toMatchObject([["sub/b", "changed", 2]]);
});
