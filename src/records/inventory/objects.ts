import type { Store } from "../store/index.ts";
import type { Inventory, ObjectRecord } from "./contract.ts";
import { volumeUnknown } from "./volumes.ts";

interface ObjectRow {
  readonly number: number;
  readonly role: ObjectRecord["role"];
  readonly size_bytes: number;
  readonly sha256: string;
  readonly written_ms: number;
}

export function objectTable(store: Store) {
  const volumeId = store.rows<[number]>("SELECT id FROM volume WHERE uuid = ?");
  const removeObjects = store.query("DELETE FROM object WHERE volume = ? AND number >= ?");
  const removeCopies = store.query("DELETE FROM copy WHERE volume = ? AND object >= ?");
  const insert = store.query(
    "INSERT INTO object (volume, number, role, size_bytes, sha256, written_ms) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const select = store.query<ObjectRow>(
    "SELECT o.* FROM object o JOIN volume v ON v.id = o.volume WHERE v.uuid = ? ORDER BY o.number",
  );

  const addObject = ({ volumeUuid, number, role, sizeBytes, sha256, writtenMs }: ObjectRecord): void => {
    store.transaction(() => {
      const volume = volumeId.get(volumeUuid)?.[0];
      if (volume === undefined) throw volumeUnknown(volumeUuid);
      // Writing an object discards what followed on the medium, so no copy may be counted there any more.
      removeCopies.run(volume, number);
      removeObjects.run(volume, number);
      insert.run(volume, number, role, sizeBytes, sha256, writtenMs);
    });
  };

  return {
    addObject,
    objectsOfVolume: (volumeUuid: string) => select.all(volumeUuid).map((row) => objectRecord(row, volumeUuid)),
  } satisfies Partial<Inventory>;
}

function objectRecord(row: ObjectRow, volumeUuid: string): ObjectRecord {
  const { number, role, sha256 } = row;
  return { volumeUuid, number, role, sizeBytes: row.size_bytes, sha256, writtenMs: row.written_ms };
}
