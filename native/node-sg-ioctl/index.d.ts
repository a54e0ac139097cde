/**
 * SCSI commands to Linux devices: SG_IO on `/dev/sg*` (header of version 3) and `/dev/bsg/*` (version 4). No policy: nothing is
 * retried, mapped or interpreted here.
 *
 * - Each device has a thread of its own, so that an erase of four hours delays nothing but its own device. Commands of one device
 *   run one at a time, in the order of the calls. The event loop never waits, neither in `openDevice` nor in `close`.
 * - Data is used where it is, never copied, and kept alive while the kernel has it. Until a promise settles do not touch, resize or
 *   transfer its buffer.
 * - Errors are `SgError` with `code`: an errno name (`ENODEV`), or `SG_ABORTED`, `SG_CLOSED`, `SG_QUEUE_FULL`. Wrong arguments throw
 *   a TypeError with code `ERR_INVALID_ARG`, before anything is sent.
 */

export interface SgOpenOptions {
  /** Version of the header. Default: 4 for what is below /dev/bsg, else 3. Linux's sg driver has no 4 (ENOSYS); block devices have 3. */
  readonly version?: 3 | 4;
  /** O_EXCL: nobody else opens this node while it is open; EBUSY when somebody has it open. Honoured by sg only. Default false. */
  readonly exclusive?: boolean;
  /** Reserved buffer to ask for, in bytes, 0 to 2^31 - 1; 0 leaves the kernel's own. Default 0. */
  readonly reservedBytes?: number;
  /** Most commands that may wait, 1 to 1024. Default 64. */
  readonly queueLimit?: number;
}

/**
 * Opens a device with O_RDWR, O_NONBLOCK and O_CLOEXEC. Rejects with ENOENT, ENXIO or ENODEV (no such device, or no SCSI in this
 * kernel: the message tells which), ENOTTY (no SCSI device), EBUSY (somebody has it open, one of you exclusively), EPERM or EACCES.
 */
export function openDevice(path: string, options?: SgOpenOptions): Promise<SgDevice>;

export interface SgDevice {
  readonly path: string;
  readonly version: 3 | 4;
  /** Of the kernel's driver: 30536 is 3.5.36. */
  readonly driverVersion: number;
  /**
   * What the kernel granted, capped by what the device's queue takes at once. A transfer up to this size needs no memory of the
   * kernel's; a larger one may fail with ENOMEM or EINVAL.
   */
  readonly reservedBytes: number;

  /**
   * Sends one command and resolves with what came back, whatever its status. Rejects with the errno of the ioctl when the kernel
   * gives no answer: ENODEV, ENXIO the device is gone or offline; ENOMEM, EINVAL, EPERM, EAGAIN, EDOM it was not sent. After any
   * other one (EINTR, EIO, EFAULT) it may have been carried out. Rejects with SG_QUEUE_FULL and SG_CLOSED (not sent) and SG_ABORTED (see `close`).
   */
  execute(command: SgCommand): Promise<SgAnswer>;

  /** Asks for another reserved buffer, behind the commands that wait, and resolves with what was granted. EBUSY while it is in use. */
  reserve(bytes: number): Promise<number>;

  /**
   * Rejects everything pending with SG_ABORTED, at once. What was not begun is never sent. Linux cannot take back the command that
   * the kernel has: it may still take effect, and its buffer belongs to the kernel until it ends or its time-out strikes. The promise
   * resolves then, when the file is closed and the thread gone. Closing twice gives the same promise.
   */
  close(): Promise<void>;

  /** After this the device does not keep the process alive, not even with commands pending. */
  unref(): void;
}

export interface SgCommand {
  /** 6 to 32 bytes. Copied. */
  readonly cdb: Uint8Array;
  /** Data to the device. At most one of dataOut and dataIn; neither empty. */
  readonly dataOut?: Uint8Array;
  /**
   * Room for data from the device, filled from its start. What stands behind the bytes that were moved is undefined: sg copies its
   * whole buffer, with what earlier commands of the same device left in it.
   */
  readonly dataIn?: Uint8Array;
  /** 1 to 2^31 - 1. The kernel then aborts the command, and resets the device if it must: `hostStatus` 3. */
  readonly timeoutMs: number;
  /** Asks sg for direct transfer (SG_FLAG_DIRECT_IO), which the kernel may decline; see `allocateBuffer`. Default false. */
  readonly direct?: boolean;
}

export interface SgAnswer {
  /** SAM-5, 5.3: 0 GOOD, 2 CHECK CONDITION, … */
  readonly status: number;
  /** Of the host adapter: DID_OK 0, DID_NO_CONNECT 1, DID_TIME_OUT 3, …; 0 unless the command went wrong on its way. */
  readonly hostStatus: number;
  /** Of the driver: 8 says that there is sense data. Linux 5.14 and later report nothing else. */
  readonly driverStatus: number;
  /** A copy; empty when there is none. Fixed or descriptor format. */
  readonly sense: Uint8Array;
  /** Length of the buffer less what was moved, as the host adapter says. Negative when the device had more than the buffer holds. */
  readonly residualBytes: number;
  /** Whether `direct` was granted. */
  readonly direct: boolean;
  /** From the call of the kernel to its return, by the monotonic clock: sg's own count has whole milliseconds, bsg has none. */
  readonly durationMs: number;
}

/** A failure of the system, not of the device. */
export interface SgError extends Error {
  readonly code: string;
  /** Negative, as Node has it; absent for SG_ codes. */
  readonly errno?: number;
  /** `open`, `ioctl(SG_IO)`, …; absent for SG_ codes. */
  readonly syscall?: string;
  readonly path: string;
}

/**
 * Memory that begins on a page, zeroed, of 1 byte to 256 MiB: what direct transfers need. Made to be used again and again; the
 * garbage collector frees it, never while a command uses it.
 */
export function allocateBuffer(bytes: number): Uint8Array;
