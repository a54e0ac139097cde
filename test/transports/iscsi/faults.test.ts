import { afterEach, describe, expect, it } from "vitest";
import { buildSense, iscsi, parseSense, status } from "../../../src/scsi/index.ts";
import type { Wire } from "./fake-target.ts";
import { turn } from "./manual-clock.ts";
import { counting, reading, releaseSettings, settingOf, testUnitReady, writing } from "./setting.ts";

const { layout, opcode } = iscsi;
const lost = { code: "TRANSPORT_LOST" };

afterEach(releaseSettings);

/** A session whose first command meets that. */
async function meets(meeting: (wire: Wire, tag: number) => void | Promise<void>, answers: readonly iscsi.Pair[] = []) {
  const setting = await settingOf([
    async (wire) => {
      await wire.login(answers);
      const { taskTag } = await wire.command();
      await meeting(wire, taskTag);
      await wire.next();
    },
  ], { digests: "preferred" });
  return { ...setting, unit: await setting.units.transport(1) };
}

describe("a lost connection", () => {
  it("ends the command, and every later one, and sends nothing again", async () => {
    let commands = 0;
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        const { taskTag } = await wire.command();
        commands += 1;
        const [header, data] = wire.pieces(opcode.dataIn, layout.dataIn, { taskTag, transferTag: iscsi.noTag }, new Uint8Array(512));
        wire.socket.write(Buffer.concat([header!, data!.subarray(0, 100)]));
        setImmediate(() => wire.socket.destroy());
        if (await wire.next()) commands += 1;
      },
    ]);
    const unit = await units.transport(1);
    const other = await units.transport(2);
    const [first, second] = [unit.execute(reading(512)), unit.execute(testUnitReady)];
    await expect(first).rejects.toMatchObject(lost);
    await expect(second).rejects.toMatchObject(lost);
    await expect(other.execute(testUnitReady)).rejects.toMatchObject(lost);
    expect(commands).toBe(1);
  });

  it("is opened anew under the same name, and what the device has to say about it arrives", async () => {
    const isids: string[] = [];
    const sense = { deferred: false, key: 6, asc: 0x29, ascq: 7, filemark: false, endOfMedium: false, incorrectLength: false };
    const senseBytes = buildSense(sense, "fixed");
    const { units } = await settingOf([
      async (wire) => {
        isids.push((await wire.login()).isid);
        await wire.command();
        wire.socket.destroy();
      },
      async (wire) => {
        isids.push((await wire.login()).isid);
        const { taskTag } = await wire.command();
        wire.respond(taskTag, { status: status.checkCondition }, Buffer.concat([Uint8Array.of(0, senseBytes.length), senseBytes]));
        wire.respond((await wire.command()).taskTag);
        await wire.next();
      },
    ]);
    const old = await units.transport(1);
    await expect(old.execute(testUnitReady)).rejects.toMatchObject(lost);
    await expect(units.transport(1)).rejects.toMatchObject({ code: "TRANSPORT_BUSY" });
    await old.close();
    const unit = await units.transport(1);
    const attention = await unit.execute(testUnitReady);
    expect(attention.status).toBe(status.checkCondition);
    expect(parseSense(attention.sense)).toMatchObject({ key: 6, asc: 0x29, ascq: 7 });
    expect((await unit.execute(testUnitReady)).status).toBe(status.good);
    expect(isids[1]).toBe(isids[0]);
    await expect(old.execute(testUnitReady)).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it("leaves nothing behind when the target dies during a write of several bursts", async () => {
    const { unit } = await meets((wire, tag) => {
      wire.readyToTransfer(tag, 0, 65_536, 65_536);
      wire.socket.destroy();
    });
    await expect(unit.execute(writing(new Uint8Array(1 << 20)))).rejects.toMatchObject(lost);
  });
});

describe("a target that breaks the protocol is a lost connection:", () => {
  const half = new Uint8Array(256);
  it.each<readonly [string, (wire: Wire, tag: number) => void]>([
    ["data out of order", (wire, tag) => { wire.dataIn(tag, half, { offsetBytes: 256 }); }],
    ["data numbered wrongly", (wire, tag) => { wire.dataIn(tag, half, { dataSn: 1 }); }],
    ["more data than there is room for", (wire, tag) => { wire.dataIn(tag, new Uint8Array(513)); }],
    ["data of a command that was never sent", (wire, tag) => { wire.dataIn(tag + 9, half); }],
    ["an answer to a command that was never sent", (wire, tag) => { wire.respond(tag + 9); }],
    ["success with data missing", (wire, tag) => {
      wire.dataIn(tag, half);
      wire.respond(tag);
    }],
    ["a residual that is larger than the transfer", (wire, tag) => { wire.respond(tag, { residualUnderflow: true, residualBytes: 513 }); }],
    ["a request for data of a read", (wire, tag) => { wire.readyToTransfer(tag, 0, 0, 512); }],
    ["a failure inside the target", (wire, tag) => { wire.respond(tag, { response: 1 }); }],
    ["a rejected command", (wire, tag) => {
      const rejected = iscsi.build(opcode.scsiCommand, layout.scsiCommand, { taskTag: tag });
      wire.send(opcode.reject, layout.reject, { reason: iscsi.rejectReason.protocol, taskTag: iscsi.noTag }, rejected);
    }],
    ["a PDU of no known kind", (wire) => { wire.send(0x2f, layout.nopIn, {}); }],
    ["an answer to a question that was not asked", (wire) => { wire.managed(4711, 0); }],
    ["a message that it ends the session", (wire) => {
      wire.send(opcode.asyncMessage, layout.asyncMessage, { event: iscsi.asyncEvent.sessionEnds, parameter3: 0 });
    }],
    ["a data segment of 16 MiB", (wire) => { wire.socket.write(Uint8Array.from({ length: 48 }, (_, at) => (at === 0 ? 0x21 : at >= 5 && at < 8 ? 0xff : 0))); }],
  ])("%s", async (_what, meeting) => {
    const { unit } = await meets(meeting);
    await expect(unit.execute(reading(512))).rejects.toMatchObject(lost);
    await expect(unit.execute(testUnitReady)).rejects.toMatchObject(lost);
  });

  it.each([
    ["out of order", 0, 131_072, 512], ["numbered wrongly", 1, 65_536, 512], ["for nothing", 0, 65_536, 0],
    ["beyond a burst", 0, 65_536, 262_145], ["beyond the end", 0, 65_536, 200_000],
  ])("a request for data %s", async (_what, r2tSn, offsetBytes, wantedBytes) => {
    const { unit } = await meets((wire, tag) => { wire.readyToTransfer(tag, r2tSn, offsetBytes, wantedBytes); }, [["MaxRecvDataSegmentLength", "65536"]]);
    await expect(unit.execute(writing(new Uint8Array(256_000)))).rejects.toMatchObject(lost);
  });

  it("success of a write whose data it never asked for", async () => {
    const { unit } = await meets((wire, tag) => { wire.respond(tag); });
    await expect(unit.execute(writing(new Uint8Array(256_000)))).rejects.toMatchObject(lost);
  });

  it.each([["header", 60], ["data", 48 + 4 + 9]])("a damaged digest of a %s", async (which, at) => {
    const digests: readonly iscsi.Pair[] = [["HeaderDigest", "CRC32C"], ["DataDigest", "CRC32C"]];
    const { unit } = await meets((wire, tag) => {
      const bytes = Buffer.concat(wire.pieces(opcode.dataIn, layout.dataIn, { taskTag: tag, transferTag: iscsi.noTag }, new Uint8Array(512)));
      const damaged = which === "header" ? 20 : at;
      bytes[damaged] = bytes[damaged]! ^ 1;
      wire.socket.write(bytes);
    }, digests);
    await expect(unit.execute(reading(512))).rejects.toMatchObject(lost);
  });
});

it("a command that fails inside the target ends the transport of its unit, and no other", async () => {
  const { units } = await settingOf([
    async (wire) => {
      await wire.login();
      for (let count = 0; count < 3; count += 1) {
        const { taskTag, lun } = await wire.command();
        wire.respond(taskTag, lun[1] === 1 ? { response: 1 } : {});
      }
      await wire.next();
    },
  ]);
  const [broken, well] = [await units.transport(1), await units.transport(2)];
  expect((await well.execute(testUnitReady)).status).toBe(status.good);
  await expect(broken.execute(writing(new Uint8Array(512)))).rejects.toMatchObject(lost);
  await expect(broken.execute(testUnitReady)).rejects.toMatchObject(lost);
  expect((await well.execute(testUnitReady)).status).toBe(status.good);
});

describe("residuals", () => {
  it("take what came for what moved, also where the target calls a truncated answer overflow", async () => {
    const { unit } = await meets((wire, tag) => {
      wire.dataIn(tag, counting(512), { hasStatus: true, residualOverflow: true, residualBytes: 100 });
    });
    const command = reading(512);
    expect(await unit.execute(command)).toMatchObject({ status: status.good, transferredBytes: 512 });
    expect(command.dataIn).toEqual(counting(512));
  });

  it.each([["in the data", true], ["in a response of its own", false]])("of a short read, told %s", async (_where, hasStatus) => {
    const { unit } = await meets((wire, tag) => {
      const values = { residualUnderflow: true, residualBytes: 412 };
      wire.dataIn(tag, counting(100), hasStatus ? { hasStatus, ...values } : {});
      if (!hasStatus) wire.respond(tag, values);
    });
    expect(await unit.execute(reading(512))).toMatchObject({ transferredBytes: 100 });
  });

  it("of data that were only filled up", async () => {
    const { unit } = await meets((wire, tag) => { wire.dataIn(tag, new Uint8Array(512), { hasStatus: true, residualUnderflow: true, residualBytes: 412 }); });
    expect(await unit.execute(reading(512))).toMatchObject({ transferredBytes: 100 });
  });

  it("of a filemark without one", async () => {
    const { unit } = await meets((wire, tag) => { wire.respond(tag, { status: status.checkCondition }, Uint8Array.of(0, 3, 0x70, 0, 0x80)); });
    expect(await unit.execute(reading(512))).toEqual({ status: status.checkCondition, sense: Uint8Array.of(0x70, 0, 0x80), transferredBytes: 0 });
  });
});

describe("signs of life", () => {
  it("are asked for when the target is silent, and their absence is a loss", async () => {
    const pings: number[] = [];
    const { units, clock } = await settingOf([
      async (wire) => {
        await wire.login();
        for (const answers of [true, false]) {
          const { taskTag, immediate } = await wire.expect(opcode.nopOut, layout.nopOut);
          pings.push(Number(immediate));
          if (answers) {
            wire.send(opcode.nopIn, layout.nopIn, { taskTag, transferTag: iscsi.noTag });
            wire.statSn += 1;
          }
        }
        await wire.next();
      },
    ], { timing: { pingAfterMs: 5000, pingAnswerMs: 5000 } });
    const unit = await units.transport(1);
    while (pings.length < 2) await clock.pass(500);
    await clock.pass(4000);
    expect(pings).toEqual([1, 1]);
    while ((await Promise.race([unit.execute(testUnitReady).catch((error: unknown) => error), clock.pass(1000)])) === undefined) await turn();
    await expect(unit.execute(testUnitReady)).rejects.toMatchObject(lost);
  });

  it("are not given without end to a target that does not take them", async () => {
    const { unit } = await meets((wire, tag) => {
      wire.socket.pause();
      const flood = Buffer.concat(Array.from({ length: 4000 }, () => Buffer.concat(wire.pieces(opcode.nopIn, layout.nopIn, { taskTag: iscsi.noTag, transferTag: tag }))));
      const send = (): void => { if (!wire.closed) wire.socket.write(flood, send); };
      send();
    });
    await expect(unit.execute(testUnitReady)).rejects.toMatchObject(lost);
  });

  it("are given when the target asks", async () => {
    const { units } = await settingOf([
      async (wire) => {
        await wire.login();
        const { taskTag } = await wire.command();
        wire.send(opcode.nopIn, layout.nopIn, { taskTag: iscsi.noTag, transferTag: 99, lun: iscsi.encodeLun(1) });
        const answer = await wire.expect(opcode.nopOut, layout.nopOut);
        expect(answer).toMatchObject({ immediate: true, taskTag: iscsi.noTag, transferTag: 99, lun: iscsi.encodeLun(1), expStatSn: wire.statSn });
        wire.respond(taskTag);
        await wire.next();
      },
    ]);
    expect(await (await units.transport(1)).execute(testUnitReady)).toMatchObject({ status: status.good });
  });
});
