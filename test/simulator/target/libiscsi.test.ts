import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTarget } from "../../../simulator/index.ts";
import { serve, type Served } from "./setting.ts";

const run = promisify(execFile);
const tools = ["iscsi-ls", "iscsi-inq", "iscsi-test-cu"];
const missing = tools.every((name) => spawnSync("which", [name]).status === 0) ? undefined : "libiscsi-bin is not installed";

describe.skipIf(missing !== undefined)(`libiscsi's tools at our target${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  let served: Served;
  let disk: number;
  beforeAll(async () => {
    served = await serve({ drives: 2, slots: 2, mailSlots: 1, cartridges: [] });
    disk = await served.library.addDisk(32 * 1024 * 1024);
  });
  afterAll(async () => { await served.release(); });

  it("iscsi-ls lists the target and its units", async () => {
    const { stdout } = await run("iscsi-ls", ["-s", `iscsi://${served.portal}`]);
    expect(stdout).toContain(`Target:${defaultTarget} Portal:${served.portal},1`);
    expect([...stdout.matchAll(/Lun:(\d+) +Type:(\w+)/g)].map(([, lun, type]) => `${lun!} ${type!}`)).toEqual([
      "0 MEDIA_CHANGER", "1 SEQUENTIAL_ACCESS", "2 SEQUENTIAL_ACCESS", `${String(disk)} DIRECT_ACCESS`,
    ]);
  });

  it("iscsi-inq reads what a drive is", async () => {
    const { stdout } = await run("iscsi-inq", [`iscsi://${served.portal}/${defaultTarget}/1`]);
    expect(stdout).toContain("Peripheral Device Type:SEQUENTIAL_ACCESS");
  });

  // The other suite of that family, iSCSIcmdsn, waits twice for an answer that must not come: it is left to longer runs.
  it("iscsi-test-cu: numbers of data, residuals and task management pass, and nothing of it is skipped", async () => {
    const families = "--test=iSCSI.iSCSIdatasn.*,iSCSI.iSCSIResiduals.*,iSCSI.iSCSITMF.*";
    const { stdout } = await run("iscsi-test-cu", ["-d", families, `iscsi://${served.portal}/${defaultTarget}/${String(disk)}`]);
    expect(stdout).not.toContain("[SKIPPED]");
    expect(/^ +tests +(\d+) +(\d+) +(\d+) +(\d+)/m.exec(stdout)?.slice(1)).toEqual(["13", "13", "13", "0"]);
  }, 30_000);
});
