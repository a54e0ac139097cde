import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import type { VolumeMedium } from "../../src/formats/volume/index.ts";
import { openFolderMedium } from "../../src/media/index.ts";
import type { OperationParts } from "../../src/operations/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, openAppliance, passphraseBytes, quietly, type TestAppliance } from "../support/appliance.ts";

const files = 5;
let withKeys: TestAppliance;
beforeAll(async () => { withKeys = await makeAppliance(); });
afterAll(async () => { await withKeys.close(); });

function homeWithKeys(): string {
  const home = mkdtempSync(join(tmpdir(), "strongroom-test-"));
  cpSync(withKeys.folder, home, { recursive: true });
  return home;
}

function makeSource(folder: string): string {
  const source = join(folder, "source");
  mkdirSync(source);
  for (let i = 0; i < files; i += 1) writeFileSync(join(source, `f${String(i)}`), randomBytes(100_000));
  return source;
}

const restore = async ({ operations, keyFile }: TestAppliance, target: string) =>
  await operations.file.restore({
    archive: "docs", snapshot: undefined, paths: [], target, whenExists: "refuse", owners: "none", includeDamaged: false, keyFile, passphrase: passphraseBytes,
  }, quietly);

function sameFiles(a: string, b: string): boolean {
  return readdirSync(a).sort().every((name) => readFileSync(join(a, name)).equals(readFileSync(join(b, name))));
}

describe("a duplicate among folders", () => {
  let home: string;
  let appliance: TestAppliance;
  let source: string;
  /** The process ends, as by kill -9, before the next object of that volume is begun, or before its last one is said to be there. */
  let killAt: { readonly barcode: string; readonly object: number; readonly when: "before" | "after" } | undefined;
  let killed: PromiseWithResolvers<undefined>;

  /** The kernel closes what a killed process had open, and nothing else happens in it any more. */
  const mortal = (medium: VolumeMedium): VolumeMedium => {
    const die = async (): Promise<never> => {
      await medium.close();
      killed.resolve(undefined);
      return await new Promise<never>(() => undefined);
    };
    return new Proxy(medium, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== "writeObject") return typeof value === "function" ? (value as () => unknown).bind(target) : value;
        return async (...[number, role]: Parameters<VolumeMedium["writeObject"]>) => {
          const isAt = killAt?.barcode === medium.barcode && killAt.object === number;
          if (isAt && killAt?.when === "before") return await die();
          const writer = await target.writeObject(number, role);
          if (!isAt) return writer;
          return { write: (bytes: Uint8Array) => writer.write(bytes), abandon: () => writer.abandon(), finish: async () => { await writer.finish(); return await die(); } };
        };
      },
    });
  };

  const open = (change: Partial<OperationParts> = {}): TestAppliance => openAppliance(home, {
    openFolder: async (path, barcode, capacityBytes) => mortal(await openFolderMedium(path, barcode, capacityBytes === undefined ? {} : { capacityBytes })),
    ...change,
  });

  const volume = async (barcode: string, pool = "near", capacityBytes = 16 * 1024 * 1024): Promise<void> => {
    await appliance.operations.volume.init({ barcode, pool, folder: join(home, barcode), capacityBytes });
  };

  beforeEach(async () => {
    killAt = undefined;
    killed = Promise.withResolvers();
    home = homeWithKeys();
    appliance = open();
    source = makeSource(home);
    await appliance.operations.pool.create({ name: "near", kind: "folder" });
    await appliance.operations.pool.create({ name: "far", kind: "folder" });
    await volume("NEAR0001");
    const sources = [{ name: "source", path: source }];
    await appliance.operations.archive.create({ name: "docs", sources, pools: ["near"], segmentSizeBytes: 128 * 1024, verify: false });
    expect(await appliance.operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  });
  afterEach(async () => {
    await appliance.close();
    rmSync(home, { recursive: true, force: true });
  });

  const on = (barcode: string) => appliance.parts.inventory.copiesOnVolume(appliance.parts.inventory.volumeOn(barcode)!.uuid);
  const bytesOf = (barcode: string, object: number): Buffer => {
    const name = readdirSync(join(home, barcode)).find((one) => one.startsWith(String(object).padStart(6, "0")))!;
    return readFileSync(join(home, barcode, name));
  };
  const damage = (barcode: string, object: number): void => {
    const folder = join(home, barcode);
    const name = readdirSync(folder).find((one) => one.startsWith(String(object).padStart(6, "0")))!;
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(folder, name), bytes);
  };
  const duplicate = async (to: string) => await appliance.operations.volume.duplicate({ barcode: "NEAR0001", to }, quietly);

  it("has the same bytes under a label of its own, counts as any copy, and is enough by itself", async () => {
    await volume("FAR00001", "far");
    const result = await duplicate("FAR00001");
    expect(result).toMatchObject({ severity: "ok", copies: on("NEAR0001").length, fromElsewhere: 0, volumes: ["FAR00001"], leftOut: 0 });
    expect(on("FAR00001").map(({ segmentId, state }) => [segmentId, state])).toEqual(on("NEAR0001").map(({ segmentId }) => [segmentId, "written"]));
    for (const [index, { objectNumber }] of on("FAR00001").entries()) {
      const before = on("NEAR0001")[index]!.objectNumber;
      expect(bytesOf("FAR00001", objectNumber).equals(bytesOf("NEAR0001", before))).toBe(true);
      expect(bytesOf("FAR00001", objectNumber + 1).equals(bytesOf("NEAR0001", before + 1))).toBe(true);
    }
    expect(bytesOf("FAR00001", 0).equals(bytesOf("NEAR0001", 0))).toBe(false);
    expect(await appliance.operations.volume.verify({ barcode: "FAR00001" }, quietly)).toMatchObject({ severity: "ok", findings: [] });
    rmSync(join(home, "NEAR0001"), { recursive: true });
    expect(await restore(appliance, join(home, "back"))).toMatchObject({ problems: [] });
    expect(sameFiles(source, join(home, "back"))).toBe(true);
    expect(readdirSync(appliance.parts.state.spoolPath)).toEqual([]);
  });

  it("goes on behind the last object that was recorded, wherever it was killed", async () => {
    const objects = 2 * on("NEAR0001").length + 1;
    for (let object = 1; object <= objects; object += 1) {
      for (const when of ["before", "after"] as const) {
        const barcode = `FAR${String(object).padStart(4, "0")}${when === "before" ? "B" : "A"}`;
        // Whose process ends, as nobody has that number.
        const dying = open({ owner: { ...withKeys.parts.owner, processId: 2 ** 22 + 1 } });
        await dying.operations.volume.init({ barcode, pool: "far", folder: join(home, barcode), capacityBytes: 16 * 1024 * 1024 });
        killAt = { barcode, object, when };
        killed = Promise.withResolvers();
        void dying.operations.volume.duplicate({ barcode: "NEAR0001", to: barcode }, quietly);
        await killed.promise;
        killAt = undefined;
        await appliance.operations.close();
        appliance = open();
        const before = on(barcode).length;
        // The job remembers where the copies go.
        const result = await appliance.operations.volume.duplicate({ barcode: "NEAR0001" }, quietly);
        expect({ barcode, resumed: result.copies }).toEqual({ barcode, resumed: on("NEAR0001").length - before });
        expect(on(barcode).map(({ segmentId }) => segmentId)).toEqual(on("NEAR0001").map(({ segmentId }) => segmentId));
        expect(await appliance.operations.volume.verify({ barcode }, quietly)).toMatchObject({ severity: "ok", findings: [] });
        expect(readdirSync(appliance.parts.state.spoolPath)).toEqual([]);
      }
    }
  });

  it("takes from another volume what is bad on this one, and names it", async () => {
    await volume("FAR00001", "far");
    await duplicate("FAR00001");
    const spoiled = on("NEAR0001")[2]!;
    damage("NEAR0001", spoiled.objectNumber);
    await volume("FAR00002", "far");
    const result = await duplicate("FAR00002");
    expect(result).toMatchObject({ severity: "warn", copies: on("NEAR0001").length, fromElsewhere: 1, leftOut: 0 });
    expect(appliance.parts.journal.events(result.job.id).map(({ code }) => code)).toContain("SEGMENT_DIFFERS");
    expect(on("NEAR0001")[2]).toMatchObject({ state: "bad" });
    expect(await appliance.operations.volume.verify({ barcode: "FAR00002" }, quietly)).toMatchObject({ findings: [] });
  });

  it("leaves out what is good nowhere, says so, and never passes it off as a copy", async () => {
    const spoiled = on("NEAR0001")[1]!;
    damage("NEAR0001", spoiled.objectNumber);
    await volume("FAR00001", "far");
    const result = await duplicate("FAR00001");
    expect(result).toMatchObject({ severity: "err", copies: on("NEAR0001").length - 1, leftOut: 1 });
    expect(appliance.parts.journal.events(result.job.id).map(({ code }) => code)).toContain("SEGMENT_WITHOUT_COPY");
    expect(on("FAR00001").map(({ segmentId }) => segmentId)).not.toContain(spoiled.segmentId);
    expect(await appliance.operations.volume.verify({ barcode: "FAR00001" }, quietly)).toMatchObject({ findings: [] });
  });

  it("refuses what cannot take it before a byte is copied", async () => {
    await expect(duplicate("NEAR0001")).rejects.toMatchObject({ code: "TARGET_IS_SOURCE" });
    await expect(duplicate("NOWHERE1")).rejects.toMatchObject({ code: "CARTRIDGE_UNKNOWN" });
    await volume("SMALL001", "far", 300_000);
    await expect(duplicate("SMALL001")).rejects.toMatchObject({ code: "TARGET_TOO_SMALL" });
    expect(on("SMALL001")).toEqual([]);
    await volume("FAR00001", "far");
    await expect(appliance.operations.volume.duplicate({ barcode: "FAR00001", to: "NEAR0001" }, quietly)).rejects.toMatchObject({ code: "NOTHING_TO_COPY" });
    await duplicate("FAR00001");
    writeFileSync(join(source, "new"), randomBytes(100_000));
    await appliance.operations.archive.run("docs", { full: false }, quietly);
    await expect(appliance.operations.volume.duplicate({ barcode: "FAR00001", to: "NEAR0001" }, quietly)).rejects.toMatchObject({ code: "TARGET_IN_USE" });
  });

  it("goes on with the next volume of a pool where one is full", async () => {
    await volume("FAR00001", "far", 1_350_000);
    await volume("FAR00002", "far", 1_350_000);
    const result = await appliance.operations.volume.duplicate({ barcode: "NEAR0001", pool: "far" }, quietly);
    expect(result).toMatchObject({ severity: "ok", copies: on("NEAR0001").length, volumes: ["FAR00001", "FAR00002"] });
    expect([...on("FAR00001"), ...on("FAR00002")].map(({ segmentId }) => segmentId)).toEqual(on("NEAR0001").map(({ segmentId }) => segmentId));
  });
});

describe("a migration", () => {
  let home: string;
  let appliance: TestAppliance;

  beforeEach(async () => {
    home = homeWithKeys();
    appliance = openAppliance(home);
    const { operations } = appliance;
    await operations.pool.create({ name: "near", kind: "folder" });
    for (const barcode of ["NEAR0001", "NEAR0002"]) await operations.volume.init({ barcode, pool: "near", folder: join(home, barcode), capacityBytes: 16 * 1024 * 1024 });
    const sources = [{ name: "source", path: makeSource(home) }];
    await operations.archive.create({ name: "docs", sources, pools: ["near"], segmentSizeBytes: 128 * 1024, verify: false });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  });
  afterEach(async () => {
    await appliance.close();
  });

  const barcodes = () => {
    const used = appliance.parts.inventory.volumesOfPool("near").filter(({ objects }) => objects > 1);
    return { old: used[0]!.barcode, fresh: used[0]!.barcode === "NEAR0001" ? "NEAR0002" : "NEAR0001" };
  };
  const copiesOf = (uuid: string) => appliance.parts.inventory.copiesOnVolume(uuid);

  it("tells first what is on the volume and where there is room, and changes nothing by that", async () => {
    const { old, fresh } = barcodes();
    const before = appliance.parts.inventory.volumesOfPool("near");
    const plan = await appliance.operations.volume.planDuplicate({ barcode: old, to: fresh });
    const count = copiesOf(appliance.parts.inventory.volumeOn(old)!.uuid).length;
    expect(plan).toMatchObject({ pool: "near", segments: count, bad: 0, lost: 0, copied: 0, archives: ["docs"], targets: [{ barcode: fresh, fits: true }] });
    expect(appliance.parts.inventory.volumesOfPool("near")).toEqual(before);
  });

  it("retires the old volume when every copy was read back, and never writes on it again", async () => {
    const { operations, parts } = appliance;
    const { old, fresh } = barcodes();
    const { uuid } = parts.inventory.volumeOn(old)!;
    const result = await operations.volume.migrate({ barcode: old, to: fresh }, quietly);
    expect(result).toMatchObject({ severity: "ok", retired: true, findings: [], leftOut: 0, volumes: [fresh] });
    expect(new Set(copiesOf(parts.inventory.volumeOn(fresh)!.uuid).map(({ state }) => state))).toEqual(new Set(["verified"]));
    expect(parts.inventory.volume(uuid)?.state).toBe("retired");
    expect((await operations.volume.list()).map(({ barcode, state }) => [barcode, state]).sort()).toEqual([[old, "retired"], [fresh, "open"]].sort());
    expect((await operations.volume.show(old)).volume.state).toBe("retired");
    const bytes = readdirSync(join(home, old)).length;
    writeFileSync(join(home, "source", "new"), randomBytes(100_000));
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
    expect(readdirSync(join(home, old)).length).toBe(bytes);
    rmSync(join(home, old), { recursive: true });
    expect(await restore(appliance, join(home, "back"))).toMatchObject({ problems: [] });
    expect(sameFiles(join(home, "source"), join(home, "back"))).toBe(true);
  });

  it("keeps the old volume in use when a new copy is not as sealed, and copies that one anew", async () => {
    const { operations, parts } = appliance;
    const { old, fresh } = barcodes();
    await operations.volume.duplicate({ barcode: old, to: fresh }, quietly);
    const { uuid } = parts.inventory.volumeOn(fresh)!;
    const { objectNumber } = copiesOf(uuid)[1]!;
    const name = readdirSync(join(home, fresh)).find((one) => one.startsWith(String(objectNumber).padStart(6, "0")))!;
    const bytes = readFileSync(join(home, fresh, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(home, fresh, name), bytes);
    await expect(operations.volume.migrate({ barcode: old, to: fresh }, quietly)).rejects.toMatchObject({ code: "MIGRATION_NOT_PROVEN" });
    expect(parts.inventory.volumeOn(old)?.state).toBe("full");
    expect(copiesOf(uuid)[1]).toMatchObject({ state: "bad" });
    await operations.volume.init({ barcode: "NEAR0003", pool: "near", folder: join(home, "NEAR0003"), capacityBytes: 16 * 1024 * 1024 });
    const again = await operations.volume.migrate({ barcode: old, to: "NEAR0003" }, quietly);
    expect(again).toMatchObject({ retired: true, copies: 1, volumes: [fresh, "NEAR0003"] });
  });

  it("retires nothing when something has no good copy any more", async () => {
    const { operations, parts } = appliance;
    const { old, fresh } = barcodes();
    const { objectNumber } = copiesOf(parts.inventory.volumeOn(old)!.uuid)[0]!;
    const name = readdirSync(join(home, old)).find((one) => one.startsWith(String(objectNumber).padStart(6, "0")))!;
    writeFileSync(join(home, old, name), randomBytes(1000));
    expect(await operations.volume.migrate({ barcode: old, to: fresh }, quietly)).toMatchObject({ severity: "err", retired: false, leftOut: 1 });
    expect(parts.inventory.volumeOn(old)?.state).not.toBe("retired");
  });
});

describe.each([1, 2])("a duplicate on tape with %i of a library's drives", (drives) => {
  let library: VirtualLibrary;
  let appliance: TestAppliance;
  let home: string;

  beforeEach(async () => {
    const cartridges = ["SR0001L8", "SR0002L8", "SR0003L8"].map((barcode) => ({ barcode, capacityBytes: 16 * 1024 * 1024 }));
    library = await createMemoryLibrary({ drives, slots: 6, mailSlots: 1, cartridges }, systemRandom);
    home = homeWithKeys();
    // Little room in the spool: the work goes by many stretches.
    const configPath = join(home, "state", "config.json");
    const config = JSON.parse(readFileSync(configPath, "utf8")) as { readonly spool: object };
    writeFileSync(configPath, JSON.stringify({ ...config, spool: { ...config.spool, maxBytes: 1024 * 1024 } }));
    appliance = openAppliance(home, {
      openLibrary: ({ name }) => ({
        name,
        openChanger: async () => openMediaChanger(await library.transport(0), systemClock),
        openDrive: async ({ number }) => openTapeDrive(await library.transport(number + 1), systemClock),
      }),
    });
    const { operations } = appliance;
    await operations.library.add({ name: "vtl", simulatorFolder: "/nowhere" });
    await operations.pool.create({ name: "vault", kind: "tape", library: "vtl", blockSizeBytes: 64 * 1024 });
    await operations.archive.create({ name: "docs", sources: [{ name: "source", path: makeSource(home) }], pools: ["vault"], segmentSizeBytes: 128 * 1024, verify: false });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  });
  afterEach(async () => {
    await appliance.close();
    await library.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("is enough to restore by when the other cartridge is gone", async () => {
    const { operations, parts } = appliance;
    const result = await operations.volume.duplicate({ barcode: "SR0001L8", pool: "vault" }, quietly);
    expect(result).toMatchObject({ severity: "ok", volumes: ["SR0002L8"], leftOut: 0 });
    const segments = (barcode: string) => parts.inventory.copiesOnVolume(parts.inventory.volumeOn(barcode)!.uuid).map(({ segmentId }) => segmentId);
    expect(segments("SR0002L8")).toEqual(segments("SR0001L8"));
    expect(await operations.volume.verify({ barcode: "SR0002L8" }, quietly)).toMatchObject({ severity: "ok", findings: [] });
    for (let drive = 0; drive < drives; drive += 1) await operations.drive.unload("vtl", drive).catch(() => undefined);
    await operations.library.export("vtl", ["SR0001L8"], "for a test");
    await library.hands.take("SR0001L8");
    expect(await restore(appliance, join(home, "back"))).toMatchObject({ problems: [] });
    expect(sameFiles(join(home, "source"), join(home, "back"))).toBe(true);
  });
});
