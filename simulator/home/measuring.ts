import { mediaModel } from "../models/index.ts";
import type { Cartridge, CartridgeFacts, MemoryAttribute } from "./contract.ts";

/** For the makers' own use. */
const measuredMark = 0x1003;

/** Whether the first load of its life is still before it, or was broken off. */
export function awaitsMeasuring(facts: CartridgeFacts, memory: ReadonlyMap<number, MemoryAttribute>): boolean {
  return facts.isNew === true && mediaModel(facts.generation)?.isMeasuredFirst === true && !memory.has(measuredMark);
}

/** Only when all of it was measured: what is interrupted begins anew. */
export async function markMeasured(cartridge: Cartridge): Promise<void> {
  const mark: MemoryAttribute = { format: 0, value: Uint8Array.of(1) };
  await cartridge.writeMemory(new Map([...cartridge.memory(), [measuredMark, mark]]));
}
