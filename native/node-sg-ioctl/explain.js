import { existsSync } from "node:fs";
import { getSystemErrorName } from "node:util";

/** What the kernel has, as far as files tell. */
export const systemSurroundings = {
  hasScsi: () => existsSync("/sys/bus/scsi"),
  hasSg: () => existsSync("/sys/class/scsi_generic"),
};

/** The error for a call of the kernel that failed on this device. */
export function systemError(path, errno, call, surroundings) {
  const code = nameOf(errno);
  const error = new Error(`${path}: ${call} failed with ${code}: ${reason(code, path, call, surroundings)}`);
  return Object.assign(error, { code, errno: -errno, syscall: call, path });
}

/** The error for what this package itself refuses or gives up. */
export function ownError(path, code, message) {
  return Object.assign(new Error(`${path}: ${message}`), { code, path });
}

/** What sg answers and Node has no name for. */
const further = { 33: "EDOM" };

function nameOf(errno) {
  return further[errno] ?? getSystemErrorName(-errno);
}

function reason(code, path, call, surroundings) {
  if (call === "open") return openReason(code, path, surroundings) ?? "the device cannot be opened";
  return (
    {
      ENODEV: "the device has vanished",
      ENXIO: "the device is offline",
      ENOTTY: "this is no SCSI device",
      ENOSYS: "this driver does not take this version of the header",
      ENOMEM: "no memory in the kernel for a transfer of this size; nothing was sent",
      EINVAL: "the kernel does not take such a command or transfer size; nothing was sent",
      EPERM: "the kernel does not let this process send such a command; nothing was sent",
      EACCES: "the kernel does not let this process send such a command; nothing was sent",
      EBUSY: "the reserved buffer is in use",
      EAGAIN: "the device is in error recovery; nothing was sent",
      EDOM: "the driver's queue is full; nothing was sent",
      EINTR: "a signal interrupted the wait; the command may have been carried out",
    }[code] ?? "the command may have been carried out"
  );
}

function openReason(code, path, surroundings) {
  switch (code) {
    case "ENOENT":
    case "ENXIO":
    case "ENODEV":
      if (!surroundings.hasScsi()) return "this kernel has no SCSI (there is no /sys/bus/scsi)";
      if (/\/sg\d+$/.test(path) && !surroundings.hasSg()) return "the kernel's module sg is not loaded (try: modprobe sg)";
      return "there is no such device";
    case "EBUSY":
      return "somebody has it open, and one of you wants it alone";
    case "EPERM":
    case "EACCES":
      return "this user may not open it for reading and writing";
    default:
      return undefined;
  }
}
