import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { openLibrary } from "../../../src/main/libraries.ts";
import { localDevices, openSgTransport } from "../../../src/transports/sgio/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { mediaChangerConformance } from "../../conformance/media-changer.ts";
import { tapeDriveConformance } from "../../conformance/tape-drive.ts";
import { SleepingClock } from "../../devices/scripted-transport.ts";
import { makeAppliance, passphraseBytes, quietly, type TestAppliance } from "../../support/appliance.ts";
import { type SimulatedMachine, simulatedMachine } from "./simulated-machine.ts";

const capacityBytes = 4 * 1024 * 1024;

tapeDriveConformance("through sg, to the simulator", async (loaded) => {
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes }], becomingReadyAnswers: 2 }, systemRandom);
  const { machine, open, changerPath, drivePath } = simulatedMachine(library);
  if (loaded === "write-protected") await library.hands.setWriteProtected("TAPE01L8", true);
  const clock = new SleepingClock();
  if (loaded !== "nothing") {
    const changer = openMediaChanger(await openSgTransport(changerPath, { clock, open }), clock);
    await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
    await changer.close();
  }
  const drive = openTapeDrive(await openSgTransport(drivePath(0), { clock, open, exclusive: true, wantedTransferBytes: 16 * 1024 * 1024 }), clock);
  return {
    drive,
    capacityBytes,
    release: async () => {
      machine.remove();
      await library.close();
    },
  };
});

mediaChangerConformance("through sg, to the simulator", async () => {
  const cartridges = ["SLOT01L8", "SLOT02L8"].map((barcode) => ({ barcode, capacityBytes }));
  const library = await createMemoryLibrary({ cartridges, slots: 300 }, systemRandom);
  const { machine, open, changerPath } = simulatedMachine(library);
  const clock = new SleepingClock();
  return {
    changer: openMediaChanger(await openSgTransport(changerPath, { clock, open }), clock),
    release: async () => {
      machine.remove();
      await library.close();
    },
  };
});

describe("an appliance with a library at its machine", () => {
  let library: VirtualLibrary;
  let simulated: SimulatedMachine;
  let appliance: TestAppliance;

  beforeEach(async () => {
    const cartridges = ["SR0001L8", "SR0002L8", "SR0003L8"].map((barcode) => ({ barcode, capacityBytes }));
    library = await createMemoryLibrary({ cartridges, drives: 2, slots: 4 }, systemRandom);
    simulated = simulatedMachine(library);
    const devices = localDevices({ clock: systemClock, processId: process.pid, roots: simulated.machine.roots, open: simulated.open });
    appliance = await makeAppliance({
      openLibrary: (config) => openLibrary(config, (name, purpose) => appliance.parts.state.lock(name, purpose), devices),
      deviceReference: (named, kind) => devices.reference(named, kind),
    });
  });
  afterEach(async () => {
    await appliance.close();
    await library.close();
    simulated.machine.remove();
  });

  it("adds it by any node of its changer, and keeps the serial number", async () => {
    const { operations } = appliance;
    expect(await operations.library.add({ name: "loader", changer: join(simulated.machine.roots.dev, "sch0") })).toEqual({
      name: "loader", kind: "sg", place: "serial:CHANGER-1",
    });
    expect(await operations.library.list()).toEqual([{ name: "loader", kind: "sg", place: "serial:CHANGER-1" }]);
    await expect(operations.library.add({ name: "tape", changer: simulated.drivePath(0) })).rejects.toMatchObject({ code: "DEVICE_WRONG_KIND" });
    await expect(operations.library.add({ name: "none", changer: "/dev/sg99" })).rejects.toMatchObject({ code: "DEVICE_MISSING" });
    const elements = (await operations.library.show("loader")).elements.filter(({ kind }) => kind === "drive");
    expect(elements.map(({ driveSerial }) => driveSerial)).toEqual(library.driveSerials);
  });

  it("says who has a drive, and uses the other one", async () => {
    const { operations } = appliance;
    await operations.library.add({ name: "loader", changer: "serial:CHANGER-1" });
    simulated.machine.process(4711, "tar", join(simulated.machine.roots.dev, "nst1"));
    const drives = await operations.drive.list();
    expect(drives.map(({ state }) => state)).toEqual(["busy", "empty"]);
    expect(drives[0]?.detail).toContain("tar (process 4711)");
    expect(await operations.drive.load("loader", "SR0002L8")).toEqual({ drive: 1 });
    expect((await operations.drive.show("loader", 1)).serial).toBe(library.driveSerials[1]);
  });

  it("archives to it, verifies, and restores what it archived", async () => {
    const { operations, folder, keyFile } = appliance;
    const source = join(folder, "source");
    mkdirSync(source);
    writeFileSync(join(source, "random.bin"), randomBytes(1_500_000));
    writeFileSync(join(source, "text"), "text\n".repeat(50_000));
    await operations.library.add({ name: "loader", changer: simulated.changerPath });
    await operations.pool.create({ name: "vault", kind: "tape", library: "loader" });
    await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 512 * 1024 });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
    const target = join(folder, "back");
    const request = { archive: "docs", snapshot: undefined, paths: [], target, keyFile, passphrase: passphraseBytes } as const;
    const restored = await operations.file.restore({ ...request, whenExists: "refuse", owners: "by-number", includeDamaged: false }, quietly);
    expect(restored.problems).toEqual([]);
    expect(execFileSync("rsync", ["-aHAXnci", "--delete", `${source}/`, `${target}/`], { encoding: "utf8" })).toBe("");
  });
});
