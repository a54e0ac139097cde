import { cpSync } from "node:fs";
import { join } from "node:path";
import { createMemoryLibrary, type VirtualLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import type { ScsiCommand, Transport } from "../../../src/scsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { makeAppliance, openAppliance, type TestAppliance, testPassphrase } from "../../support/appliance.ts";
import { lightenKey } from "../light-key.ts";
import { hastyClock } from "../reference-job.ts";

export const driveCount = 2;
const cartridgeCount = 8;
const capacityBytes = 5 * 2 ** 20;
/** What a case begins with: keys and an empty state. */
const template = ["state", "keys"] as const;

/** An appliance with a library that takes no time, and the commands that its units were sent: operation codes in order, by unit. */
export interface WatchedAppliance {
  readonly appliance: TestAppliance;
  readonly library: VirtualLibrary;
  readonly commands: readonly number[][];
  /** Another blank cartridge into a mail slot. */
  insertBlank(): Promise<void>;
  /** Removes its folder, too. */
  close(): Promise<void>;
}

export interface CommandBench {
  begin(): Promise<WatchedAppliance>;
}

/** Keys are made once, because that takes longer than a case. */
export async function openCommandBench(folder: string): Promise<CommandBench> {
  const first = await makeAppliance();
  await lightenKey(first.keyFile, testPassphrase);
  for (const part of template) cpSync(join(first.folder, part), join(folder, "template", part), { recursive: true });
  await first.close();
  let begun = 0;
  return {
    begin: async () => {
      begun += 1;
      const own = join(folder, `case-${String(begun)}`);
      for (const part of template) cpSync(join(folder, "template", part), join(own, part), { recursive: true });
      return await watchedAppliance(own);
    },
  };
}

async function watchedAppliance(folder: string): Promise<WatchedAppliance> {
  const clock = hastyClock();
  const barcodeOf = (number: number): string => `SR${String(number).padStart(4, "0")}L8`;
  const cartridges = Array.from({ length: cartridgeCount }, (_, number) => ({ barcode: barcodeOf(number), capacityBytes }));
  const library = await createMemoryLibrary({ drives: driveCount, slots: cartridgeCount + 8, mailSlots: 2, cartridges }, systemRandom, { clock });
  const commands: number[][] = Array.from({ length: driveCount + 1 }, () => []);
  const path = async (lun: number): Promise<Transport> => watched(await library.transport(lun), ({ cdb }) => { commands[lun]!.push(cdb[0]!); });
  const appliance = openAppliance(folder, {
    clock,
    sealThreads: 1,
    openLibrary: ({ name }) => ({
      name,
      openChanger: async () => openMediaChanger(await path(0), clock),
      openDrive: async ({ number }) => openTapeDrive(await path(number + 1), clock),
    }),
  });
  let inserted = cartridgeCount;
  return {
    appliance, library, commands,
    insertBlank: async () => {
      const barcode = barcodeOf(inserted);
      inserted += 1;
      await library.hands.addCartridge({ barcode, capacityBytes });
      await library.hands.insert(barcode);
    },
    close: async () => {
      library.clearFaults();
      await appliance.close();
      await library.close();
    },
  };
}

function watched(transport: Transport, sent: (command: ScsiCommand) => void): Transport {
  return {
    name: transport.name,
    maxTransferBytes: transport.maxTransferBytes,
    execute: async (command) => {
      sent(command);
      return await transport.execute(command);
    },
    close: async () => { await transport.close(); },
  };
}
