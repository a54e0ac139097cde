import { encodeRecordsLine, type RecordsVolumeLine } from "../../formats/volume/index.ts";
import type { Catalog, Config, Inventory, VolumeRecord } from "../../records/index.ts";

/** What the records know that no session says: policies, when snapshots were complete, and what became of volumes. */
export function* recordsLines(catalog: Catalog, inventory: Inventory, config: Pick<Config, "archives" | "pools">): Generator<string> {
  for (const { name, uuid } of catalog.archives()) {
    const policy = config.archives.find((archive) => archive.name === name);
    yield encodeRecordsLine({ line: "archive", archive: uuid, name, ...(policy ? { policy: { ...policy } } : {}) });
  }
  for (const pool of config.pools) yield encodeRecordsLine({ line: "pool", name: pool.name, policy: { ...pool } });
  for (const pool of poolsOf(inventory, config)) {
    for (const volume of inventory.volumesOfPool(pool)) yield encodeRecordsLine(volumeLine(inventory, volume));
  }
  // Last, because these may be many, and what is short should be found first.
  yield* snapshotLines(catalog);
}

function poolsOf(inventory: Inventory, config: Pick<Config, "pools">): ReadonlySet<string> {
  const ofCartridges = inventory.cartridges().flatMap(({ pool }) => (pool === undefined ? [] : [pool]));
  return new Set([...config.pools.map(({ name }) => name), ...ofCartridges]);
}

function volumeLine(inventory: Inventory, volume: VolumeRecord): RecordsVolumeLine {
  const cartridge = inventory.cartridge(volume.barcode);
  return {
    line: "volume",
    volume: volume.uuid,
    barcode: volume.barcode,
    pool: volume.pool,
    medium: cartridge?.kind ?? "tape",
    place: cartridge?.place ?? "unknown",
    capacity_bytes: cartridge?.capacityBytes ?? null,
    block_size_bytes: volume.blockSizeBytes,
    created_ms: volume.createdMs,
    state: volume.state,
    objects: volume.objects,
    bytes_written: volume.bytesWritten,
    verified_ms: volume.verifiedMs ?? null,
  };
}

function* snapshotLines(catalog: Catalog): Generator<string> {
  for (const archive of catalog.archives()) {
    for (const { number, startedMs, finishedMs, totals } of catalog.snapshots(archive)) {
      if (finishedMs === undefined || totals === undefined) continue;
      yield encodeRecordsLine({
        line: "snapshot",
        archive: archive.uuid,
        snapshot: number,
        started_ms: startedMs,
        finished_ms: finishedMs,
        entries: totals.entries,
        content_bytes: totals.contentBytes,
        new_entries: totals.newEntries,
        new_content_bytes: totals.newContentBytes,
        sealed_bytes: totals.sealedBytes,
        troubled_entries: totals.troubledEntries,
      });
    }
  }
}
