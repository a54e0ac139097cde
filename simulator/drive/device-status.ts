import type { LogParameter } from "../unit/index.ts";
import { dirtOf } from "../home/index.ts";
import type { Drive } from "./model.ts";

/** SSC-5, table 145. What a command does is over when this one is asked for. */
const activities = { cleaning: 0x01, measuring: 0x0b, erasing: 0x09, formatting: 0x0a } as const;
const [idle, loading] = [0x00, 0x02];

function activityOf({ clockwork }: Drive): number {
  const work = clockwork.work();
  if (work !== undefined) return activities[work.what];
  return clockwork.isThreading() ? loading : idle;
}

/** Page 0x11, parameter 0: the very high frequency data (SSC-5, 8.2.3.2). Commands run one at a time, so a drive that is asked is idle. */
export function deviceStatus(drive: Drive): readonly LogParameter[] {
  const work = drive.clockwork.work();
  const { medium, occupant, settings, removalPreventedBy } = drive;
  const flags = (bits: readonly (readonly [mask: number, isSet: boolean])[]): number => bits.reduce((sum, [mask, isSet]) => sum | (isSet ? mask : 0), 0);
  const isThreaded = medium !== undefined;
  const isInTransition = drive.clockwork.isThreading() || work !== undefined;
  const dirt = dirtOf(drive.life.care());
  return [
    {
      code: 0,
      value: [
        flags([
          [0x80, removalPreventedBy.size > 0],
          [0x20, isThreaded],
          [0x10, settings.compression],
          [0x08, medium?.cartridge.facts.writeProtected ?? false],
          [0x04, dirt === "requested"],
          [0x02, dirt === "required"],
          // Valid from the start: the simulator needs no time to get up.
          [0x01, true],
        ]),
        flags([
          [0x80, isInTransition],
          // The gripper may come when nothing is threaded.
          [0x20, !isThreaded],
          [0x10, occupant !== undefined],
          [0x02, isThreaded],
          [0x01, isThreaded],
        ]),
        activityOf(drive),
        flags([[0x01, drive.alerts.hasChangedFor(drive.caller)]]),
      ],
    },
  ];
}
