import { describe, expect, it } from "vitest";
import { type Path, sharedLibrary } from "../unit/paths.ts";

const blockBytes = 512;
const u32 = (value: number): number[] => [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
const filled = (blocks: number, byte: number): Uint8Array => new Uint8Array(blocks * blockBytes).fill(byte);
const blocks = (1 << 20) / blockBytes;

/** CDBs of 10 and 16 bytes. */
const short = (opcode: number, address: number, count: number, flags = 0): number[] => [opcode, flags, ...u32(address), 0, count >> 8, count & 0xff, 0];
const long = (opcode: number, address: number, count: number, flags = 0): number[] => [opcode, flags, 0, 0, 0, 0, ...u32(address), ...u32(count), 0, 0];

async function disk(): Promise<{ one: Path; other: Path; lun: number }> {
  const { disk: lun, paths } = await sharedLibrary(2);
  return { one: paths[0]!, other: paths[1]!, lun };
}

describe("the disk in memory", () => {
  it("gives back what was written, by CDBs of every length", async () => {
    const { one, lun } = await disk();
    const data = Uint8Array.from({ length: 3 * blockBytes }, (_, at) => (at * 7) & 0xff);
    const writes = [[0x0a, 0, 0, 10, 3, 0], short(0x2a, 20, 3), [0xaa, 0, ...u32(30), ...u32(3), 0, 0], long(0x8a, 40, 3), short(0x2e, 50, 3), long(0x8e, 60, 3)];
    for (const cdb of writes) expect(await one.send(lun, cdb, { dataOut: data })).toBe("good");
    for (const address of [10, 20, 30, 40, 50, 60]) {
      for (const cdb of [[0x08, 0, 0, address, 3, 0], short(0x28, address, 3), [0xa8, 0, ...u32(address), ...u32(3), 0, 0], long(0x88, address, 3)]) {
        expect(await one.read(lun, cdb)).toEqual(data);
      }
    }
  });

  it("tells its size, and refuses what lies behind its end or asks for protection", async () => {
    const { one, lun } = await disk();
    expect([...(await one.read(lun, [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]))]).toEqual([...u32(blocks - 1), ...u32(blockBytes)]);
    expect((await one.read(lun, [0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0])).subarray(4, 12)).toEqual(Uint8Array.of(...u32(blocks - 1), ...u32(blockBytes)));
    expect(await one.send(lun, short(0x28, blocks - 1, 2))).toBe("5/21/0");
    expect(await one.send(lun, long(0x8a, blocks, 1), { dataOut: filled(1, 1) })).toBe("5/21/0");
    expect(await one.send(lun, short(0x28, 0, 1, 0x20))).toBe("5/24/0");
  });

  it("compares before it writes, and says where it found a difference", async () => {
    const { one, lun } = await disk();
    await one.send(lun, long(0x8a, 5, 1), { dataOut: filled(1, 0xaa) });
    const compareAndWrite = [0x89, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0];
    const other = filled(2, 0xaa);
    other[100] = 0;
    expect(await one.send(lun, compareAndWrite, { dataOut: other })).toBe("e/1d/0");
    expect(await one.send(lun, compareAndWrite, { dataOut: Buffer.concat([filled(1, 0xaa), filled(1, 0xbb)]) })).toBe("good");
    expect(await one.read(lun, short(0x28, 5, 1))).toEqual(filled(1, 0xbb));
    expect(await one.send(lun, short(0x2f, 5, 1, 0x02), { dataOut: filled(1, 0xbb) })).toBe("good");
    expect(await one.send(lun, short(0x2f, 5, 1, 0x02), { dataOut: filled(1, 0xbc) })).toBe("e/1d/0");
  });

  it("merges, repeats, and forgets blocks", async () => {
    const { one, lun } = await disk();
    await one.send(lun, long(0x8a, 0, 2), { dataOut: filled(2, 0x0f) });
    expect(await one.send(lun, long(0x8b, 0, 1), { dataOut: filled(1, 0x30) })).toBe("good");
    expect(await one.read(lun, short(0x28, 0, 2))).toEqual(Uint8Array.from([...filled(1, 0x3f), ...filled(1, 0x0f)]));
    expect(await one.send(lun, long(0x93, 4, 3), { dataOut: filled(1, 0x55) })).toBe("good");
    expect(await one.read(lun, short(0x28, 4, 3))).toEqual(filled(3, 0x55));
    const unmap = Uint8Array.of(0, 22, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, ...u32(5), ...u32(1), 0, 0, 0, 0);
    expect(await one.send(lun, [0x42, 0, 0, 0, 0, 0, 0, 0, unmap.length, 0], { dataOut: unmap })).toBe("good");
    expect(await one.read(lun, short(0x28, 4, 3))).toEqual(Uint8Array.from([...filled(1, 0x55), ...filled(1, 0), ...filled(1, 0x55)]));
    const status = await one.read(lun, [0x9e, 0x12, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0]);
    const runs = [0, 1, 2].map((at) => [...status.subarray(8 + at * 16 + 4, 8 + at * 16 + 13)]);
    expect(runs).toEqual([[...u32(4), ...u32(1), 0], [...u32(5), ...u32(1), 1], [...u32(6), ...u32(1), 0]]);
  });

  it("is ejected and loaded unless somebody prevents it, and others hear of it", async () => {
    const { one, other, lun } = await disk();
    await other.send(lun, [0x1e, 0, 0, 0, 1, 0]);
    expect(await one.send(lun, [0x1b, 0, 0, 0, 2, 0])).toBe("5/53/2");
    await other.send(lun, [0x1e, 0, 0, 0, 0, 0]);
    expect(await one.send(lun, [0x1b, 0, 0, 0, 2, 0])).toBe("good");
    expect(await one.send(lun, short(0x28, 0, 1))).toBe("2/3a/0");
    expect(await one.send(lun, [0x1b, 0, 0, 0, 3, 0])).toBe("good");
    expect([await one.send(lun, [0, 0, 0, 0, 0, 0]), await other.send(lun, [0, 0, 0, 0, 0, 0])]).toEqual(["good", "6/28/0"]);
  });

  it("keeps what is on it over a loss of power, and says by how much a command went beyond its data", async () => {
    const { disk: lun, paths: [one], port } = await sharedLibrary(1);
    await one!.send(lun, short(0x2a, 7, 1), { dataOut: filled(1, 9) });
    await port.powerCycle(lun);
    await one!.settle(lun);
    expect(await one!.read(lun, short(0x28, 7, 1))).toEqual(filled(1, 9));
    const delivery = await port.deliver(lun, one!.nexus, { cdb: Uint8Array.from(short(0x28, 7, 3)), dataIn: new Uint8Array(blockBytes), timeoutMs: 1000 });
    expect(delivery).toMatchObject({ completion: { status: 0, transferredBytes: blockBytes }, overflowBytes: 2 * blockBytes });
  });
});
