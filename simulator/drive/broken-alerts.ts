import type { DriveAilment } from "../home/index.ts";
import type { Drive } from "./model.ts";

/** TapeAlert flags (SSC-5, annex A). */
const flags = { snappedTape: 14, chip: 15, fan: 26, eject: 33, heat: 36 } as const;

/** What hands broke raises its flag for as long as it is broken. */
export function brokenAlerts({ home, number, occupant, medium }: Drive): readonly number[] {
  const ailments: readonly DriveAilment[] = home.state().drives[number]!.ailments ?? [];
  return [
    ...(occupant === "snapped" ? [flags.snappedTape] : []),
    ...(medium?.damage.isChipUnreadable === true ? [flags.chip] : []),
    ...ailments.map((ailment) => flags[ailment]),
  ];
}
