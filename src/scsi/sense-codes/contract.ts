import type { AdviceName } from "./advice.ts";

/**
 * What follows from a condition:
 * - `result`: the command did its work, or ended where the tape says that it ends. No fault.
 * - `retry`: what was asked may be asked again, once the advice was followed: after a reset, positioning comes first.
 * - `wait`: it passes by itself.
 * - `operator`: somebody must do something by hand, or choose another cartridge, drive or element.
 * - `medium`: this cartridge is to be blamed, or drive and cartridge together.
 * - `drive`: the device is to be blamed: the drive, or the library where a library says it.
 * - `bug`: this program asked for something that the device does not take.
 * - `unsafe`: nobody knows what it means. Work stops; nothing since the last confirmed flush counts as written.
 */
export type SenseClass = "result" | "retry" | "wait" | "operator" | "medium" | "drive" | "bug" | "unsafe";

/**
 * One additional sense code of SPC-5, annex F.2, that tape drives or media changers may give (device type letters T and M):
 * `asc << 8 | ascq`, the standard's name for it, the class that it has by itself, the advice, and a sentence for people.
 */
export type CodeRow = readonly [code: number, name: string, ownClass: SenseClass, advice: AdviceName, sentence: string];

/** As a row, for all qualifiers from the first to the last; the standard's name has the qualifier behind it. */
export interface CodeRange {
  readonly asc: number;
  readonly firstQualifier: number;
  readonly lastQualifier: number;
  readonly name: string;
  readonly ownClass: SenseClass;
  readonly advice: AdviceName;
  readonly sentence: string;
}
