import { StrongroomError } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { CopyRecord, CopyState, Inventory } from "./contract.ts";
import { volumeUnknown } from "./volumes.ts";

interface CopyRow {
  readonly segment: number;
  readonly uuid: string;
  readonly object: number;
  readonly state: CopyState;
  readonly written_ms: number;
  readonly checked_ms: number | null;
  readonly doubted: number;
}

export function copyTable(store: Store) {
  const volumeId = store.rows<[number, string]>("SELECT id, state FROM volume WHERE uuid = ?");
  // REPLACE because both keys may clash: the segment was written to this volume before, or the object held another one.
  const put = store.query(
    "INSERT OR REPLACE INTO copy (volume, object, segment, state, written_ms, checked_ms, doubted) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const update = store.query(
    "UPDATE copy SET state = ?, checked_ms = ?, doubted = 0 WHERE segment = ? AND volume = (SELECT id FROM volume WHERE uuid = ?)",
  );
  const columns = "c.segment, v.uuid, c.object, c.state, c.written_ms, c.checked_ms, c.doubted FROM copy c JOIN volume v ON v.id = c.volume";
  const ofSegment = store.query<CopyRow>(`SELECT ${columns} WHERE c.segment = ? AND v.state <> 'retired' ORDER BY v.id`);
  const onVolume = store.query<CopyRow>(`SELECT ${columns} WHERE v.uuid = ? ORDER BY c.object`);
  const without = store.rows<[number]>(
    `SELECT g.id FROM segment g WHERE g.snapshot = ?1 AND NOT EXISTS (
       SELECT 1 FROM copy c JOIN volume v ON v.id = c.volume
       WHERE c.segment = g.id AND v.pool = ?2 AND v.state <> 'retired' AND c.state IN (SELECT value FROM json_each(?3))
         AND v.uuid NOT IN (SELECT value FROM json_each(?4))
     ) ORDER BY g.number`,
  );
  const lacking = store.rows<[number, number]>(
    `WITH wanted AS (SELECT g.id FROM segment g JOIN snapshot s ON s.id = g.snapshot WHERE s.archive = ?1 AND s.finished_ms IS NOT NULL),
       good AS (SELECT w.id, sum(v.pool = ?2) AS here, count(v.id) AS anywhere FROM wanted w
         LEFT JOIN copy c ON c.segment = w.id AND c.state <> 'bad' LEFT JOIN volume v ON v.id = c.volume AND v.state <> 'retired' GROUP BY w.id)
     SELECT count(*) FILTER (WHERE coalesce(here, 0) = 0), count(*) FILTER (WHERE anywhere = 0) FROM good`,
  );

  return {
    addCopy: (copy: Omit<CopyRecord, "doubted">): void => {
      const volume = volumeId.get(copy.volumeUuid);
      if (volume === undefined) throw volumeUnknown(copy.volumeUuid);
      const isDoubted = volume[1] === "closed" && copy.checkedMs === undefined;
      put.run(volume[0], copy.objectNumber, copy.segmentId, copy.state, copy.writtenMs, copy.checkedMs ?? null, isDoubted ? 1 : 0);
    },
    updateCopy: (segmentId, volumeUuid, { state, checkedMs }) => {
      if (update.run(state, checkedMs, segmentId, volumeUuid).changes === 1) return;
      const message = `no copy of segment ${String(segmentId)} is recorded on volume ${volumeUuid}`;
      throw new StrongroomError("internal", "COPY_UNKNOWN", message);
    },
    copiesOfSegment: (segmentId: number) => ofSegment.all(segmentId).map(copyRecord),
    copiesOnVolume: (volumeUuid: string) => onVolume.all(volumeUuid).map(copyRecord),
    lacking: (archiveId, pool) => {
      const [inPool, anywhere] = lacking.get(archiveId, pool) ?? [0, 0];
      return { inPool, anywhere };
    },
    segmentsWithoutCopy: (snapshotId, pool, states, volumes = []) =>
      without.all(snapshotId, pool, JSON.stringify(states), JSON.stringify(volumes)).map(([id]) => id),
  } satisfies Partial<Inventory>;
}

function copyRecord(row: CopyRow): CopyRecord {
  return {
    segmentId: row.segment,
    volumeUuid: row.uuid,
    objectNumber: row.object,
    state: row.state,
    writtenMs: row.written_ms,
    checkedMs: row.checked_ms ?? undefined,
    doubted: row.doubted !== 0,
  };
}
