import type { CodeRange } from "./contract.ts";

/** Codes whose qualifier is the number of a component, a command or an algorithm (SPC-5, annex F.2). */
export const codeRanges: readonly CodeRange[] = [
  {
    asc: 0x40, firstQualifier: 0x80, lastQualifier: 0xff, name: "diagnostic failure on component",
    ownClass: "drive", advice: "driveFault", sentence: "a part of the device failed a test",
  },
  {
    asc: 0x4d, firstQualifier: 0x00, lastQualifier: 0xff, name: "tagged overlapped commands",
    ownClass: "bug", advice: "report", sentence: "a command was sent under the number of another",
  },
  {
    asc: 0x70, firstQualifier: 0x00, lastQualifier: 0xff, name: "decompression exception short algorithm ID of",
    ownClass: "medium", advice: "otherDrive", sentence: "the drive does not know how a block was compressed",
  },
];
