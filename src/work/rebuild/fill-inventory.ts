import type { RecordsLine, RecordsVolumeLine } from "../../formats/volume/index.ts";
import type { Inventory } from "../../records/index.ts";
import type { SurveyedVolume } from "./survey.ts";

/** Where a cartridge was found when it was read. */
export interface FoundVolume extends SurveyedVolume {
  readonly place: string;
  readonly seenMs: number;
}

/** Writes cartridges, volumes and objects down. What is there already stays: a rebuild that goes on has done it before. */
export function fillInventory(inventory: Inventory, found: readonly FoundVolume[], records: readonly RecordsLine[]): void {
  const told = new Map(records.flatMap((line) => (line.line === "volume" ? [[line.volume, line] as const] : [])));
  const present = new Set(found.map(({ volumeUuid }) => volumeUuid));
  inventory.atomically(() => {
    for (const volume of found) putCartridge(inventory, volume, told.get(volume.volumeUuid));
    for (const line of told.values()) if (line.state === "retired" && !present.has(line.volume)) addRetired(inventory, line);
    for (const volume of inCreationOrder(found, told)) addVolume(inventory, volume, told.get(volume.volumeUuid), found);
  });
}

/** What an operator allowed a folder to take is written down nowhere but in the records; a tape's drive says its capacity. */
function putCartridge(inventory: Inventory, { barcode, medium, pool, place, totalBytes, seenMs }: FoundVolume, told: RecordsVolumeLine | undefined): void {
  inventory.putCartridge({ barcode, kind: medium, pool, state: "in-use", place, capacityBytes: told?.capacity_bytes ?? totalBytes, seenMs });
}

/** Written over: nothing of it is left but that it was. */
function addRetired(inventory: Inventory, line: RecordsVolumeLine): void {
  if (inventory.volume(line.volume)) return;
  if (!inventory.cartridge(line.barcode)) {
    const { barcode, medium, pool, place } = line;
    inventory.putCartridge({ barcode, kind: medium, pool, state: "retired", place, capacityBytes: line.capacity_bytes ?? undefined, seenMs: line.created_ms });
  }
  const { volume: uuid, barcode, pool } = line;
  inventory.addVolume({ uuid, barcode, pool, blockSizeBytes: line.block_size_bytes, createdMs: line.created_ms });
  inventory.updateVolume(uuid, { state: "retired", objects: line.objects, bytesWritten: line.bytes_written });
}

function inCreationOrder(found: readonly FoundVolume[], told: ReadonlyMap<string, RecordsVolumeLine>): readonly FoundVolume[] {
  const order = new Map([...told.keys()].map((uuid, index) => [uuid, index]));
  const place = ({ volumeUuid }: FoundVolume): number => order.get(volumeUuid) ?? Infinity;
  return [...found].sort((a, b) => (place(a) === place(b) ? a.createdMs - b.createdMs : place(a) - place(b)));
}

function addVolume(inventory: Inventory, volume: FoundVolume, told: RecordsVolumeLine | undefined, found: readonly FoundVolume[]): void {
  const { volumeUuid, barcode, pool, blockSizeBytes, objects, sessionOpen } = volume;
  if (inventory.volume(volumeUuid)) return;
  const createdMs = told?.created_ms ?? volume.createdMs;
  inventory.addVolume({ uuid: volumeUuid, barcode, pool, blockSizeBytes, createdMs });
  for (const object of objects) inventory.addObject({ volumeUuid, ...object, ...(object.number === 0 ? { writtenMs: createdMs } : {}) });
  inventory.updateVolume(volumeUuid, {
    state: stateOf(volume, told, found),
    objects: objects.length,
    bytesWritten: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    sessionOpen,
  });
}

/**
 * A volume does not say itself that it is full: its last trailer was written before. What a later trailer says of it counts, and where none says
 * anything, that its pool went on to another volume. `open` for one that is full costs one look at it; `full` for one that is open, some room.
 */
function stateOf(volume: FoundVolume, told: RecordsVolumeLine | undefined, found: readonly FoundVolume[]): "open" | "full" | "closed" {
  if (told?.state === "full" || told?.state === "closed") return told.state;
  const lastMs = volume.newestTrailer?.writtenMs;
  const wentOn = found.some(({ pool, volumeUuid, newestTrailer, createdMs }) =>
    pool === volume.pool && volumeUuid !== volume.volumeUuid && (newestTrailer?.writtenMs ?? -1) > (lastMs ?? Infinity) && createdMs >= volume.createdMs);
  if (wentOn && told === undefined) return volume.sessionOpen ? "closed" : "full";
  return "open";
}
