import { describe, expect, it } from "vitest";
import { openAskedMediaChanger } from "../../src/devices/changer/index.ts";
import { buildSupportedOpcodes, type ScsiCommand, type SupportedOpcode, type Transport } from "../../src/scsi/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { ScriptedTransport, SleepingClock, type Step } from "./scripted-transport.ts";

const minute = 60_000;
const told = (opcode: number, recommendedSeconds: number, nominalSeconds = 0): SupportedOpcode => ({ opcode, serviceAction: undefined, nominalSeconds, recommendedSeconds });

async function auditLimit(answer: Omit<Step, "cdb">): Promise<number> {
  const script = new ScriptedTransport([{ cdb: [0xa3, 0x0c, 0x80], ...answer }, { cdb: [0x07] }]);
  const sent: ScsiCommand[] = [];
  const transport: Transport = {
    name: script.name,
    maxTransferBytes: script.maxTransferBytes,
    execute: (command) => {
      sent.push(command);
      return script.execute(command);
    },
    close: () => script.close(),
  };
  await (await openAskedMediaChanger(transport, new SleepingClock())).audit();
  return sent.at(-1)?.timeoutMs ?? 0;
}

describe("how long a library may take", () => {
  it.each<[string, Omit<Step, "cdb">, number]>([
    ["as long as it recommends", { data: buildSupportedOpcodes([told(0x07, 7200), told(0xa5, 90_000)]) }, 120 * minute],
    ["never less than the default", { data: buildSupportedOpcodes([told(0x07, 10)]) }, 60 * minute],
    ["the longer of two figures", { data: buildSupportedOpcodes([told(0x07, 10, 4000)]) }, 4_000_000],
    ["not for ever", { data: buildSupportedOpcodes([told(0x07, 0xffff_ffff)]) }, 240 * minute],
    ["the default, where it does not know the question", { sense: { key: 5, asc: 0x20 } }, 60 * minute],
  ])("%s", async (_name, answer, limitMs) => expect(await auditLimit(answer)).toBe(limitMs));

  it("closes the way to a library that does not answer", async () => {
    let isClosed = false;
    const transport: Transport = {
      name: "dead",
      maxTransferBytes: 1 << 20,
      execute: () => Promise.reject(new StrongroomError("failed", "TRANSPORT_LOST", "gone")),
      close: () => {
        isClosed = true;
        return Promise.resolve();
      },
    };
    await expect(openAskedMediaChanger(transport, new SleepingClock())).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    expect(isClosed).toBe(true);
  });
});
