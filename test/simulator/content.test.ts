import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Content, createLibrary, dumpCartridge, flipBit, openLibrary, tapeFileDigests, type VirtualLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { loaded, tape, temporaryFolder } from "./initiator.ts";

const barcode = "SR0001L8";
const block = (sizeBytes: number, value: number): Uint8Array => new Uint8Array(sizeBytes).fill(value);
const digest = (...blocks: readonly Uint8Array[]): string => blocks.reduce((hash, one) => hash.update(one), createHash("sha256")).digest("hex");

async function libraryWith(content: Content, capacityBytes = 10_000_000): Promise<{ readonly folder: string; readonly library: VirtualLibrary }> {
  const folder = join(temporaryFolder(), "library");
  return { folder, library: await createLibrary(folder, { content, cartridges: [{ barcode, capacityBytes }] }, systemRandom) };
}

function bytesIn(folder: string): number {
  return readdirSync(join(folder, "cartridges", barcode)).reduce((sum, name) => sum + statSync(join(folder, "cartridges", barcode, name)).size, 0);
}

describe("cartridges in a folder that forget what is written on them", () => {
  it("zeros: sizes, order and hashes outlast the process; reads give zeros", async () => {
    const { folder, library } = await libraryWith("zeros");
    const { drive } = await loaded(library);
    await drive.write(block(1000, 7));
    await drive.write(block(2000, 8));
    await drive.marks(2);
    await drive.write(block(500, 9));
    await drive.marks(1);
    await library.close();
    expect(await tapeFileDigests(folder, barcode)).toEqual([digest(block(1000, 7), block(2000, 8)), digest(), digest(block(500, 9))]);
    const again = await openLibrary(folder, systemRandom);
    const reader = tape(await again.transport(1));
    await reader.ready();
    expect((await reader.read(1000)).data).toEqual(block(1000, 0));
    expect((await reader.read(2000)).data).toEqual(block(2000, 0));
    await again.close();
    expect(bytesIn(folder)).toBeLessThan(1500);
  });

  it("a tape file that was cut and written on cannot be told; one that was written anew can", async () => {
    const { folder, library } = await libraryWith("zeros");
    const { drive } = await loaded(library);
    for (const value of [1, 2]) {
      await drive.write(block(100, value));
      await drive.write(block(100, value));
      await drive.marks(1);
    }
    await drive.locate(4);
    await drive.write(block(100, 3));
    await drive.marks(1);
    expect(await tapeFileDigests(folder, barcode)).toEqual([digest(block(100, 1), block(100, 1)), undefined]);
    await drive.locate(3);
    await drive.write(block(100, 4));
    await drive.marks(1);
    await library.close();
    expect(await tapeFileDigests(folder, barcode)).toEqual([digest(block(100, 1), block(100, 1)), digest(block(100, 4))]);
  });

  it("what was not synced is gone with the power, and its file cannot be told any more where it goes on", async () => {
    const { folder, library } = await libraryWith("zeros");
    const { drive } = await loaded(library);
    await drive.write(block(100, 1));
    await drive.marks(1);
    await drive.write(block(100, 2));
    await library.dropPower(1);
    while ((await drive.ready()) !== "good");
    await drive.space(3, 0);
    expect((await drive.position()).object).toBe(2);
    await drive.write(block(100, 3));
    await drive.marks(1);
    await library.close();
    expect(await tapeFileDigests(folder, barcode)).toEqual([digest(block(100, 1)), digest(block(100, 3))]);
  });

  it("refused: blocks cannot be read, and neither dump nor a flipped bit pretends otherwise", async () => {
    const { folder, library } = await libraryWith("refused");
    const { drive } = await loaded(library);
    await drive.write(block(1000, 7));
    await drive.marks(1);
    await drive.rewind();
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
    expect((await drive.read(1000)).sense).toContain("0/00/01 FM");
    await library.close();
    await expect(dumpCartridge(folder, barcode, join(folder, "dump"))).rejects.toMatchObject({ code: "CONTENT_DISCARDED" });
    await expect(flipBit(folder, barcode, 0, 1, 1)).rejects.toMatchObject({ code: "CONTENT_DISCARDED" });
  });

  it("a terabyte takes less than a megabyte of disk", async () => {
    const { folder, library } = await libraryWith("zeros", 2 ** 41);
    const { drive } = await loaded(library);
    // The same bytes again and again: 16 MiB a command, and hashing is what takes the time, so a part stands for the rest.
    const large = block(8 * 1024 * 1024, 1);
    const files = 16;
    for (let file = 0; file < files; file += 1) {
      await drive.write(large);
      await drive.marks(1);
    }
    await library.close();
    const perFile = bytesIn(folder) / files;
    // Tape files of a gigabyte are usual with this program: a terabyte has a thousand of them.
    expect(perFile * 1000).toBeLessThan(1_000_000);
  });
});
