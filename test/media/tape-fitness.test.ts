import { describe, expect, it } from "vitest";
import { cartridgeUse, misfitOf, openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { buildMode6, type Density, type ModePage } from "../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "../devices/scripted-transport.ts";
import { memoryDrive } from "./memory-drive.ts";

const density = (primaryCode: number, writable: boolean): Density => ({
  primaryCode, secondaryCode: primaryCode, writable, isDefault: false, bitsPerMm: 1, tracks: 1, capacityMegabytes: 1, organization: "LTO-CVE", name: "", description: "",
});
const lto9 = [density(0x5e, true), density(0x60, true)];
const lto9ReadingLto7 = [density(0x5c, false), ...lto9];

describe("a cartridge of another generation", () => {
  it.each<[readonly Density[], number, string]>([
    [lto9, 0x60, "writes"], [lto9, 0x5e, "writes"], [lto9ReadingLto7, 0x5c, "reads"], [lto9, 0x5a, "refuses"], [[], 0x5a, "unknown"], [lto9, 0, "unknown"],
  ])("%#", (densities, code, use) => expect(cartridgeUse(densities, code)).toBe(use));

  it("is told in words", () => {
    expect(misfitOf(lto9ReadingLto7, 0x5c)).toBe("an LTO-7 cartridge can be read but not written by an LTO-9 drive");
    expect(misfitOf(lto9, 0x5a)).toBe("an LTO-6 cartridge can be neither read nor written by an LTO-9 drive");
    expect(misfitOf([density(0x99, true)], 0x44)).toBe("an LTO-3 cartridge can be neither read nor written by this drive");
    expect(misfitOf(lto9, 0x60)).toBeUndefined();
    expect(misfitOf([], 0x44)).toBeUndefined();
  });

  it("is not written to, but read", async () => {
    const drive: TapeDrive = {
      ...memoryDrive(),
      densities: () => Promise.resolve(lto9ReadingLto7),
      medium: () => Promise.resolve({ writeProtected: false, worm: false, densityCode: 0x5c, kind: "data" }),
    };
    const medium = await openTapeMedium(drive, "ABC123L7");
    await expect(medium.writeObject(0, "bootstrap")).rejects.toMatchObject({ code: "MEDIUM_INCOMPATIBLE", kind: "operator" });
    expect(await medium.readObject(0)).toBe("end-of-data");
  });
});

describe("a cartridge with partitions", () => {
  const page = (body: readonly number[]): ModePage => ({ page: 0x11, subpage: 0, body: Uint8Array.from(body) });
  const answer = (pages: readonly ModePage[]) =>
    buildMode6({ mediumType: 0x98, writeProtected: false, bufferedMode: 1, densityCode: 0x60, blockBytes: 0, pages });
  const count = async (step: Omit<Step, "cdb">) =>
    await openTapeDrive(new ScriptedTransport([{ cdb: [0x1a, 0, 0x11], ...step }]), new SleepingClock()).partitions();

  it("is counted from the mode page", async () => {
    expect(await count({ data: answer([page([1, 0, 0x10, 3])]) })).toBe(1);
    expect(await count({ data: answer([page([3, 1, 0x10, 3])]) })).toBe(2);
    expect(await count({ data: answer([]) })).toBeUndefined();
    expect(await count({ sense: { key: 5, asc: 0x24 } })).toBeUndefined();
  });

  it("is refused before anything is done with it, and taken where nobody can tell", async () => {
    const drive = (partitions: number | undefined): TapeDrive => ({ ...memoryDrive(), partitions: () => Promise.resolve(partitions) });
    await expect(openTapeMedium(drive(2), "ABC123L9")).rejects.toMatchObject({ code: "MEDIUM_PARTITIONED", kind: "operator" });
    for (const each of [1, undefined]) expect((await openTapeMedium(drive(each), "ABC123L9")).barcode).toBe("ABC123L9");
  });
});

describe("where a drive warns of the end", () => {
  const extension = (megabytes: number): Uint8Array => buildMode6({
    mediumType: 0x98, writeProtected: false, bufferedMode: 1, densityCode: 0x60, blockBytes: 0,
    pages: [{ page: 0x10, subpage: 1, body: Uint8Array.of(0, 0, megabytes >> 8, megabytes & 0xff, ...new Uint8Array(24)) }],
  });
  const sense = (step: Omit<Step, "cdb">): Step => ({ cdb: [0x1a, 0, 0x10, 1], ...step });
  const set = async (sizeBytes: number, steps: readonly Step[]) => {
    const transport = new ScriptedTransport(steps);
    const held = await openTapeDrive(transport, new SleepingClock()).setEarlyWarning(sizeBytes);
    expect(transport.left).toBe(0);
    return held;
  };
  const select: Step = { cdb: [0x15, 0x10] };

  it("is set in whole megabytes, and read back", async () => {
    expect(await set(1_500_001, [sense({ data: extension(0) }), select, sense({ data: extension(2) })])).toBe(2_000_000);
    expect(await set(1e15, [sense({ data: extension(0) }), select, sense({ data: extension(0xffff) })])).toBe(65_535_000_000);
  });
  it("is left alone where it is so already, where the drive refuses, and where there is no such page", async () => {
    expect(await set(5_000_000, [sense({ data: extension(5) })])).toBe(5_000_000);
    const refusal: Step = { ...select, sense: { key: 5, asc: 0x26 } };
    expect(await set(9_000_000, [sense({ data: extension(5) }), refusal, sense({ data: extension(5) })])).toBe(5_000_000);
    expect(await set(9_000_000, [sense({ sense: { key: 5, asc: 0x24 } })])).toBeUndefined();
  });
});
