import { onTestFinished } from "vitest";
import type { LibraryDescription, VirtualLibrary } from "../../../simulator/index.ts";
import { type LibraryState, openHomeFolder } from "../../../simulator/home/index.ts";
import { type MediaChanger, openMediaChanger } from "../../../src/devices/changer/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { SleepingClock } from "../../devices/scripted-transport.ts";
import { folderLibrary, send, temporaryFolder, u16, u24 } from "../initiator.ts";

export const cartridges = ["SR0001L8", "SR0002L8", "SR0003LY"].map((barcode) => ({ barcode, capacityBytes: 1_000_000 }));

/** A library in a folder, whose state hands change as another process would. */
export async function handled(description: LibraryDescription = {}) {
  const folder = temporaryFolder();
  const library = await folderLibrary(folder, { slots: 6, cartridges, ...description });
  const home = openHomeFolder(folder, systemClock, systemRandom, process.pid);
  onTestFinished(() => { home.close(); });
  const hands = async (edit: (state: LibraryState) => LibraryState): Promise<void> => {
    await home.change((state) => ({ state: edit(state), result: undefined }));
  };
  return { library, folder, hands, state: () => home.state(), changer: await heard(library), client: await clientOf(library) };
}

/** A path to the changer that heard all news. */
export async function heard(library: VirtualLibrary): Promise<Transport> {
  const changer = await library.transport(0);
  await send(changer, [0, 0, 0, 0, 0, 0]);
  return changer;
}

export async function clientOf(library: VirtualLibrary): Promise<MediaChanger> {
  return openMediaChanger(await library.transport(0), new SleepingClock());
}

export interface Descriptor {
  readonly type: number;
  readonly address: number;
  readonly flags: number;
  readonly trouble: number;
  readonly medium: number;
  readonly source: number | undefined;
  readonly tag: string;
  readonly identifier: string;
}

export interface StatusQuestion {
  readonly tags?: boolean;
  readonly ids?: boolean;
  readonly current?: boolean;
  readonly start?: number;
  readonly count?: number;
  readonly room?: number;
}

/** READ ELEMENT STATUS, taken apart by this test alone. */
export async function elements(changer: Transport, type: number, { tags = true, ids = false, current = false, start = 0, count = 0xffff, room = 65_535 }: StatusQuestion = {}) {
  const dataIn = new Uint8Array(room);
  const options = (ids ? 1 : 0) | (current ? 2 : 0);
  const cdb = [0xb8, type | (tags ? 0x10 : 0), ...u16(start), ...u16(count), options, ...u24(room), 0, 0];
  const answer = await send(changer, cdb, { dataIn });
  return { sense: answer.sense, transferredBytes: answer.transferredBytes, ...takeApart(Buffer.from(dataIn.subarray(0, answer.transferredBytes))) };
}

export function takeApart(data: Buffer): { readonly first: number; readonly count: number; readonly rows: readonly Descriptor[] } {
  if (data.length < 8) return { first: 0, count: 0, rows: [] };
  const rows: Descriptor[] = [];
  for (let at = 8; at + 8 <= data.length; ) {
    const [type, pageFlags, rowBytes, pageBytes] = [data[at]!, data[at + 1]!, data.readUInt16BE(at + 2), data.readUIntBE(at + 5, 3)];
    at += 8;
    for (let row = at; row + rowBytes <= Math.min(at + pageBytes, data.length); row += rowBytes) rows.push(descriptor(type, (pageFlags & 0x80) !== 0, data.subarray(row, row + rowBytes)));
    at += pageBytes;
  }
  return { first: data.readUInt16BE(0), count: data.readUInt16BE(2), rows };
}

function descriptor(type: number, isTagged: boolean, row: Buffer): Descriptor {
  const rest = row.subarray(isTagged ? 48 : 12);
  return {
    type,
    address: row.readUInt16BE(0),
    flags: row[2]!,
    trouble: row.readUInt16BE(4),
    medium: row[9]! & 0x07,
    source: (row[9]! & 0x80) === 0 ? undefined : row.readUInt16BE(10),
    tag: isTagged ? row.subarray(12, 44).toString("latin1") : "",
    identifier: rest.subarray(4, 4 + rest[3]!).toString("latin1"),
  };
}
