import { beforeEach, describe, expect, it } from "vitest";
import type { VirtualLibrary } from "../../simulator/index.ts";
import { parseEncryptionStatus, type Transport } from "../../src/scsi/index.ts";
import { drive as driveAddress, memoryLibrary, move, send, slot, tape, u16 } from "./initiator.ts";
import { pathTo } from "./paths.ts";

const key = Buffer.alloc(32, 9);
const block = Buffer.alloc(1000, 3);

/** Set Data Encryption with that scope: 1 for this path, 2 for all. An empty key switches it off. */
async function setKey(transport: Transport, scope: number, its: Uint8Array, flags = 0): Promise<string> {
  const modes = its.length === 0 ? [0, 0, 0] : [2, 2, 1];
  const body = [(scope << 5) | flags, 0x40, ...modes, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...u16(its.length), ...its];
  const dataOut = Uint8Array.from([0, 0x10, ...u16(body.length), ...body]);
  return (await send(transport, [0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, ...u16(dataOut.length), 0, 0], { dataOut })).sense;
}

async function encrypts(transport: Transport): Promise<boolean> {
  const dataIn = new Uint8Array(256);
  await send(transport, [0xa2, 0x20, 0, 0x20, 0, 0, 0, 0, 1, 0, 0, 0], { dataIn });
  return parseEncryptionStatus(dataIn)?.encryption === 2;
}

async function protect(transport: Transport): Promise<string> {
  const dataOut = Uint8Array.from([0, 0, 0x10, 0, 0x4a, 0xf0, 0, 28, 2, 4, 0xc0, ...new Array<number>(25).fill(0)]);
  return (await send(transport, [0x15, 0x10, 0, 0, dataOut.length, 0], { dataOut })).sense;
}

describe("what belongs to a path to a drive", () => {
  let library: VirtualLibrary;
  let [one, other] = [] as unknown as [Transport, Transport];
  beforeEach(async () => {
    library = await memoryLibrary();
    [one, other] = [pathTo(library, 1, "one"), pathTo(library, 1, "other")];
    const changer = pathTo(library, 0, "changer");
    while ((await tape(changer).ready()) !== "good");
    await move(changer, slot(0), driveAddress(0));
    for (const path of [one, other]) while ((await tape(path).ready()) !== "good");
  });

  it("is a key of its own, which leaves with it", async () => {
    expect(await setKey(one, 1, key)).toBe("good");
    expect([await encrypts(one), await encrypts(other), await tape(other).ready()]).toEqual([true, false, "good"]);
    await one.close();
    const again = pathTo(library, 1, "one");
    while ((await tape(again).ready()) !== "good");
    expect(await encrypts(again)).toBe(false);
  });

  it("is not a key for all, of which the others hear", async () => {
    expect(await setKey(one, 2, key)).toBe("good");
    expect([await tape(one).ready(), await tape(other).ready(), await encrypts(other)]).toEqual(["good", "6/2a/11", true]);
    await tape(other).write(block);
    await tape(one).rewind();
    expect((await tape(one).read(1000)).sense).toBe("good");
    await one.close();
    expect(await encrypts(other)).toBe(true);
  });

  it("is a key of its own instead of the one for all, until it is taken back", async () => {
    await setKey(one, 2, key);
    await tape(other).ready();
    await setKey(other, 1, Buffer.alloc(32, 1));
    await tape(other).write(block);
    await tape(one).rewind();
    expect((await tape(one).read(1000)).sense).toBe("7/74/03 info=1000");
    await setKey(other, 0, new Uint8Array(0));
    expect((await tape(other).read(1000)).sense).toBe("7/74/03 info=1000");
  });

  it("is stopped by a lock when somebody changes the key beneath it", async () => {
    await setKey(one, 2, key, 1);
    await tape(other).ready();
    expect(await tape(one).write(block)).toBe("good");
    await setKey(other, 2, Buffer.alloc(32, 1));
    expect(await tape(one).ready()).toBe("6/2a/11");
    expect(await tape(one).write(block)).toBe("7/2a/13 info=1000");
  });

  it("is the protection of blocks: the other path writes as before, and hears nothing", async () => {
    expect(await protect(one)).toBe("good");
    expect([await tape(other).ready(), await tape(other).write(block), await tape(one).write(block)]).toEqual(["good", "good", "4/10/01 info=1000"]);
    await tape(other).rewind();
    expect((await tape(one).read(1004)).data.length).toBe(1004);
  });
});
