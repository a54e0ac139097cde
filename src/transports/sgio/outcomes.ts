import type { SgAnswer, SgError } from "node-sg-ioctl";
import { type ScsiCompletion, status } from "../../scsi/index.ts";

/** What the kernel's answer means: the device answered, or why it did not. */
export type Outcome =
  | { readonly kind: "completion"; readonly completion: ScsiCompletion }
  | { readonly kind: "timeout" }
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

interface HostStatus {
  /** `status`: look at what the device answered. `begun-later`: the device has not begun it. */
  readonly means: "status" | "begun-later" | "timeout" | "lost";
  readonly why: string;
}

/**
 * Host adapter status (Linux, include/scsi/scsi_status.h). Wherever a command may have reached the device without an answer, it is
 * lost: what follows must not go to a tape whose position is unknown.
 */
const hostStatuses: Readonly<Record<number, HostStatus>> = {
  0x00: { means: "status", why: "" },
  0x01: { means: "lost", why: "nothing answers at its address" },
  0x02: { means: "begun-later", why: "the bus stayed busy" },
  0x03: { means: "timeout", why: "" },
  0x04: { means: "lost", why: "nothing answers at its address" },
  0x05: { means: "lost", why: "the command was aborted" },
  0x06: { means: "lost", why: "parity error on the bus" },
  0x07: { means: "lost", why: "the host adapter reports an error" },
  0x08: { means: "lost", why: "the device or its bus was reset" },
  0x09: { means: "lost", why: "the host adapter got an unexpected interrupt" },
  0x0a: { means: "status", why: "" },
  0x0b: { means: "lost", why: "the host adapter wants the command repeated" },
  0x0c: { means: "lost", why: "the host adapter wants the command repeated" },
  0x0d: { means: "lost", why: "the host adapter wants the command repeated" },
  0x0e: { means: "lost", why: "the path to it was disrupted" },
  0x0f: { means: "lost", why: "the path to it failed" },
  // The kernel's own reading of a status that the device did give.
  0x10: { means: "status", why: "" },
  0x11: { means: "status", why: "" },
  0x12: { means: "status", why: "" },
  0x13: { means: "status", why: "" },
  0x14: { means: "lost", why: "the path to it is failing" },
};

const driverTimeout = 0x06;
const noSense = new Uint8Array(0);

export function outcomeOf(answer: SgAnswer, bufferBytes: number, timeoutMs: number): Outcome {
  const completion = completionOf(answer, bufferBytes);
  // Kernels before 5.14 say it here.
  if ((answer.driverStatus & 0x0f) === driverTimeout) return { kind: "timeout" };
  const host = hostStatuses[answer.hostStatus] ?? { means: "lost", why: `unknown host adapter status ${String(answer.hostStatus)}` };
  if (host.means === "timeout") return { kind: "timeout" };
  // How some adapters report that a time-out struck.
  if (answer.hostStatus === 0x05 && answer.durationMs >= timeoutMs) return { kind: "timeout" };
  // Some adapters report fewer bytes than asked for as an error of theirs, beside what the device said of it.
  const said = answer.hostStatus === 0x07 && completion.status === status.checkCondition && completion.sense.length > 0;
  if (host.means === "status" || said) return { kind: "completion", completion };
  if (host.means === "begun-later") return { kind: "completion", completion: notBegun };
  return { kind: "lost", why: host.why };
}

/** The host's queue is full or in recovery: for a caller the same as BUSY, the device has not begun it. */
const notBegun: ScsiCompletion = { status: status.busy, sense: noSense, transferredBytes: 0 };

function completionOf({ status: code, sense, residualBytes }: SgAnswer, bufferBytes: number): ScsiCompletion {
  return {
    status: code,
    sense: code === status.checkCondition ? sense : noSense,
    // A residual below 0 or above the length is an adapter's mistake; the buffer holds no more than it holds.
    transferredBytes: Math.min(bufferBytes, Math.max(0, bufferBytes - residualBytes)),
  };
}

/** What it means that the ioctl failed. */
export function outcomeOfError({ code }: SgError): Outcome {
  switch (code) {
    case "EAGAIN":
    case "EDOM":
      return { kind: "completion", completion: notBegun };
    case "ENODEV":
      return { kind: "lost", why: "the device has vanished" };
    case "ENXIO":
      return { kind: "lost", why: "the device is offline" };
    case "ENOMEM":
      return { kind: "refused", why: "the kernel has no memory for a transfer of this size" };
    case "EINVAL":
      return { kind: "refused", why: "the kernel does not take such a command or transfer size" };
    case "EPERM":
    case "EACCES":
      return { kind: "refused", why: "the kernel does not let this process send it" };
    case "ENOSYS":
      return { kind: "refused", why: "the driver does not take such requests" };
    case "SG_QUEUE_FULL":
      return { kind: "refused", why: "too many commands wait" };
    default:
      // EINTR, EFAULT, EIO and whatever is to come: nobody knows how far it got.
      return { kind: "lost", why: `the kernel answered ${code}` };
  }
}
