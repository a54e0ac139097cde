import { afterAll, beforeAll, describe } from "vitest";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { mediaChangerConformance } from "../../conformance/media-changer.ts";
import { tapeDriveConformance } from "../../conformance/tape-drive.ts";
import { tgtChangerDefects, tgtDriveDefects } from "../../conformance/tgt-defects.ts";
import { initiator } from "./setting.ts";
import { startTgt, type Tgt, tgtMissing } from "./tgt.ts";

const sizeMiB = 4;

if (tgtMissing === undefined) {
  for (const [title, defect] of Object.entries({ ...tgtDriveDefects, ...tgtChangerDefects })) console.log(`known defect: ${defect} (${title})`);
}

// skip: tgtMissing says why
describe.skipIf(tgtMissing !== undefined)("over iSCSI", () => {
  let tgt: Tgt;
  beforeAll(async () => { tgt = await startTgt(); });
  afterAll(async () => { await tgt.stop(); });
  const place = { initiator, clock: systemClock, random: systemRandom };

  tapeDriveConformance("of tgt", async (loaded) => {
    const target = await tgt.library("drive", { sizeMiB, writeProtected: loaded === "write-protected", ...(loaded === "nothing" ? {} : { loaded: "TAPE01L8" }) });
    const units = openIscsiTransports({ ...place, portal: tgt.portal, target });
    const drive = openTapeDrive(await units.transport(1), systemClock);
    return { drive, capacityBytes: sizeMiB * 1024 * 1024, release: async () => { await units.close(); } };
  }, tgtDriveDefects);

  mediaChangerConformance("of tgt", async () => {
    const target = await tgt.library("changer", { sizeMiB: 1, cartridges: ["SLOT01L8", "SLOT02L8"] });
    const units = openIscsiTransports({ ...place, portal: tgt.portal, target });
    return { changer: openMediaChanger(await units.transport(3), systemClock), release: async () => { await units.close(); } };
  }, tgtChangerDefects);
});
