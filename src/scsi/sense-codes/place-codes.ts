import type { CodeRow } from "./contract.ts";

/** 3B: places on the tape and in the library. */
export const placeCodes: readonly CodeRow[] = [
  [0x3b00, "sequential positioning error", "medium", "positionFault", "the position was lost"],
  [0x3b01, "tape position error at beginning-of-medium", "medium", "positionFault",
    "the position was lost at the beginning of the tape"],
  [0x3b02, "tape position error at end-of-medium", "medium", "positionFault",
    "the position was lost at the end of the tape"],
  [0x3b08, "reposition error", "medium", "positionFault", "the drive could not go back to where it was"],
  [0x3b0c, "position past beginning of medium", "bug", "report", "there is nothing before the beginning of the tape"],
  [0x3b0d, "medium destination element full", "operator", "choose",
    "there is a cartridge already where one was to be put"],
  [0x3b0e, "medium source element empty", "operator", "audit", "there is no cartridge where one was to be taken"],
  [0x3b11, "medium magazine not accessible", "operator", "closeDoors", "a magazine cannot be reached"],
  [0x3b12, "medium magazine removed", "operator", "closeDoors", "a magazine was taken out"],
  [0x3b13, "medium magazine inserted", "retry", "audit", "a magazine was put in"],
  [0x3b14, "medium magazine locked", "operator", "removalLocked", "a magazine is locked"],
  [0x3b15, "medium magazine unlocked", "retry", "audit", "a magazine was unlocked"],
  [0x3b18, "element disabled", "operator", "choose", "an element was taken out of use"],
  [0x3b19, "element enabled", "retry", "audit", "an element was taken into use"],
  [0x3b1a, "data transfer device removed", "operator", "atDisplay", "a drive was taken out of the library"],
  [0x3b1b, "data transfer device inserted", "retry", "audit", "a drive was put into the library"],
  [0x3b1c, "too many logical objects on partition to support operation", "bug", "report",
    "the tape holds too many objects for this"],
  [0x3b20, "element static information changed", "retry", "audit", "the library has other elements than before"],
];
