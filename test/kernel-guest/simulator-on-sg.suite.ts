import { describe } from "vitest";
import { createMemoryLibrary, serveLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openSgTransport } from "../../src/transports/sgio/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { mediaChangerConformance } from "../conformance/media-changer.ts";
import { tapeDriveConformance } from "../conformance/tape-drive.ts";
import { type LoggedIn, logIn } from "./kernel-initiator.ts";

const capacityBytes = 4 * 1024 * 1024;
const clock = systemClock;

/** A library behind our target, and this kernel logged in to it. */
async function served(library: VirtualLibrary): Promise<{ readonly session: LoggedIn; release(): Promise<void> }> {
  const target = await serveLibrary(library, { clock, random: systemRandom });
  const session = await logIn(`${target.host}:${String(target.port)}`, target.targets[0] ?? "");
  return {
    session,
    release: async () => {
      await session.logOut();
      await target.close();
      await library.close();
    },
  };
}

describe("through sg", () => {
  tapeDriveConformance("of the simulator", async (loaded) => {
    const library = await createMemoryLibrary({ drives: 1, cartridges: [{ barcode: "TAPE01L8", capacityBytes }], becomingReadyAnswers: 2 }, systemRandom);
    if (loaded === "write-protected") await library.hands.setWriteProtected("TAPE01L8", true);
    if (loaded !== "nothing") {
      const changer = openMediaChanger(await library.transport(0), clock);
      await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
      await changer.close();
    }
    const { session, release } = await served(library);
    const drive = openTapeDrive(await openSgTransport(await session.device("drive"), { clock }), clock);
    return {
      drive,
      capacityBytes,
      release: async () => {
        await drive.close();
        await release();
      },
    };
  });

  mediaChangerConformance("of the simulator", async () => {
    const cartridges = ["SLOT01L8", "SLOT02L8"].map((barcode) => ({ barcode, capacityBytes }));
    const { session, release } = await served(await createMemoryLibrary({ drives: 1, cartridges, slots: 300 }, systemRandom));
    const changer = openMediaChanger(await openSgTransport(await session.device("changer"), { clock }), clock);
    return {
      changer,
      release: async () => {
        await changer.close();
        await release();
      },
    };
  });
});
