import { afterEach, expect, it } from "vitest";
import { createMemoryLibrary, type LibraryDescription, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import type { LibraryOperations } from "../../src/operations/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, type TestAppliance } from "../support/appliance.ts";

let virtual: VirtualLibrary;
let appliance: TestAppliance;
afterEach(async () => {
  await appliance.close();
  await virtual.close();
});

/** An appliance with such a library. */
async function applianceWith(description: LibraryDescription): Promise<LibraryOperations> {
  const cartridges = ["SR0001L8", "SR0002L8", "SR0003L8"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
  virtual = await createMemoryLibrary({ drives: 1, slots: 5, cartridges, ...description }, systemRandom);
  appliance = await makeAppliance({
    openLibrary: () => ({
      name: "vtl",
      openChanger: async () => openMediaChanger(await virtual.transport(0), systemClock),
      openDrive: async ({ number }) => openTapeDrive(await virtual.transport(number + 1), systemClock),
    }),
  });
  appliance.parts.configStore.addLibrary({ name: "vtl", kind: "simulator", folder: "/nowhere" });
  return appliance.operations.library;
}

async function places(library: LibraryOperations): Promise<readonly (readonly [string, number, string | undefined])[]> {
  return (await library.show("vtl")).elements.filter(({ full }) => full).map(({ kind, number, barcode }) => [kind, number, barcode]);
}

const slot = (number: number) => ({ kind: "slot", number }) as const;

it("a jammed gripper is told in words, and what it holds is put away once it is free", async () => {
  const library = await applianceWith({});
  await virtual.hands.setGripper(0, true);
  await expect(library.move({ library: "vtl", from: slot(1), to: slot(4), why: "test" })).rejects.toMatchObject({ code: "MOVE_FAILED" });
  const { condition, elements } = await library.show("vtl");
  expect(condition).toMatchObject({ ready: false });
  expect(elements.find(({ kind }) => kind === "transport")).toMatchObject({ full: true, barcode: "SR0001L8", trouble: { sentence: expect.any(String) as string } });
  await virtual.hands.setGripper(0, false);
  await library.move({ library: "vtl", from: { kind: "transport", number: 0 }, to: slot(1), why: "test" });
  expect(await places(library)).toEqual([["slot", 1, "SR0001L8"], ["slot", 2, "SR0002L8"], ["slot", 3, "SR0003L8"]]);
});

it("a cartridge moved behind the library's back is found where it is", async () => {
  const library = await applianceWith({ quirks: ["scans-when-asked"] });
  expect(await places(library)).toHaveLength(3);
  await virtual.hands.setDoor("door", true);
  await virtual.hands.moveByHand("SR0001L8", { slot: 4 });
  await virtual.hands.setDoor("door", false);
  await expect(library.move({ library: "vtl", from: slot(1), to: slot(4), why: "test" })).rejects.toMatchObject({ code: "ELEMENT_EMPTY" });
  await library.audit("vtl");
  expect(await places(library)).toEqual([["slot", 2, "SR0002L8"], ["slot", 3, "SR0003L8"], ["slot", 5, "SR0001L8"]]);
});

it("magazines and labels are told of in words", async () => {
  const library = await applianceWith({ slotsPerMagazine: 2 });
  await virtual.hands.setMagazine(1, true);
  await virtual.hands.relabel("SR0001L8", null);
  const { elements } = await library.show("vtl");
  const troubles = elements.filter(({ trouble }) => trouble !== undefined).map(({ kind, number, trouble }) => [kind, number, trouble?.sentence]);
  expect(troubles).toEqual([
    ["slot", 1, "the library cannot read the barcode of a cartridge"], ["slot", 3, "a magazine cannot be reached"], ["slot", 4, "a magazine cannot be reached"],
  ]);
});

it("a cleaning cartridge is known by its label in lower case too", async () => {
  const library = await applianceWith({ quirks: ["lower-case", "leading-blank"], cartridges: [{ barcode: "SR0001L8" }, { barcode: "CLN001CU" }] });
  const { elements } = await library.show("vtl");
  expect(elements.filter(({ full }) => full).map(({ barcode, cleaning }) => [barcode, cleaning?.state])).toEqual([["sr0001l8", undefined], ["cln001cu", "usable"]]);
});
