import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLibrary } from "../../../simulator/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive as driveAddress, folderLibrary, loaded, move, send, slot, temporaryFolder, u24 } from "../initiator.ts";
import { barcode, homes } from "./homes.ts";

const block = (fill: number): Uint8Array => new Uint8Array(1000).fill(fill);
const readAttributes = [0x8c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0];

/** Ten blocks, the numbers 0 to 9 in them, and a filemark. */
async function written(make: (typeof homes)[number][1]) {
  const library = await make();
  const parts = await loaded(library);
  for (let number = 0; number < 10; number += 1) expect(await parts.drive.write(block(number))).toBe("good");
  expect(await parts.drive.marks(1)).toBe("good");
  return { library, hands: library.hands, ...parts };
}

describe.each(homes)("a cartridge %s", (_name, make) => {
  it("has spots that no try reads: the tape stands behind each, and goes past it by locating and spacing", async () => {
    const { drive, hands } = await written(make);
    expect(await hands.breakSpot(barcode, { at: { objects: [3, 4] } })).toEqual([3, 4]);
    await drive.locate(2);
    expect((await drive.read(1000)).sense).toBe("good");
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
    expect((await drive.position()).object).toBe(4);
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
    expect((await drive.read(1000)).data[0]).toBe(5);
    expect([await drive.locate(7), await drive.rewind(), await drive.space(0, 8)]).toEqual(["good", "good", "good"]);
    expect((await drive.read(1000)).data[0]).toBe(8);
  });

  it("tells of fixed blocks how many were not read", async () => {
    const { drive, hands } = await written(make);
    await hands.breakSpot(barcode, { at: { objects: [3, 3] } });
    await drive.setBlockSize(1000);
    await drive.rewind();
    const { sense, data } = await drive.read(8, 1, 8000);
    expect(sense).toBe("3/11/00 info=5");
    expect(data.length).toBe(3000);
    expect((await drive.position()).object).toBe(4);
  });

  it("finds a spot by bytes of a tape file, and refuses bytes that it does not have", async () => {
    const { hands } = await written(make);
    expect(await hands.breakSpot(barcode, { at: { file: 0, byte: 2999, lengthBytes: 2 } })).toEqual([2, 3]);
    await expect(hands.breakSpot(barcode, { at: { file: 0, byte: 9999, lengthBytes: 2 } })).rejects.toMatchObject({ code: "TAPE_BYTE_MISSING" });
    await expect(hands.breakSpot(barcode, { at: { file: 1, byte: 0, lengthBytes: 1 } })).rejects.toMatchObject({ code: "TAPE_BYTE_MISSING" });
    await expect(hands.breakSpot(barcode, { at: { objects: [5, 4] } })).rejects.toMatchObject({ code: "SPOT_INVALID" });
    await expect(hands.breakSpot(barcode, { at: { objects: [5, 6] }, readAtTry: 1 })).rejects.toMatchObject({ code: "SPOT_INVALID" });
  });

  it("heals where it is written over", async () => {
    const { drive, hands } = await written(make);
    await hands.breakSpot(barcode, { at: { objects: [2, 6] } });
    await drive.locate(4);
    expect(await drive.write(block(40))).toBe("good");
    await drive.locate(3);
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
    expect((await drive.read(1000)).data[0]).toBe(40);
    expect((await hands.damageOf(barcode)).stretches).toEqual([{ first: 2, last: 3, readAtTry: null, whenWritten: "heals" }]);
  });

  it("fails writing where a spot has it so, as often as it is tried", async () => {
    const { drive, hands } = await written(make);
    await hands.breakSpot(barcode, { at: { objects: [5, 5] }, failsWriting: true });
    await drive.locate(4);
    expect([await drive.write(block(1)), await drive.write(block(2)), await drive.marks(1)]).toEqual(["good", "3/0c/00 info=1000", "3/0c/00 info=1"]);
    expect((await drive.position()).object).toBe(5);
    await hands.mendCartridge(barcode, "spot");
    expect(await drive.write(block(2))).toBe("good");
  });

  it("has weak spots that are read at a later try, which is said and is no failure", async () => {
    const { drive, hands } = await written(make);
    await hands.breakSpot(barcode, { at: { objects: [1, 1] }, readAtTry: 3 });
    for (const expected of ["3/11/00 info=1000", "3/11/00 info=1000", "1/17/01"]) {
      await drive.locate(1);
      expect((await drive.read(1000)).sense).toBe(expected);
    }
    await drive.locate(1);
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
  });

  it("gives whole data with the news of a later try", async () => {
    const { drive, hands } = await written(make);
    await hands.breakSpot(barcode, { at: { objects: [1, 1] }, readAtTry: 2 });
    await drive.locate(1);
    await drive.read(1000);
    await drive.locate(1);
    const { sense, data } = await drive.read(1000);
    expect([sense, data.length, data[999]]).toEqual(["1/17/01", 1000, 1]);
    expect((await drive.position()).object).toBe(2);
  });

  it("has a damaged end of data: whoever looks for it fails, and whatever is written makes a new one", async () => {
    const { drive, hands } = await written(make);
    await hands.breakCartridge(barcode, "end");
    await drive.rewind();
    expect(await drive.space(3, 0)).toBe("3/14/03");
    expect(await drive.locate(0, 3)).toBe("3/14/03");
    expect(await drive.locate(11)).toBe("3/14/03");
    expect(await drive.locate(9)).toBe("good");
    expect([(await drive.read(1000)).sense, (await drive.read(1000)).sense]).toEqual(["good", "0/00/01 FM info=1000"]);
    expect((await drive.read(1000)).sense).toBe("3/14/03 info=1000");
    expect(await drive.locate(5)).toBe("good");
    expect(await drive.space(1, 3)).toBe("3/14/03 info=2");
    await drive.locate(10);
    expect([await drive.marks(1), await drive.space(3, 0), (await drive.read(10)).sense]).toEqual(["good", "good", "8/00/05 info=10"]);
    expect((await hands.damageOf(barcode)).isEndOfDataDamaged).toBe(false);
  });

  it("has a chip that cannot be read: loading takes longer, and what it held is there again when it is mended", async () => {
    const { drive, transport, changer, hands } = await written(make);
    const list = Uint8Array.of(0, 0, 0, 9, 0x08, 0x00, 1, 0, 4, 0x61, 0x62, 0x63, 0x64);
    const write = async (): Promise<string> => (await send(transport, [0x8d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, list.length, 0, 0], { dataOut: list })).sense;
    const read = async (): Promise<{ sense: string; text: string }> => {
      const dataIn = new Uint8Array(1024);
      const { sense } = await send(transport, readAttributes, { dataIn });
      return { sense, text: Buffer.from(dataIn).toString("latin1") };
    };
    expect(await write()).toBe("good");
    await hands.breakCartridge(barcode, "chip");
    expect([(await read()).sense, await write()]).toEqual(["3/11/12", "3/0c/0b"]);
    expect([await drive.unload(), await drive.load()]).toEqual(["good", "good"]);
    expect([await drive.ready(), await drive.ready(), await drive.ready()]).toEqual(["2/04/01", "2/04/01", "good"]);
    expect((await drive.read(1000)).data.length).toBe(1000);
    await hands.mendCartridge(barcode, "chip");
    const { sense, text } = await read();
    expect(sense).toBe("good");
    expect(text).toContain("abcd");
    await changer.close();
  });

  it("snaps in a drive, which never lets it go until somebody takes it out", async () => {
    const { drive, changer, hands } = await written(make);
    await hands.breakCartridge(barcode, "tape");
    expect([await drive.ready(), await drive.load(), await drive.unload()]).toEqual(["3/53/00", "3/53/00", "4/53/00"]);
    expect(await move(changer, driveAddress(0), slot(0))).toMatch(/^5\/53\//);
    await hands.mendCartridge(barcode);
    expect(await drive.ready()).toBe("2/3a/00");
    expect((await hands.list())[0]).toMatchObject({ barcode, place: { where: "shelf" }, damage: { isTapeSnapped: false } });
  });

  it("snaps while it is loaded, if it was snapped before", async () => {
    const library = await make();
    await library.hands.breakCartridge(barcode, "tape");
    const { drive } = await loaded(library);
    expect([await drive.ready(), (await drive.read(10)).sense, await drive.load()]).toEqual(["3/53/00", "3/53/00", "3/53/00"]);
  });

  it("is told of by the hands alone where it does not exist", async () => {
    const { hands } = await make();
    await expect(hands.breakCartridge("SR0009L8", "tape")).rejects.toMatchObject({ code: "CARTRIDGE_UNKNOWN" });
    await expect(hands.mendCartridge("SR0009L8")).rejects.toMatchObject({ code: "CARTRIDGE_UNKNOWN" });
  });
});

describe("what is broken of a cartridge in a folder", () => {
  it.each(["{", "{}", `{"stretches":[{"first":3,"last":2,"readAtTry":null,"whenWritten":"heals"}],"isEndOfDataDamaged":false,"isChipUnreadable":false,"isTapeSnapped":false}`])(
    "is not guessed at where its file says %s",
    async (text) => {
      const folder = temporaryFolder();
      const { hands } = await folderLibrary(folder);
      writeFileSync(join(folder, "cartridges", barcode, "damage.json"), text);
      await expect(hands.damageOf(barcode)).rejects.toMatchObject({ code: "LIBRARY_DAMAGED" });
      await expect(hands.breakCartridge(barcode, "chip")).rejects.toMatchObject({ code: "LIBRARY_DAMAGED" });
    },
  );

  it("leaves no file when all is mended", async () => {
    const folder = temporaryFolder();
    const { hands } = await folderLibrary(folder);
    const path = join(folder, "cartridges", barcode, "damage.json");
    await hands.breakCartridge(barcode, "chip");
    expect(existsSync(path)).toBe(true);
    await hands.mendCartridge(barcode);
    expect(existsSync(path)).toBe(false);
  });

  it("is met by a drive that another process has, at its next command", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder);
    const { drive, transport } = await loaded(library);
    await drive.write(block(1));
    await drive.rewind();
    const other = await openLibrary(folder, systemRandom);
    await other.hands.breakSpot(barcode, { at: { objects: [0, 0] } });
    expect((await drive.read(1000)).sense).toBe("3/11/00 info=1000");
    await other.hands.mendCartridge(barcode);
    await other.close();
    await drive.rewind();
    expect((await drive.read(1000)).sense).toBe("good");
    expect((await send(transport, [0x13, 0, ...u24(1000), 0])).sense).toMatch(/^8\/00\/05/);
  });
});
