import { openDevice, type SgDevice } from "node-sg-ioctl";
import type { Transport } from "../../scsi/index.ts";
import type { Clock } from "../../words/index.ts";
import { held, notOpened } from "./failures.ts";
import type { HolderSearch } from "./holders.ts";
import { isSgError, SgTransport } from "./sg-transport.ts";

export interface SgTransportOptions {
  readonly clock: Clock;
  /** Nobody else may open the same sg node meanwhile; refused when somebody has it open. Default false. */
  readonly exclusive?: boolean;
  /** The largest transfer to ask the kernel for, in bytes. Default 1 MiB, the largest block of a volume. */
  readonly wantedTransferBytes?: number;
  /** What the path bears beyond what the kernel says: of a bsg node. */
  readonly transferLimitBytes?: number;
  /** Who has the device open, asked once the kernel has refused it. */
  readonly findHolders?: () => HolderSearch;
  /** How devices are opened; the default is the kernel's way. */
  readonly open?: typeof openDevice;
}

const wantedTransferDefaultBytes = 1024 * 1024;

/**
 * Opens /dev/sg3, /dev/bsg/0:0:3:0 and their like. Rejects with `DEVICE_MISSING`, `DEVICE_NOT_SCSI`, `DEVICE_NOT_PERMITTED`,
 * `TRANSPORT_BUSY` (saying who has it, as far as this user may know) or `DEVICE_NOT_OPENED`.
 */
export async function openSgTransport(path: string, options: SgTransportOptions): Promise<Transport> {
  const { exclusive = false, wantedTransferBytes = wantedTransferDefaultBytes, transferLimitBytes = Infinity, open = openDevice } = options;
  const reservedBytes = Math.min(wantedTransferBytes, transferLimitBytes);
  let device: SgDevice;
  try {
    device = await open(path, { exclusive, reservedBytes });
  } catch (thrown) {
    if (!isSgError(thrown)) throw thrown;
    if (thrown.code === "EBUSY") throw held(path, options.findHolders?.().holders ?? [], thrown);
    throw notOpened(path, thrown);
  }
  return new SgTransport(path, device, Math.min(device.reservedBytes, transferLimitBytes), options.clock);
}
