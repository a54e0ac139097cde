import { StrongroomError, printable } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import { cartridgeUnknown } from "./cartridges.ts";
import type { Inventory, NewVolume, VolumeChange, VolumeRecord } from "./contract.ts";

interface VolumeRow {
  readonly uuid: string;
  readonly barcode: string;
  readonly pool: string;
  readonly block_size_bytes: number;
  readonly created_ms: number;
  readonly state: VolumeRecord["state"];
  readonly objects: number;
  readonly bytes_written: number;
  readonly session_open: number;
  readonly begun_objects: number;
  readonly verified_ms: number | null;
}

export function volumeTable(store: Store) {
  const retire = store.query("UPDATE volume SET state = 'retired', session_open = 0 WHERE barcode = ? AND state <> 'retired'");
  const hasCartridge = store.query("SELECT barcode FROM cartridge WHERE barcode = ?");
  const insert = store.query(
    `INSERT INTO volume (uuid, barcode, pool, block_size_bytes, created_ms, state, objects, bytes_written, session_open)
     VALUES (?, ?, ?, ?, ?, 'open', 0, 0, 0) ON CONFLICT (uuid) DO NOTHING`,
  );
  const select = store.query<VolumeRow>("SELECT * FROM volume WHERE uuid = ?");
  const selectOn = store.query<VolumeRow>("SELECT * FROM volume WHERE barcode = ? AND state <> 'retired'");
  const selectPool = store.query<VolumeRow>("SELECT * FROM volume WHERE pool = ? ORDER BY id");
  const update = store.query(
    "UPDATE volume SET state = ?, objects = ?, bytes_written = ?, session_open = ?, verified_ms = ?, begun_objects = ? WHERE uuid = ?",
  );

  const addVolume = (volume: NewVolume): VolumeRecord =>
    store.transaction(() => {
      const { uuid, barcode, pool, blockSizeBytes, createdMs } = volume;
      if (hasCartridge.get(barcode) === undefined) throw cartridgeUnknown(barcode);
      retire.run(barcode);
      if (insert.run(uuid, barcode, pool, blockSizeBytes, createdMs).changes === 0) {
        throw new StrongroomError(
          "internal",
          "VOLUME_EXISTS",
          `there is a volume ${printable(uuid)} already, nothing was changed`,
        );
      }
      return volumeRecord(select.get(uuid)!);
    });

  const updateVolume = (uuid: string, change: VolumeChange): void => {
    store.transaction(() => {
      const row = select.get(uuid);
      if (row === undefined) throw volumeUnknown(uuid);
      const next = { ...volumeRecord(row), ...change };
      const verifiedMs = next.verifiedMs ?? null;
      update.run(next.state, next.objects, next.bytesWritten, next.sessionOpen ? 1 : 0, verifiedMs, next.begunObjects, uuid);
    });
  };

  const doubt = store.query(
    `UPDATE copy SET doubted = 1 WHERE volume = (SELECT id FROM volume WHERE uuid = ?1) AND coalesce(checked_ms, -1) < coalesce(?2, 9e15)`,
  );
  const closeVolume = (uuid: string, provenSinceMs?: number): void => {
    store.transaction(() => {
      updateVolume(uuid, { state: "closed" });
      doubt.run(uuid, provenSinceMs ?? null);
    });
  };

  return {
    addVolume,
    updateVolume,
    closeVolume,
    volume: (uuid: string) => optional(select.get(uuid)),
    volumeOn: (barcode: string) => optional(selectOn.get(barcode)),
    volumesOfPool: (pool: string) => selectPool.all(pool).map(volumeRecord),
  } satisfies Partial<Inventory>;
}

export function volumeUnknown(uuid: string): StrongroomError {
  return new StrongroomError("missing", "VOLUME_UNKNOWN", `no volume is known by the identifier ${printable(uuid)}`, {
    hint: "list the volumes: strongroom volume list",
  });
}

function optional(row: VolumeRow | undefined): VolumeRecord | undefined {
  return row === undefined ? undefined : volumeRecord(row);
}

function volumeRecord(row: VolumeRow): VolumeRecord {
  const { uuid, barcode, pool, state, objects } = row;
  return {
    uuid,
    barcode,
    pool,
    blockSizeBytes: row.block_size_bytes,
    createdMs: row.created_ms,
    state,
    objects,
    bytesWritten: row.bytes_written,
    sessionOpen: row.session_open !== 0,
    begunObjects: row.begun_objects,
    verifiedMs: row.verified_ms ?? undefined,
  };
}
