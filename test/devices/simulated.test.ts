import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { mediaChangerConformance } from "../conformance/media-changer.ts";
import { tapeDriveConformance } from "../conformance/tape-drive.ts";
import { SleepingClock } from "./scripted-transport.ts";

const capacityBytes = 4 * 1024 * 1024;

tapeDriveConformance("of the simulator", async (loaded) => {
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes }], becomingReadyAnswers: 2 }, systemRandom);
  if (loaded === "write-protected") await library.hands.setWriteProtected("TAPE01L8", true);
  const clock = new SleepingClock();
  if (loaded !== "nothing") {
    const changer = openMediaChanger(await library.transport(0), clock);
    await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
    await changer.close();
  }
  const drive = openTapeDrive(await library.transport(1), clock);
  return { drive, capacityBytes, release: async () => await library.close() };
});

mediaChangerConformance("of the simulator", async () => {
  const cartridges = ["SLOT01L8", "SLOT02L8"].map((barcode) => ({ barcode, capacityBytes }));
  const library = await createMemoryLibrary({ cartridges, slots: 300 }, systemRandom);
  return { changer: openMediaChanger(await library.transport(0), new SleepingClock()), release: async () => await library.close() };
});

mediaChangerConformance("of a simulator with another layout and odd habits", async () => {
  const cartridges = ["SLOT01L8", "SLOT02L8"].map((barcode) => ({ barcode, capacityBytes }));
  const inAnswers = ["tags-or-dvcid", "refuses-curdata", "short-allocation", "one-type", "few-elements", "unpadded-tags", "leading-blank"] as const;
  const quirks = [...inAnswers, "no-access-bits", "no-exchange", "slow-inventory", "attention-storm", "scans-when-asked"] as const;
  const library = await createMemoryLibrary({ cartridges, slots: 300, layout: "oracle", pickers: 2, slotsPerMagazine: 40, quirks }, systemRandom);
  return { changer: openMediaChanger(await library.transport(0), new SleepingClock()), release: async () => await library.close() };
});
