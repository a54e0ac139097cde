import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { TapeLibrary } from "../../src/work/mount/index.ts";

let virtual: VirtualLibrary;
let library: TapeLibrary;
let openings: number;
let isLost: boolean;
let movements: number[];

beforeEach(async () => {
  [openings, isLost, movements] = [0, false, []];
  const cartridges = ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
  virtual = await createMemoryLibrary({ drives: 1, slots: 4, mailSlots: 1, cartridges }, systemRandom);
  library = new TapeLibrary({
    name: "vtl",
    openChanger: async () => {
      openings += 1;
      return openMediaChanger(watched(await virtual.transport(0)), systemClock);
    },
    openDrive: async ({ number }) => openTapeDrive(await virtual.transport(number + 1), systemClock),
  });
});
afterEach(async () => {
  await library.close();
  await virtual.close();
});

function watched(transport: Transport): Transport {
  return {
    name: transport.name,
    maxTransferBytes: transport.maxTransferBytes,
    close: async () => { await transport.close(); },
    execute: async (command) => {
      if (isLost) throw new StrongroomError("temporary", "TRANSPORT_LOST", "the connection is lost");
      const code = command.cdb[0] ?? 0;
      if (code === 0xa5 || code === 0xa6) movements.push(code);
      return await transport.execute(command);
    },
  };
}

it("opens a changer anew after its connection was lost, at the next use", async () => {
  await library.inventory();
  isLost = true;
  await expect(library.inventory()).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
  isLost = false;
  expect((await library.inventory()).elements.filter(({ full }) => full)).toHaveLength(2);
  expect(openings).toBe(2);
});

it("swaps the cartridge in the drive by one command, and the one that was in it is where it came from", async () => {
  await (await library.load("SR0001L8")).release();
  await (await library.load("SR0002L8")).release();
  expect(movements).toEqual([0xa5, 0xa6]);
  const { elements } = await library.inventory();
  expect(elements.filter(({ full }) => full).map(({ kind, number, barcode }) => `${kind} ${String(number)} ${barcode ?? ""}`)).toEqual([
    "drive 0 SR0002L8", "slot 1 SR0001L8",
  ]);
});

it("asks the library for its mail slots, and knows that it is ready", async () => {
  await library.mailSlots("open");
  await library.mailSlots("close");
  expect(await library.condition()).toMatchObject({ ready: true, code: undefined });
});
