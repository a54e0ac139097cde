import type { Cartridge, MemoryAttribute } from "../../home/index.ts";

const minuteMs = 60_000;
/** Makers say 40 minutes on average and two hours at most for LTO-9, and none for LTO-10. How long one takes is estimated, and the same at every try. */
const shortestMs = 20 * minuteMs;
const spreadMs = 40 * minuteMs;
const measured: ReadonlySet<string> = new Set(["LTO-9"]);

/** For the makers' own use. */
const measuredMark = 0x1001;

/** How long a drive measures that cartridge before anything can be done with it: zero where that was done, or never is. */
export function firstLoadMs({ facts, memory }: Cartridge): number {
  if (facts.isNew !== true || !measured.has(facts.generation)) return 0;
  return memory().has(measuredMark) ? 0 : shortestMs + (checksum(facts.serial) / 256) * spreadMs;
}

/** Only when all of it was measured: what is interrupted begins anew. */
export async function markMeasured(cartridge: Cartridge): Promise<void> {
  const mark: MemoryAttribute = { format: 0, value: Uint8Array.of(1) };
  await cartridge.writeMemory(new Map([...cartridge.memory(), [measuredMark, mark]]));
}

function checksum(serial: string): number {
  return [...Buffer.from(serial, "latin1")].reduce((sum, byte) => (sum * 31 + byte) % 256, 7);
}
