import { createMemoryLibrary, type RunningTarget, serveLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";

export interface Served {
  readonly library: VirtualLibrary;
  readonly target: RunningTarget;
  /** Unit numbers. */
  readonly units: { readonly changer: number; readonly tape: number; readonly disk: number };
  close(): Promise<void>;
}

const diskBytes = 64 * 1024 * 1024;
const timeoutMs = 10_000;

/** A library with a cartridge in its first drive and a disk, on a port of its own; every unit stays switched on. */
export async function serve(): Promise<Served> {
  const library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "CF0001L8", capacityBytes: 64 * 1024 * 1024 }] }, systemRandom);
  const disk = await library.addDisk(diskBytes);
  await loadDrive(library);
  const letGo = await library.port().keepOn();
  const target = await serveLibrary(library, { clock: systemClock, random: systemRandom });
  return {
    library,
    target,
    units: { changer: 0, tape: 1, disk },
    close: async () => {
      await target.close();
      await letGo();
      await library.close();
    },
  };
}

async function loadDrive(library: VirtualLibrary): Promise<void> {
  const changer = await library.transport(0);
  try {
    // The first command is told of the power-on.
    await changer.execute({ cdb: new Uint8Array(6), timeoutMs });
    const moved = await changer.execute({ cdb: Uint8Array.of(0xa5, 0, 0, 0, 0x10, 0, 0x01, 0, 0, 0, 0, 0), timeoutMs });
    if (moved.status !== 0) throw new Error("the cartridge did not go into the drive");
  } finally {
    await changer.close();
  }
}
