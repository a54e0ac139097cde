import { join } from "node:path";
import { type AlertRecords, openAlerts } from "../records/index.ts";
import type { TapeAlert } from "../scsi/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import type { AcknowledgedAlert, ListedDrive } from "./drive-contract.ts";
import type { OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

type NamedDrive = Pick<ListedDrive, "library" | "number" | "serial">;

/** With who knows of each. What the drive raises no more is not acknowledged any more either, should it come again. */
export function withAcknowledgements(parts: OperationParts, drive: NamedDrive, alerts: readonly TapeAlert[]): ListedDrive["alerts"] {
  const records = recordsOf(parts);
  const subject = subjectOf(drive);
  try {
    records.settle(subject, alerts.map(({ flag }) => flag), parts.clock.nowMs());
  } catch {
    // Somebody acknowledges right now, or the disk is full: it is settled the next time that somebody looks.
  }
  const known = records.standing(subject);
  return alerts.map((alert) => {
    const by = known.find(({ flag }) => flag === alert.flag);
    return by === undefined ? alert : { ...alert, acknowledged: { who: by.who, timeMs: by.timeMs } };
  });
}

/** As a job of its own, so that the journal tells who did it and when. */
export async function acknowledgeAlert(parts: OperationParts, workshop: Workshop, drive: NamedDrive & Pick<ListedDrive, "alerts">, flag: number): Promise<AcknowledgedAlert> {
  const alert = drive.alerts.find((one) => one.flag === flag);
  const named = `drive ${String(drive.number)} of library ${printable(drive.library)}`;
  if (alert === undefined) {
    throw new StrongroomError("missing", "ALERT_NOT_RAISED", `${named} does not raise alert ${String(flag)}, nothing was written down`, {
      hint: "what it raises is told by: strongroom drive show",
    });
  }
  const done = { alert, who: parts.requestedBy, timeMs: parts.clock.nowMs() };
  const what = { kind: "drive acknowledge", subject: `${drive.library} ${String(drive.number)} ${String(flag)}`, resumable: false };
  await workshop.runJob(what, { event: () => undefined }, () => {
    recordsOf(parts).acknowledge({ subject: subjectOf(drive), flag, who: done.who, timeMs: done.timeMs });
    return Promise.resolve({ summary: `${printable(done.who)} knows of alert ${String(flag)}, ${alert.name}, of ${named}`, value: undefined });
  });
  return done;
}

/** By its serial number: a drive keeps its alerts wherever it stands. */
function subjectOf({ library, number, serial }: NamedDrive): string {
  return serial === undefined ? `drive ${library} ${String(number)}` : `drive ${serial}`;
}

function recordsOf({ state }: OperationParts): AlertRecords {
  return openAlerts(join(state.path, "alerts.json"), () => state.lock("alerts", "acknowledging an alert"));
}
