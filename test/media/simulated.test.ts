import { systemClock, systemRandom } from "../../src/words/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { volumeMediumConformance } from "../conformance/volume-medium.ts";

const barcode = "SR0001L8";

volumeMediumConformance("tape, through the drive code on the simulator", {
  open: async (capacityBytes) => {
    const library = await createMemoryLibrary({ cartridges: [{ barcode, capacityBytes }] }, systemRandom);
    const changer = openMediaChanger(await library.transport(0), systemClock);
    await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
    await changer.close();
    const open = async () => {
      const drive = openTapeDrive(await library.transport(1), systemClock);
      await drive.ready(60_000);
      const medium = await openTapeMedium(drive, barcode);
      const close = medium.close.bind(medium);
      medium.close = async () => {
        await close();
        await drive.close();
      };
      return medium;
    };
    return { medium: await open(), reopen: open };
  },
});
