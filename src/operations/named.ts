import type { ArchiveConfig, ArchiveRecord, Config, LibraryConfig, PoolConfig, SnapshotRecord, VolumeRecord } from "../records/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import { configOf, type OperationParts } from "./parts.ts";

/** What a person named, found or refused with the nearest thing to say. */
export function namedArchive(parts: OperationParts, name: string): { readonly config: ArchiveConfig; readonly record: ArchiveRecord } {
  const config = configOf(parts).archives.find((archive) => archive.name === name);
  const record = parts.catalog.archive(name);
  if (!config || !record) throw unknown("archive", name, configOf(parts).archives);
  return { config, record };
}

/** An archive by its records alone: one that left the configuration can still be searched and restored. */
export function recordedArchive(parts: OperationParts, name: string): ArchiveRecord {
  const record = parts.catalog.archive(name);
  if (!record) throw unknown("archive", name, parts.catalog.archives());
  return record;
}

export function namedSnapshot(parts: OperationParts, archive: ArchiveRecord, number: number | undefined): SnapshotRecord {
  const complete = parts.catalog.snapshots(archive).filter(({ state }) => state === "complete");
  const found = number === undefined ? complete.at(-1) : complete.find((snapshot) => snapshot.number === number);
  if (found) return found;
  const which = number === undefined ? "no snapshot" : `no complete snapshot ${String(number)}`;
  throw new StrongroomError("missing", "SNAPSHOT_UNKNOWN", `archive ${archive.name} has ${which}`, {
    hint: `see: strongroom snapshot list ${archive.name}`,
  });
}

export function namedPool(config: Config, name: string): PoolConfig {
  const pool = config.pools.find((known) => known.name === name);
  if (!pool) throw unknown("pool", name, config.pools);
  return pool;
}

export function namedLibrary(config: Config, name: string): LibraryConfig {
  const library = config.libraries.find((known) => known.name === name);
  if (!library) throw unknown("library", name, config.libraries);
  return library;
}

export function knownVolume(parts: OperationParts, barcode: string): VolumeRecord {
  const volume = parts.inventory.volumeOn(barcode);
  if (volume) return volume;
  throw new StrongroomError("missing", "VOLUME_UNKNOWN", `the records know no volume on cartridge ${printable(barcode)}`, {
    hint: "see: strongroom volume list",
  });
}

function unknown(noun: string, name: string, known: readonly { readonly name: string }[]): StrongroomError {
  const names = known.map((one) => one.name);
  const hint = names.length === 0 ? `make one with: strongroom ${noun} ${noun === "library" ? "add" : "create"}` : `there is ${names.join(", ")}`;
  return new StrongroomError("missing", `${noun.toUpperCase()}_UNKNOWN`, `there is no ${noun} called ${name}`, { hint });
}
