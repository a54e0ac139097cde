import type { Cartridge } from "../home/index.ts";

/** A cartridge whose chip may be unreadable: what a drive would keep there is lost, and what it held is there again when the chip is mended. */
export function throughItsChip(cartridge: Cartridge): Cartridge {
  return {
    ...cartridge,
    memory: () => (cartridge.damage().isChipUnreadable ? new Map() : cartridge.memory()),
    writeMemory: async (attributes) => {
      if (!cartridge.damage().isChipUnreadable) await cartridge.writeMemory(attributes);
    },
  };
}
