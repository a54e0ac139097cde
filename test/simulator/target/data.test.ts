import { afterEach, describe, expect, it } from "vitest";
import { iscsi } from "../../../src/scsi/index.ts";
import { good } from "./scripted-port.ts";
import type { RawInitiator } from "./raw-initiator.ts";
import { type RawSetting, rawSetting, releaseRawSettings } from "./raw-setting.ts";

const { layout, opcode } = iscsi;
const counting = (sizeBytes: number): Uint8Array => Uint8Array.from({ length: sizeBytes }, (_, at) => at * 7 + (at >> 8));
const read = (size: number): number[] => [8, 0, size >> 16, (size >> 8) & 0xff, size & 0xff, 0];
const write = (size: number): number[] => [10, 0, size >> 16, (size >> 8) & 0xff, size & 0xff, 0];

afterEach(releaseRawSettings);

async function entered(keys: readonly iscsi.Pair[] = [], answer?: Parameters<typeof rawSetting>[1]): Promise<{ setting: RawSetting; raw: RawInitiator }> {
  const setting = await rawSetting({}, answer);
  const raw = setting.dial();
  await raw.enter(keys);
  return { setting, raw };
}

describe("data at our target", () => {
  it("that are read come in segments and bursts as agreed, with the status on the last", async () => {
    const { raw } = await entered([["MaxRecvDataSegmentLength", "1024"], ["MaxBurstLength", "2560"]]);
    raw.command(7, read(6000), { read: true, expectedBytes: 6000 });
    const seen: unknown[] = [];
    const pieces: Uint8Array[] = [];
    for (let isOver = false; !isOver;) {
      const pdu = await raw.expect(opcode.dataIn, layout.dataIn);
      seen.push([pdu.dataSn, pdu.offsetBytes, pdu.data.length, pdu.final, pdu.hasStatus]);
      pieces.push(pdu.data);
      isOver = pdu.hasStatus;
      expect(pdu).toMatchObject({ taskTag: 7, residualUnderflow: false, residualOverflow: false });
    }
    expect(seen).toEqual([
      [0, 0, 1024, false, false], [1, 1024, 1024, false, false], [2, 2048, 512, true, false], [3, 2560, 1024, false, false],
      [4, 3584, 1024, false, false], [5, 4608, 512, true, false], [6, 5120, 880, true, true],
    ]);
    expect(Buffer.concat(pieces).equals(counting(6000))).toBe(true);
  });

  it.each([[2000, 500, true, false, 1500, 500], [500, 2000, false, true, 1500, 500], [0, 300, false, true, 300, 0]])(
    "where %i bytes are expected and %i are there, the residual is right",
    async (expectedBytes, there, residualUnderflow, residualOverflow, residualBytes, movedBytes) => {
      const { raw } = await entered();
      raw.command(1, read(there), { read: expectedBytes > 0, expectedBytes });
      const answer = expectedBytes === 0 ? await raw.response() : await raw.expect(opcode.dataIn, layout.dataIn);
      expect(answer).toMatchObject({ status: 0, residualUnderflow, residualOverflow, residualBytes });
      expect(answer.data.length).toBe(movedBytes);
    },
  );

  it("of a check condition are sent before its sense", async () => {
    const sense = Uint8Array.of(0x70, 0, 0x20, 0, 0, 0, 100, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const { raw } = await entered([], () => ({ kind: "completion", completion: { status: 2, sense, transferredBytes: 28 } }));
    raw.command(1, read(128), { read: true, expectedBytes: 128 });
    expect(await raw.expect(opcode.dataIn, layout.dataIn)).toMatchObject({ hasStatus: false, final: true });
    const answer = await raw.response();
    expect(answer).toMatchObject({ status: 2, residualUnderflow: true, residualBytes: 100, expDataSn: 1 });
    expect(iscsi.senseInResponse(answer.data)).toEqual(sense);
  });

  it("that are written come with the command, unasked, and as they are asked for", async () => {
    const keys = [["InitialR2T", "No"], ["FirstBurstLength", "3000"], ["MaxBurstLength", "4000"], ["MaxOutstandingR2T", "2"]] as const;
    const { setting, raw } = await entered(keys);
    const data = counting(12_000);
    raw.command(9, write(12_000), { write: true, final: false, expectedBytes: 12_000 }, data.subarray(0, 1000));
    raw.dataOut(9, { final: false, dataSn: 0, offsetBytes: 1000 }, data.subarray(1000, 2000));
    raw.dataOut(9, { dataSn: 1, offsetBytes: 2000 }, data.subarray(2000, 3000));
    const [one, two] = [await raw.r2t(), await raw.r2t()];
    expect([one, two]).toMatchObject([{ r2tSn: 0, offsetBytes: 3000, wantedBytes: 4000 }, { r2tSn: 1, offsetBytes: 7000, wantedBytes: 4000 }]);
    raw.dataOut(9, { transferTag: one.transferTag, offsetBytes: 3000 }, data.subarray(3000, 7000));
    const three = await raw.r2t();
    expect(three).toMatchObject({ r2tSn: 2, offsetBytes: 11_000, wantedBytes: 1000 });
    raw.dataOut(9, { transferTag: two.transferTag, offsetBytes: 7000 }, data.subarray(7000, 11_000));
    raw.dataOut(9, { transferTag: three.transferTag, offsetBytes: 11_000 }, data.subarray(11_000));
    expect(await raw.response()).toMatchObject({ status: 0, residualUnderflow: false, residualOverflow: false });
    expect(Buffer.from(setting.port.commands[0]!.dataOut!).equals(data)).toBe(true);
  });

  it("are asked for one by one where the initiator wants it so", async () => {
    const { setting, raw } = await entered([["InitialR2T", "Yes"], ["ImmediateData", "No"], ["MaxBurstLength", "512"], ["MaxOutstandingR2T", "1"]]);
    const data = counting(1200);
    raw.command(3, write(1200), { write: true, expectedBytes: 1200 });
    for (const [at, size] of [[0, 512], [512, 512], [1024, 176]] as const) {
      const request = await raw.r2t();
      expect(request).toMatchObject({ offsetBytes: at, wantedBytes: size });
      raw.dataOut(3, { transferTag: request.transferTag, offsetBytes: at }, data.subarray(at, at + size));
    }
    expect((await raw.response()).status).toBe(0);
    expect(Buffer.from(setting.port.commands[0]!.dataOut!).equals(data)).toBe(true);
  });

  it("that the device takes in part only leave an underflow", async () => {
    const { raw } = await entered([], () => good(512));
    raw.command(1, write(512), { write: true, expectedBytes: 1024 }, counting(1024));
    expect(await raw.response()).toMatchObject({ status: 0, residualUnderflow: true, residualBytes: 512 });
  });

  type Send = (raw: RawInitiator) => Promise<void> | void;
  it.each<[string, Send]>([
    ["more with the command than it announces", (raw) => { raw.command(1, write(10), { write: true, expectedBytes: 10 }, counting(20)); }],
    ["with a command that only reads", (raw) => { raw.command(1, read(10), { read: true, expectedBytes: 10 }, counting(10)); }],
    ["unasked where they must be asked for", (raw) => {
      raw.command(1, write(100), { write: true, final: false, expectedBytes: 100 });
    }],
    ["at a wrong place", async (raw) => {
      raw.command(1, write(100), { write: true, expectedBytes: 100 });
      const { transferTag } = await raw.r2t();
      raw.dataOut(1, { transferTag, offsetBytes: 4 }, counting(96));
    }],
    ["beyond what was asked for", async (raw) => {
      raw.command(1, write(100), { write: true, expectedBytes: 100 });
      const { transferTag } = await raw.r2t();
      raw.dataOut(1, { transferTag }, counting(104));
    }],
    ["that end too early", async (raw) => {
      raw.command(1, write(100), { write: true, expectedBytes: 100 });
      const { transferTag } = await raw.r2t();
      raw.dataOut(1, { transferTag, final: true }, counting(50));
    }],
    ["for a request that nobody made", async (raw) => {
      raw.command(1, write(100), { write: true, expectedBytes: 100 });
      const { transferTag } = await raw.r2t();
      raw.dataOut(1, { transferTag: transferTag + 5 }, counting(100));
    }],
  ])("are rejected, and the connection ends: %s", async (_what, send) => {
    const { setting, raw } = await entered([["InitialR2T", "Yes"]]);
    await send(raw);
    expect(await raw.rejected()).toBe(iscsi.rejectReason.protocol);
    expect(await raw.next()).toBeUndefined();
    expect(setting.port.commands).toEqual([]);
  });

  it("that are damaged on the way are rejected, and their command fails without effect", async () => {
    const { setting, raw } = await entered([["DataDigest", "CRC32C"], ["InitialR2T", "Yes"]]);
    raw.command(1, write(100), { write: true, expectedBytes: 100 });
    const { transferTag } = await raw.r2t();
    const header = iscsi.build(opcode.dataOut, layout.dataOut, { final: true, taskTag: 1, transferTag, lun: iscsi.encodeLun(1) });
    const pdu = Buffer.concat(iscsi.frame(header, counting(100), raw.digests));
    pdu[60]! ^= 1;
    raw.raw(pdu);
    expect(await raw.rejected()).toBe(iscsi.rejectReason.dataDigest);
    const answer = await raw.response();
    expect(answer.status).toBe(2);
    expect([...iscsi.senseInResponse(answer.data)].filter((_, at) => [2, 12, 13].includes(at))).toEqual([0x0b, 0x47, 0x05]);
    expect(setting.port.commands).toEqual([]);
    raw.command(2, [0]);
    expect((await raw.response()).status).toBe(0);
  });

  it("that have a wrong number make their command fail without effect, once all have come", async () => {
    const { setting, raw } = await entered([["InitialR2T", "Yes"]]);
    raw.command(1, write(100), { write: true, expectedBytes: 100 });
    const { transferTag } = await raw.r2t();
    raw.dataOut(1, { transferTag, final: false, dataSn: 1 }, counting(50));
    raw.dataOut(1, { transferTag, dataSn: 0, offsetBytes: 50 }, counting(50));
    const answer = await raw.response();
    expect([...iscsi.senseInResponse(answer.data)].filter((_, at) => [2, 12, 13].includes(at))).toEqual([0x0b, 0x47, 0x05]);
    expect(setting.port.commands).toEqual([]);
  });

  it("of a task that is unknown go nowhere, and hurt nobody", async () => {
    const { raw } = await entered();
    raw.dataOut(77, { transferTag: 5, dataSn: 3, offsetBytes: 9 }, counting(300));
    raw.command(2, [0]);
    expect((await raw.response()).status).toBe(0);
  });

  it("that are read wait until there is room for them", async () => {
    const setting = await rawSetting({ limits: { transferBytes: 512 * 1024, sessionBytes: 1024 * 1024 } });
    const raw = setting.dial();
    await raw.enter([["InitialR2T", "Yes"]]);
    for (const tag of [1, 2]) {
      raw.command(tag, write(512 * 1024), { write: true, expectedBytes: 512 * 1024 });
      await raw.r2t();
    }
    raw.command(3, read(512), { read: true, expectedBytes: 512 });
    raw.manage({ taskFunction: iscsi.taskFunction.abortTask, referencedTag: 1 });
    const [one, other] = [await raw.next(), await raw.next()];
    expect([one, other].map((pdu) => (pdu!.header[0] ?? 0) & 0x3f).sort()).toEqual([opcode.taskManagementResponse, opcode.dataIn].sort());
  });

  it("are put off where other sessions have all the memory, until they leave", async () => {
    const size = 512 * 1024;
    const setting = await rawSetting({ limits: { transferBytes: size, sessionBytes: 2 * size, memoryBytes: 2 * size } });
    const [greedy, modest] = [setting.dial(), setting.dial()];
    await greedy.enter([["InitialR2T", "Yes"]], Uint8Array.of(0x80, 0, 0, 0, 0, 1));
    await modest.enter([["InitialR2T", "Yes"]], Uint8Array.of(0x80, 0, 0, 0, 0, 2));
    for (const tag of [1, 2]) {
      greedy.command(tag, write(size), { write: true, expectedBytes: size });
      await greedy.r2t();
    }
    modest.command(1, read(512), { read: true, expectedBytes: 512 });
    expect(await modest.response()).toMatchObject({ taskTag: 1, status: 0x08 });
    modest.command(2, write(512), { write: true, expectedBytes: 512 });
    expect(await modest.response()).toMatchObject({ taskTag: 2, status: 0x28 });
    modest.command(3, [0]);
    expect((await modest.response()).status).toBe(0);
    greedy.socket.destroy();
    await greedy.closed;
    await expect.poll(() => setting.running.sessionCount).toBe(1);
    modest.command(4, read(512), { read: true, expectedBytes: 512 });
    expect(await modest.expect(opcode.dataIn, layout.dataIn)).toMatchObject({ taskTag: 4, status: 0 });
  });

  it("are more than the target holds: the command is put off, others go on", async () => {
    const setting = await rawSetting({ limits: { transferBytes: 1024 * 1024, sessionBytes: 2 * 1024 * 1024 } });
    const raw = setting.dial();
    await raw.enter([["InitialR2T", "Yes"]]);
    const size = 1024 * 1024;
    for (const tag of [1, 2, 3]) raw.command(tag, write(size), { write: true, expectedBytes: size });
    await raw.r2t();
    await raw.r2t();
    expect(await raw.response()).toMatchObject({ taskTag: 3, status: 0x28 });
    raw.command(4, write(size), { write: true, expectedBytes: size * 16 });
    expect(await raw.response()).toMatchObject({ taskTag: 4, status: 2 });
    raw.command(5, [0]);
    expect(await raw.response()).toMatchObject({ taskTag: 5, status: 0 });
  });
});
