import { createHash } from "node:crypto";
import type { ReservationKey } from "../../../scsi/index.ts";

/** What stands behind a key: one appliance on one machine. */
export interface ReservationOwner {
  readonly applianceUuid: string;
  /** The same as long as the machine is the same: /etc/machine-id, or its name. */
  readonly machine: string;
}

/** "SR": so that an administrator who lists keys sees whose they are. */
const prefix: readonly number[] = [0x53, 0x52];

/**
 * The key of this appliance on this machine: two bytes `SR`, three of the appliance's UUID, three that stand for the machine. It is the
 * same for every process of the appliance, so that a new one recognises what a dead one left; which of two living ones has a drive
 * is decided by the lock of the drive before this. The machine is in it because a state folder can be put back on a second
 * machine while the first still writes: those two must not take each other's drives.
 */
export function reservationKey({ applianceUuid, machine }: ReservationOwner): ReservationKey {
  const appliance = Buffer.from(applianceUuid.replaceAll("-", "").slice(0, 6).padEnd(6, "0"), "hex");
  const place = createHash("sha256").update(`strongroom reservation\n${machine}`).digest().subarray(0, 3);
  return Uint8Array.from([...prefix, ...appliance, ...place]);
}

export function sameKey(a: ReservationKey, b: ReservationKey): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whose key that is, for people. */
export function describeKey(key: ReservationKey, own: ReservationKey): string {
  const hex = `key 0x${Buffer.from(key).toString("hex")}`;
  if (sameKey(key.subarray(0, 5), own.subarray(0, 5))) return `this appliance on another machine (${hex})`;
  return sameKey(key.subarray(0, 2), Uint8Array.from(prefix)) ? `another Strongroom appliance (${hex})` : `another host (${hex})`;
}
