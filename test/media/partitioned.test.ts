import { expect, it } from "vitest";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { SleepingClock } from "../devices/scripted-transport.ts";

async function command(transport: Transport, cdb: readonly number[], dataOut?: Uint8Array): Promise<void> {
  const { status } = await transport.execute({ cdb: Uint8Array.from(cdb), timeoutMs: 1000, ...(dataOut ? { dataOut } : {}) });
  expect(status).toBe(0);
}

it("a cartridge that a drive divided in two, as mkltfs has it, is refused before anything is done with it, and taken when it is one again", async () => {
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes: 104e6 }] }, systemRandom);
  const changer = openMediaChanger(await library.transport(0), new SleepingClock());
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  const transport = await library.transport(1);
  const drive = openTapeDrive(transport, new SleepingClock());
  expect(await drive.ready(60_000)).toBe("ready");
  // Header, then the medium partition page: IDP, two partitions, of one megabyte and of the rest.
  const list = Uint8Array.of(0, 0, 0x10, 0, 0x11, 0x0a, 3, 1, 0x3c, 3, 6, 0, 0, 1, 0xff, 0xff);
  await command(transport, [0x15, 0x10, 0, 0, list.length, 0], list);
  await command(transport, [0x04, 0, 1, 0, 0, 0]);
  await command(transport, [0x0a, 0, 0, 0, 4, 0], Uint8Array.of(1, 2, 3, 4));
  expect(await drive.partitions()).toBe(2);
  await expect(openTapeMedium(drive, "TAPE01L8")).rejects.toMatchObject({
    code: "MEDIUM_PARTITIONED", message: "cartridge TAPE01L8 has 2 partitions, as LTFS makes them; nothing was written",
  });
  expect(await drive.position()).toMatchObject({ objectNumber: 1 });
  await drive.rewind();
  await command(transport, [0x04, 0, 0, 0, 0, 0]);
  const medium = await openTapeMedium(drive, "TAPE01L8");
  expect(medium.barcode).toBe("TAPE01L8");
  expect(await medium.readObject(0)).toBe("end-of-data");
  await medium.close();
  await drive.close();
  await changer.close();
  await library.close();
});
