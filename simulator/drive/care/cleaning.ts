import type { Cartridge, DriveCare } from "../../home/index.ts";
import { be64, field } from "../../wire/index.ts";

/** How often a cleaning cartridge may be used, and where its chip counts it (SPC-5, 7.4.2.2.3: the load count). */
export const mostCleanings = 50;
const loadCount = 0x0003;

/** Makers say two to five minutes. */
export const cleaningMs = 3 * 60_000;

export function cleaningsOf(cartridge: Cartridge): number {
  return be64(cartridge.memory().get(loadCount)?.value ?? new Uint8Array(8), 0);
}

/** Durable before the cleaning begins: a strip of tape that was used once is not used again. */
export async function countCleaning(cartridge: Cartridge): Promise<void> {
  const value = Uint8Array.from(field(cleaningsOf(cartridge) + 1, 8));
  await cartridge.writeMemory(new Map([...cartridge.memory(), [loadCount, { format: 0, value }]]));
}

export function cleaned(care: DriveCare): DriveCare {
  return { ...care, dirt: "clean", cleanings: care.cleanings + 1, motionAtCleaningsMs: [care.motionMs, ...care.motionAtCleaningsMs].slice(0, 3) };
}
