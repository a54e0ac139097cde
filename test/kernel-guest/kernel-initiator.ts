import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { discoverDevices, type ScsiDevice, type ScsiDeviceKind, systemRoots } from "../../src/transports/sgio/index.ts";

const run = promisify(execFile);

/** A target as this kernel's own initiator sees it: its units are devices of this machine. */
export interface LoggedIn {
  /** The sg device of the target's unit of that kind. */
  device(kind: ScsiDeviceKind): Promise<string>;
  logOut(): Promise<void>;
}

/** iscsid must run. The devices of the target are those that were not there before. */
export async function logIn(portal: string, target: string): Promise<LoggedIn> {
  const before = new Set(list().map(({ address }) => address));
  const admin = async (...words: readonly string[]): Promise<void> => { await run("iscsiadm", ["-m", "node", "-T", target, "-p", portal, ...words]); };
  await run("iscsiadm", ["-m", "discovery", "-t", "st", "-p", portal]);
  await admin("-l");
  return {
    device: async (kind) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const found = list().find((device) => device.kind === kind && !before.has(device.address) && device.genericPath !== undefined);
        if (found?.genericPath !== undefined) return found.genericPath;
        await wait(50);
      }
      throw new Error(`the kernel shows no ${kind} of ${target}`);
    },
    logOut: async () => {
      await admin("-u");
      await admin("-o", "delete");
    },
  };
}

function list(): readonly ScsiDevice[] {
  return discoverDevices(systemRoots);
}
