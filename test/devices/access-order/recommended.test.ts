import { describe, expect, it } from "vitest";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { buildAccessOrder } from "../../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "../scripted-transport.ts";

const ranges = [{ firstObject: 0, lastObject: 3 }, { firstObject: 100, lastObject: 103 }, { firstObject: 200, lastObject: 203 }];
const limits = { cdb: [0xa3, 0x9d], data: Uint8Array.of(0, 3, 0, 32) };
const generate = { cdb: [0xa4, 0x1d, 2, 0, 0, 0, 0, 0, 0, 104] };
const listOf = (...names: number[]): Uint8Array => buildAccessOrder(names.map((name) => ({ name, ...(ranges[name] ?? { firstObject: 0, lastObject: 0 }) })));
const receive = (...names: number[]): Step => ({ cdb: [0xa3, 0x1d], data: listOf(...names) });

async function order(...steps: Step[]): Promise<readonly number[] | undefined> {
  const transport = new ScriptedTransport(steps);
  const result = await openTapeDrive(transport, new SleepingClock()).accessOrder(ranges);
  expect(transport.left).toBe(0);
  return result;
}

describe("the order that a drive recommends", () => {
  it("is that of its list", async () => {
    expect(await order(limits, generate, receive(0, 2, 1))).toEqual([0, 2, 1]);
  });

  it.each<[string, Step[]]>([
    ["knows nothing of it", [{ cdb: [0xa3, 0x9d], sense: { key: 5, asc: 0x20 } }]],
    ["takes fewer at once", [{ ...limits, data: Uint8Array.of(0, 2, 0, 32) }]],
    ["does not know a block", [limits, { ...generate, sense: { key: 5, asc: 0x26 } }]],
    ["meets the end of data", [limits, { ...generate, sense: { key: 8, asc: 0, ascq: 5 } }]],
    ["answers with nothing", [limits, generate, receive()]],
    ["leaves one out", [limits, generate, receive(0, 2)]],
    ["names one twice", [limits, generate, receive(0, 2, 2)]],
    ["names one that was not asked for", [limits, generate, receive(0, 2, 7)]],
  ])("is none where the drive %s", async (_name, steps) => {
    expect(await order(...steps)).toBeUndefined();
  });

  it("leaves faults of the drive what they are", async () => {
    await expect(order(limits, { ...generate, sense: { key: 4, asc: 0x44 } })).rejects.toMatchObject({ code: "DRIVE_ERROR" });
  });
});
