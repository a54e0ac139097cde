import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { simulatorTools } from "../../src/main/simulator-tools.ts";

const plain = {
  drives: 1, slots: 24, mailSlots: 1, barcodes: ["SR0001L8"], capacityBytes: 1_000_000, generation: "L8", isHalfHeight: false,
  pickers: 1, slotsPerMagazine: undefined, reservedSlots: 0, layout: "default", content: "keep" as const, wereNeverLoaded: false, quirks: [],
};

function folder(): string {
  const parent = mkdtempSync(join(tmpdir(), "changers-"));
  onTestFinished(() => { rmSync(parent, { recursive: true, force: true }); });
  return join(parent, "library");
}

it("makes a library with the changer that was asked for", async () => {
  const path = folder();
  await simulatorTools.create(path, { ...plain, pickers: 2, slotsPerMagazine: 12, reservedSlots: 2, layout: "hpe", quirks: ["one-type", "lower-case"] });
  const state = JSON.parse(readFileSync(join(path, "library.json"), "utf8")) as { pickers: unknown[]; shape: unknown };
  expect(state.pickers).toHaveLength(2);
  expect(state.shape).toEqual({
    firstAddresses: { transport: 1, slot: 32, mailSlot: 448, drive: 480 }, slotsPerMagazine: 12, reservedSlots: 2, quirks: ["one-type", "lower-case"],
  });
});

it.each([
  [{ layout: "acme" }, /no layout/], [{ quirks: ["odd"] }, /no quirk/], [{ layout: "overland", mailSlots: 2 }, /pickers begin at 1/], [{ layout: "hpe", slots: 417 }, /mail slots begin at 448/],
])("makes none with %j", async (part, message) => {
  const path = folder();
  await expect(simulatorTools.create(path, { ...plain, ...part })).rejects.toMatchObject({ kind: "usage", code: "LIBRARY_DESCRIPTION", message: expect.stringMatching(message) as string });
});

it("names every layout and habit with what it is", () => {
  const { layouts, quirks } = simulatorTools.changers();
  expect(layouts.map(({ name }) => name)).toContain("ts4500");
  expect([...layouts.map(({ because }) => because), ...quirks.map(({ what }) => what)].every((text) => text.length > 10)).toBe(true);
});
