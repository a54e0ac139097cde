import { afterEach, describe, expect, it } from "vitest";
import { iscsi, status } from "../../../src/scsi/index.ts";
import type { Wire } from "./fake-target.ts";
import { turn } from "./manual-clock.ts";
import { counting, reading, releaseSettings, settingOf, testUnitReady, writing } from "./setting.ts";

const { layout, opcode, taskResponse } = iscsi;

afterEach(releaseSettings);

/** Takes the data of a write as the target asks for them, and counts the PDUs. */
async function takeWrite(wire: Wire, burstBytes: number, unsolicitedBytes: number): Promise<{ readonly bytes: Uint8Array; readonly pdus: number }> {
  const command = await wire.command();
  const bytes = new Uint8Array(command.expectedBytes);
  bytes.set(command.data);
  let have = command.data.length;
  let pdus = 0;
  let r2tSn = 0;
  const burst = async (transferTag: number, endBytes: number): Promise<void> => {
    for (let dataSn = 0; have < endBytes; dataSn += 1) {
      const pdu = await wire.expect(opcode.dataOut, layout.dataOut);
      expect(pdu).toMatchObject({ dataSn, offsetBytes: have, transferTag, taskTag: command.taskTag, lun: command.lun });
      bytes.set(pdu.data, pdu.offsetBytes);
      have += pdu.data.length;
      pdus += 1;
      expect(pdu.final).toBe(have === endBytes);
    }
  };
  const unasked = Math.min(bytes.length, unsolicitedBytes);
  expect(command.final).toBe(have >= unasked);
  await burst(iscsi.noTag, unasked);
  while (have < bytes.length) {
    const wantedBytes = Math.min(burstBytes, bytes.length - have);
    wire.readyToTransfer(command.taskTag, r2tSn, have, wantedBytes);
    r2tSn += 1;
    await burst(77, have + wantedBytes);
  }
  wire.respond(command.taskTag);
  return { bytes, pdus };
}

describe("writes", () => {
  const base: readonly iscsi.Pair[] = [["MaxRecvDataSegmentLength", "1000"], ["MaxBurstLength", "3000"], ["FirstBurstLength", "2500"]];
  it.each([
    ["with everything asked for", [["InitialR2T", "Yes"], ["ImmediateData", "No"]], 0],
    ["with immediate data", [["InitialR2T", "Yes"], ["ImmediateData", "Yes"]], 0],
    ["with unsolicited data", [["InitialR2T", "No"], ["ImmediateData", "No"]], 2500],
    ["with both", [["InitialR2T", "No"], ["ImmediateData", "Yes"]], 2500],
  ] as const)("arrive whole %s, in whatever sizes", async (_name, answers, unsolicitedBytes) => {
    const sizes = [1, 999, 1000, 1001, 2500, 2501, 9999];
    const seen: Uint8Array[] = [];
    const { units } = await settingOf([
      async (wire) => {
        await wire.login([...base, ...answers]);
        for (const _size of sizes) seen.push((await takeWrite(wire, 3000, unsolicitedBytes)).bytes);
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    for (const size of sizes) expect(await unit.execute(writing(counting(size)))).toMatchObject({ status: status.good, transferredBytes: size });
    expect(seen).toEqual(sizes.map(counting));
  });

  it("that are given up early keep their buffer until nobody reads it any more", async () => {
    const resume = Promise.withResolvers<Wire>();
    const { units } = await settingOf([
      async (wire) => {
        await wire.login([["MaxBurstLength", "16776192"]]);
        const { taskTag, expectedBytes, data } = await wire.command();
        wire.socket.pause();
        wire.readyToTransfer(taskTag, 0, data.length, expectedBytes - data.length);
        wire.respond(taskTag, { status: status.checkCondition }, Uint8Array.of(0, 1, 0x70));
        resume.resolve(wire);
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    let isSettled = false;
    const running = unit.execute(writing(new Uint8Array(15 * 1024 * 1024))).finally(() => { isSettled = true; });
    const wire = await resume.promise;
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(isSettled).toBe(false);
    wire.socket.resume();
    expect(await running).toMatchObject({ status: status.checkCondition });
  });

  it("that the device cut short say so", async () => {
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        const { taskTag } = await wire.command();
        wire.respond(taskTag, { status: status.checkCondition, residualUnderflow: true, residualBytes: 60 }, Uint8Array.of(0, 1, 0x70));
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    expect(await unit.execute(writing(new Uint8Array(100)))).toMatchObject({ status: status.checkCondition, transferredBytes: 40 });
  });
});

describe("order", () => {
  it("is kept within a unit, while units do not wait for one another", async () => {
    const luns: number[] = [];
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        const held: number[] = [];
        for (let count = 0; count < 4; count += 1) {
          const { lun, taskTag } = await wire.command();
          luns.push(iscsi.decodeLun(lun)!);
          // Unit 1 must wait for its answers, unit 2 gets them at once.
          if (iscsi.decodeLun(lun) === 2) wire.respond(taskTag);
          else held.push(taskTag);
          if (held.length > 0 && count >= 2) wire.respond(held.shift()!);
        }
        await wire.next();
      },
    ]);
    const [one, two] = [await units.transport(1), await units.transport(2)];
    await Promise.all([one.execute(testUnitReady), one.execute(testUnitReady), two.execute(testUnitReady), two.execute(testUnitReady)]);
    expect(luns).toEqual([1, 2, 2, 1]);
  });

  it("waits for the window of the target, and can be given up while nothing was sent", async () => {
    let commands = 0;
    const { units, clock } = await settingOf([
      async (wire) => {
        wire.window = 0;
        await wire.login();
        // The only thing that may come is a logout; the second connection has its own script.
        if (await wire.next()) commands += 1;
        wire.socket.destroy();
      },
    ]);
    const unit = await units.transport(1);
    const waiting = unit.execute(testUnitReady);
    const outcome = expect(waiting).rejects.toMatchObject({ code: "TRANSPORT_TIMEOUT", message: expect.stringContaining("never sent") as string });
    await clock.pass(11_000);
    await outcome;
    expect(commands).toBe(0);
  });

  it("goes on when the window opens", async () => {
    const { units } = await settingOf([
      async (wire) => {
        wire.window = 0;
        await wire.login();
        await turn();
        wire.window = 1;
        wire.send(opcode.nopIn, layout.nopIn, { taskTag: iscsi.noTag, transferTag: iscsi.noTag });
        for (const cmdSn of [1, 2]) {
          const command = await wire.command();
          expect(command.cmdSn).toBe(cmdSn);
          wire.respond(command.taskTag);
        }
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    expect(await Promise.all([unit.execute(testUnitReady), unit.execute(testUnitReady)])).toHaveLength(2);
  });
});

describe("a command that is not answered in time", () => {
  const timedOut = { code: "TRANSPORT_TIMEOUT" };

  /** What the target does when it is asked to forget a command. */
  async function forgetting(script: (wire: Wire, tag: number, cmdSn: number) => Promise<void>) {
    const setting = await settingOf([
      async (wire) => {
        await wire.login();
        const { taskTag, cmdSn } = await wire.command();
        await script(wire, taskTag, cmdSn);
        await wire.next();
      },
    ], { timing: { pingAfterMs: 3_600_000 } });
    return { ...setting, unit: await setting.units.transport(1) };
  }

  async function passing(clock: { pass(durationMs: number): Promise<void> }, outcome: Promise<unknown>): Promise<void> {
    const settled = new AbortController();
    void outcome.finally(() => { settled.abort(); });
    while (!settled.signal.aborted) await clock.pass(1000);
    await outcome;
  }

  it("is aborted, and the unit can be used again", async () => {
    const { unit, clock } = await forgetting(async (wire, tag, refCmdSn) => {
      const request = await wire.expect(opcode.taskManagement, layout.taskManagement);
      expect(request).toMatchObject({ immediate: true, taskFunction: iscsi.taskFunction.abortTask, referencedTag: tag, refCmdSn });
      wire.managed(request.taskTag, taskResponse.complete);
      wire.respond((await wire.command()).taskTag);
    });
    await passing(clock, expect(unit.execute(testUnitReady)).rejects.toMatchObject(timedOut));
    expect(await unit.execute(testUnitReady)).toMatchObject({ status: status.good });
  });

  it("counts when its answer comes while it is being aborted", async () => {
    const { unit, clock } = await forgetting(async (wire, tag) => {
      const request = await wire.expect(opcode.taskManagement, layout.taskManagement);
      wire.respond(tag);
      wire.managed(request.taskTag, taskResponse.noSuchTask);
    });
    await passing(clock, expect(unit.execute(testUnitReady)).resolves.toMatchObject({ status: status.good }));
  });

  it("makes its unit be reset where it cannot be aborted", async () => {
    const { unit, clock } = await forgetting(async (wire) => {
      const abort = await wire.expect(opcode.taskManagement, layout.taskManagement);
      wire.managed(abort.taskTag, taskResponse.notSupported);
      const reset = await wire.expect(opcode.taskManagement, layout.taskManagement);
      expect(reset).toMatchObject({ taskFunction: iscsi.taskFunction.logicalUnitReset, lun: iscsi.encodeLun(1) });
      wire.managed(reset.taskTag, taskResponse.complete);
      wire.respond((await wire.command()).taskTag);
    });
    await passing(clock, expect(unit.execute(testUnitReady)).rejects.toMatchObject(timedOut));
    expect(await unit.execute(testUnitReady)).toMatchObject({ status: status.good });
  });

  it("ends the session where the target does not react at all", async () => {
    const { unit, units, clock } = await forgetting(async (wire) => {
      while (await wire.next());
    });
    const other = await units.transport(2);
    await passing(clock, expect(unit.execute(testUnitReady)).rejects.toMatchObject(timedOut));
    await expect(other.execute(testUnitReady)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
  });
});

describe("closing", () => {
  it("aborts what is under way, and logs out with the last unit", async () => {
    const kinds: number[] = [];
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        await wire.command();
        const abort = await wire.expect(opcode.taskManagement, layout.taskManagement);
        wire.managed(abort.taskTag, taskResponse.complete);
        const logout = await wire.expect(opcode.logoutRequest, layout.logoutRequest);
        kinds.push(logout.reason);
        wire.send(opcode.logoutResponse, layout.logoutResponse, { taskTag: logout.taskTag });
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    const [running, queued] = [unit.execute(testUnitReady), unit.execute(testUnitReady)];
    const outcomes = Promise.allSettled([running, queued]);
    await turn();
    await unit.close();
    await unit.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "TRANSPORT_CLOSED" } });
    expect(kinds).toEqual([iscsi.logoutReason.closeSession]);
    await units.close();
    await expect(units.transport(1)).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it("is done at the wish of the target, when what is under way has ended", async () => {
    const left = Promise.withResolvers<number>();
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        const { taskTag } = await wire.command();
        wire.send(opcode.asyncMessage, layout.asyncMessage, { event: iscsi.asyncEvent.logoutWanted, parameter3: 10 });
        wire.statSn += 1;
        wire.dataIn(taskTag, counting(8), { hasStatus: true });
        const logout = await wire.expect(opcode.logoutRequest, layout.logoutRequest);
        left.resolve(logout.reason);
        wire.send(opcode.logoutResponse, layout.logoutResponse, { taskTag: logout.taskTag });
        await wire.next();
      },
    ]);
    const unit = await units.transport(1);
    const [running, queued] = [unit.execute(reading(8)), unit.execute(testUnitReady)];
    expect(await running).toMatchObject({ transferredBytes: 8 });
    await expect(queued).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    expect(await left.promise).toBe(iscsi.logoutReason.closeSession);
  });

  it("opens no unit twice at the same time, and refuses what cannot be carried", async () => {
    const { units } = await settingOf([async (wire) => { await wire.login(); await wire.next(); }]);
    const [unit, second] = await Promise.allSettled([units.transport(1), units.transport(1)]);
    expect(second).toMatchObject({ reason: { code: "TRANSPORT_BUSY" } });
    if (unit.status !== "fulfilled") throw new Error("unit 1 did not open");
    for (const sizeBytes of [5, 17]) {
      await expect(unit.value.execute({ cdb: new Uint8Array(sizeBytes), timeoutMs: 1 })).rejects.toMatchObject({ code: "COMMAND_MALFORMED" });
    }
    await expect(units.transport(16_384)).rejects.toMatchObject({ code: "ISCSI_LUN" });
  });
});
