import { describe, expect, it } from "vitest";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { keyRows, type Sense, senseKey, senseMeaning } from "../../src/scsi/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { assignedCodes } from "../scsi/sense-assignments.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

const write = { cdb: [0x0a] };

/** What comes of one block when the drive answers so once, and GOOD ever after. */
async function writing(sense: Partial<Sense>): Promise<string> {
  const drive = openTapeDrive(new ScriptedTransport([{ ...write, sense }, write]), new SleepingClock());
  return await drive.writeBlock(new Uint8Array(8)).catch((error: unknown) => (error instanceof StrongroomError ? error.code : String(error)));
}

describe("what a drive says while it writes", () => {
  const errorsOfKey: Readonly<Record<number, RegExp>> = {
    [senseKey.notReady]: /^(NOT_READY|NO_MEDIUM|MEDIUM_INCOMPATIBLE|CLEANING_FAILED|WORM_|written|WRITE_PROTECTED|ACCESS_DENIED|REMOVAL|MEDIUM_ENC)/,
    [senseKey.mediumError]: /^(MEDIUM_|POSITION_NOT_REACHED|WORM_|CLEANING|WRITE_PROTECTED|NO_MEDIUM|REMOVAL|OPERATOR|ACCESS)/,
    [senseKey.hardwareError]: /^(DRIVE_ERROR|MEDIUM_(INC|ENC)|WORM_|CLEANING|WRITE_PROTECTED|NO_MEDIUM|REMOVAL|OPERATOR|ACCESS)/,
    [senseKey.volumeOverflow]: /^end-of-medium$/,
  };
  it("never passes for a block that was written, unless the key says so", async () => {
    for (const code of assignedCodes) {
      const numbers = { asc: code >> 8, ascq: code & 0xff };
      for (const key of keyRows.keys()) {
        const outcome = await writing({ key, ...numbers });
        const isFine = outcome === "written" || outcome === "early-warning";
        const mayBeFine = key === senseKey.noSense || key === senseKey.recoveredError || key === senseKey.unitAttention || key === senseKey.notReady;
        if (isFine && !mayBeFine) expect.fail(`${String(key)} ${code.toString(16)}: ${outcome}`);
        if (errorsOfKey[key]?.test(outcome) === false) expect.fail(`${String(key)} ${code.toString(16)}: ${outcome}`);
      }
    }
  });

  it("is stopped by whatever nobody knows, and stays stopped", async () => {
    for (const key of keyRows.keys()) expect(await writing({ key, asc: 0x99, ascq: 0x01 })).toBe(key === senseKey.volumeOverflow ? "end-of-medium" : "UNKNOWN_CONDITION");
    const drive = openTapeDrive(new ScriptedTransport([{ ...write, sense: { key: 6, asc: 0x99 } }, { cdb: [1] }, write]), new SleepingClock());
    await expect(drive.writeBlock(new Uint8Array(8))).rejects.toMatchObject({ code: "UNKNOWN_CONDITION" });
    await expect(drive.writeBlock(new Uint8Array(8))).rejects.toMatchObject({ code: "UNKNOWN_CONDITION" });
    await drive.rewind();
    expect(await drive.writeBlock(new Uint8Array(8))).toBe("written");
  });

  it("is told with what happened, what it says in numbers, and what to do", async () => {
    const drive = openTapeDrive(new ScriptedTransport([{ ...write, sense: { key: 3, asc: 0x0c } }]), new SleepingClock());
    await expect(drive.writeBlock(new Uint8Array(8))).rejects.toMatchObject({
      message: "drive scripted met a fault of the medium, while writing a block: "
        + "what was to be written is not on the tape; it says medium error: write error (3/0c/00)",
      hint: senseMeaning({ deferred: false, key: 3, asc: 0x0c, ascq: 0 }).advice,
    });
  });

  it("goes on after a remark about earlier data, which ends the command that it came with unbegun", async () => {
    expect(await writing({ deferred: true, key: 1, asc: 0x17, ascq: 1 })).toBe("written");
    const steps: Step[] = [{ ...write, sense: { deferred: true, key: 1, asc: 0x99, ascq: 1 } }];
    await expect(openTapeDrive(new ScriptedTransport(steps), new SleepingClock()).writeBlock(new Uint8Array(8))).rejects
      .toMatchObject({ code: "UNKNOWN_CONDITION" });
  });
});

describe("what a library says", () => {
  const ask = (sense: Partial<Sense>) => openMediaChanger(new ScriptedTransport([{ cdb: [7], sense }, { cdb: [7] }]), new SleepingClock()).audit();
  it.each<[string, Partial<Sense>]>([
    ["UNKNOWN_CONDITION", { key: 6, asc: 0x99 }], ["UNKNOWN_CONDITION", { key: 4, asc: 0x99 }], ["OPERATOR_NEEDED", { key: 2, asc: 4, ascq: 0x16 }],
    ["DOOR_OPEN", { key: 2, asc: 4, ascq: 3 }], ["CHANGER_ERROR", { key: 4, asc: 0x15, ascq: 1 }], ["COMMAND_REFUSED", { key: 5, asc: 0x24 }],
  ])("%s", async (code, sense) => await expect(ask(sense)).rejects.toMatchObject({ code }));

  it("absorbs what it can read", async () => await expect(ask({ key: 6, asc: 0x3b, ascq: 0x13 })).resolves.toBeUndefined());
});
