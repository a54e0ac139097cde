import { type Dirt, type LibraryHome, newDriveCare } from "../home/index.ts";
import { mustHaveDrive } from "./breaking.ts";

/** What hands can do to the head of a drive. */
export interface SoilingHands {
  /**
   * `drive` from 0. `requested`: it asks for cleaning, and reads and writes some blocks at a second try; `required`: it fails more and more until it is cleaned.
   * It lasts until a cleaning cartridge was in it, whoever has the library open.
   */
  setDirt(drive: number, dirt: Dirt): Promise<void>;
}

export function soilingHands(home: LibraryHome): SoilingHands {
  return {
    setDirt: async (drive, dirt) => {
      await home.change((state) => {
        mustHaveDrive(state, drive);
        const { care = newDriveCare } = state.drives[drive]!;
        // Wiped by hand it is as after a cleaning, which it does not count.
        const motionAtCleaningsMs = dirt === "clean" ? [care.motionMs, ...care.motionAtCleaningsMs.slice(1)] : care.motionAtCleaningsMs;
        const after = { ...care, dirt, motionAtCleaningsMs };
        return { state: { ...state, drives: state.drives.map((one, at) => (at === drive ? { ...one, care: after } : one)) }, result: undefined };
      });
    },
  };
}
