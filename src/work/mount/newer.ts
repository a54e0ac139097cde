import type { VolumeMedium } from "../../formats/volume/index.ts";
import type { VolumeRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";

type RecordedEnd = Pick<VolumeRecord, "barcode" | "objects" | "begunObjects">;

/**
 * Before a volume is written on: what lies behind its last recorded object is discarded by that. Objects whose writing was begun may be there, because a
 * process can die, or the power fail, before they are sure and recorded. What lies behind those was recorded once: then the records are older than the volume, and what
 * they forgot is not written over. Rejects with `RECORDS_OLDER` (fatal).
 */
export async function refuseOlderRecords(medium: VolumeMedium, { barcode, objects, begunObjects }: RecordedEnd): Promise<void> {
  // Records of earlier releases tell of none that was begun: one may be there.
  const reader = await medium.readObject(Math.max(objects + 1, begunObjects));
  if (reader === "end-of-data") return;
  await reader.close();
  const what = `volume ${barcode} holds more than the ${String(objects)} objects that are recorded`;
  const message = `${what}: the records are older than it, or another appliance writes with a copy of them; nothing was written`;
  throw new StrongroomError("mismatch", "RECORDS_OLDER", message, {
    severity: "fatal",
    hint: "make sure that no other machine uses this state folder, then make the records anew: strongroom appliance rebuild --key FILE",
  });
}
