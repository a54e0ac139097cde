import type { ScsiCommand } from "../../../src/scsi/index.ts";
import { type IscsiOptions, type IscsiTransports, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { type FakeTarget, startFakeTarget, type Wire } from "./fake-target.ts";
import { ManualClock } from "./manual-clock.ts";

export const target = "iqn.2026-11.test:fake";
export const initiator = "iqn.2026-11.test:initiator";

export interface Setting {
  readonly clock: ManualClock;
  readonly units: IscsiTransports;
  readonly fake: FakeTarget;
}

const settings: Setting[] = [];

/** The initiator before a fake target that follows the scripts. */
export async function settingOf(scripts: readonly ((wire: Wire) => Promise<void>)[], options: Partial<IscsiOptions> = {}): Promise<Setting> {
  const clock = new ManualClock();
  const fake = await startFakeTarget(...scripts);
  const units = openIscsiTransports({ portal: fake.portal, target, initiator, clock, random: systemRandom, ...options });
  const setting = { clock, units, fake };
  settings.push(setting);
  return setting;
}

/** For afterEach: also finds out what went wrong in the scripts. */
export async function releaseSettings(): Promise<void> {
  for (const { fake, units } of settings.splice(0)) {
    await fake.close();
    await units.close();
  }
}

export const testUnitReady: ScsiCommand = { cdb: new Uint8Array(6), timeoutMs: 10_000 };
export const reading = (sizeBytes: number): ScsiCommand & { readonly dataIn: Uint8Array } => ({
  cdb: Uint8Array.of(8, 0, 0, 0, 0, 0), dataIn: new Uint8Array(sizeBytes), timeoutMs: 10_000,
});
export const writing = (dataOut: Uint8Array): ScsiCommand => ({ cdb: Uint8Array.of(10, 0, 0, 0, 0, 0), dataOut, timeoutMs: 10_000 });
export const counting = (sizeBytes: number): Uint8Array => Uint8Array.from({ length: sizeBytes }, (_, at) => at * 7 + (at >> 8));
