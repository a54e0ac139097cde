import { describe, expect, it } from "vitest";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../../src/media/index.ts";
import { keyNameOf, parseEncryptionStatus, parseNextBlockEncryption, securityProtocolInCdb, securityProtocolOutCdb } from "../../../src/scsi/index.ts";
import { memoryDrive } from "../../media/memory-drive.ts";
import { ScriptedTransport, SleepingClock, type Step } from "../scripted-transport.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
/** As an LTO drive answers: set by a host for all of them, with the name "JUNE" for the key. */
const statusOn = bytes("0020 001c 42 02 02 01 00000007 10 00 0000 0000000000000000 00000004 4a554e45");
const statusOff = bytes("0020 0014 00 00 00 00 00000000 10 00 0000 0000000000000000");
const nextBlock = (status: string): Uint8Array => bytes(`0021 000c 0000000000000005 ${status} 01 00 00`);
const asksStatus = [0xa2, 0x20, 0x00, 0x20, 0, 0, 0, 0, 0x20, 0];
const asksNext = [0xa2, 0x20, 0x00, 0x21];

async function encryption(...steps: Step[]) {
  const transport = new ScriptedTransport(steps);
  const result = await openTapeDrive(transport, new SleepingClock()).encryption();
  expect(transport.left).toBe(0);
  return result;
}

describe("pages of tape data encryption (SSC-5, 9.5)", () => {
  it("are asked for", () => {
    expect(securityProtocolInCdb(0x20, 0x21, 0x2000)).toEqual(bytes("a220 0021 0000 00002000 0000"));
    expect(securityProtocolOutCdb(0x20, 0x10, 0x34)).toEqual(bytes("b520 0010 0000 00000034 0000"));
  });

  it("are read, whole or cut", () => {
    expect(parseEncryptionStatus(statusOn)).toEqual({
      scope: 2, encryption: 2, decryption: 2, algorithmIndex: 1, keyInstance: 7, control: 1, keyData: [{ type: 0, value: bytes("4a554e45") }],
    });
    expect(parseEncryptionStatus(statusOn.subarray(0, 30))?.keyData).toEqual([]);
    expect(parseEncryptionStatus(statusOn.subarray(0, 20))).toBeUndefined();
    expect(parseEncryptionStatus(nextBlock("05"))).toBeUndefined();
    expect(parseNextBlockEncryption(nextBlock("46"))).toEqual({ objectNumber: 5, status: 6, algorithmIndex: 1, keyData: [] });
  });

  it("bound what a hostile drive can make of them, and show no name that a terminal would obey", () => {
    const many = Buffer.concat([statusOff.subarray(0, 24), Buffer.alloc(4 * 4000)]);
    many.writeUInt16BE(many.length - 4, 2);
    expect(parseEncryptionStatus(many)?.keyData).toHaveLength(16);
    expect(keyNameOf([{ type: 0, value: bytes("1b5b324a") }, { type: 1, value: bytes("4155544800ff") }])).toBe("AUTH");
    expect(keyNameOf([])).toBeUndefined();
  });
});

describe("what a drive does to blocks", () => {
  it("is told with the name of the key and who may set it", async () => {
    expect(await encryption({ cdb: asksStatus, data: statusOn }, { cdb: asksNext, data: nextBlock("05") })).toEqual({
      kind: "on", encrypts: true, decrypts: "yes", scope: "all hosts", setBy: "hosts", keyName: "JUNE", nextBlock: "encrypted, readable",
    });
  });

  it("is nothing where no key is set, also without a cartridge", async () => {
    const none = { key: 2, asc: 0x3a };
    expect(await encryption({ cdb: asksStatus, data: statusOff }, { cdb: asksNext, sense: none })).toMatchObject({
      kind: "off", encrypts: false, decrypts: "no", nextBlock: "unknown", keyName: undefined,
    });
  });

  it("is unsupported where there are no such pages", async () => {
    expect(await encryption({ cdb: asksStatus, sense: { key: 5, asc: 0x20 } })).toEqual({ kind: "unsupported" });
    expect(await encryption({ cdb: asksStatus, data: new Uint8Array(8) })).toEqual({ kind: "unsupported" });
    expect(await encryption({ cdb: asksStatus, sense: { key: 2, asc: 0x3a } })).toEqual({ kind: "unsupported" });
    await expect(encryption({ cdb: asksStatus, sense: { key: 4, asc: 0x44 } })).rejects.toMatchObject({ code: "DRIVE_ERROR" });
  });
});

describe("a volume in a drive that encrypts", () => {
  const settings = { decrypts: "yes", scope: "all hosts", keyName: "JUNE", nextBlock: "unknown" } as const;

  it("is not written, and it is said what to do", async () => {
    const base = memoryDrive();
    for (const [setBy, advice] of [["hosts", "stenc -f"], ["library", "settings of the library"]] as const) {
      const drive = { ...base, encryption: () => Promise.resolve({ kind: "on", encrypts: true, setBy, ...settings } as const) };
      const medium = await openTapeMedium(drive, "TAPE01L8");
      const refusal: unknown = await medium.writeObject(0, "bootstrap").catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "DRIVE_ENCRYPTS", kind: "operator" });
      expect((refusal as { hint: string }).hint).toContain(advice);
      expect(await base.position()).toMatchObject({ objectNumber: 0 });
    }
  });

  it("is written where the drive only decrypts", async () => {
    const drive = { ...memoryDrive(), encryption: () => Promise.resolve({ kind: "on", encrypts: false, setBy: "hosts", ...settings } as const) };
    const medium = await openTapeMedium(drive, "TAPE01L8");
    const writer = await medium.writeObject(0, "bootstrap");
    await writer.write(new Uint8Array(100));
    expect(await writer.finish()).toBe("finished");
  });
});
