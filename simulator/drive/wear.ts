import type { MemoryAttribute } from "../home/index.ts";
import { be64, field, text } from "../wire/index.ts";
import { type Drive, type Medium, profile } from "./model.ts";

/** Where the chip keeps it (SPC-5, table 451). Sums of data are kept here in bytes, so that nothing is lost between loads; the drive tells MiB. */
const loadCount = 0x0003;
const lastDrives = [0x020a, 0x020b, 0x020c, 0x020d] as const;
const totalWritten = 0x0220;
const totalRead = 0x0221;
/** For the makers' own use; nobody else reads it: which insertion was counted last. */
const lastInsertion = 0x1000;

/** What a cartridge went through, this load included. */
export interface Wear {
  readonly loads: number;
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly writtenInThisLoadBytes: number;
  readonly readInThisLoadBytes: number;
  /** Vendor and serial number of the drives that loaded it, the last first; 40 characters each. */
  readonly drives: readonly Uint8Array[];
}

export function wearOf({ counters }: Drive, { cartridge, countersAtLoad }: Medium): Wear {
  const memory = cartridge.memory();
  const number = (id: number): number => (memory.has(id) ? be64(memory.get(id)!.value, 0) : 0);
  const writtenInThisLoadBytes = counters.bytesWritten - countersAtLoad.bytesWritten;
  const readInThisLoadBytes = counters.bytesRead - countersAtLoad.bytesRead;
  return {
    loads: number(loadCount),
    writtenBytes: number(totalWritten) + writtenInThisLoadBytes,
    readBytes: number(totalRead) + readInThisLoadBytes,
    writtenInThisLoadBytes,
    readInThisLoadBytes,
    drives: lastDrives.flatMap((id) => memory.get(id)?.value ?? []),
  };
}

/** A cartridge came in: one more load, and this drive is the last that had it. */
export async function countLoad(drive: Drive, medium: Medium): Promise<void> {
  const { cartridge } = medium;
  const memory = new Map(cartridge.memory());
  const wear = wearOf(drive, medium);
  memory.set(loadCount, number(wear.loads + 1));
  const drives = [Uint8Array.from(text(`${profile.vendor.padEnd(8)}${drive.serial}`, 40)), ...wear.drives];
  for (const [at, id] of lastDrives.entries()) if (drives[at] !== undefined) memory.set(id, { format: 1, value: drives[at] });
  memory.set(lastInsertion, { format: 1, value: insertionOf(drive) });
  await cartridge.writeMemory(memory);
}

/** Whether it lay in the drive when that was switched off: the same tape is not loaded twice for one insertion. */
export function isLoadCounted(drive: Drive, { cartridge }: Medium): boolean {
  const counted = cartridge.memory().get(lastInsertion)?.value;
  return counted !== undefined && Buffer.compare(counted, insertionOf(drive)) === 0;
}

function insertionOf({ serial, insertionsSeen }: Drive): Uint8Array {
  return Uint8Array.from(Buffer.from(`${serial} ${insertionsSeen}`, "latin1"));
}

/** The drive lets go of it, and writes down what was moved. */
export async function keepWear(drive: Drive, medium: Medium): Promise<void> {
  const wear = wearOf(drive, medium);
  if (wear.writtenInThisLoadBytes === 0 && wear.readInThisLoadBytes === 0) return;
  const memory = new Map(medium.cartridge.memory());
  memory.set(totalWritten, number(wear.writtenBytes));
  memory.set(totalRead, number(wear.readBytes));
  await medium.cartridge.writeMemory(memory);
}

function number(value: number): MemoryAttribute {
  return { format: 0, value: Uint8Array.from(field(value, 8)) };
}
