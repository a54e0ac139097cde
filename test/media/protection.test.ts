import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { blockCrc, blockGuardBytes, isGuardedBlock, putBlockGuard, type ScsiCommand, type ScsiCompletion, type Transport } from "../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { ScriptedTransport, SleepingClock } from "../devices/scripted-transport.ts";

const [read, write, modeSelect] = [0x08, 0x0a, 0x15];

/** A wire to a virtual drive that can damage what passes, and counts what it carried. */
async function damagingWire() {
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes: 8 * 1024 * 1024 }] }, systemRandom);
  onTestFinished(() => library.close());
  const changer = openMediaChanger(await library.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  const inner = await library.transport(1);
  const wire = { damages: undefined as number | undefined, sizes: [] as string[], opcodes: [] as number[] };
  const transport: Transport = {
    name: inner.name,
    maxTransferBytes: inner.maxTransferBytes,
    close: async () => await inner.close(),
    execute: async (command: ScsiCommand): Promise<ScsiCompletion> => {
      const opcode = command.cdb[0]!;
      wire.opcodes.push(opcode);
      const isHit = wire.damages === opcode;
      if (isHit) wire.damages = undefined;
      const dataOut = command.dataOut === undefined ? undefined : Buffer.from(command.dataOut);
      if (isHit && dataOut !== undefined) dataOut[dataOut.length >> 1]! ^= 1;
      const completion = await inner.execute(dataOut === undefined ? command : { ...command, dataOut });
      if (isHit && command.dataIn !== undefined) command.dataIn[completion.transferredBytes >> 1]! ^= 1;
      if (opcode === write) wire.sizes.push(String(command.dataOut!.length));
      return completion;
    },
  };
  return { library, drive: openTapeDrive(transport, systemClock), wire };
}

const content = Buffer.alloc(100_000, "every byte of it counts ");

async function writeObject(drive: TapeDrive, number: number): Promise<string> {
  const medium = await openTapeMedium(drive, "TAPE01L8", { blockSizeBytes: 32 * 1024 });
  const writer = await medium.writeObject(number, "segment");
  try {
    for (let at = 0; at < content.length; at += 30_000) await writer.write(content.subarray(at, at + 30_000));
    return await writer.finish();
  } finally {
    await writer.abandon();
    await medium.close();
  }
}

async function readObject(drive: TapeDrive, number: number): Promise<Buffer> {
  const medium = await openTapeMedium(drive, "TAPE01L8");
  const reader = await medium.readObject(number);
  if (reader === "end-of-data") throw new Error("no such object");
  const [parts, buffer] = [[] as Buffer[], Buffer.alloc(1024 * 1024)];
  try {
    for (let got = await reader.read(buffer); got > 0; got = await reader.read(buffer)) parts.push(Buffer.from(buffer.subarray(0, got)));
    return Buffer.concat(parts);
  } finally {
    await reader.close();
    await medium.close();
  }
}

describe("the guard of a block", () => {
  it("is CRC-32C, lowest byte first, whether it is made at once or piece by piece", () => {
    const block = Buffer.concat([Buffer.from("123456789"), Buffer.alloc(blockGuardBytes)]);
    putBlockGuard(block, 9, blockCrc(block.subarray(4, 9), blockCrc(block.subarray(0, 4))));
    expect(block.subarray(9).toString("hex")).toBe("839206e3");
    expect(isGuardedBlock(block)).toBe(true);
    block[3]! ^= 1;
    expect(isGuardedBlock(block)).toBe(false);
    expect(isGuardedBlock(block.subarray(0, 4))).toBe(false);
  });
});

describe("objects on a drive that protects blocks", () => {
  it("go and come with a guard behind each block, and are on the tape without it", async () => {
    const { drive, wire } = await damagingWire();
    expect(await writeObject(drive, 0)).toBe("finished");
    expect(wire.sizes).toEqual(["32772", "32772", "32772", String(100_000 - 3 * 32_768 + 4)]);
    expect((await readObject(drive, 0)).equals(content)).toBe(true);
    await drive.rewind();
    expect(await drive.readBlock(new Uint8Array(40_000))).toEqual({ kind: "block", sizeBytes: 32_768 });
  });

  it("are not recorded when they are damaged on the way to the drive", async () => {
    const { drive, wire } = await damagingWire();
    wire.damages = write;
    await expect(writeObject(drive, 0)).rejects.toMatchObject({ kind: "failed" });
    expect(await drive.spaceToEndOfData()).toMatchObject({ objectNumber: 0 });
    expect(await writeObject(drive, 0)).toBe("finished");
  });

  it("are not taken for read when they are damaged on the way back", async () => {
    const { drive, wire } = await damagingWire();
    await writeObject(drive, 0);
    wire.damages = read;
    await expect(readObject(drive, 0)).rejects.toMatchObject({ code: "BLOCK_DAMAGED_ON_ITS_WAY", kind: "mismatch" });
    expect((await readObject(drive, 0)).equals(content)).toBe(true);
  });

  it("are protected again before the next block after a reset, which switched it off", async () => {
    const { drive, library, wire } = await damagingWire();
    const medium = await openTapeMedium(drive, "TAPE01L8", { blockSizeBytes: 32 * 1024 });
    await (await medium.writeObject(0, "segment")).finish();
    await library.dropPower(1);
    await expect(medium.writeObject(0, "segment")).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
    const writer = await medium.writeObject(0, "segment");
    wire.opcodes.length = 0;
    await writer.write(content);
    expect(await writer.finish()).toBe("finished");
    expect(wire.opcodes.slice(0, 5)).toEqual([0x1a, modeSelect, 0x1a, write, write]);
    await medium.close();
    expect((await readObject(drive, 0)).equals(content)).toBe(true);
  });
});

describe("a path whose settings somebody else changes", () => {
  const page = (method: number, directions = 0xc0): Uint8Array => {
    const settings = method === 0 ? [0, 0, 0] : [2, 4, directions];
    return Uint8Array.from([35, 0, 0x10, 0, 0x4a, 0xf0, 0, 28, ...settings, ...new Array<number>(25).fill(0)]);
  };
  const sense = { cdb: [0x1a, 0, 0x0a, 0xf0] };
  const select = { cdb: [0x15, 0x10, 0, 0, 36, 0] };

  it("has them set again before the block that met the news is sent again", async () => {
    const transport = new ScriptedTransport([
      { ...sense, data: page(0) }, select, { ...sense, data: page(2) },
      { cdb: [write], sense: { key: 6, asc: 0x2a, ascq: 1 } },
      { ...sense, data: page(0) }, select, { ...sense, data: page(2) },
      { cdb: [write] },
      { ...sense, data: page(2) }, select,
    ]);
    const drive = openTapeDrive(transport, new SleepingClock());
    expect(await drive.protectBlocks("crc32c")).toBe("crc32c");
    expect(await drive.writeBlock(new Uint8Array(64))).toBe("written");
    await drive.close();
    expect(transport.left).toBe(0);
  });

  it("writes nothing when they cannot be set again", async () => {
    const transport = new ScriptedTransport([
      { ...sense, data: page(0) }, select, { ...sense, data: page(2) },
      { cdb: [write], sense: { key: 6, asc: 0x2a, ascq: 1 } },
      { ...sense, data: page(0) }, { ...select, sense: { key: 5, asc: 0x26 } },
    ]);
    const drive = openTapeDrive(transport, new SleepingClock());
    await drive.protectBlocks("crc32c");
    await expect(drive.writeBlock(new Uint8Array(64))).rejects.toMatchObject({ code: "PROTECTION_LOST" });
    expect(transport.left).toBe(0);
  });

  it("is set back where a process that died left it on, when the drive is asked what it can", async () => {
    const ask = { cdb: [0x12, 1, 0xb5], sense: { key: 5, asc: 0x24 } };
    const transport = new ScriptedTransport([{ ...sense, data: page(2) }, { ...sense, data: page(2) }, select, ask, { ...sense, data: page(0) }, ask]);
    const drive = openTapeDrive(transport, new SleepingClock());
    expect(await drive.canProtectBlocks()).toBe(true);
    expect(await drive.canProtectBlocks()).toBe(true);
    expect(transport.left).toBe(0);
  });

  it.each([[true, [3, 1, 4, 0xe0, 3, 2, 4, 0xe0]], [false, [3, 1, 4, 0xe0]]])("can use it: %s, where the drive names methods %j", async (isOffered, methods) => {
    const named = Uint8Array.of(1, 0xb5, 0, 4 + methods.length, 0, 0, 0, 0, ...methods);
    const transport = new ScriptedTransport([{ ...sense, data: page(0) }, { cdb: [0x12, 1, 0xb5], data: named }]);
    expect(await openTapeDrive(transport, new SleepingClock()).canProtectBlocks()).toBe(isOffered);
  });

  it.each([
    ["has no such page", [{ ...sense, sense: { key: 5, asc: 0x24 } }]],
    ["does not take the method", [{ ...sense, data: page(0) }, { ...select, sense: { key: 5, asc: 0x26 } }]],
    ["takes it and keeps half of it", [
      { ...sense, data: page(0) }, select, { ...sense, data: page(2, 0x40) }, { ...sense, data: page(2, 0x40) }, select,
    ]],
  ])("works unprotected where the drive %s", async (_name, steps) => {
    const transport = new ScriptedTransport(steps);
    const drive = openTapeDrive(transport, new SleepingClock());
    expect(await drive.protectBlocks("crc32c")).toBe("off");
    expect(transport.left).toBe(0);
  });
});
