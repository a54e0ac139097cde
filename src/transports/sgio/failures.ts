import type { SgError } from "node-sg-ioctl";
import { printable, StrongroomError } from "../../words/index.ts";
import type { DeviceHolder } from "./holders.ts";

const positionHint = "look at the device, and find out where its medium stands before the work is repeated";

export function timedOut(name: string, timeoutMs: number): StrongroomError {
  const seconds = String(Math.ceil(timeoutMs / 1000));
  return new StrongroomError(
    "failed", "TRANSPORT_TIMEOUT", `a command to ${printable(name)} was not answered within ${seconds} s; it was aborted and may have taken effect`,
    { hint: positionHint },
  );
}

export function lost(name: string, why: string, cause?: unknown): StrongroomError {
  return new StrongroomError(
    "failed", "TRANSPORT_LOST", `the connection to ${printable(name)} is lost: ${why}; what was under way may have taken effect`,
    { hint: positionHint, ...(cause === undefined ? {} : { cause }) },
  );
}

export function closed(name: string): StrongroomError {
  return new StrongroomError("failed", "TRANSPORT_CLOSED", `${printable(name)} was closed; a command that had begun may still take effect`);
}

export function refused(name: string, why: string, cause?: unknown): StrongroomError {
  return new StrongroomError("failed", "TRANSPORT_REFUSED", `a command to ${printable(name)} was not sent: ${why}`, {
    hint: "use smaller blocks, or free memory, then run this again",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** At most so many holders are named. */
const namedLimit = 3;

export function held(name: string, holders: readonly DeviceHolder[], cause?: unknown): StrongroomError {
  const named = holders.slice(0, namedLimit).map(({ command, processId, node }) => `${printable(command)} (process ${String(processId)}) has ${printable(node)} open`);
  const more = holders.length > namedLimit ? [`and ${String(holders.length - namedLimit)} more`] : [];
  const who = holders.length === 0 ? "somebody has it open whom this user may not see" : [...named, ...more].join(", ");
  return new StrongroomError("busy", "TRANSPORT_BUSY", `${printable(name)} is in use: ${who}; nothing was sent`, {
    hint: holders.length === 0 ? "ask as root who it is: fuser -v DEVICE" : "end that program, or wait for it, then run this again",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Why a device could not be opened. `EBUSY` is told by `held`. */
export function notOpened(name: string, error: SgError): StrongroomError {
  const told = printable(name);
  switch (error.code) {
    case "ENOENT":
    case "ENXIO":
    case "ENODEV":
      return new StrongroomError("missing", "DEVICE_MISSING", `there is no device ${told}: ${printable(error.message)}`, {
        hint: "see what there is: lsscsi -g; if the list has no /dev/sg names: modprobe sg",
        cause: error,
      });
    case "ENOTTY":
      return new StrongroomError("usage", "DEVICE_NOT_SCSI", `${told} is no SCSI device`, { hint: "name a device of this kind: /dev/sg3", cause: error });
    case "EPERM":
    case "EACCES":
      return new StrongroomError("denied", "DEVICE_NOT_PERMITTED", `this user may not open ${told} for reading and writing`, {
        hint: "run as root, or give the user the device's group (often tape) and log in again",
        cause: error,
      });
    default:
      return new StrongroomError("temporary", "DEVICE_NOT_OPENED", `${told} could not be opened: ${printable(error.message)}`, {
        hint: "run this again; if it stays so, look into the kernel's log: dmesg",
        cause: error,
      });
  }
}
