import { describe } from "vitest";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { systemClock } from "../../../src/words/index.ts";
import { mediaChangerConformance } from "../../conformance/media-changer.ts";
import { tapeDriveConformance } from "../../conformance/tape-drive.ts";
import { serve } from "./setting.ts";

const capacityBytes = 4 * 1024 * 1024;

describe.each(["off", "required"] as const)("over iSCSI to the simulator, digests %s", (digests) => {
  tapeDriveConformance("of the simulator", async (loaded) => {
    const cartridges = loaded === "nothing" ? [] : [{ barcode: "TAPE01L8", capacityBytes }];
    const served = await serve({ drives: 1, slots: 2, mailSlots: 1, cartridges });
    if (loaded === "write-protected") await served.library.hands.setWriteProtected("TAPE01L8", true);
    const units = served.units({ digests });
    if (loaded !== "nothing") {
      const changer = openMediaChanger(await units.transport(0), systemClock);
      await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
      await changer.close();
    }
    const drive = openTapeDrive(await units.transport(1), systemClock);
    return { drive, capacityBytes, release: async () => { await served.release(); } };
  });

  mediaChangerConformance("of the simulator", async () => {
    const cartridges = ["SLOT01L8", "SLOT02L8"].map((barcode) => ({ barcode, capacityBytes }));
    const served = await serve({ drives: 1, slots: 4, mailSlots: 1, cartridges });
    const changer = openMediaChanger(await served.units({ digests }).transport(0), systemClock);
    return { changer, release: async () => { await served.release(); } };
  });
});
