import { onTestFinished } from "vitest";
import { createMemoryLibrary, type LibraryPort, type Nexus, type VirtualLibrary } from "../../../simulator/index.ts";
import { type Clock, systemRandom } from "../../../src/words/index.ts";

export interface Path {
  readonly nexus: Nexus;
  /** `good`, `conflict`, or the sense as `key/asc/ascq`, behind a D where it is in descriptors. */
  send(lun: number, cdb: readonly number[], data?: { readonly dataIn?: Uint8Array; readonly dataOut?: Uint8Array }): Promise<string>;
  /** The data of a command that has to be GOOD. */
  read(lun: number, cdb: readonly number[], roomBytes?: number): Promise<Uint8Array>;
  /** Hears all attentions of that unit. */
  settle(lun: number): Promise<void>;
}

export interface Shared {
  readonly library: VirtualLibrary;
  readonly port: LibraryPort;
  readonly disk: number;
  readonly paths: readonly Path[];
}

/** A library with a changer 0, a drive 1 and a disk, for that many initiators, who have heard of the power-on. */
export async function sharedLibrary(initiators: number, clock?: Clock): Promise<Shared> {
  const options = clock === undefined ? {} : { clock };
  const library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "SR0001L8", capacityBytes: 1 << 20 }] }, systemRandom, options);
  onTestFinished(() => library.close());
  const disk = await library.addDisk(1 << 20);
  const port = library.port();
  const paths = Array.from({ length: initiators }, (_, at) => pathTo(port, at + 1));
  for (const path of paths) for (const lun of port.units()) await path.settle(lun);
  return { library, port, disk, paths };
}

/** A SAS address for each. */
export function transportIdOf(number: number): Uint8Array {
  const id = new Uint8Array(24);
  id.set([0x06, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, number]);
  return id;
}

function pathTo(port: LibraryPort, number: number): Path {
  const nexus = { name: `initiator ${number}`, transportId: transportIdOf(number) };
  port.connect(nexus);
  const deliver = async (lun: number, cdb: readonly number[], data: { readonly dataIn?: Uint8Array; readonly dataOut?: Uint8Array }) => {
    const delivery = await port.deliver(lun, nexus, { cdb: Uint8Array.from(cdb), timeoutMs: 1000, ...data });
    if (delivery.kind !== "completion") throw new Error(`a command was ${delivery.kind}`);
    return delivery.completion;
  };
  const send: Path["send"] = async (lun, cdb, data = {}) => {
    const { status, sense } = await deliver(lun, cdb, data);
    if (status === 0x18) return "conflict";
    if (status === 0) return "good";
    const isDescriptor = (sense[0]! & 0x7e) === 0x72;
    const parts = isDescriptor ? [sense[1]!, sense[2]!, sense[3]!] : [sense[2]! & 0x0f, sense[12]!, sense[13]!];
    return `${isDescriptor ? "D " : ""}${parts.map((byte) => byte.toString(16)).join("/")}`;
  };
  return {
    nexus,
    send,
    read: async (lun, cdb, roomBytes = 4096) => {
      const dataIn = new Uint8Array(roomBytes);
      const { status, transferredBytes, sense } = await deliver(lun, cdb, { dataIn });
      if (status !== 0) throw new Error(`not GOOD: ${Buffer.from(sense).toString("hex")}`);
      return dataIn.subarray(0, transferredBytes);
    },
    settle: async (lun) => {
      while ((await send(lun, [0, 0, 0, 0, 0, 0])).startsWith("6/"));
    },
  };
}
