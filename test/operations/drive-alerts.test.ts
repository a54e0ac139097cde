import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryLibrary, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import type { DriveOperations } from "../../src/operations/index.ts";
import { StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, type TestAppliance } from "../support/appliance.ts";

let virtual: VirtualLibrary;
let appliance: TestAppliance;
let drives: DriveOperations;
/** What the drive raises. */
let raised: readonly number[];
let isBusy: boolean;
beforeEach(async () => {
  [raised, isBusy] = [[3, 20], false];
  virtual = await createMemoryLibrary({ drives: 1, slots: 2, mailSlots: 1, cartridges: [] }, systemRandom);
  appliance = await makeAppliance({
    openLibrary: () => ({
      name: "vtl",
      openChanger: async () => openMediaChanger(await virtual.transport(0), systemClock),
      openDrive: async ({ number }) => {
        if (isBusy) throw new StrongroomError("busy", "DRIVE_HELD", "somebody has it");
        return raising(openTapeDrive(await virtual.transport(number + 1), systemClock));
      },
    }),
  });
  appliance.parts.configStore.addLibrary({ name: "vtl", kind: "simulator", folder: "/nowhere" });
  drives = appliance.operations.drive;
});
afterEach(async () => {
  await appliance.close();
  await virtual.close();
});

function raising(drive: TapeDrive): TapeDrive {
  return new Proxy(drive, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "health") return typeof value === "function" ? (value as (...given: unknown[]) => unknown).bind(target) : value;
      return async (options: Parameters<TapeDrive["health"]>[0]) => {
        const health = await target.health(options);
        return { ...health, drive: { ...health.drive, alerts: raised } };
      };
    },
  });
}

const known = async (): Promise<readonly (string | undefined)[]> => (await drives.list())[0]!.alerts.map(({ flag, acknowledged }) => `${String(flag)} ${acknowledged?.who ?? "-"}`);

it("keeps who acknowledged an alert and when, for as long as it is raised, and tells it in the journal", async () => {
  expect(await known()).toEqual(["3 -", "20 -"]);
  const { who, alert } = await drives.acknowledge("vtl", 0, 20);
  expect(alert.flag).toBe(20);
  expect(await known()).toEqual(["3 -", `20 ${who}`]);
  const [job] = await appliance.operations.job.list(1);
  expect(job).toMatchObject({ kind: "drive acknowledge", subject: "vtl 0 20", requestedBy: who, state: "finished" });
  expect(job!.summary).toContain("alert 20");
});

it("comes back when the alert is raised anew", async () => {
  await drives.acknowledge("vtl", 0, 20);
  // While the drive cannot be asked, nothing is known to be over.
  isBusy = true;
  await drives.list();
  isBusy = false;
  expect((await known()).at(1)).not.toBe("20 -");
  raised = [3];
  await drives.list();
  raised = [3, 20];
  expect(await known()).toEqual(["3 -", "20 -"]);
  const kept = JSON.parse(readFileSync(join(appliance.parts.state.path, "alerts.json"), "utf8")) as { endedMs?: number }[];
  expect(kept).toHaveLength(1);
  expect(kept[0]!.endedMs).toBeGreaterThan(0);
});

it("refuses what the drive does not raise, and a drive that cannot be asked", async () => {
  await expect(drives.acknowledge("vtl", 0, 5)).rejects.toMatchObject({ code: "ALERT_NOT_RAISED" });
  isBusy = true;
  await expect(drives.acknowledge("vtl", 0, 20)).rejects.toThrow();
  isBusy = false;
  expect(await known()).toEqual(["3 -", "20 -"]);
});

it("hides no alert where what was written down cannot be read", async () => {
  await drives.acknowledge("vtl", 0, 20);
  writeFileSync(join(appliance.parts.state.path, "alerts.json"), "[{");
  expect(await known()).toEqual(["3 -", "20 -"]);
  await drives.acknowledge("vtl", 0, 3);
  expect((await known()).at(0)).not.toBe("3 -");
});
