import { describe, expect, it } from "vitest";
import { type LongWork, openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { buildSense, type Sense } from "../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

const minute = 60_000;
const none: Sense = { deferred: false, key: 0, asc: 0, ascq: 0, filemark: false, endOfMedium: false, incorrectLength: false };
const becoming = (progress?: number): Step => ({ cdb: [0x00], sense: { key: 2, asc: 4, ascq: 1, ...(progress === undefined ? {} : { progress }) } });
const ready: Step = { cdb: [0x00] };
const rewind: Step = { cdb: [0x01] };
const says = (sense: Partial<Sense>): Step => ({ cdb: [0x03], data: buildSense({ ...none, ...sense }, "fixed") });

async function on<T>(steps: readonly Step[], act: (drive: TapeDrive, heard: LongWork[], clock: SleepingClock) => Promise<T>) {
  const transport = new ScriptedTransport(steps);
  const heard: LongWork[] = [];
  const clock = new SleepingClock();
  const result = await act(openTapeDrive(transport, clock), heard, clock);
  expect(transport.left).toBe(0);
  return { result, heard, passedMs: clock.monotonicMs() };
}

/** A drive that is `part` done after `part` of the whole time, and does whatever comes first when asked. */
function initializing(wholeMs: number, clock: SleepingClock): { readonly execute: ScriptedTransport["execute"] } {
  const execute: ScriptedTransport["execute"] = (command) => {
    const part = clock.monotonicMs() / wholeMs;
    return new ScriptedTransport([part < 1 ? becoming(part) : ready]).execute(command);
  };
  return { execute };
}

describe("a cartridge that is measured when it is loaded first", () => {
  const drive = (wholeMs: number) => {
    const clock = new SleepingClock();
    const transport = { name: "slow", maxTransferBytes: 1 << 20, ...initializing(wholeMs, clock), close: () => Promise.resolve() };
    return { clock, drive: openTapeDrive(transport, clock) };
  };

  it("is waited for beyond the limit while it gets on, and somebody hears of it", async () => {
    const { drive: slow, clock } = drive(118 * minute);
    const heard: LongWork[] = [];
    expect(await slow.ready(15 * minute, { onProgress: (work) => heard.push(work) })).toBe("ready");
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(118 * minute);
    expect(clock.monotonicMs()).toBeLessThan(120 * minute);
    expect(heard.length).toBeLessThan(300);
    expect(heard[0]).toEqual({ what: "the device is becoming ready", part: 0, waitedMs: 0 });
    expect(heard.at(-1)?.part).toBeGreaterThan(0.98);
  });

  it("is given up at the limit where nobody listens, and after two hours and a half where somebody does", async () => {
    const unheard = drive(118 * minute);
    await expect(unheard.drive.ready(15 * minute)).rejects.toMatchObject({ code: "NOT_READY" });
    expect(unheard.clock.monotonicMs()).toBe(15 * minute);
    const endless = drive(1000 * minute);
    await expect(endless.drive.ready(15 * minute, { onProgress: () => undefined })).rejects.toMatchObject({ code: "NOT_READY" });
    expect(endless.clock.monotonicMs()).toBe(150 * minute);
  });

  it("is given up at the limit when it stands still", async () => {
    const steps = [becoming(0.5), becoming(0.5), becoming(0.5), becoming(0.5)];
    const listened = on(steps, (stuck, heard) => stuck.ready(3000, { onProgress: (work) => heard.push(work) }));
    await expect(listened).rejects.toMatchObject({ code: "NOT_READY" });
  });

  it("goes on in the background of a load", async () => {
    const load: Step = { cdb: [0x1b, 0, 0, 0, 1], sense: { key: 2, asc: 4, ascq: 0x04 } };
    const { heard } = await on([ready, load, becoming(0.25), ready], (each, works) => each.load({ onProgress: (work) => works.push(work) }));
    expect(heard.map(({ part }) => part)).toEqual([0.25]);
  });
});

describe("erasing", () => {
  const begin: Step = { cdb: [0x19, 0x03] };
  const erase = (steps: readonly Step[]) => on(steps, (drive, heard) => drive.erase({ onProgress: (work) => heard.push(work) }));

  it("asks how far it is until it is done", async () => {
    const { heard } = await erase([
      rewind, begin, says({ ascq: 0x18, progress: 0.25 }), says({ ascq: 0x16, progress: 0.5 }), says({ key: 2, asc: 4, ascq: 7, progress: 0.75 }),
      says({}), rewind,
    ]);
    expect(heard.map(({ what, part }) => [what, part])).toEqual([
      ["the tape is being erased", 0.25], ["work goes on in the background", 0.5], ["work goes on that nothing may disturb", 0.75],
    ]);
  });

  it("asks once a minute in the end, and not for ever", async () => {
    const stuck = { ...says({ ascq: 0x18, progress: 0.5 }) };
    const clock = new SleepingClock();
    const transport = new ScriptedTransport([rewind, begin, ...Array<Step>(3500).fill(stuck)]);
    await expect(openTapeDrive(transport, clock).erase()).rejects.toMatchObject({ code: "OPERATION_ENDLESS" });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(48 * 60 * minute);
    expect(transport.left).toBeGreaterThan(500);
  });

  it("waits for the answer of a drive that cannot do it in the background", async () => {
    await erase([rewind, { ...begin, sense: { key: 5, asc: 0x24 } }, { cdb: [0x19, 0x01] }, rewind]);
  });

  it.each<[string, Step]>([
    ["MEDIUM_ERROR", says({ key: 3, asc: 0x51 })], ["MEDIUM_ERROR", says({ deferred: true, key: 3, asc: 0x51 })],
    ["DEVICE_WAS_RESET", says({ key: 6, asc: 0x29 })], ["UNKNOWN_CONDITION", says({ ascq: 0x99 })],
  ])("ends with %s", async (code, last) => await expect(erase([rewind, begin, last])).rejects.toMatchObject({ code }));

  it("passes over news in between, and is not begun on a protected cartridge", async () => {
    await erase([rewind, begin, says({ key: 6, asc: 0x2a, ascq: 0x10 }), says({}), rewind]);
    await expect(erase([rewind, { ...begin, sense: { key: 7, asc: 0x27 } }])).rejects.toMatchObject({ code: "WRITE_PROTECTED" });
  });
});

describe("what is known to be on the medium", () => {
  const write: Step = { cdb: [0x0a] };
  const flush: Step = { cdb: [0x10, 0, 0, 0, 0] };
  const late: Step = { cdb: [0x0a], sense: { deferred: true, key: 3, asc: 0x0c } };
  const block = new Uint8Array(8);

  it("is what was flushed, and an error about earlier data says from where on nothing is to be trusted", async () => {
    await on([{ cdb: [0x92] }, write, write, flush, write, late, write].slice(0, 6), async (drive) => {
      await drive.locate(100);
      expect(drive.confirmedObjects).toBe(100);
      await drive.writeBlock(block);
      await drive.writeBlock(block);
      expect(drive.confirmedObjects).toBe(100);
      await drive.writeFilemarks(0);
      expect(drive.confirmedObjects).toBe(102);
      await drive.writeBlock(block);
      await expect(drive.writeBlock(block)).rejects.toMatchObject({
        code: "MEDIUM_ERROR",
        message: expect.stringContaining("objects from 102 on are not to be trusted") as string,
        hint: expect.stringMatching(/^position the tape behind the last object that was confirmed/) as string,
      });
      expect(drive.confirmedObjects).toBe(102);
      await expect(drive.writeBlock(block)).rejects.toMatchObject({ code: "MEDIUM_ERROR" });
    });
  });

  it("is not known from a position that nobody knows", async () => {
    await on([write, flush, late], async (drive) => {
      await drive.writeBlock(block);
      await drive.writeFilemarks(0);
      expect(drive.confirmedObjects).toBeUndefined();
      await expect(drive.writeBlock(block)).rejects.toMatchObject({ message: expect.stringContaining("nobody knows how much of it") as string });
    });
  });
});
