import { StrongroomError } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { Catalog, SnapshotRecord } from "./contract.ts";
import { ingest } from "./ingest.ts";
import type { Parts } from "./parts.ts";

/** The part of the catalog that changes it: every call is one transaction. */
export function writing({ store, directories, snapshots, segments }: Parts) {
  const addRows = ingest(store, directories);
  const markGone = goneMarker(store);
  const markAllGone = store.query(
    "UPDATE entry SET gone = ?1 WHERE gone IS NULL AND first < ?1 AND directory IN (SELECT id FROM directory WHERE archive = ?2)",
  );
  const bringBack = store.query("UPDATE entry SET gone = NULL WHERE gone = ?");
  const whileOpen = (snapshot: SnapshotRecord, work: () => void): void => {
    store.transaction(() => {
      snapshots.requireOpen(snapshot);
      work();
    });
  };
  return {
    createArchive: snapshots.createArchive,
    openSnapshot: snapshots.open,
    takeSnapshotNumber: snapshots.takeNumber,
    markGone: (snapshot: SnapshotRecord, entryIds: Iterable<number>) => {
      whileOpen(snapshot, () => {
        bringBack.run(snapshot.id);
        if (snapshot.base === undefined) markAllGone.run(snapshot.id, snapshot.archiveId);
        for (const id of entryIds) markGone(snapshot, id);
      });
    },
    completeSnapshot: (snapshot, finishedMs, totals) => {
      whileOpen(snapshot, () => {
        segments.requireSealed(snapshot);
        snapshots.finish(snapshot, finishedMs, totals);
      });
    },
    abandonSnapshot: (snapshot) => {
      whileOpen(snapshot, () => {
        segments.remove(snapshot);
        bringBack.run(snapshot.id);
        snapshots.remove(snapshot);
      });
    },
    planSegments: (snapshot, planned) => {
      whileOpen(snapshot, () => {
        segments.plan(snapshot, planned);
      });
    },
    addSealedSegment: (segmentId, facts, entries) => {
      try {
        store.transaction(() => {
          addRows(segmentId, facts, entries);
        });
      } catch (thrown) {
        directories.forget();
        throw thrown;
      }
    },
    setSeal: segments.setSeal,
  } satisfies Partial<Catalog>;
}

function goneMarker(store: Store) {
  const mark = store.query(
    `UPDATE entry SET gone = ?1 WHERE id = ?2 AND first < ?1 AND (gone IS NULL OR gone = ?1)
       AND (SELECT archive FROM directory d WHERE d.id = entry.directory) = ?3`,
  );
  return (snapshot: SnapshotRecord, id: number): void => {
    if (mark.run(snapshot.id, id, snapshot.archiveId).changes === 1) return;
    const message = `entry ${String(id)} is not visible in the snapshot before ${String(snapshot.number)}, nothing was changed`;
    throw new StrongroomError("internal", "ENTRY_NOT_VISIBLE", message);
  };
}
