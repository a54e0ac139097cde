import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/words/index.ts";
import { type Path, sharedLibrary } from "./paths.ts";

const [changer, tape] = [0, 1];
const u16 = (data: Uint8Array, at: number): number => (data[at]! << 8) | data[at + 1]!;

async function onePath(clock?: Clock): Promise<Path & { disk: number; other: Path }> {
  const { disk, paths } = await sharedLibrary(2, clock);
  return { ...paths[0]!, disk, other: paths[1]! };
}

/** Every descriptor of REPORT SUPPORTED OPERATION CODES, option 0. */
function* descriptorsOf(list: Uint8Array): Generator<{ opcode: number; serviceAction: number | undefined; cdbBytes: number; timeoutSeconds: number }> {
  for (let at = 4; at < list.length; at += 20) {
    const view = new DataView(list.buffer, list.byteOffset + at, 20);
    const hasAction = (list[at + 5]! & 1) !== 0;
    yield { opcode: list[at]!, serviceAction: hasAction ? view.getUint16(2) : undefined, cdbBytes: view.getUint16(6), timeoutSeconds: view.getUint32(16) };
  }
}

describe("the commands that every unit has", () => {
  it("tell of every command how it looks, and are refused when they are not told of", async () => {
    const { disk, ...path } = await onePath();
    for (const lun of [changer, tape, disk]) {
      const list = await path.read(lun, [0xa3, 0x0c, 0x80, 0, 0, 0, 0, 0, 0x20, 0, 0, 0], 8192);
      const told = [...descriptorsOf(list)];
      expect(told.length).toBeGreaterThan(35);
      expect(told.map(({ opcode }) => opcode)).toEqual(told.map(({ opcode }) => opcode).sort((a, b) => a - b));
      for (const { opcode, serviceAction, cdbBytes, timeoutSeconds } of told) {
        const asked = [0xa3, 0x0c, 0x83, opcode, 0, serviceAction ?? 0, 0, 0, 0, 64, 0, 0];
        const one = await path.read(lun, asked, 64);
        expect([one[1], u16(one, 2), one[4]], `opcode ${opcode.toString(16)}`).toEqual([0x83, cdbBytes, opcode]);
        if (serviceAction !== undefined) expect(one[5]! & 0x1f).toBe(serviceAction);
        expect(timeoutSeconds).toBeGreaterThan(0);
        const wrongOption = [0xa3, 0x0c, serviceAction === undefined ? 2 : 1, opcode, 0, serviceAction ?? 0, 0, 0, 0, 64, 0, 0];
        expect(await path.send(lun, wrongOption, { dataIn: new Uint8Array(64) })).toBe("5/24/0");
      }
      for (let opcode = 0; opcode < 256; opcode += 1) {
        if (told.some((one) => one.opcode === opcode)) continue;
        expect(await path.send(lun, [opcode, ...new Uint8Array(15)])).toBe("5/20/0");
      }
    }
  });

  it("name the unit in ways that differ from those of all others", async () => {
    const { disk, ...path } = await onePath();
    const names = new Set<string>();
    for (const lun of [changer, tape, disk]) {
      const pages = await path.read(lun, [0x12, 1, 0, 0, 255, 0]);
      expect([...pages.subarray(4)]).toEqual([...pages.subarray(4)].sort((a, b) => a - b));
      for (const page of pages.subarray(4)) expect((await path.read(lun, [0x12, 1, page, 0x10, 0, 0]))[1]).toBe(page);
      const identification = await path.read(lun, [0x12, 1, 0x83, 0x10, 0, 0]);
      names.add(Buffer.from(identification).toString("hex"));
      expect(await path.send(lun, [0x12, 1, 0x7f, 0, 255, 0])).toBe("5/24/0");
      expect(await path.send(lun, [0x12, 0, 0x80, 0, 255, 0])).toBe("5/24/0");
      expect((await path.read(lun, [0x12, 0, 0, 0, 5, 0])).length).toBe(5);
    }
    expect(names.size).toBe(3);
  });

  it("list the units by what is asked for", async () => {
    const { disk, ...path } = await onePath();
    const report = (select: number): number[] => [0xa0, 0, select, 0, 0, 0, 0, 0, 0, 64, 0, 0];
    const all = await path.read(changer, report(0));
    expect([all[3], all[9], all[17], all[25]]).toEqual([24, changer, tape, disk]);
    expect((await path.read(changer, report(1))).length).toBe(8);
    expect(await path.read(tape, report(2))).toEqual(all);
    expect(await path.send(changer, report(3))).toBe("5/24/0");
    expect(await path.send(changer, [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 0, 0])).toBe("5/24/0");
  });

  it("keep a timestamp by the clock that they are given, and tell the others who set it", async () => {
    let nowMs = 1000;
    const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
    const { other, ...path } = await onePath(clock);
    const report = async (): Promise<[number, number]> => {
      const data = await path.read(tape, [0xa3, 0x0f, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0]);
      return [data[2]!, Number((BigInt(u16(data, 4)) << 32n) | BigInt(new DataView(data.buffer, data.byteOffset).getUint32(6)))];
    };
    nowMs += 500;
    expect(await report()).toEqual([0, 500]);
    const list = Uint8Array.of(0, 0, 0, 0, 0x01, 0x80, 0, 0, 0, 0, 0, 0);
    expect(await path.send(tape, [0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0], { dataOut: list })).toBe("good");
    nowMs += 7;
    expect(await report()).toEqual([2, 0x180 * 2 ** 32 + 7]);
    expect(await other.send(tape, [0, 0, 0, 0, 0, 0])).toBe("6/2a/10");
  });

  it("give sense in the format that is asked for, and by the control page", async () => {
    const { disk, other, ...path } = await onePath();
    expect((await path.read(tape, [3, 1, 0, 0, 252, 0]))[0]).toBe(0x72);
    expect((await path.read(tape, [3, 0, 0, 0, 252, 0]))[0]).toBe(0x70);
    // What is there, with D_SENSE, and then with a field that nobody may change.
    const select = (await path.read(disk, [0x1a, 0x08, 0x0a, 0, 64, 0])).slice();
    select.set([0, 0, 0, 0]);
    select[6] = select[6]! | 0x04;
    expect(await path.send(disk, [0x15, 0x10, 0, 0, select.length, 0], { dataOut: select })).toBe("good");
    expect(await other.send(disk, [0, 0, 0, 0, 0, 0])).toBe("D 6/2a/1");
    expect(await path.send(disk, [0x1a, 0, 0xca, 0, 64, 0])).toBe("D 5/39/0");
    const unchangeable = select.with(13, 0x77);
    expect(await path.send(disk, [0x15, 0x10, 0, 0, unchangeable.length, 0], { dataOut: unchangeable })).toBe("D 5/26/0");
  });

  it("carry data through their buffers, and echo to each path its own", async () => {
    const { other, ...path } = await onePath();
    const data = Uint8Array.from({ length: 100 }, (_, at) => at);
    expect(await path.send(tape, [0x3b, 2, 0, 0, 0, 16, 0, 0, 100, 0], { dataOut: data })).toBe("good");
    expect(await other.read(tape, [0x3c, 2, 0, 0, 0, 16, 0, 0, 100, 0])).toEqual(data);
    expect(await path.send(tape, [0x3b, 0x0a, 0, 0, 0, 0, 0, 0, 100, 0], { dataOut: data })).toBe("good");
    expect(await path.read(tape, [0x3c, 0x0a, 0, 0, 0, 0, 0, 0, 200, 0])).toEqual(data);
    expect(await other.send(tape, [0x3c, 0x0a, 0, 0, 0, 0, 0, 0, 200, 0])).toBe("5/2c/0");
    expect(await path.send(tape, [0x3b, 5, 0, 0, 0, 0, 0, 0, 100, 0], { dataOut: data })).toBe("5/24/0");
    expect([...(await path.read(tape, [0x3c, 3, 0, 0, 0, 0, 0, 0, 4, 0]))]).toEqual([2, 1, 0, 0]);
  });

  it("list log pages with and without subpages, and begin where the parameter pointer says", async () => {
    const path = await onePath();
    const log = (page: number, subpage: number, pointer = 0): number[] => [0x4d, 0, 0x40 | page, subpage, 0, pointer >> 8, pointer & 0xff, 16, 0, 0];
    const pages = [...(await path.read(tape, log(0, 0)))].slice(4);
    const withSubpages = await path.read(tape, log(0, 0xff));
    expect([withSubpages[0], withSubpages[1]]).toEqual([0x40, 0xff]);
    expect([...withSubpages.subarray(4)].filter((_, at) => at % 2 === 0)).toEqual(expect.arrayContaining(pages));
    expect([...(await path.read(tape, log(0x2e, 0xff)))]).toEqual([0x6e, 0xff, 0, 2, 0x2e, 0]);
    const all = await path.read(tape, log(0x2e, 0));
    const tail = await path.read(tape, log(0x2e, 0, 60));
    expect([...tail.subarray(4)]).toEqual([...all.subarray(4 + 59 * 5)]);
    expect([await path.send(tape, log(0x2e, 0, 65)), await path.send(tape, log(0x2e, 7)), await path.send(tape, log(0x3d, 0))]).toEqual(["5/24/0", "5/24/0", "5/24/0"]);
  });

  it("take a self-test, list the one diagnostic page, and say which tasks they manage", async () => {
    const path = await onePath();
    expect(await path.send(tape, [0x1d, 4, 0, 0, 0, 0])).toBe("good");
    expect(await path.send(tape, [0x1d, 0x20, 0, 0, 0, 0])).toBe("5/24/0");
    expect([...(await path.read(tape, [0x1c, 1, 0, 0, 64, 0]))]).toEqual([0, 0, 0, 1, 0]);
    expect([...(await path.read(changer, [0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0]))]).toEqual([0xd8, 0, 0, 0]);
    expect(await path.send(changer, [0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0])).toBe("5/24/0");
  });
});
