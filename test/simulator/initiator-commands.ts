import type { ScsiCompletion, Transport } from "../../src/scsi/index.ts";

/** What came back, with fixed-format sense taken apart by this test alone: nothing is shared with what is tested. */
export interface Answer {
  readonly status: number;
  readonly transferredBytes: number;
  /** `key/asc/ascq`, flags and information, as in `8/00/05 info=3` or `0/00/01 FM info=512`; `good` without sense. */
  readonly sense: string;
}

export async function send(
  transport: Transport,
  cdb: readonly number[],
  data: { dataIn?: Uint8Array; dataOut?: Uint8Array } = {},
): Promise<Answer> {
  const completion = await transport.execute({ cdb: Uint8Array.from(cdb), timeoutMs: 1000, ...data });
  return { status: completion.status, transferredBytes: completion.transferredBytes, sense: describe(completion) };
}

function describe({ sense, status }: ScsiCompletion): string {
  if (status === 0) return "good";
  const hex = (value: number): string => value.toString(16).padStart(2, "0");
  const view = new DataView(sense.buffer, sense.byteOffset, sense.byteLength);
  const flags = sense[2]! & 0xe0;
  const words = [`${(sense[2]! & 0x0f).toString(16)}/${hex(sense[12]!)}/${hex(sense[13]!)}`];
  if ((flags & 0x80) !== 0) words.push("FM");
  if ((flags & 0x40) !== 0) words.push("EOM");
  if ((flags & 0x20) !== 0) words.push("ILI");
  if ((sense[0]! & 0x80) !== 0) words.push(`info=${view.getInt32(3)}`);
  return words.join(" ");
}

export const u24 = (value: number): number[] => [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
export const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];

/** The commands of a tape, short to say. */
export function tape(transport: Transport) {
  const simple =
    (opcode: number, byte1 = 0, byte4 = 0) =>
    async (): Promise<string> =>
      (await send(transport, [opcode, byte1, 0, 0, byte4, 0])).sense;
  return {
    ready: simple(0x00),
    rewind: simple(0x01),
    unload: simple(0x1b, 0, 0),
    load: simple(0x1b, 0, 1),
    erase: simple(0x19),
    prevent: simple(0x1e, 0, 1),
    allow: simple(0x1e, 0, 0),
    write: async (block: Uint8Array, flags = 0, length = block.length): Promise<string> =>
      (await send(transport, [0x0a, flags, ...u24(length), 0], { dataOut: block })).sense,
    marks: async (count: number, immediate = false): Promise<string> =>
      (await send(transport, [0x10, immediate ? 1 : 0, ...u24(count), 0])).sense,
    read: async (length: number, flags = 0, room = length): Promise<{ sense: string; data: Uint8Array }> => {
      const dataIn = new Uint8Array(room);
      const { sense, transferredBytes } = await send(transport, [0x08, flags, ...u24(length), 0], { dataIn });
      return { sense, data: dataIn.subarray(0, transferredBytes) };
    },
    space: async (code: number, count: number): Promise<string> => (await send(transport, [0x11, code, ...u24(count), 0])).sense,
    locate: async (object: number, type = 0): Promise<string> =>
      (await send(transport, [0x92, type << 3, 0, 0, 0, 0, 0, 0, 0, 0, ...u16(object), 0, 0, 0, 0])).sense,
    position: async (): Promise<{ object: number; file: number; flags: number }> => {
      const dataIn = new Uint8Array(32);
      await send(transport, [0x34, 6, 0, 0, 0, 0, 0, 0, 0, 0], { dataIn });
      const view = new DataView(dataIn.buffer);
      return { object: Number(view.getBigUint64(8)), file: Number(view.getBigUint64(16)), flags: dataIn[0]! };
    },
    setBlockSize: async (sizeBytes: number): Promise<string> =>
      (
        await send(transport, [0x15, 0x10, 0, 0, 12, 0], {
          dataOut: Uint8Array.of(0, 0, 0x10, 8, 0, 0, 0, 0, 0, ...u24(sizeBytes)),
        })
      ).sense,
  };
}

export async function move(changer: Transport, from: number, to: number): Promise<string> {
  return (await send(changer, [0xa5, 0, 0, 0, ...u16(from), ...u16(to), 0, 0, 0, 0])).sense;
}

export const slot = (number: number): number => 0x1000 + number;
export const drive = (number: number): number => 0x100 + number;
export const mailSlot = (number: number): number => 0x10 + number;
