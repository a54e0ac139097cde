import { afterEach, beforeEach, expect, it } from "vitest";
import { checksKept, openCatalog, openInventory, openVerifications, type Inventory, type Verifications } from "../../src/records/index.ts";
import { newEntry, takeSnapshot } from "../conformance/catalog-samples.ts";
import { codeOf, temporaryStore } from "./temporary.ts";

let temporary: ReturnType<typeof temporaryStore>;
let verifications: Verifications;
let inventory: Inventory;
let segmentIds: readonly number[];

beforeEach(() => {
  temporary = temporaryStore();
  verifications = openVerifications(temporary.store);
  inventory = openInventory(temporary.store);
  const catalog = openCatalog(temporary.store);
  const snapshot = takeSnapshot(catalog, catalog.createArchive("photos", "u"), [[newEntry("a")], [newEntry("b")]]);
  segmentIds = catalog.segments(snapshot).map(({ id }) => id);
  for (const barcode of ["A", "B"]) {
    inventory.putCartridge({ barcode, kind: "tape", pool: "main", state: "in-use", place: "shelf", capacityBytes: undefined, seenMs: 1 });
    inventory.addVolume({ uuid: `volume ${barcode}`, barcode, pool: "main", blockSizeBytes: 524_288, createdMs: barcode === "A" ? 5 : 50 });
  }
});
afterEach(() => {
  temporary.close();
});

const begin = (): number =>
  verifications.begin({ jobId: 7, volumeUuid: "volume A", barcode: "A", method: "full", place: "library vtl drive 0", startedMs: 1 });
const check = (timeMs: number, isIntact = true) => ({ objectNumber: 1, segmentId: segmentIds[0]!, timeMs, isIntact });

it("adds up what the steps of one verification say", () => {
  const id = begin();
  const finding = { severity: "err", code: "SEGMENT_DAMAGED", object: 1, role: "segment", text: "it differs", hint: "look" } as const;
  verifications.add(id, { objects: 2, readBytes: 10, findings: [finding], checks: [check(1, false)] });
  verifications.add(id, { objects: 3, readBytes: 20, findings: [], checks: [] });
  expect(verifications.verification(id)).toMatchObject({ objects: 5, readBytes: 30, finishedMs: undefined, severity: undefined, jobId: 7 });
  verifications.finish(id, { severity: "err", finishedMs: 9 });
  expect(verifications.ofVolume("volume A", 5)).toMatchObject([{ id, severity: "err", finishedMs: 9 }]);
  expect(verifications.findings(id)).toEqual([finding]);
  expect(verifications.checksOfSegment(segmentIds[0]!, 5)).toMatchObject([{ verificationId: id, volumeUuid: "volume A", isIntact: false }]);
  expect(codeOf(() => { verifications.add(99, { objects: 0, readBytes: 0, findings: [], checks: [] }); })).toBe("VERIFICATION_UNKNOWN");
});

it("keeps the newest checks of each copy, and no more", () => {
  const id = begin();
  for (let timeMs = 1; timeMs <= checksKept + 5; timeMs += 1) verifications.add(id, { objects: 0, readBytes: 0, findings: [], checks: [check(timeMs)] });
  const kept = verifications.checksOfSegment(segmentIds[0]!, 1000);
  expect(kept).toHaveLength(checksKept);
  expect([kept[0]?.timeMs, kept.at(-1)?.timeMs]).toEqual([checksKept + 5, 6]);
});

it("tells what was neglected for longest: the oldest copy of a volume counts, and retired volumes do not", () => {
  expect(verifications.oldestChecks()).toEqual([{ volumeUuid: "volume A", oldestMs: 5 }, { volumeUuid: "volume B", oldestMs: 50 }]);
  for (const [number, role] of (["bootstrap", "segment", "seal", "segment", "seal"] as const).entries()) {
    inventory.addObject({ volumeUuid: "volume A", number, role, sizeBytes: 1, sha256: "", writtenMs: 60 });
  }
  for (const [index, segmentId] of segmentIds.entries()) {
    inventory.addCopy({ segmentId, volumeUuid: "volume A", objectNumber: 1 + 2 * index, state: "written", writtenMs: 60, checkedMs: undefined });
  }
  inventory.updateCopy(segmentIds[0]!, "volume A", { state: "verified", checkedMs: 100 });
  expect(verifications.oldestChecks()).toEqual([{ volumeUuid: "volume B", oldestMs: 50 }, { volumeUuid: "volume A", oldestMs: 60 }]);
  inventory.updateCopy(segmentIds[1]!, "volume A", { state: "bad", checkedMs: 110 });
  inventory.updateVolume("volume B", { state: "retired" });
  expect(verifications.oldestChecks()).toEqual([{ volumeUuid: "volume A", oldestMs: 100 }]);
});
