import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { reservationKey } from "../devices/tape/index.ts";
import type { Machine } from "../records/index.ts";
import type { ReservationKey } from "../scsi/index.ts";

/** With what key this appliance reserves drives on this machine. */
export function driveKey(applianceUuid: string): ReservationKey {
  return reservationKey({ applianceUuid, machine: machineName() });
}

/** Where there is no machine-id, the name must do. */
function machineName(): string {
  const machine = thisMachine();
  return machine === "nameless" ? hostname() : machine.id;
}

/** machine-id(5) stays when the machine is renamed; `nameless` where there is none, as in many containers. */
export function thisMachine(): Machine | "nameless" {
  try {
    const id = readFileSync("/etc/machine-id", "utf8").trim();
    if (id !== "" && id !== "uninitialized") return { id, name: hostname() };
  } catch {
    // A machine without it.
  }
  return "nameless";
}
