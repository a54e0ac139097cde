import { afterEach, expect, it } from "vitest";
import { createMemoryLibrary, VirtualTime } from "../../../simulator/index.ts";
import { iscsi, status } from "../../../src/scsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { RawInitiator } from "./raw-initiator.ts";
import { initiator, serve, type Served } from "./setting.ts";

const { layout, opcode, taskFunction, taskResponse } = iscsi;
const inquiry = [0x12, 0, 0, 0, 96, 0];
const released: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const release of released.splice(0)) await release();
});

async function served(): Promise<Served & { enter(keys?: readonly iscsi.Pair[]): Promise<RawInitiator> }> {
  const setting = await serve({ drives: 1, slots: 1, mailSlots: 0, cartridges: [] });
  const raws: RawInitiator[] = [];
  released.push(async () => {
    for (const raw of raws) raw.socket.destroy();
    await setting.release();
  });
  return {
    ...setting,
    enter: async (keys) => {
      const raw = new RawInitiator(setting.running.port);
      raws.push(raw);
      await raw.enter(keys);
      return raw;
    },
  };
}

const read = { read: true, expectedBytes: 96 } as const;

it("wire-cut: half of the PDU comes, then the connection ends", async () => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x12, effect: { kind: "wire-cut" } });
  const raw = await setting.enter();
  let bytes = 0;
  raw.socket.on("data", (chunk: Buffer) => { bytes += chunk.length; });
  raw.command(7, inquiry, read);
  await raw.closed;
  // Header and data of the whole one: 48 and 96 bytes; ours has both in one PDU.
  expect(bytes).toBe(72);
});

it.each([["wire-header-digest", "HeaderDigest"], ["wire-data-digest", "DataDigest"]] as const)("%s: our initiator loses the connection, and gets the unit back", async (kind, key) => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x12, effect: { kind } });
  const raw = await setting.enter([[key, "CRC32C"]]);
  expect(raw.digests).toEqual({ header: key === "HeaderDigest", data: key === "DataDigest" });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve) => {
    raw.socket.removeAllListeners("data");
    raw.socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const got = Buffer.concat(chunks);
      if (got.length >= 148) resolve(got);
    });
  });
  raw.command(7, inquiry, read);
  const pdu = await whole;
  const right = Buffer.concat(iscsi.frame(Buffer.from(pdu.subarray(0, 48)), pdu.subarray(key === "HeaderDigest" ? 52 : 48).subarray(0, 96), raw.digests));
  const at = key === "HeaderDigest" ? 48 : 144;
  expect(pdu.subarray(0, at)).toEqual(right.subarray(0, at));
  expect(pdu.subarray(at, at + 4)).not.toEqual(right.subarray(at, at + 4));
  expect(setting.library.strikes()).toMatchObject([{ phase: "after", effect: { kind } }]);
});

it("wire-data-digest, where none was negotiated: the connection is lost for our initiator, and the unit is there for the next one", async () => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x12, effect: { kind: "wire-data-digest" } });
  const units = setting.units({ initiator });
  const unit = await units.transport(1);
  const command = { cdb: Uint8Array.from(inquiry), dataIn: new Uint8Array(96), timeoutMs: 5000 };
  await expect(unit.execute(command)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
  await unit.close();
  expect((await (await units.transport(1)).execute(command)).status).toBe(status.good);
});

it("wire-deaf: commands go on, pings are not answered any more", async () => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x12, effect: { kind: "wire-deaf" } });
  const raw = await setting.enter();
  const ping = (taskTag: number): void => { raw.send(opcode.nopOut, layout.nopOut, { immediate: true, taskTag, transferTag: iscsi.noTag, cmdSn: raw.cmdSn }); };
  ping(5);
  expect((await raw.expect(opcode.nopIn, layout.nopIn)).taskTag).toBe(5);
  raw.command(7, inquiry, read);
  expect((await raw.next())!.header[0]! & 0x3f).toBe(opcode.dataIn);
  ping(6);
  raw.command(8, inquiry, read);
  expect((await raw.expect(opcode.dataIn, layout.dataIn)).taskTag).toBe(8);
});

it("wire-logout: the command is answered, then the initiator is asked to leave", async () => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x12, effect: { kind: "wire-logout" } });
  const raw = await setting.enter();
  raw.command(7, inquiry, read);
  await raw.expect(opcode.dataIn, layout.dataIn);
  const message = await raw.expect(opcode.asyncMessage, layout.asyncMessage);
  expect(message).toMatchObject({ event: iscsi.asyncEvent.logoutWanted, parameter3: 3 });
  raw.send(opcode.logoutRequest, layout.logoutRequest, { immediate: true, taskTag: 9, cmdSn: raw.cmdSn });
  expect((await raw.expect(opcode.logoutResponse, layout.logoutResponse)).response).toBe(0);
});

it("wire-no-r2t: data are never asked for, until the command is aborted; the next one fares well", async () => {
  const setting = await served();
  setting.library.inject({ lun: 1, opcode: 0x15, effect: { kind: "wire-no-r2t" } });
  const raw = await setting.enter([["InitialR2T", "Yes"], ["ImmediateData", "No"]]);
  const modeSelect = (tag: number): void => { raw.command(tag, [0x15, 0x10, 0, 0, 4, 0], { write: true, expectedBytes: 4 }); };
  modeSelect(7);
  raw.manage({ taskFunction: taskFunction.abortTask, referencedTag: 7 });
  expect((await raw.expect(opcode.taskManagementResponse, layout.taskManagementResponse)).response).toBe(taskResponse.complete);
  modeSelect(8);
  expect((await raw.r2t()).taskTag).toBe(8);
  expect(setting.library.strikes()).toMatchObject([{ phase: "asking", lun: 1 }]);
});

it("what is aborted before its turn has no effect, and what a machine takes is not waited for any more", async () => {
  const time = new VirtualTime();
  const library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "SR0001L8", capacityBytes: 1_000_000 }] }, systemRandom, { timing: { time } });
  const port = library.port();
  const nexus = { name: "one", transportId: new Uint8Array(24) };
  port.connect(nexus);
  const command = (...cdb: number[]) => ({ cdb: Uint8Array.from(cdb), timeoutMs: 1000 });
  await port.deliver(0, nexus, command(0, 0, 0, 0, 0, 0));
  const [first, second] = [new AbortController(), new AbortController()];
  const moving = port.deliver(0, nexus, command(0xa5, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0, 0), first.signal);
  const waiting = port.deliver(0, nexus, command(0xa5, 0, 0, 0, 1, 0, 0x10, 5, 0, 0, 0, 0), second.signal);
  second.abort();
  // The first begins meanwhile; virtual time would not pass before the event loop came round.
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  first.abort();
  await moving;
  expect(await waiting).toEqual({ kind: "aborted" });
  expect(time.machineMs()).toBeLessThan(12_000);
  expect((await library.hands.list())[0]).toMatchObject({ place: { where: "drive", number: 0 } });
  await library.close();
});
