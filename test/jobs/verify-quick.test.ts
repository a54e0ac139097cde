import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { opcode, type Transport } from "../../src/scsi/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, openAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

const barcode = "SR0001L8";

describe("a quick verification", () => {
  let withKeys: TestAppliance;
  let library: VirtualLibrary;
  let appliance: TestAppliance;
  /** The drive has no VERIFY. */
  let isOldDrive: boolean;
  let verifies: number;
  /** The connection is lost at that VERIFY, once. */
  let lostAt: number | undefined;
  let blocksRead: number;

  beforeAll(async () => { withKeys = await makeAppliance(); });
  afterAll(async () => { await withKeys.close(); });
  beforeEach(async () => {
    [isOldDrive, verifies, lostAt, blocksRead] = [false, 0, undefined, 0];
    const cartridges = ["SR0001L8", "SR0002L8"].map((each) => ({ barcode: each, capacityBytes: 16 * 1024 * 1024 }));
    library = await createMemoryLibrary({ drives: 1, slots: 4, mailSlots: 1, cartridges }, systemRandom);
    const home = mkdtempSync(join(tmpdir(), "strongroom-test-"));
    cpSync(withKeys.folder, home, { recursive: true });
    appliance = openAppliance(home, {
      openLibrary: ({ name }) => ({
        name,
        openChanger: async () => openMediaChanger(await library.transport(0), systemClock),
        openDrive: async ({ number }) => openTapeDrive(counting(await library.transport(number + 1)), systemClock),
      }),
    });
    const { operations, folder } = appliance;
    const source = join(folder, "source");
    mkdirSync(source);
    for (let i = 0; i < 4; i += 1) writeFileSync(join(source, `f${String(i)}`), randomBytes(200_000));
    await operations.library.add({ name: "vtl", simulatorFolder: "/nowhere" });
    await operations.pool.create({ name: "vault", kind: "tape", library: "vtl", blockSizeBytes: 64 * 1024 });
    const archive = { sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 256 * 1024, verify: false };
    await operations.archive.create({ name: "docs", ...archive });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
    [verifies, blocksRead] = [0, 0];
  });
  afterEach(async () => {
    await appliance.close();
    await library.close();
  });

  function counting(transport: Transport): Transport {
    return {
      name: transport.name,
      maxTransferBytes: transport.maxTransferBytes,
      execute: async (command) => {
        if (command.cdb[0] === opcode.read6) blocksRead += 1;
        if (command.cdb[0] === opcode.verify6) {
          verifies += 1;
          if (verifies === lostAt) throw new StrongroomError("failed", "TRANSPORT_LOST", "the connection is lost");
          // No such command: to the device it never came.
          if (isOldDrive) return await transport.execute({ ...command, cdb: Uint8Array.of(0x02, 0, 0, 0, 0, 0) });
        }
        return await transport.execute(command);
      },
      close: async () => { await transport.close(); },
    };
  }

  const volume = () => appliance.parts.inventory.volumeOn(barcode)!;
  const copies = () => appliance.parts.inventory.copiesOnVolume(volume().uuid);
  const verify = async (quick = true) => await appliance.operations.volume.verify({ barcode, quick }, quietly);
  const history = () => appliance.parts.verifications.ofVolume(volume().uuid, 10).map(({ method, severity }) => [method, severity]);
  const codes = (job: { readonly id: number }): readonly string[] => appliance.parts.journal.events(job.id).map(({ code }) => code);
  const breakObject = async (object: number) => { await library.hands.breakSpot(barcode, { at: { file: object, byte: 0, lengthBytes: 1 } }); };

  it("lets the drive read every object through, and calls no copy verified by that", async () => {
    const before = { volume: volume(), copies: copies(), due: appliance.parts.verifications.oldestChecks() };
    const result = await verify();
    const totalBytes = appliance.parts.inventory.objectsOfVolume(volume().uuid).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(result).toMatchObject({ severity: "ok", method: "quick", objects: volume().objects, readBytes: totalBytes, findings: [], mends: [] });
    expect(verifies).toBe(volume().objects);
    // The label is read to see which volume it is, and nothing else.
    expect(blocksRead).toBeLessThan(30);
    expect(history()).toEqual([["quick", "ok"]]);
    expect({ volume: volume(), copies: copies(), due: appliance.parts.verifications.oldestChecks() }).toEqual(before);
    expect(new Set(copies().map(({ state }) => state))).toEqual(new Set(["written"]));
  });

  it("reads and compares what the drive stumbled over, and only then is it bad", async () => {
    const spoiled = copies()[2]!;
    await breakObject(spoiled.objectNumber);
    const result = await verify();
    expect(result.method).toBe("quick");
    expect(result.severity).toBe("err");
    expect(result.findings.map(({ code, object }) => [code, object])).toEqual([
      ["OBJECT_DOUBTFUL", spoiled.objectNumber], ["OBJECT_UNREADABLE", spoiled.objectNumber],
    ]);
    expect(history()).toEqual([["suspects", "err"], ["quick", "warn"]]);
    expect(copies().map(({ state }) => state)).toEqual(copies().map(({ objectNumber }) => (objectNumber === spoiled.objectNumber ? "bad" : "written")));
    expect(volume().state).toBe("closed");
  });

  it("calls what can be read after all a good copy, and tells that the drive stumbled", async () => {
    const weak = copies()[1]!;
    // The first try is the drive's own: the second one reads it.
    await library.hands.breakSpot(barcode, { at: { file: weak.objectNumber, byte: 0, lengthBytes: 1 }, readAtTry: 2 });
    const result = await verify();
    expect(result).toMatchObject({ severity: "warn", method: "quick", findings: [{ code: "OBJECT_DOUBTFUL", object: weak.objectNumber }] });
    expect(history()).toEqual([["suspects", "ok"], ["quick", "warn"]]);
    expect(copies().map(({ state }) => state)).toEqual(copies().map(({ objectNumber }) => (objectNumber === weak.objectNumber ? "verified" : "written")));
    expect(volume().state).toBe("open");
  });

  it("finds that an object has lost blocks although the drive can read what is left", async () => {
    const [bootstrap, ...rest] = appliance.parts.inventory.objectsOfVolume(volume().uuid);
    const segment = rest.find(({ role }) => role === "segment")!;
    // The records are made to say more than was written: on the tape the object is as short as it is.
    appliance.parts.inventory.atomically(() => {
      for (const object of [bootstrap!, ...rest]) {
        appliance.parts.inventory.addObject(object.number === segment.number ? { ...object, sizeBytes: object.sizeBytes + 64 * 1024 } : object);
      }
    });
    const result = await verify();
    expect(result.findings.map(({ code, object }) => [code, object])).toEqual([["OBJECT_DOUBTFUL", segment.number], ["SEGMENT_DAMAGED", segment.number]]);
  });

  it("reads and compares everything where the drive has no such command, and says so", async () => {
    isOldDrive = true;
    const result = await verify();
    expect(result).toMatchObject({ severity: "note", method: "full", objects: volume().objects, findings: [] });
    expect(verifies).toBe(1);
    expect(codes(result.job)).toContain("QUICK_NOT_OFFERED");
    expect(history()).toEqual([["full", "ok"]]);
    expect(new Set(copies().map(({ state }) => state))).toEqual(new Set(["verified"]));
  });

  it("goes on behind what the drive had passed when the connection was lost", async () => {
    lostAt = 5;
    const result = await verify();
    expect(result).toMatchObject({ severity: "warn", method: "quick", objects: volume().objects, findings: [] });
    expect(codes(result.job)).toContain("TRANSPORT_LOST");
    expect(verifies).toBe(volume().objects + 1);
    expect(history()).toEqual([["quick", "ok"]]);
  });

  it("is no quick one on a folder: that is read and compared", async () => {
    const { operations, folder, parts } = appliance;
    await operations.pool.create({ name: "near", kind: "folder" });
    await operations.volume.init({ barcode: "NEAR0001", pool: "near", folder: join(folder, "near") });
    const result = await operations.volume.verify({ barcode: "NEAR0001", quick: true }, quietly);
    expect(result).toMatchObject({ method: "full", findings: [] });
    expect(parts.verifications.ofVolume(parts.inventory.volumeOn("NEAR0001")!.uuid, 5).map(({ method }) => method)).toEqual(["full"]);
  });
});
