import type { Transport } from "../../../src/scsi/index.ts";
import { send, u16 } from "../initiator.ts";

const roomBytes = 8192;

/** A log page as it comes, header and all; `control` 1 is what is so now. */
export async function logPage(transport: Transport, page: number, { control = 1, firstCode = 0 } = {}): Promise<Uint8Array> {
  const dataIn = new Uint8Array(roomBytes);
  const cdb = [0x4d, 0, (control << 6) | page, 0, 0, ...u16(firstCode), ...u16(roomBytes), 0];
  const { sense, transferredBytes } = await send(transport, cdb, { dataIn });
  if (sense !== "good") throw new Error(`page ${String(page)}: ${sense}`);
  return dataIn.slice(0, transferredBytes);
}

/** Code → number, taken apart by this test alone. */
export async function numbers(transport: Transport, page: number, control = 1): Promise<ReadonlyMap<number, number>> {
  const data = await logPage(transport, page, { control });
  const found = new Map<number, number>();
  for (let at = 4; at < data.length; at += 4 + data[at + 3]!) {
    const value = data.subarray(at + 4, at + 4 + data[at + 3]!);
    found.set((data[at]! << 8) | data[at + 1]!, value.reduce((sum, byte) => sum * 256 + byte, 0));
  }
  return found;
}

/** Those that are up by page 2E, which tells each path once. */
export async function told(transport: Transport): Promise<readonly number[]> {
  return [...(await numbers(transport, 0x2e))].filter(([, value]) => value !== 0).map(([flag]) => flag);
}

/** Those that are up by page 12. */
export async function shown(transport: Transport): Promise<readonly number[]> {
  const data = (await logPage(transport, 0x12)).subarray(8);
  return Array.from({ length: 64 }, (_, at) => at + 1).filter((flag) => (data[(flag - 1) >> 3]! & (0x80 >> ((flag - 1) & 7))) !== 0);
}

/** Mode page 1C: `method` as MRIE has it. */
export async function setExceptions(transport: Transport, flags: number, method: number, testFlag = 0): Promise<string> {
  const number = Buffer.alloc(4);
  number.writeInt32BE(testFlag);
  const dataOut = Uint8Array.of(0, 0, 0x10, 0, 0x1c, 0x0a, flags, method, 0, 0, 0, 0, ...number);
  return (await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense;
}
