import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openLibrary } from "../../src/main/libraries.ts";
import { lunsByElement, networkLibraries } from "../../src/main/network-libraries.ts";
import { makeAppliance, type TestAppliance } from "../support/appliance.ts";
import { startTgt, type Tgt, tgtMissing } from "../transports/iscsi/tgt.ts";

describe("which unit is which drive", () => {
  const drives = [{ lun: 4, serial: "B" }, { lun: 1, serial: "A" }];

  it("follows serial numbers, and takes the one that is left over on both sides", () => {
    expect(lunsByElement(["A", "B"], drives, "t")).toEqual([1, 4]);
    expect(lunsByElement(["A", undefined], drives, "t")).toEqual([1, 4]);
  });

  it.each([
    ["nothing is told", [undefined, undefined], drives], ["a unit is missing", ["A", "B", undefined], drives], ["there are no elements", [], drives],
    ["two units have one serial number", ["A"], [{ lun: 1, serial: "A" }, { lun: 2, serial: "A" }]],
    ["another library's drive may be among them", ["A", undefined], [...drives, { lun: 7, serial: "C" }]],
  ])("guesses nothing where %s", (_what, serials, units) => {
    expect(() => lunsByElement(serials, units, "t")).toThrow(expect.objectContaining({ code: "DRIVES_UNMAPPED" }));
  });
});

// skip: tgtMissing says why
describe.skipIf(tgtMissing !== undefined)("a library behind tgt", () => {
  let tgt: Tgt;
  let appliance: TestAppliance;
  beforeAll(async () => { tgt = await startTgt(); });
  afterAll(async () => { await tgt.stop(); });
  beforeEach(async () => {
    appliance = await makeAppliance({
      networkLibraries,
      openLibrary: (config) => openLibrary(config, (name, purpose) => appliance.parts.state.lock(name, purpose)),
    });
  });
  afterEach(async () => { await appliance.close(); });

  it("is found by its portal alone, with its changer and its drive, and taken out again", async () => {
    const target = await tgt.library("atl", { sizeMiB: 1, cartridges: ["SR0001L8"] });
    const { library, pool } = appliance.operations;
    expect((await library.discover({ portal: tgt.portal })).map(({ name }) => name)).toEqual([target]);
    expect(await library.add({ name: "atl", portal: tgt.portal })).toEqual({ name: "atl", kind: "iscsi", place: `${target} at ${tgt.portal}` });
    expect(appliance.parts.configStore.load().libraries).toMatchObject([{ target, changerLun: 3, driveLuns: [1], digests: "off" }]);
    const shown = await library.show("atl");
    expect(shown.condition).toMatchObject({ ready: true });
    expect(shown.elements.find(({ full }) => full)).toMatchObject({ kind: "slot", number: 1, barcode: "SR0001L8", duplicate: false, trouble: undefined });
    await pool.create({ name: "vault", kind: "tape", library: "atl" });
    await expect(library.remove("atl")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(await library.list()).toHaveLength(1);
    await expect(library.mailSlots("atl", "open")).rejects.toMatchObject({ code: "MAIL_SLOTS_BY_HAND" });
  });

  it("is asked for by name where a portal shows several", async () => {
    await tgt.library("second", { sizeMiB: 1 });
    await expect(appliance.operations.library.add({ name: "atl", portal: tgt.portal })).rejects.toMatchObject({ code: "ISCSI_TARGET_UNCLEAR", kind: "usage" });
  });
});
