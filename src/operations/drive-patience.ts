import type { LongWork } from "../devices/tape/index.ts";
import type { CleaningNews } from "../work/mount/index.ts";

const minuteMs = 60_000;
/** Loads of a few seconds are nobody's news. */
const firstNewsMs = 2 * minuteMs;
const newsEveryMs = 10 * minuteMs;

/** Tells, now and then, what a drive is at that a job has to wait for. One for each wait. */
export function tellingOfWaits(drive: string, barcode: string, tell: (news: CleaningNews) => void): (work: LongWork) => void {
  let nextNewsMs = firstNewsMs;
  return ({ what, part, waitedMs }) => {
    if (waitedMs < nextNewsMs) return;
    nextNewsMs = waitedMs + newsEveryMs;
    const done = part === undefined ? "" : `, ${String(Math.floor(part * 100))} % done`;
    const text = `${drive} with ${barcode}: ${what}${done} after ${String(Math.round(waitedMs / minuteMs))} minutes; a cartridge that is new to LTO-9 may take two hours`;
    tell({ severity: "note", code: "DRIVE_AT_WORK", text });
  };
}
