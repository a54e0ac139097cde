import { afterEach, expect, it } from "vitest";
import { iscsi, status } from "../../../src/scsi/index.ts";
import { RawInitiator } from "./raw-initiator.ts";
import { serve, type Served } from "./setting.ts";

const { layout, opcode, taskFunction, taskResponse } = iscsi;
const isid = (last: number): Uint8Array => Uint8Array.of(0x80, 0, 0, 0, 0, last);
const released: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const release of released.splice(0)) await release();
});

async function served(): Promise<Served & { enter(last: number): Promise<RawInitiator> }> {
  const setting = await serve({ drives: 1, slots: 1, mailSlots: 0, cartridges: [] });
  const raws: RawInitiator[] = [];
  released.push(async () => {
    for (const raw of raws) raw.socket.destroy();
    await setting.release();
  });
  return {
    ...setting,
    enter: async (last) => {
      const raw = new RawInitiator(setting.running.port);
      raws.push(raw);
      await raw.enter([], isid(last));
      return raw;
    },
  };
}

/** TEST UNIT READY: the additional sense code and qualifier, or 0 where all is well. */
async function told(raw: RawInitiator, lun = 1): Promise<number> {
  raw.command(raw.cmdSn, [0], { lun: iscsi.encodeLun(lun) });
  const answer = await raw.response();
  const sense = iscsi.senseInResponse(answer.data);
  return answer.status === status.good ? 0 : ((sense[12] ?? 0) << 8) | (sense[13] ?? 0);
}

const noMedium = 0x3a00;

it("each session hears for itself that a unit was switched on, and a session that came again hears it anew", async () => {
  const { enter } = await served();
  const [one, other] = [await enter(1), await enter(2)];
  expect([await told(one), await told(one), await told(one, 0), await told(one, 0)]).toEqual([0x2900, noMedium, 0x2900, 0]);
  expect([await told(other), await told(other)]).toEqual([0x2900, noMedium]);
  const again = await enter(1);
  expect([await told(again), await told(again), await told(other)]).toEqual([0x2900, noMedium, noMedium]);
});

it("a reset by one session is told to all, the one that asked for it too", async () => {
  const { enter } = await served();
  const [one, other] = [await enter(1), await enter(2)];
  for (const raw of [one, other]) expect([await told(raw), await told(raw)]).toEqual([0x2900, noMedium]);
  one.manage({ taskFunction: taskFunction.logicalUnitReset });
  expect(await one.expect(opcode.taskManagementResponse, layout.taskManagementResponse)).toMatchObject({ response: taskResponse.complete });
  for (const raw of [one, other]) expect([await told(raw), await told(raw)]).toEqual([0x2903, noMedium]);
});

it("a unit that is not there is refused, and asked what it is says that it is none", async () => {
  const { enter } = await served();
  const raw = await enter(1);
  expect(await told(raw, 9)).toBe(0x2500);
  raw.command(50, [0x12, 0, 0, 0, 36], { read: true, expectedBytes: 36, lun: iscsi.encodeLun(9) });
  expect((await raw.expect(opcode.dataIn, layout.dataIn)).data[0]).toBe(0x7f);
  raw.command(51, [0], { lun: Uint8Array.of(0xc1, 1, 0, 0, 0, 0, 0, 0) });
  expect((await raw.response()).status).toBe(status.checkCondition);
});

it("a connection that a fault breaks is lost for the initiator, and the unit is there for the next one", async () => {
  const setting = await served();
  const units = setting.units();
  const unit = await units.transport(1);
  const ready = { cdb: new Uint8Array(6), timeoutMs: 5000 };
  await unit.execute(ready);
  setting.library.inject({ lun: 1, opcode: 0, nth: 1, phase: "after", effect: { kind: "drop" } });
  await expect(unit.execute(ready)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
  await unit.close();
  const again = await units.transport(1);
  expect((await again.execute(ready)).status).toBe(status.checkCondition);
  expect((await again.execute(ready)).sense[12]).toBe(noMedium >> 8);
});

it("one session after the other may have a unit, and none is left behind", async () => {
  const setting = await served();
  for (let turn = 0; turn < 20; turn += 1) {
    const units = setting.units();
    await (await units.transport(turn % 2)).execute({ cdb: new Uint8Array(6), timeoutMs: 5000 });
    await units.close();
  }
  // The last logout may still be on its way.
  const raw = await setting.enter(1);
  await told(raw);
  expect(setting.running.sessionCount).toBeLessThanOrEqual(2);
});
