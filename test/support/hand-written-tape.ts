import { openLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";

/** Writes tape files onto a cartridge of a simulated library as another program would: through drive 0, in blocks, each ended by a filemark. */
export async function writeTapeByHand(libraryFolder: string, barcode: string, files: readonly Buffer[], blockSizeBytes: number): Promise<void> {
  const library = await openLibrary(libraryFolder, systemRandom);
  try {
    const changer = openMediaChanger(await library.transport(0), systemClock);
    const { elements } = await changer.inventory();
    const home = elements.find((element) => element.barcode === barcode)!;
    const place = { kind: "drive", number: 0 } as const;
    await changer.move(home, place);
    const drive = openTapeDrive(await library.transport(1), systemClock);
    await drive.ready(60_000);
    for (const file of files) {
      for (let at = 0; at < file.length; at += blockSizeBytes) await drive.writeBlock(file.subarray(at, at + blockSizeBytes));
      await drive.writeFilemarks(1);
    }
    await drive.unload();
    await drive.close();
    await changer.move(place, home);
    await changer.close();
  } finally {
    await library.close();
  }
}
