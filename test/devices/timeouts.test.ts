import { describe, expect, it } from "vitest";
import { generationOfProduct } from "../../src/devices/tape/timeouts/generations.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { buildDensities, buildInquiry, buildSupportedOpcodes, type Density, type ScsiCommand, type SupportedOpcode } from "../../src/scsi/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

const hour = 3_600_000;
const unsupported = { sense: { key: 5, asc: 0x20 } };
const density = (primaryCode: number, writable = true): Density => ({
  primaryCode, secondaryCode: primaryCode, writable, isDefault: false, bitsPerMm: 1, tracks: 1, capacityMegabytes: 1, organization: "LTO-CVE", name: "", description: "",
});
const opcode = (code: number, recommendedSeconds: number, nominalSeconds = 0): SupportedOpcode => ({
  opcode: code, serviceAction: undefined, nominalSeconds, recommendedSeconds,
});

const inquiry = (product: string): Step => ({
  cdb: [0x12], data: buildInquiry({ deviceType: 1, removable: true, vendor: "VENDOR", product, revision: "1" }),
});

/** The time-out of the rewind that follows on learning from a drive that answers so. */
async function rewindAfter(opcodes: Omit<Step, "cdb">, densities: Omit<Step, "cdb">, product?: string) {
  const asked: readonly Step[] = [{ cdb: [0xa3, 0x0c, 0x80], ...opcodes }, { cdb: [0x44, 0], ...densities }];
  const transport = new ScriptedTransport([...asked, ...(product === undefined ? [] : [inquiry(product)]), { cdb: [0x01] }]);
  const sent: ScsiCommand[] = [];
  const watched = {
    name: transport.name,
    maxTransferBytes: transport.maxTransferBytes,
    execute: (command: ScsiCommand) => {
      sent.push(command);
      return transport.execute(command);
    },
    close: () => transport.close(),
  };
  const drive = openTapeDrive(watched, new SleepingClock());
  const source = await drive.learnTimeouts();
  await drive.rewind();
  return { source, limitMs: sent.at(-1)?.timeoutMs ?? 0 };
}

describe("how long an operation may take", () => {
  const lto8 = { data: buildDensities([density(0x5c), density(0x5e)]) };
  const saying = (...told: SupportedOpcode[]) => ({ data: buildSupportedOpcodes(told) });

  it.each<[string, Omit<Step, "cdb">, Omit<Step, "cdb">, string, number, string?]>([
    ["what the drive recommends", saying(opcode(0x01, 700), opcode(0x08, 1)), lto8, "drive", 700_000],
    ["never less than its generation takes", saying(opcode(0x01, 30)), lto8, "drive", 600_000],
    ["what is longer of nominal and recommended", saying(opcode(0x01, 30, 800)), lto8, "drive", 800_000],
    ["a floor for drives of no known generation", saying(opcode(0x01, 1)), unsupported, "drive", 300_000, "UNHEARD OF"],
    ["its generation, where it recommends nothing", saying(opcode(0x01, 0)), lto8, "generation", 600_000],
    ["its generation, where it does not know the question", unsupported, lto8, "generation", 600_000],
    ["the default, where it tells nothing", unsupported, unsupported, "default", 900_000, "VIRTUAL-DRIVE"],
    ["its generation by its name, where it tells no densities", unsupported, unsupported, "generation", 600_000, "ULT3580-HH8"],
    ["the default, where it only reads what is known", unsupported, { data: buildDensities([density(0x5e, false)]) }, "default", 900_000, ""],
    ["no more than twice the longest known", saying(opcode(0x01, 0xffff_ffff)), lto8, "drive", hour / 2],
    ["what can be read of an answer that is cut off", { data: buildSupportedOpcodes([opcode(0x01, 700), opcode(0x08, 1)]).subarray(0, 40) }, lto8, "drive", 700_000],
  ])("%s", async (_name, opcodes, densities, source, limitMs, product) => {
    expect(await rewindAfter(opcodes, densities, product)).toEqual({ source, limitMs });
  });

  it.each([["ULT3580-TD5", "LTO-5"], ["ULTRIUM-HH9", "LTO-9"], ["Ultrium 6-SCSI", "LTO-6"], ["ULTRIUM-TD10", "LTO-10"], ["ULT3580-TD4", undefined], ["", undefined]])(
    "%s is %s", (product, generation) => expect(generationOfProduct(product)).toBe(generation),
  );
});
