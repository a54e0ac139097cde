import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

describe("trouble on the way to a volume", () => {
  let library: VirtualLibrary;
  let appliance: TestAppliance;
  /** Blocks until the connection is lost; undefined: never. Each time it happens is counted. */
  let blocksLeft: number | undefined;
  let lost: number;

  beforeEach(async () => {
    [blocksLeft, lost] = [undefined, 0];
    const cartridges = [{ barcode: "SR0001L8", capacityBytes: 16 * 1024 * 1024 }];
    library = await createMemoryLibrary({ drives: 2, slots: 4, mailSlots: 1, cartridges }, systemRandom);
    appliance = await makeAppliance({
      openLibrary: ({ name }) => ({
        name,
        openChanger: async () => openMediaChanger(await library.transport(0), systemClock),
        openDrive: async ({ number }) => losingDrive(openTapeDrive(await library.transport(number + 1), systemClock)),
      }),
    });
    const { operations, folder } = appliance;
    const source = join(folder, "source");
    mkdirSync(source);
    for (let i = 0; i < 6; i += 1) writeFileSync(join(source, `f${String(i)}`), randomBytes(200_000));
    await operations.library.add({ name: "vtl", simulatorFolder: "/nowhere" });
    await operations.pool.create({ name: "vault", kind: "tape", library: "vtl", blockSizeBytes: 64 * 1024 });
    await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 256 * 1024 });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  });
  afterEach(async () => {
    await appliance.close();
    await library.close();
  });

  function losingDrive(drive: TapeDrive): TapeDrive {
    return new Proxy(drive, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== "readBlock") return typeof value === "function" ? (value as () => unknown).bind(target) : value;
        return async (block: Uint8Array) => {
          if (blocksLeft === 0) {
            [blocksLeft, lost] = [again, lost + 1];
            throw new StrongroomError("failed", "TRANSPORT_LOST", "the connection is lost");
          }
          if (blocksLeft !== undefined) blocksLeft -= 1;
          return await target.readBlock(block);
        };
      },
    });
  }
  let again: number | undefined;

  const copies = () => appliance.parts.inventory.copiesOnVolume(appliance.parts.inventory.volumeOn("SR0001L8")!.uuid);

  it("leads to another try, and is not held against what is on it", async () => {
    [blocksLeft, again] = [12, undefined];
    const result = await appliance.operations.volume.verify({ barcode: "SR0001L8" }, quietly);
    expect(lost).toBe(1);
    expect(result).toMatchObject({ severity: "warn", findings: [], mends: [] });
    expect(result.objects).toBe(appliance.parts.inventory.volumeOn("SR0001L8")!.objects);
    expect(appliance.parts.journal.events(result.job.id).map(({ code }) => code)).toContain("TRANSPORT_LOST");
    expect(new Set(copies().map(({ state }) => state))).toEqual(new Set(["verified"]));
    expect(appliance.parts.inventory.volumeOn("SR0001L8")).toMatchObject({ state: "open" });
  });

  it("stops the work when it does not end, and the same command goes on", async () => {
    [blocksLeft, again] = [12, 0];
    await expect(appliance.operations.volume.verify({ barcode: "SR0001L8" }, quietly)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    expect(lost).toBeLessThan(10);
    const [job] = appliance.parts.journal.jobs(1);
    expect(job).toMatchObject({ kind: "volume verify", state: "interrupted", severity: "err" });
    expect(new Set(copies().map(({ state }) => state))).toEqual(new Set(["verified"]));
    [blocksLeft, again] = [undefined, undefined];
    const result = await appliance.operations.volume.verify({ barcode: "SR0001L8" }, quietly);
    expect(result).toMatchObject({ findings: [] });
    expect(result.job.id).toBe(job?.id);
  });
});
