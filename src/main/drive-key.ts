import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { reservationKey } from "../devices/tape/index.ts";
import type { ReservationKey } from "../scsi/index.ts";

/** With what key this appliance reserves drives on this machine. */
export function driveKey(applianceUuid: string): ReservationKey {
  return reservationKey({ applianceUuid, machine: machineName() });
}

/** machine-id(5) stays when the machine is renamed; where there is none, the name must do. */
function machineName(): string {
  try {
    const id = readFileSync("/etc/machine-id", "utf8").trim();
    if (id !== "" && id !== "uninitialized") return id;
  } catch {
    // A machine without it.
  }
  return hostname();
}
