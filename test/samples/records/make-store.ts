import { openCatalog, openInventory, openJournal, openStore, openUpkeep, openVerifications } from "../../../src/records/index.ts";
import { bytes, newEntry, sealedFacts, takeSnapshot, text } from "../../conformance/catalog-samples.ts";

/**
 * Makes a sample of the present schema: `node make-store.ts store-N.db`. A sample that was released is never made again: the
 * point of it is that it is old.
 */
const path = process.argv[2];
if (path === undefined) throw new Error("name the file to make");
const store = openStore(path);
const catalog = openCatalog(store);
const archive = catalog.createArchive("photos", "4d3c0b5e-0000-4000-8000-000000000001");
const big = (offsetBytes: number, lengthBytes: number) => {
  const condition = offsetBytes > 0 ? "changed" : "intact";
  return newEntry("2024/big.mov", {
    sizeBytes: 25,
    condition,
    piece: { offsetBytes, lengthBytes, sha256: new Uint8Array(32).fill(9) },
  });
};
const folder = { type: "directory", sizeBytes: 0 } as const;
const first = takeSnapshot(catalog, archive, [
  [newEntry(".", folder), newEntry("2024", folder), newEntry("2024/a.jpg"), big(0, 10)],
  [big(10, 15), newEntry("2024/gone.jpg")],
]);
const gone = catalog.children(archive, 1, bytes("2024")).filter((entry) => text(entry.path) === "2024/gone.jpg");
const second = catalog.openSnapshot(archive, 3000, 1);
catalog.markGone(
  second,
  gone.map((entry) => entry.id),
);
catalog.planSegments(second, [{ number: 1, plannedBytes: 1, plan: "line 1" }]);
catalog.addSealedSegment(catalog.segments(second)[0]!.id, sealedFacts, [newEntry("\xff\xfe")]);
const totals = { entries: 5, contentBytes: 50, newEntries: 1, newContentBytes: 5, sealedBytes: 99, troubledEntries: 0 };
catalog.completeSnapshot(second, 4000, totals);

catalog.setLeftOut(second, [{ path: bytes("run/\xff.sock"), severity: "note", code: "SOCKET_LEFT_OUT", text: "run/\\xff.sock is a socket; it is left out" }]);

const inventory = openInventory(store);
const uuid = "7c3c0b5e-0000-4000-8000-000000000009";
inventory.putCartridge({
  barcode: "A00001L9",
  kind: "tape",
  pool: "main",
  state: "in-use",
  place: "shelf B4",
  capacityBytes: undefined,
  seenMs: 1,
});
inventory.recordMovement({
  barcode: "A00001L9",
  timeMs: 2,
  from: "shelf B4",
  to: "library vtl slot 1",
  who: "operator",
  why: "archive run",
});
inventory.addVolume({ uuid, barcode: "A00001L9", pool: "main", blockSizeBytes: 524_288, createdMs: 3 });
for (const [number, role] of (["bootstrap", "segment", "seal"] as const).entries()) {
  inventory.addObject({ volumeUuid: uuid, number, role, sizeBytes: 10_240, sha256: "cd".repeat(32), writtenMs: 4 });
}
const segmentId = catalog.segments(first)[0]!.id;
inventory.addCopy({ segmentId, volumeUuid: uuid, objectNumber: 1, state: "verified", writtenMs: 4, checkedMs: 5 });
inventory.updateVolume(uuid, { objects: 3, bytesWritten: 30_720, sessionOpen: true });

const journal = openJournal(store, () => false);
const owner = { host: "vault", bootId: "6f0d3f0a-0000-4000-8000-000000000000", processId: 4711, processStart: "12345" };
const job = journal.startJob({ kind: "archive run", subject: "photos", startedMs: 6, owner, requestedBy: "operator" });
journal.saveProgress(job.id, { segment: 2 });
journal.addEvent({ jobId: job.id, timeMs: 7, severity: "note", code: "SEGMENT_SEALED", text: "segment 1 is sealed" });

const upkeep = openUpkeep(store);
upkeep.addReading({ subject: "drive 10WT000001", timeMs: 8, numbers: { loads: 12 } });
upkeep.putCleaningCartridge({ barcode: "CLN001CU", uses: 3, maxUses: 50, state: "usable", seenMs: 9 });
const cleaning = { timeMs: 10, library: "vtl", drive: 0, driveSerial: "10WT000001", barcode: "CLN001CU", who: "operator", why: "by hand" };
upkeep.addCleaning({ ...cleaning, outcome: "cleaned" });

const verifications = openVerifications(store);
const verification = verifications.begin({ jobId: job.id, volumeUuid: uuid, barcode: "A00001L9", method: "full", place: "library vtl drive 0", startedMs: 11 });
const damage = { severity: "err", code: "SEGMENT_DAMAGED", object: 1, role: "segment", text: "differs from what was written", hint: "use another copy" } as const;
const checks = [{ objectNumber: 1, segmentId, timeMs: 12, isIntact: false }];
verifications.add(verification, { objects: 3, readBytes: 30_720, findings: [damage], checks });
verifications.finish(verification, { severity: "err", finishedMs: 13 });
store.close();
