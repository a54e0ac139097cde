import type { ScsiCommand } from "../../src/scsi/index.ts";
import { type LogPages, type LogParameter, logSelect } from "../unit/index.ts";
import type { Outcome } from "../wire/index.ts";
import { deviceStatus } from "./device-status.ts";
import {
  alertFlagsOnce, alertResponse, dataCompression, deviceStatistics, diagnosticData, errorCounters, nonMediumErrors, selfTests, sequentialAccess, tapeCapacity,
  tapeUsage, temperature, volumeStatistics,
} from "./log-pages/index.ts";
import type { Drive } from "./model.ts";

/** SSC-5, 8.2 and SPC-5, 7.3; 30 to 32 as LTO drives have them. */
export function driveLogPages(drive: Drive): LogPages {
  return new Map<number, () => readonly LogParameter[]>([
    [0x02, () => errorCounters(drive, "writing")],
    [0x03, () => errorCounters(drive, "reading")],
    [0x06, () => nonMediumErrors()],
    [0x0c, () => sequentialAccess(drive)],
    [0x0d, () => temperature(drive)],
    [0x10, () => selfTests()],
    [0x11, () => deviceStatus(drive)],
    [0x12, () => alertResponse(drive)],
    [0x14, () => deviceStatistics(drive)],
    [0x16, () => diagnosticData(drive)],
    [0x17, () => volumeStatistics(drive)],
    [0x1b, () => dataCompression(drive)],
    [0x2e, () => alertFlagsOnce(drive)],
    [0x30, () => tapeUsage(drive)],
    [0x31, () => tapeCapacity(drive)],
    [0x32, () => dataCompression(drive)],
  ]);
}

/** LOG SELECT: what counts since a reset begins anew; the life of drive and cartridge does not. */
export function driveLogSelect(drive: Drive, command: ScsiCommand): Outcome {
  const { errors, alerts } = drive;
  return logSelect(driveLogPages(drive), new Map([
    [0x02, () => { errors.reset("writing"); }],
    [0x03, () => { errors.reset("reading"); }],
    [0x16, () => { errors.forgetRecords(); }],
    [0x2e, () => { alerts.clear(); }],
  ]), command);
}
