import { afterEach, describe, expect, it } from "vitest";
import { defaultTarget, type Delivery } from "../../../simulator/index.ts";
import { iscsi } from "../../../src/scsi/index.ts";
import { ManualClock } from "../../transports/iscsi/manual-clock.ts";
import { RawInitiator } from "./raw-initiator.ts";
import { type RawSetting, rawSetting, releaseRawSettings } from "./raw-setting.ts";
import { good } from "./scripted-port.ts";

const { layout, opcode, noTag, rejectReason, taskFunction, taskResponse } = iscsi;
const isid = (last: number): Uint8Array => Uint8Array.of(0x80, 0, 0, 0, 0, last);
const hanging: Delivery = { kind: "hanging" };

afterEach(releaseRawSettings);

async function entered(answer?: Parameters<typeof rawSetting>[1]): Promise<{ setting: RawSetting; raw: RawInitiator }> {
  const setting = await rawSetting({}, answer);
  const raw = setting.dial();
  await raw.enter();
  return { setting, raw };
}

/** Until the target has taken all that was sent: it answers a ping in order. */
async function settled(raw: RawInitiator): Promise<void> {
  raw.send(opcode.nopOut, layout.nopOut, { immediate: true, taskTag: 800, transferTag: noTag, cmdSn: raw.cmdSn });
  expect(await raw.expect(opcode.nopIn, layout.nopIn)).toMatchObject({ taskTag: 800 });
}

describe("a session at our target", () => {
  it("takes commands by their numbers: holds what comes early, ignores what is outside of the window or comes again", async () => {
    const { setting, raw } = await entered();
    raw.command(2, [2], { cmdSn: 2 });
    raw.command(99, [99], { cmdSn: 0 });
    raw.command(98, [98], { cmdSn: 1 + 128 });
    raw.command(97, [97], { cmdSn: 2 });
    await settled(raw);
    expect(setting.port.seen.slice(1)).toEqual([]);
    raw.command(1, [1], { cmdSn: 1 });
    const [one, two] = [await raw.response(), await raw.response()];
    expect([one, two].map(({ taskTag, expCmdSn, statSn }) => ({ taskTag, expCmdSn, statSn }))).toEqual([
      { taskTag: 1, expCmdSn: 3, statSn: one.statSn }, { taskTag: 2, expCmdSn: 3, statSn: one.statSn + 1 },
    ]);
    expect(setting.port.seen.slice(1)).toEqual(["1 to 1", "2 to 1"]);
    expect(two.maxCmdSn).toBe(2 + 128);
  });

  it("closes its window as tasks fill it", async () => {
    const setting = await rawSetting({ limits: { tasks: 2 } }, () => hanging);
    const raw = setting.dial();
    await raw.enter();
    raw.command(1, [1]);
    raw.command(2, [2]);
    raw.send(opcode.nopOut, layout.nopOut, { immediate: true, taskTag: 5, transferTag: noTag, cmdSn: raw.cmdSn });
    expect(await raw.expect(opcode.nopIn, layout.nopIn)).toMatchObject({ expCmdSn: 3, maxCmdSn: 2 });
  });

  it("runs the commands of a unit in turn, those at the head of the queue first", async () => {
    const open = Promise.withResolvers<undefined>();
    const { setting, raw } = await entered(async ({ cdb }) => {
      if (cdb[0] === 1) await open.promise;
      return good(0);
    });
    raw.command(1, [1]);
    raw.command(2, [2]);
    raw.command(3, [3], { attribute: iscsi.taskAttribute.headOfQueue });
    raw.command(4, [4], { lun: iscsi.encodeLun(0) });
    expect((await raw.response()).taskTag).toBe(4);
    open.resolve(undefined);
    expect([(await raw.response()).taskTag, (await raw.response()).taskTag, (await raw.response()).taskTag]).toEqual([1, 3, 2]);
    expect(setting.port.seen.slice(1)).toEqual(["1 to 1", "4 to 0", "3 to 1", "2 to 1"]);
  });

  it("answers pings with what they brought, and rejects what it does not know", async () => {
    const { raw } = await entered();
    raw.send(opcode.nopOut, layout.nopOut, { immediate: true, taskTag: 5, transferTag: noTag, cmdSn: 1 }, Buffer.from("anybody there?"));
    expect(Buffer.from((await raw.expect(opcode.nopIn, layout.nopIn)).data).toString()).toBe("anybody there?");
    raw.send(0x1c, layout.nopOut, { immediate: true, taskTag: 6 });
    expect(await raw.rejected()).toBe(rejectReason.notSupported);
    raw.send(opcode.snack, layout.snack, { taskTag: 6 });
    expect(await raw.rejected()).toBe(rejectReason.snack);
    raw.command(7, [0]);
    expect((await raw.response()).taskTag).toBe(7);
  });

  it("rejects a tag that is in use, and refuses what no unit has", async () => {
    const { raw } = await entered(({ cdb }) => (cdb[0] === 1 ? hanging : good(0)));
    raw.command(1, [1]);
    raw.command(1, [2]);
    expect(await raw.rejected()).toBe(rejectReason.taskInProgress);
    raw.command(3, [0], { read: true, write: true, expectedBytes: 8 });
    expect(await raw.response()).toMatchObject({ taskTag: 3, status: 2 });
    const header = { taskTag: 4, final: true, lun: iscsi.encodeLun(0), cmdSn: raw.cmdSn, cdb: new Uint8Array(16) };
    raw.send(opcode.scsiCommand, layout.scsiCommand, header, undefined, Uint8Array.of(0, 5, 1, 0, 0, 0, 0, 0));
    expect(await raw.response()).toMatchObject({ taskTag: 4, status: 2 });
  });

  it("tells which targets there are, in as many pieces as the initiator takes", async () => {
    const setting = await rawSetting();
    const raw = setting.dial();
    await raw.login({}, [["InitiatorName", "iqn.2026-11.test:raw"], ["SessionType", "Discovery"], ["MaxRecvDataSegmentLength", "512"]]);
    const ask = async (text: string): Promise<{ readonly text: string; readonly pieces: number }> => {
      let [all, transferTag, pieces] = ["", noTag, 0];
      for (let isMore = true; isMore; pieces += 1) {
        raw.send(opcode.textRequest, layout.textRequest, { immediate: true, taskTag: 3, transferTag, cmdSn: 1 }, pieces === 0 ? Buffer.from(text) : undefined);
        const answer = await raw.expect(opcode.textResponse, layout.textResponse);
        all += Buffer.from(answer.data).toString();
        [isMore, transferTag] = [answer.more, answer.transferTag];
      }
      return { text: all, pieces };
    };
    const address = `TargetAddress=127.0.0.1:${String(setting.running.port)},1\0`;
    const both = `TargetName=${defaultTarget}\0${address}TargetName=${defaultTarget}-2\0${address}`;
    expect(await ask("SendTargets=All\0")).toEqual({ text: both, pieces: 1 });
    expect(await ask(`SendTargets=${defaultTarget}-2\0`)).toEqual({ text: `TargetName=${defaultTarget}-2\0${address}`, pieces: 1 });
    expect(await ask("SendTargets=iqn.2026-11.test:none\0")).toEqual({ text: "", pieces: 1 });
    expect(await ask("X-hint=1\0MaxBurstLength=512\0SendTargets=\0")).toEqual({ text: "X-hint=NotUnderstood\0MaxBurstLength=Reject\0SendTargets=Reject\0", pieces: 1 });
    expect(await ask(`${Array.from({ length: 40 }, (_, at) => `X-${String(at)}=1\0`).join("")}SendTargets=All\0`)).toMatchObject({ pieces: 2 });
    raw.command(9, [0]);
    expect(await raw.rejected()).toBe(rejectReason.protocol);
    raw.manage({ taskFunction: taskFunction.targetColdReset });
    expect(await raw.rejected()).toBe(rejectReason.protocol);
  });

  it("shows itself only, where it is a normal one", async () => {
    const { raw } = await entered();
    const ask = async (value: string): Promise<string> => {
      raw.send(opcode.textRequest, layout.textRequest, { immediate: true, taskTag: 3, transferTag: noTag, cmdSn: 1 }, Buffer.from(`SendTargets=${value}\0`));
      return Buffer.from((await raw.expect(opcode.textResponse, layout.textResponse)).data).toString();
    };
    expect(await ask("All")).toBe("SendTargets=Reject\0");
    expect(await ask("")).toMatch(new RegExp(`^TargetName=${defaultTarget}\\0TargetAddress=`));
    expect(await ask(`${defaultTarget}-2`)).toBe("");
  });

  it("ends by a logout, and its nexus with it", async () => {
    const { setting, raw } = await entered();
    const leave = (reason: number, connectionId: number): void => {
      raw.send(opcode.logoutRequest, layout.logoutRequest, { immediate: true, taskTag: 8, reason, connectionId, cmdSn: 1 });
    };
    leave(iscsi.logoutReason.removeForRecovery, 0);
    expect((await raw.expect(opcode.logoutResponse, layout.logoutResponse)).response).toBe(2);
    leave(iscsi.logoutReason.closeConnection, 5);
    expect((await raw.expect(opcode.logoutResponse, layout.logoutResponse)).response).toBe(1);
    leave(iscsi.logoutReason.closeSession, 0);
    expect((await raw.expect(opcode.logoutResponse, layout.logoutResponse)).response).toBe(0);
    expect(await raw.next()).toBeUndefined();
    expect(setting.port.seen.map((line) => line.split(" ")[0])).toEqual(["connect", "disconnect"]);
  });

  it("gives way to a login of the same name, and to no other", async () => {
    const setting = await rawSetting({}, () => hanging);
    const [one, other, again] = [setting.dial(), setting.dial(), setting.dial()];
    await one.enter([], isid(1));
    await other.enter([], isid(2));
    one.command(1, [0]);
    await again.enter([], isid(1));
    expect(await one.expect(opcode.asyncMessage, layout.asyncMessage)).toMatchObject({ event: iscsi.asyncEvent.sessionEnds });
    expect(await one.next()).toBeUndefined();
    await settled(other);
    const [first, , , gone, back] = setting.port.seen;
    expect(first).toContain("i,0x800000000001");
    expect([gone, back]).toEqual([first!.replace("connect", "disconnect"), first]);
  });

  it("is cut where the device lets the connection break", async () => {
    const { raw } = await entered(() => ({ kind: "dropped" }));
    raw.command(1, [0]);
    expect(await raw.next()).toBeUndefined();
  });

  it("says that the device failed where its storage does", async () => {
    const { raw } = await entered(() => { throw new Error("the folder is gone"); });
    raw.command(1, [0]);
    const answer = await raw.response();
    expect([...iscsi.senseInResponse(answer.data)].filter((_, at) => [2, 12, 13].includes(at))).toEqual([4, 0x44, 0]);
  });

  it("is asked for a sign of life when it is silent, and ended when it gives none", async () => {
    const clock = new ManualClock();
    const setting = await rawSetting({ clock });
    const raw = setting.dial();
    await raw.enter();
    await clock.pass(15_000);
    const ping = await raw.expect(opcode.nopIn, layout.nopIn);
    expect(ping).toMatchObject({ taskTag: noTag });
    raw.send(opcode.nopOut, layout.nopOut, { immediate: true, taskTag: noTag, transferTag: ping.transferTag, cmdSn: 1 });
    await settled(raw);
    await clock.pass(37_500);
    expect(await raw.expect(opcode.nopIn, layout.nopIn)).toMatchObject({ taskTag: noTag });
    expect(await raw.next()).toBeUndefined();
  });

  it("hears that the target is closed", async () => {
    const { setting, raw } = await entered();
    await setting.running.close();
    expect(await raw.expect(opcode.asyncMessage, layout.asyncMessage)).toMatchObject({ event: iscsi.asyncEvent.sessionEnds });
    expect(await raw.next()).toBeUndefined();
    expect(setting.running.sessionCount).toBe(0);
  });
});

describe("task management at our target", () => {
  const managed = async (raw: RawInitiator): Promise<number> => (await raw.expect(opcode.taskManagementResponse, layout.taskManagementResponse)).response;

  it("aborts what hangs, what waits, and what is still coming in; each once", async () => {
    const { setting, raw } = await entered(({ cdb }) => (cdb[0] === 1 ? hanging : good(0)));
    raw.command(1, [1]);
    raw.command(2, [2]);
    raw.command(3, [10, 0, 0, 2, 0], { write: true, expectedBytes: 512 });
    const { transferTag } = await raw.r2t();
    for (const referencedTag of [3, 2, 1]) {
      raw.manage({ taskFunction: taskFunction.abortTask, referencedTag });
      expect(await managed(raw)).toBe(taskResponse.complete);
      raw.manage({ taskFunction: taskFunction.abortTask, referencedTag });
      expect(await managed(raw)).toBe(taskResponse.noSuchTask);
    }
    raw.dataOut(3, { transferTag }, new Uint8Array(512));
    raw.command(4, [4]);
    expect((await raw.response()).taskTag).toBe(4);
    expect(setting.port.seen.slice(1)).toEqual(["1 to 1", "4 to 1"]);
  });

  it("does not tell of a task that ends after it was aborted", async () => {
    const open = Promise.withResolvers<undefined>();
    const { raw } = await entered(async ({ cdb }) => {
      if (cdb[0] === 1) await open.promise;
      return good(0);
    });
    raw.command(1, [1]);
    raw.manage({ taskFunction: taskFunction.abortTask, referencedTag: 1 });
    expect(await managed(raw)).toBe(taskResponse.complete);
    raw.command(2, [2]);
    open.resolve(undefined);
    expect((await raw.response()).taskTag).toBe(2);
  });

  it("clears a task set of all, and tells the others what became of theirs", async () => {
    const setting = await rawSetting({}, () => hanging);
    const [one, other] = [setting.dial(), setting.dial()];
    await one.enter([], isid(1));
    await other.enter([], isid(2));
    other.command(5, [5]);
    other.command(6, [6], { lun: iscsi.encodeLun(0) });
    await settled(other);
    one.manage({ taskFunction: taskFunction.abortTaskSet });
    expect(await managed(one)).toBe(taskResponse.complete);
    await settled(other);
    one.manage({ taskFunction: taskFunction.clearTaskSet });
    expect(await managed(one)).toBe(taskResponse.complete);
    expect(await other.response()).toMatchObject({ taskTag: 5, status: 0x40 });
    await settled(other);
  });

  it.each([
    [taskFunction.logicalUnitReset, 1, taskResponse.complete, ["reset 1"]],
    [taskFunction.logicalUnitReset, 7, taskResponse.noSuchLun, []],
    [taskFunction.abortTaskSet, 7, taskResponse.noSuchLun, []],
    [taskFunction.targetWarmReset, 1, taskResponse.complete, ["reset all"]],
    [taskFunction.clearAca, 1, taskResponse.notSupported, []],
    [taskFunction.taskReassign, 1, taskResponse.reassignmentNotSupported, []],
    [99, 1, taskResponse.rejected, []],
  ])("function %i of unit %i is answered with %i", async (code, lun, response, effects) => {
    const { setting, raw } = await entered(({ cdb }) => (cdb[0] === 1 ? hanging : good(0)));
    raw.command(1, [1]);
    raw.manage({ taskFunction: code, lun: iscsi.encodeLun(lun) });
    expect(await managed(raw)).toBe(response);
    expect(setting.port.seen.filter((line) => line.startsWith("reset"))).toEqual(effects);
    if (effects.length === 0) return;
    raw.command(2, [2]);
    expect((await raw.response()).taskTag).toBe(2);
  });

  it("resets the whole target as if it were switched on, and everybody must come again", async () => {
    const setting = await rawSetting();
    const [one, other] = [setting.dial(), setting.dial()];
    await one.enter([], isid(1));
    await other.enter([], isid(2));
    one.manage({ taskFunction: taskFunction.targetColdReset });
    expect(await managed(one)).toBe(taskResponse.complete);
    for (const raw of [one, other]) {
      expect(await raw.expect(opcode.asyncMessage, layout.asyncMessage)).toMatchObject({ event: iscsi.asyncEvent.sessionEnds });
      expect(await raw.next()).toBeUndefined();
    }
    expect(setting.port.seen.filter((line) => line.startsWith("power"))).toEqual(["power 0", "power 1"]);
  });
});

describe("hostile initiators at our target", () => {
  it("send anything, and nobody else notices", async () => {
    const setting = await rawSetting();
    const peaceful = setting.dial();
    await peaceful.enter([], isid(9));
    let seed = 12_345;
    const chance = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let turn = 0; turn < 150; turn += 1) {
      const raw = new RawInitiator(setting.running.port);
      if (turn % 3 > 0) await raw.enter([["InitialR2T", "No"]], isid(chance(3)));
      for (let pdus = chance(12); pdus >= 0; pdus -= 1) {
        const codes = [0, 1, 1, 1, 2, 3, 4, 5, 5, 6, 0x10, 0x1f, 0x25];
        const header = Uint8Array.from({ length: 48 }, () => chance(256));
        header[0] = codes[chance(codes.length)]! | (chance(2) * 0x40);
        // Numbers near those in use get further than any others.
        for (const at of [16, 20, 24, 28]) if (chance(3) > 0) header.set([0, 0, 0, chance(6)], at);
        if (chance(4) > 0) header.set([0, 0, 0, 0, 0, chance(20), chance(256), 0], 8);
        const data = chance(2) === 0 ? new Uint8Array(0) : Uint8Array.from({ length: chance(900) }, () => chance(256));
        header.set(chance(8) === 0 ? [chance(3), chance(256), chance(256), chance(256)] : [0, 0, data.length >> 8, data.length & 0xff], 4);
        raw.raw(header);
        raw.raw(Buffer.concat([data, new Uint8Array(-data.length & 3)]));
      }
      if (chance(2) === 0) raw.socket.end();
      await settled(peaceful);
      raw.socket.destroy();
      await raw.closed;
    }
    peaceful.command(1, [0]);
    expect((await peaceful.response()).status).toBe(0);
  });
});
