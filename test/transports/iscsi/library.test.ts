import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Element } from "../../../src/devices/changer/index.ts";
import { openLibrary } from "../../../src/main/libraries.ts";
import { createState, openConfig, type StateFolder } from "../../../src/records/index.ts";
import { makeAppliance, passphraseBytes, quietly } from "../../support/appliance.ts";
import { initiator } from "./setting.ts";
import { startTgt, type Tgt, tgtMissing } from "./tgt.ts";

// skip: tgtMissing says why
describe.skipIf(tgtMissing !== undefined)("a library on the network", () => {
  let tgt: Tgt;
  let folder: string;
  let state: StateFolder;
  beforeAll(async () => {
    tgt = await startTgt();
    folder = mkdtempSync(join(tmpdir(), "strongroom-iscsi-"));
    state = createState(join(folder, "state"));
    openConfig(state.configPath, () => state.lock("config", "test")).create({ uuid: "6f0c7a52-3f0e-4a8e-9d38-0a8a3b6f7c11", name: "test", contacts: [] });
  });
  afterAll(async () => {
    await tgt.stop();
    rmSync(folder, { recursive: true });
  });

  it("is opened as config.json describes it, and each drive by one user at a time", async () => {
    const target = await tgt.library("configured", { cartridges: ["SLOT01L8"] });
    const file = JSON.parse(readFileSync(state.configPath, "utf8")) as Record<string, unknown>;
    const library = { name: "network", kind: "iscsi", portal: tgt.portal, target, changerLun: 3, driveLuns: [1] };
    writeFileSync(state.configPath, JSON.stringify({ ...file, libraries: [library] }));
    const config = openConfig(state.configPath, () => state.lock("config", "test")).load().libraries[0]!;
    expect(config).toEqual({ ...library, initiator: "naa.36f0c7a523f0e4a8", digests: "off" });

    const [one, other] = [openLibrary(config, state.lock), openLibrary(config, state.lock)];
    const changer = await one.openChanger();
    const { elements } = await changer.inventory();
    expect(elements.filter(({ full }) => full).map(({ barcode }) => barcode)).toEqual(["SLOT01L8"]);
    const element = elements.find(({ kind }) => kind === "drive")!;
    await changer.move({ kind: "slot", number: 1 }, element);
    const drive = await one.openDrive(element);
    expect(await drive.ready(5000)).toBe("ready");
    await expect(other.openDrive(element)).rejects.toMatchObject({ kind: "busy", code: "LOCK_HELD" });
    await drive.close();
    const again = await other.openDrive(element);
    expect(await again.ready(5000)).toBe("ready");
    await again.close();
    await expect(one.openDrive({ ...element, number: 1 } satisfies Element)).rejects.toMatchObject({ code: "DRIVE_UNIT_UNKNOWN" });
    await changer.close();
  });

  it("is archived to, and gives back what was archived", async () => {
    const target = await tgt.library("job", { cartridges: ["SR0001L8", "SR0002L8"], sizeMiB: 32 });
    const appliance = await makeAppliance({ openLibrary: (config) => openLibrary(config, (name, purpose) => appliance.parts.state.lock(name, purpose)) });
    const { operations, keyFile } = appliance;
    const source = join(appliance.folder, "source");
    mkdirSync(source);
    writeFileSync(join(source, "random.bin"), randomBytes(1_500_000));
    writeFileSync(join(source, "text"), "text\n".repeat(50_000));
    appliance.parts.configStore.addLibrary({
      name: "network", kind: "iscsi", portal: tgt.portal, target, changerLun: 3, driveLuns: [1], initiator, digests: "off",
    });
    await operations.pool.create({ name: "vault", kind: "tape", library: "network" });
    await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 512 * 1024 });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
    // This target has neither log pages nor cartridge memories: that is nothing to complain of.
    expect(await operations.drive.health("network", 0)).toMatchObject({ severity: "ok", findings: [], cleaning: "unknown", cartridge: { memory: undefined } });
    const back = join(appliance.folder, "back");
    const request = { archive: "docs", snapshot: undefined, paths: [], target: back, keyFile, passphrase: passphraseBytes } as const;
    const restored = await operations.file.restore({ ...request, whenExists: "refuse", owners: "by-number", includeDamaged: false }, quietly);
    expect(restored.problems).toEqual([]);
    expect(execFileSync("rsync", ["-aHAXnci", "--delete", `${source}/`, `${back}/`], { encoding: "utf8" })).toBe("");
    await appliance.close();
  });

  it("is listed with its place", async () => {
    const appliance = await makeAppliance();
    appliance.parts.configStore.addLibrary({
      name: "network", kind: "iscsi", portal: "tape.example:3260", target: "iqn.2026-11.test:x", changerLun: 0, driveLuns: [1, 2], initiator: "naa.3000000000000001", digests: "off",
    });
    expect(await appliance.operations.library.list()).toEqual([{ name: "network", kind: "iscsi", place: "iqn.2026-11.test:x at tape.example:3260" }]);
    await appliance.close();
  });
});
