import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultTarget } from "../../../simulator/index.ts";
import { openLibrary } from "../../../src/main/libraries.ts";
import { makeAppliance, passphraseBytes, quietly, type TestAppliance } from "../../support/appliance.ts";
import { initiator, serve, type Served } from "./setting.ts";

let served: Served;
let appliance: TestAppliance;
beforeAll(async () => {
  const cartridges = ["SR0001L8", "SR0002L8", "SR0003L8"].map((barcode) => ({ barcode, capacityBytes: 3 * 1024 * 1024 }));
  served = await serve({ drives: 2, slots: 4, mailSlots: 1, cartridges });
  appliance = await makeAppliance({ openLibrary: (config) => openLibrary(config, (name, purpose) => appliance.parts.state.lock(name, purpose)) });
  appliance.parts.configStore.addLibrary({
    name: "network", kind: "iscsi", portal: served.portal, target: defaultTarget, changerLun: 0, driveLuns: [1, 2], initiator, digests: "required",
  });
});
afterAll(async () => {
  await appliance.close();
  await served.release();
});

it("a library served by our target is archived to over two volumes, verified, and gives everything back", async () => {
  const { operations, keyFile, folder } = appliance;
  const source = join(folder, "source");
  mkdirSync(source);
  for (const name of ["one", "two", "three"]) writeFileSync(join(source, name), randomBytes(1_200_000));
  writeFileSync(join(source, "text"), "text\n".repeat(20_000));
  await operations.pool.create({ name: "vault", kind: "tape", library: "network" });
  await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 512 * 1024 });
  expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  const volumes = (await operations.volume.list()).filter(({ pool }) => pool === "vault");
  expect(volumes.length).toBeGreaterThan(1);
  for (const { barcode } of volumes) expect(await operations.volume.verify({ barcode }, quietly), barcode).toMatchObject({ severity: "ok" });
  const back = join(folder, "back");
  const request = { archive: "docs", snapshot: undefined, paths: [], target: back, keyFile, passphrase: passphraseBytes } as const;
  const restored = await operations.file.restore({ ...request, whenExists: "refuse", owners: "by-number", includeDamaged: false }, quietly);
  expect(restored.problems).toEqual([]);
  expect(execFileSync("rsync", ["-aHAXnci", "--delete", `${source}/`, `${back}/`], { encoding: "utf8" })).toBe("");
});
