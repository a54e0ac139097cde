import { afterAll, beforeAll, describe } from "vitest";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openSgTransport } from "../../src/transports/sgio/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { mediaChangerConformance } from "../conformance/media-changer.ts";
import { tapeDriveConformance } from "../conformance/tape-drive.ts";
import { tgtChangerDefects, tgtDriveDefects } from "../conformance/tgt-defects.ts";
import { startTgt, type Tgt } from "../transports/iscsi/tgt.ts";
import { logIn } from "./kernel-initiator.ts";

const sizeMiB = 4;
const clock = systemClock;

describe("through sg", () => {
  let tgt: Tgt;
  beforeAll(async () => { tgt = await startTgt(); });
  afterAll(async () => { await tgt.stop(); });

  tapeDriveConformance("of tgt", async (loaded) => {
    const target = await tgt.library("drive", { sizeMiB, writeProtected: loaded === "write-protected", ...(loaded === "nothing" ? {} : { loaded: "TAPE01L8" }) });
    const session = await logIn(tgt.portal, target);
    const drive = openTapeDrive(await openSgTransport(await session.device("drive"), { clock }), clock);
    const release = async (): Promise<void> => {
      await drive.close();
      await session.logOut();
    };
    return { drive, capacityBytes: sizeMiB * 1024 * 1024, release };
  }, tgtDriveDefects);

  mediaChangerConformance("of tgt", async () => {
    const target = await tgt.library("changer", { sizeMiB: 1, cartridges: ["SLOT01L8", "SLOT02L8"] });
    const session = await logIn(tgt.portal, target);
    const changer = openMediaChanger(await openSgTransport(await session.device("changer"), { clock }), clock);
    const release = async (): Promise<void> => {
      await changer.close();
      await session.logOut();
    };
    return { changer, release };
  }, tgtChangerDefects);
});
