import { alertFlags } from "./alerts/index.ts";
import { brokenAlerts } from "./broken-alerts.ts";
import { dirtOf } from "../home/index.ts";
import type { Drive } from "./model.ts";

const lasting = [
  alertFlags.cleaningMedium, alertFlags.unsupportedFormat, alertFlags.snappedTape, alertFlags.memoryChipFailure, alertFlags.cleanNow,
  alertFlags.cleanPeriodic, alertFlags.coolingFan, alertFlags.ejectMedium, alertFlags.driveTemperature,
] as const;

/** What is so now, whoever made it so, is up; what is not so any more is off. */
export function noticeStates(drive: Drive): void {
  const dirt = dirtOf(drive.life.care());
  const isSo = new Set<number>([
    ...brokenAlerts(drive),
    ...(drive.occupant === "cleaning" || drive.occupant === "expired" ? [alertFlags.cleaningMedium] : []),
    ...(drive.occupant === "incompatible" ? [alertFlags.unsupportedFormat] : []),
    ...(dirt === "required" ? [alertFlags.cleanNow] : []),
    ...(dirt === "requested" ? [alertFlags.cleanPeriodic] : []),
  ]);
  for (const flag of lasting) drive.alerts.keep(flag, isSo.has(flag));
}
