import { defaultTarget, type Delivery, type RunningTarget, serveLibraries, type ServeOptions } from "../../../simulator/index.ts";
import type { ScsiCommand } from "../../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { RawInitiator } from "./raw-initiator.ts";
import { ScriptedPort, willing } from "./scripted-port.ts";

export interface RawSetting {
  readonly port: ScriptedPort;
  readonly running: RunningTarget;
  /** A connection that has not logged in. */
  dial(): RawInitiator;
}

const settings: { readonly running: RunningTarget; readonly dialled: RawInitiator[] }[] = [];

/** A target of our own before a port that does what it is told. */
export async function rawSetting(
  options: Partial<ServeOptions> = {},
  answer: (command: ScsiCommand) => Delivery | Promise<Delivery> = willing,
): Promise<RawSetting> {
  const port = new ScriptedPort(answer);
  const served = [{ target: defaultTarget, alias: "a library", port }, { target: `${defaultTarget}-2`, port: new ScriptedPort(willing) }];
  const running = await serveLibraries(served, { clock: systemClock, random: systemRandom, ...options });
  const dialled: RawInitiator[] = [];
  settings.push({ running, dialled });
  return {
    port,
    running,
    dial: () => {
      const raw = new RawInitiator(running.port);
      dialled.push(raw);
      return raw;
    },
  };
}

/** For afterEach. */
export async function releaseRawSettings(): Promise<void> {
  for (const { running, dialled } of settings.splice(0)) {
    for (const raw of dialled) raw.socket.destroy();
    await running.close();
  }
}
