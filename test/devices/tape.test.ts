import { describe, expect, it } from "vitest";
import { openTapeDrive, senseOf, type TapeDrive } from "../../src/devices/tape/index.ts";
import { buildLogPage, buildLongPosition, buildShortPosition } from "../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

async function on<T>(steps: readonly Step[], act: (drive: TapeDrive, clock: SleepingClock) => Promise<T>): Promise<T> {
  const transport = new ScriptedTransport(steps);
  const clock = new SleepingClock();
  const result = await act(openTapeDrive(transport, clock), clock);
  expect(transport.left).toBe(0);
  return result;
}

const refused = { key: 5, asc: 0x20 };
const at = (objectNumber: number, fileNumber: number | undefined): Uint8Array =>
  buildLongPosition({ beginningOfPartition: objectNumber === 0, endOfPartition: false, partition: 0, objectNumber, fileNumber });

describe("results of reading and writing", () => {
  const read = (step: Omit<Step, "cdb">) => on([{ cdb: [0x08, 0, 0, 0x10, 0], ...step }], (drive) => drive.readBlock(new Uint8Array(4096)));
  const block = (sizeBytes: number) => ({ kind: "block", sizeBytes });

  it.each<[string, Omit<Step, "cdb">, object]>([
    ["a whole block", { data: new Uint8Array(4096) }, block(4096)],
    ["a shorter block", { transferredBytes: 4096, sense: { incorrectLength: true, information: 4000 } }, block(96)],
    ["a shorter block without INFORMATION", { transferredBytes: 96, sense: { incorrectLength: true } }, block(96)],
    ["a filemark", { sense: { ascq: 1, filemark: true, information: 4096 } }, { kind: "filemark" }],
    ["a filemark near the end", { sense: { ascq: 1, filemark: true, endOfMedium: true } }, { kind: "filemark" }],
    ["end of data", { sense: { key: 8, ascq: 5 } }, { kind: "end-of-data" }],
    ["a blank check without a code", { sense: { key: 8 } }, { kind: "end-of-data" }],
    ["the end of the partition", { sense: { key: 3, ascq: 2, endOfMedium: true } }, { kind: "end-of-data" }],
  ])("reads %s", async (_name, step, result) => expect(await read(step)).toEqual(result));

  it("rejects a block that is too large, and faults of the medium", async () => {
    await expect(read({ sense: { incorrectLength: true, information: -400 } })).rejects.toMatchObject({ code: "BLOCK_TOO_LARGE" });
    const fault: unknown = await read({ sense: { key: 3, asc: 0x11 } }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "MEDIUM_ERROR" });
    expect(senseOf(fault)).toMatchObject({ key: 3, asc: 0x11 });
  });

  const write = (step: Omit<Step, "cdb">) => on([{ cdb: [0x0a, 0, 0, 0, 64], ...step }], (drive) => drive.writeBlock(new Uint8Array(64)));
  it.each<[string, Omit<Step, "cdb">, string]>([
    ["written", {}, "written"],
    ["early warning", { sense: { ascq: 2, endOfMedium: true } }, "early-warning"],
    ["programmable early warning", { sense: { ascq: 7, endOfMedium: true } }, "programmed-warning"],
    ["early warning with data left over", { sense: { ascq: 2, endOfMedium: true, information: 64 } }, "end-of-medium"],
    ["volume overflow", { sense: { key: 0xd, ascq: 2, endOfMedium: true } }, "end-of-medium"],
    ["a recovered error", { sense: { key: 1, asc: 0x0c } }, "written"],
  ])("writes: %s", async (_name, step, result) => expect(await write(step)).toBe(result));

  it.each<[string, Omit<Step, "cdb">]>([
    ["WRITE_PROTECTED", { sense: { key: 7, asc: 0x27 } }], ["WORM_OVERWRITE", { sense: { key: 7, asc: 0x30, ascq: 0x0c } }],
    ["DRIVE_ERROR", { sense: { key: 4, asc: 0x44 } }], ["NO_MEDIUM", { sense: { key: 2, asc: 0x3a } }],
    ["MEDIUM_ERROR", { sense: { deferred: true, key: 3, asc: 0x0c } }], ["DEVICE_RESERVED", { status: 0x18 }],
    ["MEDIUM_MAY_HAVE_CHANGED", { sense: { key: 6, asc: 0x28 } }], ["DEVICE_WAS_RESET", { sense: { key: 6, asc: 0x29 } }],
  ])("writing rejects with %s", async (code, step) => await expect(write(step)).rejects.toMatchObject({ code }));
});

describe("what passes by itself", () => {
  it("absorbs news and waits while the drive becomes ready", async () => {
    const cdb = [0x0a];
    const steps = [{ cdb, sense: { key: 6, asc: 0x2a, ascq: 1 } }, { cdb, sense: { key: 2, asc: 4, ascq: 1 } }, { cdb }];
    await on(steps, async (drive, clock) => {
      expect(await drive.writeBlock(new Uint8Array(8))).toBe("written");
      expect(clock.monotonicMs()).toBe(1000);
    });
  });

  it("writes nothing after a reset until the tape was positioned", async () => {
    await on([{ cdb: [0x0a], sense: { key: 6, asc: 0x29 } }, { cdb: [0x92] }, { cdb: [0x0a] }], async (drive) => {
      await expect(drive.writeBlock(new Uint8Array(8))).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
      await expect(drive.writeBlock(new Uint8Array(8))).rejects.toMatchObject({ code: "DEVICE_WAS_RESET" });
      await drive.locate(7);
      expect(await drive.writeBlock(new Uint8Array(8))).toBe("written");
    });
  });

  it("waits for ready within bounds", async () => {
    const cdb = [0x00];
    const becoming = { cdb, sense: { key: 2, asc: 4, ascq: 1 } };
    await on([{ cdb, sense: { key: 6, asc: 0x28 } }, becoming, { cdb }], async (drive) => expect(await drive.ready(5000)).toBe("ready"));
    await on([{ cdb, sense: { key: 2, asc: 0x3a } }], async (drive) => expect(await drive.ready(5000)).toBe("no-medium"));
    const outlasts = on([becoming, becoming, becoming], (drive) => drive.ready(2000));
    await expect(outlasts).rejects.toMatchObject({ code: "NOT_READY", kind: "temporary" });
  });
});

describe("positioning on drives that lack commands", () => {
  it("spaces over blocks and filemarks, and remembers", async () => {
    const steps: Step[] = [
      { cdb: [0x92], sense: refused }, { cdb: [0x2b], sense: refused }, { cdb: [0x01] }, { cdb: [0x91], sense: refused },
      { cdb: [0x11, 0, 0, 0, 10], sense: { ascq: 1, filemark: true, information: 6 } }, { cdb: [0x11, 0, 0, 0, 5] },
      { cdb: [0x01] }, { cdb: [0x11, 0, 0, 0, 3] },
    ];
    await on(steps, async (drive) => {
      await drive.locate(10);
      await drive.locate(3);
    });
  });

  it("does not believe a drive that counts files from one", async () => {
    const steps: Step[] = [{ cdb: [0x92, 0x08] }, { cdb: [0x34, 6], data: at(9, 1) }, { cdb: [0x01] }, { cdb: [0x91, 1] }];
    expect(await on(steps, (drive) => drive.locateFile(2))).toBe("there");
  });

  it("stops at the end of data", async () => {
    const steps: Step[] = [{ cdb: [0x92, 0x08], sense: { key: 8, ascq: 5 } }, { cdb: [0x11, 3] }];
    expect(await on(steps, (drive) => drive.locateFile(2))).toBe("end-of-data");
  });

  it("asks for the short position where there is no long one", async () => {
    const short = buildShortPosition({ beginningOfPartition: false, endOfPartition: false, partition: 0, objectNumber: 70_000, fileNumber: undefined });
    const position = await on([{ cdb: [0x34, 6], sense: refused }, { cdb: [0x34, 0], data: short }], (drive) => drive.position());
    expect(position).toEqual({ objectNumber: 70_000, fileNumber: undefined, beginningOfPartition: false });
  });
});

describe("particulars", () => {
  it("takes the capacity from volume statistics where the LTO page is missing", async () => {
    const record = (megabytes: number) => Uint8Array.of(7, 0, 0, 0, ...new Uint8Array(Uint32Array.of(megabytes).buffer).reverse());
    const page = buildLogPage(0x17, 0, new Map([[0x0202, record(12_000_000)], [0x0204, record(5)]]));
    const capacity = await on([{ cdb: [0x4d, 0, 0x71], sense: { key: 5, asc: 0x24 } }, { cdb: [0x4d, 0, 0x57], data: page }], (drive) => drive.capacity());
    expect(capacity).toEqual({ totalBytes: 12e12, remainingBytes: 5e6 });
  });

  it("reads TapeAlert without clearing it", async () => {
    const page = buildLogPage(0x12, 0, new Map([[0, Uint8Array.of(0x20, 0, 0x08, 0, 0, 0, 0, 1)]]));
    expect(await on([{ cdb: [0x4d, 0, 0x52], data: page }], (drive) => drive.tapeAlerts())).toEqual([3, 21, 64]);
  });

  it("does without a cartridge memory", async () => {
    await on([{ cdb: [0x8c], sense: refused }, { cdb: [0x8d], sense: { key: 5, asc: 0x26 } }], async (drive) => {
      expect(await drive.readAttribute(0x0801)).toBeUndefined();
      expect(await drive.writeAttribute(0x0801, "ascii", Buffer.from("archive"))).toBe(false);
    });
  });
});
