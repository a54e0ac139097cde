import { describe, expect, it } from "vitest";
import { parseEncryptionStatus, parseNextBlockEncryption, type Transport } from "../../src/scsi/index.ts";
import { loaded, memoryLibrary, send, u16 } from "./initiator.ts";

const key = (value: number): Buffer => Buffer.alloc(32, value);
const block = Buffer.from("what nobody else may read, forty-odd bytes of it");
/** CEEM 1 in every page, as stenc sends it. */
interface Settings {
  readonly encryption?: number;
  readonly decryption?: number;
  readonly key?: Uint8Array;
  readonly name?: string;
  readonly scope?: number;
  readonly flags?: number;
  readonly algorithm?: number;
}

/** The page that stenc makes: all paths, no external check, U-KAD last. */
function setPage({ encryption = 2, decryption = 2, key: its = new Uint8Array(0), name = "", scope = 2, flags = 0, algorithm = 1 }: Settings): Buffer {
  const kad = name === "" ? [] : [0, 0, ...u16(name.length), ...Buffer.from(name)];
  const body = [scope << 5, 0x40 | flags, encryption, decryption, algorithm, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...u16(its.length), ...its, ...kad];
  return Buffer.from([0x00, 0x10, ...u16(body.length), ...body]);
}

async function set(transport: Transport, settings: Settings): Promise<string> {
  const dataOut = setPage(settings);
  return (await send(transport, [0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, ...u16(dataOut.length), 0, 0], { dataOut })).sense;
}

async function page(transport: Transport, code: number, protocol = 0x20): Promise<Uint8Array> {
  const dataIn = new Uint8Array(512);
  const { transferredBytes } = await send(transport, [0xa2, protocol, 0, code, 0, 0, 0, 0, 2, 0, 0, 0], { dataIn });
  return dataIn.subarray(0, transferredBytes);
}

async function drive() {
  const library = await memoryLibrary();
  const all = await loaded(library);
  return {
    ...all,
    library,
    set: async (settings: Settings) => await set(all.transport, settings),
    page: async (code: number, protocol?: number) => await page(all.transport, code, protocol),
  };
}

const on = { key: key(1), name: "JUNE" };
const off = { encryption: 0, decryption: 0 };

describe("encryption in the drive", () => {
  it("says what there is: protocols, pages, one algorithm with its limits", async () => {
    const { page: ask, transport } = await drive();
    expect([...(await ask(0, 0))]).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 0, 0x20]);
    expect(Buffer.from(await ask(0)).toString("hex")).toBe("0000000e" + "0000000100100011001200200021");
    expect(Buffer.from(await ask(1)).toString("hex")).toBe("000100020010");
    const capabilities = await ask(0x10);
    expect(capabilities.length).toBe(4 + 16 + 24);
    expect(Buffer.from(capabilities.subarray(20)).toString("hex")).toBe("01000014ba80" + "0020000c0020" + "da00000000000000" + "00010014");
    expect([...(await ask(0x11))]).toEqual([0, 0x11, 0, 1, 0]);
    expect((await ask(0x12)).subarray(4, 8)).toEqual(Uint8Array.of(1, 4, 0, 7));
    expect((await send(transport, [0xa2, 0x20, 0, 0x99, 0, 0, 0, 0, 2, 0, 0, 0], { dataIn: new Uint8Array(512) })).sense).toBe("5/24/00");
    expect((await send(transport, [0xa2, 0xee, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0], { dataIn: new Uint8Array(512) })).sense).toBe("5/24/00");
  });

  it("encrypts with the key it was given, and gives back what was written", async () => {
    const { drive: tape, set: configure, page: ask } = await drive();
    expect(await configure(on)).toBe("good");
    expect(parseEncryptionStatus(await ask(0x20))).toMatchObject({
      scope: 2, encryption: 2, decryption: 2, algorithmIndex: 1, keyInstance: 1, control: 1, keyData: [{ type: 0, value: Uint8Array.from(Buffer.from("JUNE")) }],
    });
    await tape.write(block);
    await tape.rewind();
    expect(parseNextBlockEncryption(await ask(0x21))).toMatchObject({ objectNumber: 0, status: 5, keyData: [{ type: 0 }] });
    const { sense, data } = await tape.read(block.length);
    expect([sense, Buffer.from(data).equals(block)]).toEqual(["good", true]);
    expect(parseNextBlockEncryption(await ask(0x21))).toMatchObject({ objectNumber: 1, status: 2 });
  });

  it("reports lengths of blocks, not of what is recorded for them", async () => {
    const { drive: tape, set: configure } = await drive();
    await configure(on);
    await tape.write(block);
    await tape.rewind();
    expect((await tape.read(100)).sense).toBe(`0/00/00 ILI info=${String(100 - block.length)}`);
    await tape.rewind();
    expect((await tape.read(10)).sense).toBe(`0/00/00 ILI info=${String(10 - block.length)}`);
  });

  it.each<[string, Settings, string, number]>([
    ["no key", off, "7/74/01", 6], ["another key", { key: key(2) }, "7/74/03", 6], ["raw mode, which the block forbids", { encryption: 0, decryption: 1 }, "7/74/0a", 6],
  ])("keeps an encrypted block from a reader with %s, and stays before it", async (_name, settings, sense, status) => {
    const { drive: tape, set: configure, page: ask } = await drive();
    await configure(on);
    await tape.write(block);
    await tape.rewind();
    expect(await configure(settings)).toBe("good");
    expect(parseNextBlockEncryption(await ask(0x21))?.status).toBe(status);
    expect((await tape.read(100)).sense).toBe(`${sense} info=100`);
    expect((await tape.position()).object).toBe(0);
    expect(await configure(on)).toBe("good");
    expect((await tape.read(block.length)).sense).toBe("good");
  });

  it("meets plain blocks as it was told: refused while decrypting, read in mixed mode", async () => {
    const { drive: tape, set: configure } = await drive();
    await tape.write(block);
    await tape.rewind();
    await configure(on);
    expect((await tape.read(block.length)).sense).toBe(`7/74/02 info=${String(block.length)}`);
    await configure({ ...on, decryption: 3 });
    expect((await tape.read(block.length)).sense).toBe("good");
  });

  it("copies encrypted blocks without the key in raw and external mode", async () => {
    const { drive: tape, set: configure } = await drive();
    await configure({ ...on, flags: 0x20 });
    await tape.write(block);
    await configure({ encryption: 1, decryption: 1 });
    expect(await tape.write(block)).toBe(`7/74/05 info=${String(block.length)}`);
    await tape.rewind();
    const { data } = await tape.read(4096, 2);
    expect(Buffer.from(data).includes(block.subarray(0, 16))).toBe(false);
    expect(await tape.write(Buffer.from(data))).toBe("good");
    await configure(on);
    await tape.locate(1);
    expect(Buffer.from((await tape.read(block.length)).data).equals(block)).toBe(true);
  });

  it("forgets the key at a loss of power, and at the end of the cartridge when it was told to", async () => {
    const { library, drive: tape, set: configure, page: ask, transport } = await drive();
    await configure({ ...on, flags: 0x04 });
    await tape.unload();
    expect(parseEncryptionStatus(await ask(0x20))?.encryption).toBe(0);
    await configure(on);
    await library.dropPower(1);
    await send(transport, [0, 0, 0, 0, 0, 0]);
    expect(parseEncryptionStatus(await ask(0x20))?.encryption).toBe(0);
  });

  it.each<[string, Settings]>([
    ["a key of another length", { key: key(1).subarray(0, 16) }], ["no key", {}], ["another algorithm", { ...on, algorithm: 7 }],
    ["a name that is too long", { ...on, name: "N".repeat(33) }], ["an unknown mode", { ...on, encryption: 3 }], ["an unknown scope", { ...on, scope: 5 }],
    ["clearing at the loss of a reservation", { ...on, flags: 0x01 }],
  ])("takes no page with %s, and nothing of it", async (_name, settings) => {
    const { set: configure, page: ask } = await drive();
    expect(await configure(settings)).toBe("5/26/00");
    expect(parseEncryptionStatus(await ask(0x20))).toMatchObject({ encryption: 0, keyInstance: 0 });
  });

  it("takes no page that is cut", async () => {
    const { transport } = await drive();
    const dataOut = setPage(on).subarray(0, 40);
    expect((await send(transport, [0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, 0, 40, 0, 0], { dataOut })).sense).toBe("5/1a/00");
  });

  it("keeps a plain block that looks like an encrypted one what it is", async () => {
    const { drive: tape, set: configure, page: ask } = await drive();
    await configure({ ...on, flags: 0x20 });
    await tape.write(block);
    await tape.rewind();
    await configure({ encryption: 0, decryption: 1 });
    const raw = Buffer.from((await tape.read(4096, 2)).data);
    await configure(off);
    expect(await tape.write(raw)).toBe("good");
    await tape.locate(1);
    expect(parseNextBlockEncryption(await ask(0x21))?.status).toBe(3);
    const { sense, data } = await tape.read(raw.length);
    expect([sense, Buffer.from(data).equals(raw)]).toEqual(["good", true]);
  });
});
