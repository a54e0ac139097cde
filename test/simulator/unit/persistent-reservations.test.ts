import { beforeEach, describe, expect, it } from "vitest";
import { type Path, type Shared, sharedLibrary, transportIdOf } from "./paths.ts";

const action = { register: 0, reserve: 1, release: 2, clear: 3, preempt: 4, registerAndIgnore: 6, move: 7 } as const;
const writeExclusive = 1, exclusiveAccess = 3, writeRegistrants = 5, exclusiveRegistrants = 6, writeAll = 7;
const changer = 0, tape = 1;
const bytes = (value: number, width: number): number[] => Array.from({ length: width }, (_, at) => (value >> ((width - 1 - at) * 8)) & 0xff);
const key = (value: number): number[] => [0, 0, 0, 0, ...bytes(value, 4)];

const reserveOut = async (path: Path, lun: number, what: keyof typeof action, own: number, other = 0, type = 0, flags = 0, more: readonly number[] = []): Promise<string> => {
  const list = Uint8Array.of(...key(own), ...key(other), 0, 0, 0, 0, flags, 0, 0, 0, ...more);
  return await path.send(lun, [0x5f, action[what], type, 0, 0, ...bytes(list.length, 4), 0], { dataOut: list });
};
const reserveIn = (path: Path, lun: number, what: number): Promise<Uint8Array> => path.read(lun, [0x5e, what, 0, 0, 0, 0, 0, 16, 0, 0]);
const rewind = [1, 0, 0, 0, 0, 0], modes = [0x1a, 0x08, 0x0a, 0, 64, 0], ready = [0, 0, 0, 0, 0, 0];

describe("persistent reservations", () => {
  let shared: Shared;
  let one: Path, two: Path, three: Path;
  beforeEach(async () => {
    shared = await sharedLibrary(3);
    [one, two, three] = shared.paths as [Path, Path, Path];
  });

  it("begin with keys, which count generations", async () => {
    expect(await reserveOut(one, tape, "register", 0, 0x11)).toBe("good");
    expect(await reserveOut(two, tape, "register", 7, 0x22)).toBe("conflict");
    expect(await reserveOut(two, tape, "registerAndIgnore", 7, 0x22)).toBe("good");
    expect(await reserveOut(one, tape, "register", 0x11, 0x12)).toBe("good");
    expect([...(await reserveIn(one, tape, 0))]).toEqual([0, 0, 0, 3, 0, 0, 0, 16, ...key(0x12), ...key(0x22)]);
    expect(await reserveOut(one, tape, "register", 0x12, 0)).toBe("good");
    expect([...(await reserveIn(two, tape, 0))]).toEqual([0, 0, 0, 4, 0, 0, 0, 8, ...key(0x22)]);
  });

  it.each([
    [writeExclusive, { other: ["good", "conflict"], member: ["good", "conflict"] }],
    [exclusiveAccess, { other: ["conflict", "conflict"], member: ["conflict", "conflict"] }],
    [writeRegistrants, { other: ["good", "conflict"], member: ["good", "2/3a/0"] }],
    [exclusiveRegistrants, { other: ["conflict", "conflict"], member: ["good", "2/3a/0"] }],
  ])("of type %i keep others from what the type says, but never from INQUIRY or TEST UNIT READY", async (type, expected) => {
    for (const [path, own] of [[one, 1], [two, 2]] as const) await reserveOut(path, tape, "register", 0, own);
    expect(await reserveOut(one, tape, "reserve", 1, 0, type)).toBe("good");
    const tries = async (path: Path): Promise<string[]> => [await path.send(tape, modes, { dataIn: new Uint8Array(64) }), await path.send(tape, rewind)];
    expect(await tries(one)).toEqual(["good", "2/3a/0"]);
    expect(await tries(two)).toEqual(expected.member);
    expect(await tries(three)).toEqual(expected.other);
    expect(await three.send(tape, ready)).toBe("2/3a/0");
    expect((await three.read(tape, [0x12, 0, 0, 0, 36, 0]))[0]).toBe(1);
  });

  it("protect a changer from the moves of others, and let them look", async () => {
    await reserveOut(one, changer, "register", 0, 1);
    await reserveOut(one, changer, "reserve", 1, 0, writeExclusive);
    const move = [0xa5, 0, 0, 0, 0x10, 0, 0x01, 0, 0, 0, 0, 0];
    expect(await two.send(changer, move)).toBe("conflict");
    expect((await two.read(changer, [0xb8, 0, 0, 0, 0, 9, 2, 0, 8, 0, 0, 0])).length).toBeGreaterThan(8);
    expect(await one.send(changer, move)).toBe("good");
  });

  it("are released by who holds them, by their right type, and the others hear of it", async () => {
    for (const [path, own] of [[one, 1], [two, 2]] as const) await reserveOut(path, tape, "register", 0, own);
    await reserveOut(one, tape, "reserve", 1, 0, writeRegistrants);
    expect(await reserveOut(two, tape, "release", 2, 0, writeRegistrants)).toBe("good");
    expect(await reserveOut(two, tape, "reserve", 2, 0, writeRegistrants)).toBe("conflict");
    expect(await reserveOut(one, tape, "release", 1, 0, writeExclusive)).toBe("5/26/4");
    expect(await reserveOut(one, tape, "release", 1, 0, writeRegistrants)).toBe("good");
    expect([await one.send(tape, ready), await two.send(tape, ready), await three.send(tape, ready)]).toEqual(["2/3a/0", "6/2a/4", "2/3a/0"]);
  });

  it("are taken over by a preemption, and who lost its key hears of it", async () => {
    for (const [path, own] of [[one, 1], [two, 2]] as const) await reserveOut(path, tape, "register", 0, own);
    await reserveOut(one, tape, "reserve", 1, 0, exclusiveAccess);
    expect(await reserveOut(two, tape, "preempt", 2, 9, exclusiveAccess)).toBe("conflict");
    expect(await reserveOut(two, tape, "preempt", 2, 1, writeExclusive)).toBe("good");
    expect(await one.send(tape, ready)).toBe("6/2a/5");
    expect([...(await reserveIn(two, tape, 1))]).toEqual([0, 0, 0, 3, 0, 0, 0, 16, ...key(2), 0, 0, 0, 0, 0, writeExclusive, 0, 0]);
    expect(await one.send(tape, rewind)).toBe("conflict");
    expect(await reserveOut(two, tape, "clear", 2)).toBe("good");
    expect([...(await reserveIn(one, tape, 0))]).toEqual([0, 0, 0, 4, 0, 0, 0, 0]);
  });

  it("of all registrants last as long as one of them", async () => {
    for (const [path, own] of [[one, 1], [two, 2]] as const) await reserveOut(path, tape, "register", 0, own);
    await reserveOut(one, tape, "reserve", 1, 0, writeAll);
    await reserveOut(one, tape, "register", 1, 0);
    expect([await one.send(tape, rewind), await two.send(tape, rewind)]).toEqual(["conflict", "2/3a/0"]);
    await reserveOut(two, tape, "register", 2, 0);
    expect(await one.send(tape, rewind)).toBe("2/3a/0");
  });

  it("can be given for others, and be given away", async () => {
    const ids = [0, 0, 0, 24, ...transportIdOf(2)];
    expect(await reserveOut(one, tape, "register", 0, 5, 0, 0x08, ids)).toBe("good");
    expect((await reserveIn(three, tape, 0)).length).toBe(8 + 16);
    await reserveOut(one, tape, "reserve", 5, 0, writeExclusive);
    const list = Uint8Array.of(...key(5), ...key(6), 0, 0x02, 0, 1, 0, 0, 0, 24, ...transportIdOf(3));
    expect(await one.send(tape, [0x5f, action.move, 0, 0, 0, 0, 0, 0, list.length, 0], { dataOut: list })).toBe("good");
    expect([await one.send(tape, rewind), await three.send(tape, rewind)]).toEqual(["conflict", "2/3a/0"]);
    const status = await reserveIn(one, tape, 3);
    expect(status.length).toBe(8 + 2 * 48);
    expect(Buffer.from(status).includes(transportIdOf(3))).toBe(true);
  });

  it("outlive a path and a reset; a loss of power only where that was asked for", async () => {
    const kept = async (flags: number): Promise<number> => {
      await reserveOut(one, tape, "registerAndIgnore", 0, 1, 0, flags);
      await shared.port.powerCycle(tape);
      for (const path of shared.paths) await path.settle(tape);
      return (await reserveIn(one, tape, 0)).length - 8;
    };
    await reserveOut(one, tape, "register", 0, 1);
    await shared.port.disconnect(one.nexus);
    await shared.port.reset(tape);
    await two.settle(tape);
    expect((await reserveIn(two, tape, 0)).length).toBe(16);
    shared.port.connect(one.nexus);
    await one.settle(tape);
    expect([await kept(1), await kept(0)]).toEqual([8, 0]);
  });

  it("can be lost by the unit, and who had a part in them hears of it", async () => {
    await reserveOut(one, tape, "register", 0, 1);
    await reserveOut(one, tape, "reserve", 1, 0, exclusiveAccess);
    await shared.port.loseReservations(tape);
    expect([await one.send(tape, ready), await two.send(tape, rewind)]).toEqual(["6/2a/3", "2/3a/0"]);
    expect((await reserveIn(one, tape, 0)).length).toBe(8);
  });

  it("refuse lists and fields that are wrong", async () => {
    await reserveOut(one, tape, "register", 0, 1);
    expect(await one.send(tape, [0x5f, 1, 1, 0, 0, 0, 0, 0, 23, 0], { dataOut: new Uint8Array(23) })).toBe("5/1a/0");
    expect(await reserveOut(one, tape, "reserve", 1, 0, 2)).toBe("5/24/0");
    expect(await one.send(tape, [0x5f, 9, 0, 0, 0, 0, 0, 0, 24, 0], { dataOut: new Uint8Array(24) })).toBe("5/24/0");
    expect(await reserveOut(one, tape, "preempt", 1, 0, 1)).toBe("5/26/0");
    expect(await reserveOut(one, tape, "registerAndIgnore", 1, 2, 0, 0x08)).toBe("5/26/0");
  });
});

describe("RESERVE and RELEASE", () => {
  const reserve = [0x16, 0, 0, 0, 0, 0], release = [0x17, 0, 0, 0, 0, 0];

  it("keep a unit for one path until it lets go, leaves, or the unit is reset", async () => {
    const { port, paths: [one, two] } = await sharedLibrary(2) as Shared & { paths: readonly [Path, Path] };
    expect([await one.send(tape, reserve), await one.send(tape, reserve)]).toEqual(["good", "good"]);
    expect([await two.send(tape, ready), await two.send(tape, reserve), await two.send(tape, release)]).toEqual(["conflict", "conflict", "good"]);
    expect(await reserveOut(two, tape, "register", 0, 1)).toBe("conflict");
    expect((await two.read(tape, [0x12, 0, 0, 0, 36, 0]))[0]).toBe(1);
    expect([await one.send(tape, release), await two.send(tape, ready)]).toEqual(["good", "2/3a/0"]);
    await one.send(tape, reserve);
    await port.reset(tape);
    expect([await two.send(tape, ready), await two.send(tape, ready)]).toEqual(["6/29/3", "2/3a/0"]);
    await one.settle(tape);
    await one.send(tape, reserve);
    await port.disconnect(one.nexus);
    expect(await two.send(tape, ready)).toBe("2/3a/0");
  });

  it("are refused to strangers while there are registrations, and change nothing for who is registered", async () => {
    const { paths: [one, two] } = await sharedLibrary(2) as Shared & { paths: readonly [Path, Path] };
    await reserveOut(one, tape, "register", 0, 1);
    expect([await one.send(tape, reserve), await two.send(tape, reserve)]).toEqual(["good", "conflict"]);
    expect(await two.send(tape, ready)).toBe("2/3a/0");
  });
});
