import { createHash } from "node:crypto";
import type { VolumeMedium } from "../../formats/volume/index.ts";
import type { Inventory, ObjectRecord, VolumeRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";

/** The largest block there may be on a tape, which `read` must have room for. */
const bufferBytes = 1024 * 1024;

/**
 * Reads the last segment that is recorded on a volume, and what follows it, and compares: after an error that concerns what was written earlier, or
 * a connection or drive that was lost, nothing counts as written on the word of an answer that came before. Rejects with `TAIL_NOT_CONFIRMED` when it is not
 * there as recorded; errors of the medium and the drive come as they are.
 */
export async function confirmTail(medium: VolumeMedium, volume: VolumeRecord, inventory: Inventory): Promise<void> {
  for (const object of tailOf(inventory.objectsOfVolume(volume.uuid))) {
    const found = await digestOf(medium, object.number);
    if (found?.sha256 !== object.sha256 || found.sizeBytes !== object.sizeBytes) throw notConfirmed(volume, object);
  }
}

/** The copies that stop counting when the end of a volume is not as recorded; they are placed again. */
export function doubtTail(volume: VolumeRecord, inventory: Inventory, nowMs: number): void {
  const [first] = tailOf(inventory.objectsOfVolume(volume.uuid));
  if (!first) return;
  for (const { segmentId, objectNumber, state } of inventory.copiesOnVolume(volume.uuid)) {
    if (objectNumber >= first.number && state === "written") inventory.updateCopy(segmentId, volume.uuid, { state: "bad", checkedMs: nowMs });
  }
}

function tailOf(objects: readonly ObjectRecord[]): readonly ObjectRecord[] {
  const last = objects.findLastIndex(({ role }) => role === "segment");
  return last < 0 ? [] : objects.slice(last);
}

async function digestOf(medium: VolumeMedium, number: number): Promise<{ readonly sizeBytes: number; readonly sha256: string } | undefined> {
  const reader = await medium.readObject(number);
  if (reader === "end-of-data") return undefined;
  const hash = createHash("sha256");
  const buffer = new Uint8Array(bufferBytes);
  let sizeBytes = 0;
  try {
    for (let count = await reader.read(buffer); count > 0; count = await reader.read(buffer)) {
      hash.update(buffer.subarray(0, count));
      sizeBytes += count;
    }
  } finally {
    await reader.close();
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

function notConfirmed({ barcode }: VolumeRecord, { number }: ObjectRecord): StrongroomError {
  return new StrongroomError(
    "mismatch",
    "TAIL_NOT_CONFIRMED",
    `object ${String(number)} of volume ${barcode} is not on the tape as it was recorded; it is placed again elsewhere, what lies before it is not touched`,
    { hint: `read the whole volume when there is time: strongroom volume verify ${barcode}` },
  );
}
