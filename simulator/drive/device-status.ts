import type { LogParameter } from "../unit/index.ts";
import type { Drive } from "./model.ts";

/** Page 0x11, parameter 0: the very high frequency data (SSC-5, 8.2.3.2). Commands run one at a time, so a drive that is asked is idle. */
export function deviceStatus(drive: Drive): readonly LogParameter[] {
  const { medium, occupant, settings, removalPreventedBy } = drive;
  const flags = (bits: readonly (readonly [mask: number, isSet: boolean])[]): number => bits.reduce((sum, [mask, isSet]) => sum | (isSet ? mask : 0), 0);
  const isThreaded = medium !== undefined;
  return [
    {
      code: 0,
      value: [
        flags([
          [0x80, removalPreventedBy.size > 0],
          [0x20, isThreaded],
          [0x10, settings.compression],
          [0x08, medium?.cartridge.facts.writeProtected ?? false],
          // Valid from the start: the simulator needs no time to get up.
          [0x01, true],
        ]),
        flags([
          // The gripper may come when nothing is threaded.
          [0x20, !isThreaded],
          [0x10, occupant !== undefined],
          [0x02, isThreaded],
          [0x01, isThreaded],
        ]),
        0,
        0,
      ],
    },
  ];
}
