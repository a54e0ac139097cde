import type { AdviceName } from "./advice.ts";
import type { SenseClass } from "./contract.ts";

/** A sense key (SPC-5, 4.4). */
export interface SenseKeyRow {
  readonly name: string;
  /** Without a code (00/00), and for codes whose own class says nothing under this key. */
  readonly senseClass: SenseClass;
  /** Own classes of codes that hold under this key. */
  readonly keeps: readonly SenseClass[];
  readonly advice: AdviceName;
  readonly sentence: string;
}

/** By the number of the key. What a key says outweighs its code: the same code is a remark under one and a fault under another. */
export const keyRows: readonly SenseKeyRow[] = [
  { name: "no sense", senseClass: "result", keeps: ["wait"], advice: "none", sentence: "nothing is wrong" },
  { name: "recovered error", senseClass: "result", keeps: [], advice: "goOn", sentence: "it worked, after some trouble" },
  { name: "not ready", senseClass: "wait", keeps: ["wait", "operator", "medium", "drive"], advice: "waitLonger", sentence: "the device is not ready" },
  { name: "medium error", senseClass: "medium", keeps: ["operator"], advice: "otherDrive", sentence: "the tape has a fault" },
  { name: "hardware error", senseClass: "drive", keeps: ["operator"], advice: "driveFault", sentence: "the device has a fault" },
  {
    name: "illegal request", senseClass: "bug", keeps: ["operator", "retry", "wait", "drive"], advice: "report",
    sentence: "the device does not take this command",
  },
  { name: "unit attention", senseClass: "retry", keeps: ["operator", "drive"], advice: "identify", sentence: "something changed" },
  { name: "data protect", senseClass: "operator", keeps: ["medium"], advice: "useOther", sentence: "the cartridge does not permit this" },
  { name: "blank check", senseClass: "result", keeps: ["medium"], advice: "dataEnd", sentence: "there is nothing more on the tape" },
  { name: "vendor specific", senseClass: "unsafe", keeps: [], advice: "stop", sentence: "only the maker knows what this means" },
  { name: "copy aborted", senseClass: "bug", keeps: [], advice: "report", sentence: "a copy between devices ended" },
  { name: "aborted command", senseClass: "retry", keeps: ["operator", "bug"], advice: "resend", sentence: "the device gave a command up" },
  { name: "reserved", senseClass: "unsafe", keeps: [], advice: "stop", sentence: "no standard explains this" },
  { name: "volume overflow", senseClass: "result", keeps: [], advice: "fillNext", sentence: "the tape is full" },
  { name: "miscompare", senseClass: "medium", keeps: [], advice: "compare", sentence: "what was read is not what it was compared with" },
  { name: "completed", senseClass: "result", keeps: [], advice: "none", sentence: "the command is done" },
];
