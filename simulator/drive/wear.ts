import type { MemoryAttribute } from "../home/index.ts";
import { be64, field, text } from "../wire/index.ts";
import { alertFlags } from "./alerts/index.ts";
import { type Drive, type Medium, profile } from "./model.ts";

/** Where the chip keeps it (SPC-5, table 451). Sums of data are kept here in bytes, so that nothing is lost between loads; the drive tells MiB. */
const loadCount = 0x0003;
const lastDrives = [0x020a, 0x020b, 0x020c, 0x020d] as const;
const totalWritten = 0x0220;
const totalRead = 0x0221;
/** For the makers' own use: write retries, unrecovered writes, read retries, unrecovered reads, mounts with writing; 8 bytes each. */
const troubles = 0x1002;
const troubleBytes = 8;
/** For the makers' own use; nobody else reads it: which insertion was counted last. */
const lastInsertion = 0x1000;

/** What a cartridge went through, this load included. */
export interface Wear {
  readonly loads: number;
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly writtenInThisLoadBytes: number;
  readonly readInThisLoadBytes: number;
  readonly writeRetries: number;
  readonly unrecoveredWrites: number;
  readonly readRetries: number;
  readonly unrecoveredReads: number;
  readonly writeMounts: number;
  /** Vendor and serial number of the drives that loaded it, the last first; 40 characters each. */
  readonly drives: readonly Uint8Array[];
}

export function wearOf({ counters, errors }: Drive, { cartridge, countersAtLoad }: Medium): Wear {
  const memory = cartridge.memory();
  const number = (id: number): number => (memory.has(id) ? be64(memory.get(id)!.value, 0) : 0);
  const kept = memory.get(troubles)?.value ?? new Uint8Array(5 * troubleBytes);
  const trouble = (at: number): number => be64(kept, at * troubleBytes);
  const [writing, reading] = [errors.sinceLoad("writing"), errors.sinceLoad("reading")];
  const writtenInThisLoadBytes = counters.bytesWritten - countersAtLoad.bytesWritten;
  const readInThisLoadBytes = counters.bytesRead - countersAtLoad.bytesRead;
  return {
    loads: number(loadCount),
    writtenBytes: number(totalWritten) + writtenInThisLoadBytes,
    readBytes: number(totalRead) + readInThisLoadBytes,
    writtenInThisLoadBytes,
    readInThisLoadBytes,
    writeRetries: trouble(0) + writing.retries,
    unrecoveredWrites: trouble(1) + writing.uncorrected,
    readRetries: trouble(2) + reading.retries,
    unrecoveredReads: trouble(3) + reading.uncorrected,
    writeMounts: trouble(4) + (writtenInThisLoadBytes > 0 ? 1 : 0),
    drives: lastDrives.flatMap((id) => memory.get(id)?.value ?? []),
  };
}

/** What makers rate cartridges for, roughly; a tenth before that it is near. */
const rated = { loads: 20_000, fills: 200 } as const;
const near = 0.9;

/** The alert of a cartridge that is worn, or nearly so (TapeAlert 7 and 19); undefined for all others. */
export function ageOf(drive: Drive, medium: Medium): number | undefined {
  const { loads, writtenBytes, readBytes } = wearOf(drive, medium);
  const used = Math.max(loads / rated.loads, (writtenBytes + readBytes) / medium.cartridge.facts.capacityBytes / rated.fills);
  if (used >= 1) return alertFlags.mediumLife;
  return used >= near ? alertFlags.nearingMediumLife : undefined;
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
  const { writeRetries, unrecoveredWrites, readRetries, unrecoveredReads, writeMounts } = wear;
  const isUnmoved = wear.writtenInThisLoadBytes === 0 && wear.readInThisLoadBytes === 0;
  if (isUnmoved && drive.errors.sinceLoad("writing").uncorrected === 0 && drive.errors.sinceLoad("reading").uncorrected === 0) return;
  const memory = new Map(medium.cartridge.memory());
  memory.set(totalWritten, number(wear.writtenBytes));
  memory.set(totalRead, number(wear.readBytes));
  const counts = [writeRetries, unrecoveredWrites, readRetries, unrecoveredReads, writeMounts];
  memory.set(troubles, { format: 0, value: Uint8Array.from(counts.flatMap((count) => field(count, troubleBytes))) });
  await medium.cartridge.writeMemory(memory);
}

function number(value: number): MemoryAttribute {
  return { format: 0, value: Uint8Array.from(field(value, 8)) };
}
