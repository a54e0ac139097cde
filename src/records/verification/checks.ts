import type { Store } from "../store/index.ts";
import { checksKept, type CopyCheck, type Verifications } from "./contract.ts";

interface CheckRow {
  readonly verification: number;
  readonly volume: string;
  readonly object: number;
  readonly segment: number;
  readonly time_ms: number;
  readonly intact: number;
}

interface OldestRow {
  readonly uuid: string;
  readonly oldest_ms: number;
}

export function checkTable(store: Store) {
  const insert = store.query("INSERT INTO copy_check (verification, volume, object, segment, time_ms, intact) VALUES (?, ?, ?, ?, ?, ?)");
  const forget = store.query(
    `DELETE FROM copy_check WHERE volume = ?1 AND object = ?2 AND id <=
       (SELECT id FROM copy_check WHERE volume = ?1 AND object = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)`,
  );
  const ofSegment = store.query<CheckRow>("SELECT * FROM copy_check WHERE segment = ? ORDER BY id DESC LIMIT ?");
  const oldest = store.query<OldestRow>(
    `SELECT v.uuid, coalesce(
       (SELECT min(coalesce(c.checked_ms, c.written_ms)) FROM copy c WHERE c.volume = v.id), v.verified_ms, v.created_ms) AS oldest_ms
     FROM volume v WHERE v.state <> 'retired' ORDER BY oldest_ms, v.id`,
  );

  return {
    addCheck: ({ verificationId, volumeUuid, objectNumber, segmentId, timeMs, isIntact }: CopyCheck): void => {
      insert.run(verificationId, volumeUuid, objectNumber, segmentId, timeMs, isIntact ? 1 : 0);
      forget.run(volumeUuid, objectNumber, checksKept);
    },
    checksOfSegment: (segmentId: number, limit: number) => ofSegment.all(segmentId, limit).map(checkOf),
    oldestChecks: () => oldest.all().map(({ uuid, oldest_ms: oldestMs }) => ({ volumeUuid: uuid, oldestMs })),
  } satisfies Partial<Verifications> & { addCheck: unknown };
}

function checkOf(row: CheckRow): CopyCheck {
  return {
    verificationId: row.verification,
    volumeUuid: row.volume,
    objectNumber: row.object,
    segmentId: row.segment,
    timeMs: row.time_ms,
    isIntact: row.intact !== 0,
  };
}
