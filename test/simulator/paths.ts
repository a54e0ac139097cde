import type { LibraryPort, VirtualLibrary } from "../../simulator/index.ts";
import type { Transport } from "../../src/scsi/index.ts";

/** The way of one initiator to one unit of a library that others use too. */
export function pathTo(library: VirtualLibrary, lun: number, name: string): Transport {
  const port: LibraryPort = library.port();
  const nexus = { name, transportId: Uint8Array.from([0x05, 0, 0, 20, ...Buffer.from(`iqn.example:${name}`.padEnd(20, "\0"))]) };
  port.connect(nexus);
  return {
    name: `${name} to unit ${String(lun)}`,
    maxTransferBytes: 16 * 1024 * 1024,
    execute: async (command) => {
      const delivery = await port.deliver(lun, nexus, command);
      if (delivery.kind !== "completion") throw new Error(`a command came to nothing: ${delivery.kind}`);
      return delivery.completion;
    },
    close: async () => { await port.disconnect(nexus); },
  };
}
