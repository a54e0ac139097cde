import { expect, it } from "vitest";
import type { Transport } from "../../src/scsi/index.ts";
import { loaded, memoryLibrary, send, u24 } from "./initiator.ts";

const block = (sizeBytes: number, value = 1): Uint8Array => new Uint8Array(sizeBytes).fill(value);
const [fixed, compares, immediate, protection, byFilemarks, toEndOfData] = [0x01, 0x02, 0x04, 0x10, 0x08, 0x20];

const verify = async (transport: Transport, flags: number, length: number, dataOut?: Uint8Array): Promise<string> =>
  (await send(transport, [0x13, flags, ...u24(length), 0], dataOut === undefined ? {} : { dataOut })).sense;

/** Objects: 0-2 blocks of 100 bytes, 3 a mark, 4 a block of 200, 5 a mark, 6 a block of 300. */
async function recorded() {
  const all = await loaded(await memoryLibrary());
  const { drive } = all;
  for (const value of [1, 2, 3]) await drive.write(block(100, value));
  await drive.marks(1);
  await drive.write(block(200));
  await drive.marks(1);
  await drive.write(block(300));
  await drive.rewind();
  return all;
}

it("stops where reading does: other lengths, filemarks, the end of data, with the same residuals", async () => {
  const { transport, drive } = await recorded();
  expect(await verify(transport, 0, 100)).toBe("good");
  expect(await verify(transport, 0, 150)).toBe("0/00/00 ILI info=50");
  expect(await verify(transport, 0, 60)).toBe("0/00/00 ILI info=-40");
  expect(await verify(transport, 0, 60)).toBe("0/00/01 FM info=60");
  await drive.space(3, 0);
  expect(await verify(transport, immediate, 60)).toBe("8/00/05 info=60");
  await drive.rewind();
  await drive.setBlockSize(100);
  expect(await verify(transport, fixed, 5)).toBe("0/00/01 FM info=2");
  expect((await drive.position()).object).toBe(4);
});

it("compares with what is sent along, E/1D/00 behind the first block that is another", async () => {
  const { transport, drive } = await recorded();
  expect(await verify(transport, compares, 100, block(100, 1))).toBe("good");
  expect(await verify(transport, compares, 100, block(100, 1))).toBe("e/1d/00 info=100");
  await drive.rewind();
  await drive.setBlockSize(100);
  const three = Uint8Array.of(...block(100, 1), ...block(100, 2), ...block(100, 3));
  expect(await verify(transport, fixed | compares, 3, three)).toBe("good");
  await drive.rewind();
  three[150] = 9;
  expect(await verify(transport, fixed | compares, 3, three)).toBe("e/1d/00 info=2");
  expect((await drive.position()).object).toBe(2);
});

it("goes over so many files, or to the end of data", async () => {
  const { transport, drive } = await recorded();
  expect(await verify(transport, byFilemarks, 2)).toBe("good");
  expect((await drive.position()).object).toBe(6);
  await drive.rewind();
  expect(await verify(transport, byFilemarks | immediate, 5)).toBe("8/00/05 info=3");
  await drive.rewind();
  expect(await verify(transport, toEndOfData, 0)).toBe("good");
  expect((await drive.position()).object).toBe(7);
});

it.each([
  ["protection", protection, 100], ["comparing at once", compares | immediate, 100], ["files in blocks", byFilemarks | fixed, 1],
  ["files and all", byFilemarks | toEndOfData, 0], ["all of a length", toEndOfData, 1], ["fixed blocks without a size", fixed, 1],
  ["fewer bytes than it compares", compares, 100],
])("refuses %s", async (_, flags, length) => {
  const { transport } = await recorded();
  expect(await verify(transport, flags, length, flags === compares ? block(99) : undefined)).toBe("5/24/00");
});
