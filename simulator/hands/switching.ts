import { type Dirt, dirtOf, type DriveCondition, type DriveState, type LibraryHome, type LibraryState, newDriveCare, type UnitCondition } from "../home/index.ts";
import { mustHaveDrive } from "./breaking.ts";

/** The whole library, or a drive from 0. Drives take their power from the library, and their paths lead through it. */
export type Switched = "library" | number;

/** What hands do at plugs and switches. It lasts until they put it right, whoever has the library open. */
export interface SwitchingHands {
  /** Off: nothing answers, what was not on the tape is lost, and reservations are. On again, a unit begins anew (29/01). */
  setPower(unit: Switched, isOn: boolean): Promise<void>;
  /** Out: nothing answers, whichever path asks; nothing is lost. */
  setCable(unit: Switched, isIn: boolean): Promise<void>;
  condition(): { readonly library: UnitCondition; readonly drives: readonly (DriveCondition & { readonly dirt: Dirt })[] };
}

export function switchingHands(home: LibraryHome): SwitchingHands {
  const edit = async (unit: Switched, change: (condition: UnitCondition) => UnitCondition): Promise<void> => {
    await home.change((state) => ({ state: withCondition(state, unit, change), result: undefined }));
  };
  return {
    setPower: (unit, isOn) =>
      edit(unit, (condition) => {
        const { isOff = false, powerLosses = 0 } = condition;
        if (isOff === !isOn) return condition;
        return { isOff: !isOn, powerLosses: powerLosses + (isOn ? 0 : 1) };
      }),
    setCable: (unit, isIn) => edit(unit, () => ({ isCableOut: !isIn })),
    condition: () => {
      const state = home.state();
      return { library: conditionOf(state), drives: state.drives.map(driveConditionOf) };
    },
  };
}

function driveConditionOf(drive: DriveState): DriveCondition & { readonly dirt: Dirt } {
  return { ...conditionOf(drive), ailments: drive.ailments ?? [], dirt: dirtOf(drive.care ?? newDriveCare) };
}

function conditionOf({ isOff = false, isCableOut = false, powerLosses = 0 }: UnitCondition): UnitCondition {
  return { isOff, isCableOut, powerLosses };
}

function withCondition(state: LibraryState, unit: Switched, change: (condition: UnitCondition) => UnitCondition): LibraryState {
  if (unit === "library") return { ...state, ...change(state) };
  mustHaveDrive(state, unit);
  return { ...state, drives: state.drives.map((drive, at) => (at === unit ? { ...drive, ...change(drive) } : drive)) };
}
