import { describe, expect, it } from "vitest";
import { createMemoryLibrary, openLibrary, VirtualTime, timeFigures, type VirtualLibrary } from "../../../simulator/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { drive as driveAddress, folderLibrary, loaded, memoryLibrary, move, send, slot, tape, temporaryFolder } from "../initiator.ts";
import { numbers, shown } from "./pages.ts";

const cartridges = [{ barcode: "SR0001L8", capacityBytes: 64 * 1024 * 1024 }, { barcode: "CLN001CU", capacityBytes: 65536 }];
const block = new Uint8Array(64);

/** Cleaning cartridge from its slot into the drive and back. */
async function clean(library: VirtualLibrary): Promise<string> {
  const [changer, transport] = [await library.transport(0), await library.transport(1)];
  await send(changer, [0, 0, 0, 0, 0, 0]);
  await move(changer, slot(1), driveAddress(0));
  const drive = tape(transport);
  while ((await drive.ready()).startsWith("6/")) await Promise.resolve();
  const said = await drive.ready();
  await move(changer, driveAddress(0), slot(1));
  await changer.close();
  await transport.close();
  return said;
}

describe("a dirty head", () => {
  it("asks for cleaning by flag, status and page 0C, and corrects more than a clean one", async () => {
    const library = await memoryLibrary({ cartridges });
    const { drive, transport } = await loaded(library);
    const cleaning = async (): Promise<unknown> => [await shown(transport), (await numbers(transport, 0x11)).get(0)! / 2 ** 24 & 0x06, (await numbers(transport, 0x0c)).get(0x100) !== 0];
    expect(await cleaning()).toEqual([[], 0, false]);
    await library.hands.setDirt(0, "requested");
    for (let at = 0; at < 128; at += 1) expect(await drive.write(block)).toBe("good");
    expect(await cleaning()).toEqual([[21], 0x04, true]);
    expect((await numbers(transport, 0x02)).get(3)).toBe(2);
    await library.hands.setDirt(0, "required");
    await drive.ready();
    expect(await cleaning()).toEqual([[20], 0x02, true]);
  });

  it("that must be cleaned fails in the end, and a second try succeeds", async () => {
    const library = await memoryLibrary({ cartridges });
    const { drive, transport } = await loaded(library);
    await library.hands.setDirt(0, "required");
    const said: string[] = [];
    for (let at = 0; at < 300; at += 1) said.push(await drive.write(block));
    expect([said.indexOf("3/0c/00 info=64"), said.filter((one) => one !== "good").length]).toEqual([255, 2]);
    expect((await drive.position()).object).toBe(298);
    expect((await numbers(transport, 0x02)).get(6)).toBe(2);
    expect((await numbers(transport, 0x14)).get(0x0e)).toBe(2);
    expect((await numbers(transport, 0x17)).get(4)).toBe(2);
    await drive.rewind();
    const read: string[] = [];
    for (let at = 0; at < 64; at += 1) read.push((await drive.read(64)).sense);
    expect(read.filter((one) => one === "3/11/00 info=64")).toHaveLength(2);
  });

  it("stays dirty through processes until it is cleaned, which is counted in drive and cartridge", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder, { cartridges });
    await library.hands.setDirt(0, "required");
    const again = await openLibrary(folder, systemRandom);
    const transport = await again.transport(1);
    await tape(transport).ready();
    await tape(transport).ready();
    expect(await shown(transport)).toEqual([20]);
    await transport.close();
    expect(await clean(again)).toBe("2/30/03");
    const drive = await again.transport(1);
    await tape(drive).ready();
    expect([await shown(drive), (await numbers(drive, 0x14)).get(1)]).toEqual([[], 1]);
    await drive.close();
    await again.close();
  });
});

describe("a cleaning cartridge", () => {
  it("is used fifty times, then refused with flag 22 and 30/07, and cleans nothing", async () => {
    const library = await memoryLibrary({ cartridges });
    for (let use = 0; use < 50; use += 1) expect(await clean(library)).toBe("2/30/03");
    await library.hands.setDirt(0, "requested");
    const [changer, transport] = [await library.transport(0), await library.transport(1)];
    await send(changer, [0, 0, 0, 0, 0, 0]);
    await move(changer, slot(1), driveAddress(0));
    const drive = tape(transport);
    expect([await drive.ready(), await drive.ready()]).toEqual(["6/29/00", "2/30/07"]);
    expect(await shown(transport)).toEqual([11, 21, 22]);
    expect(await move(changer, driveAddress(0), slot(1))).toBe("good");
    expect([await drive.ready(), await shown(transport)]).toEqual(["2/3a/00", [21, 22]]);
  });

  it("takes three minutes of the machine's time, in which the drive lets nothing go", async () => {
    const time = new VirtualTime();
    const figures = timeFigures.find(({ generation }) => generation === "LTO-8")!;
    const library = await createMemoryLibrary({ cartridges }, systemRandom, { timing: { time, figures } });
    await library.hands.setDirt(0, "required");
    const [changer, transport] = [await library.transport(0), await library.transport(1)];
    await send(changer, [0, 0, 0, 0, 0, 0]);
    await move(changer, slot(1), driveAddress(0));
    const drive = tape(transport);
    expect([await drive.ready(), await drive.ready(), await drive.unload()]).toEqual(["6/29/00", "2/30/03", "2/30/03"]);
    expect(await move(changer, driveAddress(0), slot(1))).not.toBe("good");
    expect((await numbers(transport, 0x11)).get(0)! >> 8 & 0xff).toBe(1);
    await time.sleep(200_000);
    expect([await drive.ready(), await shown(transport)]).toEqual(["2/30/03", [11]]);
    expect(await move(changer, driveAddress(0), slot(1))).toBe("good");
    await library.close();
  });
});
