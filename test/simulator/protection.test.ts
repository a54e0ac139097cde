import { crc32c } from "@node-rs/crc32";
import { describe, expect, it } from "vitest";
import type { Transport } from "../../src/scsi/index.ts";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { reedSolomonCrc } from "../../simulator/drive/protection/index.ts";
import { noTime, timeFigures } from "../../simulator/time/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { loaded, memoryLibrary, send } from "./initiator.ts";
import { decodedBySgVpd, hasSgVpd } from "./sg-vpd.ts";

/** Block and its four bytes, made here by hand: lowest byte first. */
function protectedBlock(block: Uint8Array): Buffer {
  const guard = Buffer.alloc(4);
  guard.writeUInt32LE(crc32c(block));
  return Buffer.concat([block, guard]);
}

async function protect(transport: Transport, method: number, flags: number, sizeBytes = method === 0 ? 0 : 4): Promise<string> {
  const page = [0x4a, 0xf0, 0, 28, method, sizeBytes, flags, ...new Array<number>(25).fill(0)];
  const dataOut = Uint8Array.from([0, 0, 0x10, 0, ...page]);
  return (await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense;
}

async function pageOf(transport: Transport, control = 0): Promise<number[]> {
  const dataIn = new Uint8Array(64);
  await send(transport, [0x1a, 0x08, (control << 6) | 0x0a, 0xf0, 64, 0], { dataIn });
  return [...dataIn.subarray(4, 12)];
}

const block = Buffer.alloc(1000, 7);
const whole = protectedBlock(block);

describe("logical block protection", () => {
  it("knows the check value of CRC-32C", () => {
    expect(protectedBlock(Buffer.from("123456789")).subarray(9).toString("hex")).toBe("839206e3");
  });

  it("knows the Reed-Solomon CRC of LTO: what one byte leaves is the generator, and a remainder is divided by it without one", () => {
    expect(reedSolomonCrc(Uint8Array.of(1))).toBe(0x38cf3801);
    expect(reedSolomonCrc(Uint8Array.of(0x80))).toBe(0x51475180);
    expect(reedSolomonCrc(Uint8Array.of(0, 0, 0xff))).toBe(0x763f76ff);
    const remainder = Buffer.alloc(4);
    remainder.writeUInt32BE(reedSolomonCrc(block));
    expect(reedSolomonCrc(Buffer.concat([block, remainder]))).toBe(0);
  });

  it("protects by the Reed-Solomon CRC too, and on older drives by nothing else", async () => {
    const guard = Buffer.alloc(4);
    guard.writeUInt32BE(reedSolomonCrc(block));
    for (const generation of ["LTO-6", "LTO-8"]) {
      const figures = timeFigures.find((each) => each.generation === generation)!;
      const cartridges = [{ barcode: "SR0001", capacityBytes: 64 * 1024 * 1024 }];
      const library = await createMemoryLibrary({ cartridges }, systemRandom, { timing: { time: noTime(), figures } });
      const { transport, drive } = await loaded(library);
      expect(await protect(transport, 2, 0xc0)).toBe(generation === "LTO-6" ? "5/26/00" : "good");
      expect(await protect(transport, 1, 0xc0)).toBe("good");
      expect(await drive.write(whole)).toMatch(/^4\/10\/01/);
      expect(await drive.write(Buffer.concat([block, guard]))).toBe("good");
      await drive.rewind();
      expect(Buffer.from((await drive.read(1004)).data).equals(Buffer.concat([block, guard]))).toBe(true);
      await library.close();
    }
  });

  it("is off at first, can be switched on, and says what can be changed", async () => {
    const { transport } = await loaded(await memoryLibrary());
    expect(await pageOf(transport)).toEqual([0x4a, 0xf0, 0, 28, 0, 0, 0, 0]);
    expect(await pageOf(transport, 1)).toEqual([0x4a, 0xf0, 0, 28, 0xff, 0x3f, 0xe0, 0]);
    expect(await protect(transport, 2, 0xe0)).toBe("good");
    expect(await pageOf(transport)).toEqual([0x4a, 0xf0, 0, 28, 2, 4, 0xe0, 0]);
    expect(await protect(transport, 9, 0xe0)).toBe("5/26/00");
    expect(await protect(transport, 2, 0xe0, 8)).toBe("5/26/00");
    expect(await pageOf(transport)).toEqual([0x4a, 0xf0, 0, 28, 2, 4, 0xe0, 0]);
  });

  it("takes four bytes more behind each block, gives them back, and records none of them", async () => {
    const { transport, drive } = await loaded(await memoryLibrary());
    await protect(transport, 2, 0xc0);
    expect(await drive.write(whole)).toBe("good");
    await drive.rewind();
    const { sense, data } = await drive.read(whole.length);
    expect([sense, Buffer.from(data).equals(whole)]).toEqual(["good", true]);
    await protect(transport, 0, 0);
    await drive.rewind();
    expect((await drive.read(block.length)).sense).toBe("good");
  });

  it("protects one direction by itself", async () => {
    const { transport, drive } = await loaded(await memoryLibrary());
    await protect(transport, 2, 0x40);
    await drive.write(block);
    await drive.rewind();
    expect(Buffer.from((await drive.read(whole.length)).data).equals(whole)).toBe(true);
  });

  it("refuses a block that was damaged on its way, and leaves the tape as it was", async () => {
    const { transport, drive } = await loaded(await memoryLibrary());
    await drive.write(block);
    await drive.write(block);
    await drive.rewind();
    await protect(transport, 2, 0x80);
    const damaged = Buffer.from(whole);
    damaged[500] = 8;
    expect(await drive.write(damaged)).toBe(`4/10/01 info=${String(damaged.length)}`);
    await drive.space(3, 0);
    expect((await drive.position()).object).toBe(2);
  });

  it("counts what protects a block in lengths and residuals", async () => {
    const { transport, drive } = await loaded(await memoryLibrary());
    await protect(transport, 2, 0xc0);
    await drive.write(whole);
    await drive.rewind();
    expect((await drive.read(2000)).sense).toBe(`0/00/00 ILI info=${String(2000 - whole.length)}`);
    await drive.setBlockSize(1000);
    await drive.rewind();
    const twice = Buffer.concat([whole, whole]);
    expect(await drive.write(twice, 1, 2)).toBe("good");
    await drive.rewind();
    expect(Buffer.from((await drive.read(2, 1, twice.length)).data).equals(twice)).toBe(true);
  });

  it("is gone after a loss of power", async () => {
    const library = await memoryLibrary();
    const { transport } = await loaded(library);
    await protect(transport, 2, 0xc0);
    await library.dropPower(1);
    await send(transport, [0, 0, 0, 0, 0, 0]);
    expect(await pageOf(transport)).toEqual([0x4a, 0xf0, 0, 28, 0, 0, 0, 0]);
  });

  it.skipIf(!hasSgVpd)(`is offered on a page that sg_vpd reads${hasSgVpd ? "" : " (skipped: sg3-utils is not installed)"}`, async () => {
    const { transport } = await loaded(await memoryLibrary());
    const dataIn = new Uint8Array(64);
    const { transferredBytes } = await send(transport, [0x12, 1, 0xb5, 0, 64, 0], { dataIn });
    const text = decodedBySgVpd(dataIn.subarray(0, transferredBytes));
    expect(text).toContain("method: 1, info_len: 4, LBP_W_C=1, LBP_R_C=1, RBDP_C=1");
    expect(text).toContain("method: 2, info_len: 4, LBP_W_C=1, LBP_R_C=1, RBDP_C=1");
  });
});
