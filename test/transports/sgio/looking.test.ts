import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../../simulator/index.ts";
import { drivesOfMachine, openLibrary } from "../../../src/main/libraries.ts";
import { localDevices } from "../../../src/transports/sgio/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { makeAppliance, type TestAppliance } from "../../support/appliance.ts";
import { type SimulatedMachine, simulatedMachine } from "./simulated-machine.ts";

describe("a changer that does not tell which drive is where", () => {
  let library: VirtualLibrary;
  let simulated: SimulatedMachine;
  let appliance: TestAppliance;

  beforeEach(async () => {
    const cartridges = ["SR0001L8", "CLN001L8"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
    library = await createMemoryLibrary({ cartridges, drives: 3, slots: 4 }, systemRandom);
    simulated = simulatedMachine(library);
    const devices = localDevices({ clock: systemClock, processId: process.pid, roots: simulated.machine.roots, open: simulated.open });
    appliance = await makeAppliance({
      openLibrary: (config) => {
        const access = openLibrary(config, (name, purpose) => appliance.parts.state.lock(name, purpose), devices);
        return { ...access, openChanger: async () => withoutSerials(await access.openChanger()) };
      },
      deviceReference: (named, kind) => devices.reference(named, kind),
      localDrives: () => drivesOfMachine(devices),
    });
  });
  afterEach(async () => {
    await appliance.close();
    await library.close();
    simulated.machine.remove();
  });

  it("is looked at with a cartridge that goes from drive to drive and back to its slot", async () => {
    const { operations, parts } = appliance;
    await operations.library.add({ name: "loader", changer: simulated.changerPath, look: "SR0001L8" });
    expect(parts.configStore.load().libraries[0]).toMatchObject({ drives: library.driveSerials.map((serial) => `serial:${serial}`) });
    const { elements } = await operations.library.show("loader");
    expect(elements.find(({ barcode }) => barcode === "SR0001L8")).toMatchObject({ kind: "slot", number: 1 });
    expect(await operations.drive.load("loader", "SR0001L8")).toEqual({ drive: 0 });
  });

  it("is not looked at with what is no cartridge for that, and nothing is added", async () => {
    const { operations } = appliance;
    const add = async (look: string): Promise<unknown> => await operations.library.add({ name: "loader", changer: simulated.changerPath, look });
    await expect(add("CLN001L8")).rejects.toMatchObject({ code: "CLEANING_CARTRIDGE" });
    await expect(add("NONE01L8")).rejects.toMatchObject({ code: "CARTRIDGE_NOT_IN_LIBRARY" });
    expect(await operations.library.list()).toEqual([]);
  });

  it("is not looked at while a drive holds a cartridge", async () => {
    const { operations } = appliance;
    await operations.library.add({ name: "first", changer: simulated.changerPath, drives: library.driveSerials.map((serial) => `serial:${serial}`) });
    await operations.drive.load("first", "SR0001L8");
    await expect(operations.library.add({ name: "again", changer: simulated.changerPath, look: "SR0001L8" })).rejects.toMatchObject({
      code: "CARTRIDGE_NOT_IN_LIBRARY",
    });
    await operations.library.remove("first");
  });
});

type Changer = Awaited<ReturnType<ReturnType<typeof openLibrary>["openChanger"]>>;

function withoutSerials(changer: Changer): Changer {
  return new Proxy(changer, {
    get: (target, name) => {
      if (name === "inventory") {
        return async () => ({ elements: (await target.inventory()).elements.map((element) => ({ ...element, driveSerial: undefined })) });
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
