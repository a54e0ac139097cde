import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLibrary, type Delivery, type FaultRule, type LibraryPort, type Nexus, type VirtualLibrary } from "../../../simulator/index.ts";
import { parseSense, status } from "../../../src/scsi/index.ts";
import { type Clock, systemClock, systemRandom } from "../../../src/words/index.ts";

const nexus: Nexus = { name: "one", transportId: new Uint8Array(24) };
const slept: number[] = [];
const clock: Clock = { ...systemClock, monotonicMs: () => 0, sleep: (ms) => { slept.push(ms); return Promise.resolve(); } };

const move = Uint8Array.of(0xa5, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0, 0);
const ready = new Uint8Array(6);
const rewind = Uint8Array.of(1, 0, 0, 0, 0, 0);
const readOne = Uint8Array.of(0x08, 0, 0, 0, 64, 0);
const writeOne = Uint8Array.of(0x0a, 0, 0, 0, 64, 0);

describe("faults at the port", () => {
  let library: VirtualLibrary;
  let port: LibraryPort;
  beforeEach(async () => {
    slept.length = 0;
    library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "SR0001L8", capacityBytes: 1 << 20 }] }, systemRandom, { clock });
    port = library.port();
    port.connect(nexus);
    for (const lun of [0, 1]) await send(ready, lun);
    await send(move, 0);
    await send(ready);
    for (let block = 1; block <= 4; block += 1) await write(block);
    await send(rewind);
  });
  afterEach(async () => { await library.close(); });

  const deliver = async (cdb: Uint8Array, lun = 1, dataIn?: Uint8Array, dataOut?: Uint8Array): Promise<Delivery> =>
    await port.deliver(lun, nexus, { cdb, timeoutMs: 1000, ...(dataIn === undefined ? {} : { dataIn }), ...(dataOut === undefined ? {} : { dataOut }) });
  const told = (delivery: Delivery): string => {
    if (delivery.kind !== "completion") return delivery.kind;
    const sense = parseSense(delivery.completion.sense);
    if (sense !== undefined) return [sense.key, sense.asc, sense.ascq].map((value) => value.toString(16)).join("/");
    return Object.entries(status).find(([, code]) => code === delivery.completion.status)![0];
  };
  const send = async (cdb: Uint8Array, lun = 1) => told(await deliver(cdb, lun));
  const write = async (fill: number) => told(await deliver(writeOne, 1, undefined, new Uint8Array(64).fill(fill)));
  const read = async () => {
    const data = new Uint8Array(64);
    const delivery = await deliver(readOne, 1, data);
    return { told: told(delivery), first: data[0], last: data[63], moved: delivery.kind === "completion" ? delivery.completion.transferredBytes : 0 };
  };

  it.each([
    ["busy", "busy"], ["task-set-full", "taskSetFull"], ["task-aborted", "taskAborted"], ["reservation-conflict", "reservationConflict"],
    ["hang", "hanging"], ["drop", "dropped"],
  ] as const)("%s before: no effect; after: the effect, and that answer too", async (kind, expected) => {
    library.inject({ opcode: 8, phase: "before", effect: { kind } });
    expect((await read()).told).toBe(expected);
    expect((await read()).first).toBe(1);
    library.inject({ opcode: 8, phase: "after", effect: { kind } });
    expect((await read()).told).toBe(expected);
    expect((await read()).first).toBe(3);
  });

  it("sense: in the format that the unit has", async () => {
    library.inject({ opcode: 8, effect: { kind: "sense", key: 3, code: 0x1100 } });
    expect((await read()).told).toBe("3/11/0");
    await deliver(Uint8Array.of(0x15, 0x10, 0, 0, 16, 0), 1, undefined, Uint8Array.of(0, 0, 0x10, 0, 0x0a, 0x0a, 0x04, 0, 0, 0x40, 0, 0, 0, 0, 0, 0));
    library.inject({ opcode: 8, effect: { kind: "sense", key: 3, code: 0x1100 } });
    const delivery = await deliver(readOne, 1, new Uint8Array(64));
    expect(delivery.kind === "completion" && delivery.completion.sense[0]).toBe(0x72);
  });

  it("short-data and wrong-residual: the data cut, and the count alone", async () => {
    library.inject({ opcode: 8, effect: { kind: "short-data", keepBytes: 10 } });
    expect(await read()).toEqual({ told: "good", first: 1, last: 0, moved: 10 });
    library.inject({ opcode: 8, effect: { kind: "wrong-residual", offByBytes: -12 } });
    expect(await read()).toEqual({ told: "good", first: 2, last: 2, moved: 52 });
    library.inject({ opcode: 8, effect: { kind: "wrong-residual", offByBytes: 100 } });
    expect((await read()).moved).toBe(64);
  });

  it("delay: waits on the library's clock, and answers rightly", async () => {
    library.inject({ opcode: 8, effect: { kind: "delay", delayMs: 90_000 } });
    expect((await read()).first).toBe(1);
    expect(slept).toEqual([90_000]);
  });

  it("power-cycle: what was not synced is lost, and the command meets the attention or breaks", async () => {
    for (let block = 0; block < 4; block += 1) await read();
    await write(5);
    library.inject({ opcode: 0x0a, effect: { kind: "power-cycle" } });
    expect(await write(6)).toBe("6/29/1");
    await send(rewind);
    for (let block = 0; block < 4; block += 1) await read();
    expect((await read()).told).toBe("8/0/5");
    library.inject({ opcode: 1, phase: "after", effect: { kind: "power-cycle" } });
    expect([await send(rewind), await send(rewind)]).toEqual(["dropped", "6/29/1"]);
  });

  it("reset: before and after", async () => {
    library.inject({ opcode: 8, effect: { kind: "reset" } });
    expect((await read()).told).toBe("6/29/3");
    library.inject({ opcode: 8, phase: "after", effect: { kind: "reset" } });
    expect([(await read()).told, await send(ready)]).toEqual(["taskAborted", "6/29/3"]);
  });

  it("reservation-loss: who was registered hears of it", async () => {
    const parameters = new Uint8Array(24);
    parameters[15] = 7;
    expect(told(await deliver(Uint8Array.of(0x5f, 0, 0, 0, 0, 0, 0, 0, 24, 0), 1, undefined, parameters))).toBe("good");
    library.inject({ opcode: 0, phase: "after", effect: { kind: "reservation-loss" } });
    expect([await send(ready), await send(ready), await send(ready)]).toEqual(["good", "6/2a/3", "good"]);
  });

  it("finds blocks, cartridges and elements", async () => {
    const bad: FaultRule = { lun: 1, opcode: 8, objects: [2, 2], every: 1, effect: { kind: "sense", key: 3, code: 0x1100 } };
    library.inject(bad);
    expect([(await read()).told, (await read()).told, (await read()).told, (await read()).told]).toEqual(["good", "good", "3/11/0", "3/11/0"]);
    library.clearFaults();
    library.inject({ barcode: "SR0009L8", every: 1, effect: { kind: "busy" } });
    library.inject({ barcode: "SR0001L8", opcode: 1, effect: { kind: "busy" } });
    expect([await send(rewind), await send(rewind)]).toEqual(["busy", "good"]);
    library.inject({ lun: 0, element: 0x1000, effect: { kind: "sense", key: 4, code: 0x1501 } });
    const elsewhere = Uint8Array.of(0xa5, 0, 0, 0, 0x10, 2, 0x10, 3, 0, 0, 0, 0);
    expect([await send(elsewhere, 0), await send(move, 0)]).toEqual(["5/3b/e", "4/15/1"]);
    expect(library.strikes().map(({ number, rule, lun }) => [number, rule, lun])).toEqual([[1, 1, 1], [2, 1, 1], [3, 3, 1], [4, 4, 0]]);
  });

  it("refuses what can strike nowhere", () => {
    expect(() => { library.inject({ nth: 0, effect: { kind: "busy" } }); }).toThrow(expect.objectContaining({ code: "FAULT_RULE" }));
  });
});
