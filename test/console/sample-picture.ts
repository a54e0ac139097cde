import type { AppliancePicture, ConsoleState } from "../../src/console/state/index.ts";
import { initialState } from "../../src/console/state/index.ts";
import type { LibraryElement } from "../../src/operations/index.ts";
import type { JobRecord, VolumeRecord } from "../../src/records/index.ts";
import { archive, busyDrive, drive, epochMs, pool, volume } from "../cli/sample-appliance.ts";

/** An appliance in the middle of its work, with a little of everything that can want somebody. */

const owner = { host: "vault", bootId: "b", processId: 4711, processStart: "1" };
const job = (id: number, change: Partial<JobRecord>): JobRecord => ({
  id, kind: "archive run", subject: "photos", startedMs: epochMs, owner, requestedBy: "operator", state: "finished", severity: "ok", summary: undefined,
  finishedMs: epochMs + 60_000, progress: {}, ...change,
});

const volumes: readonly (VolumeRecord & { readonly place: string })[] = [
  { ...volume, place: "library vtl drive 0" },
  { ...volume, uuid: "2", barcode: "SR0002L8", pool: "offsite", state: "full", place: "shelf B4", verifiedMs: undefined },
  { ...volume, uuid: "3", barcode: "SR0003L8", state: "closed", place: "library vtl slot 2" },
];

const element = (kind: LibraryElement["kind"], number: number, barcode?: string, change: Partial<LibraryElement> = {}): LibraryElement => ({
  kind, number, address: number, full: barcode !== undefined, barcode, source: undefined, accessible: true, driveSerial: kind === "drive" ? "SIM0000001" : undefined,
  exception: undefined, trouble: undefined, duplicate: false, cleaning: undefined, cartridge: undefined, volume: volumes.find((one) => one.barcode === barcode), ...change,
});

export const elements: readonly LibraryElement[] = [
  element("drive", 0, "SR0001L8", { source: { kind: "slot", number: 1 } }),
  element("drive", 1),
  element("mail-slot", 1, "SR0009L8"),
  element("mail-slot", 2),
  element("transport", 0),
  element("slot", 1),
  element("slot", 2, "SR0003L8"),
  element("slot", 3, undefined, { full: true, trouble: { sentence: "the label could not be read", advice: "look at the cartridge's label" } }),
  element("slot", 4, "CLN001CU"),
  ...Array.from({ length: 26 }, (_, at) => element("slot", at + 5, at % 3 === 0 ? undefined : `SR01${String(at).padStart(2, "0")}L8`)),
];

export const picture: AppliancePicture = {
  readMs: epochMs + 3_600_000,
  name: "vault",
  hasKeys: true,
  spool: { usedBytes: 30_000_000_000, maxBytes: 68_719_476_736 },
  libraries: [{
    name: "vtl", shownMs: epochMs + 3_600_000, trouble: undefined,
    shown: { name: "vtl", product: "VIRTUAL TAPE LIBRARY", condition: { ready: true, code: undefined, sentence: "ready", advice: undefined }, elements },
  }],
  drives: [{ ...drive, serial: "SIM0000001" }, busyDrive],
  pools: [pool, { ...pool, name: "offsite", copies: { written: 3, verified: 40, doubted: 0, missing: 0, bad: 1 } }],
  archives: [archive, { ...archive, name: "übersicht-資料", uuid: "9", snapshots: 0, last: undefined }],
  volumes,
  jobs: [
    job(9, { state: "running", severity: undefined, finishedMs: undefined }),
    job(8, { state: "interrupted", severity: "err", summary: "no usable cartridge in pool offsite", kind: "archive run", subject: "mail", finishedMs: undefined }),
    job(7, { severity: "warn", summary: "snapshot 3 of photos: 12 of 90211 entries, 4.2 GiB, in 2 pools, read back and compared; 2 entries had trouble" }),
    job(6, { kind: "restore", subject: "photos to /tmp/back", summary: "3 of 3 entries, 2.0 KiB, from 1 segment on SR0001L8" }),
  ],
  progress: [{
    jobId: 9, stage: "sealing and placing", doneBytes: 42_000_000_000, totalBytes: 100_000_000_000, doneEntries: 1200, totalEntries: 90_211, spoolFill: 0.4, errors: 0,
    cartridges: [{ barcode: "SR0001L8", fill: 0.62 }], current: new TextEncoder().encode("photos/2026/資料 11/a.jpg"),
  }],
  events: [
    { jobId: 7, timeMs: epochMs + 1000, severity: "note", code: "JOB_RESUMED", text: "going on with what an earlier run had not finished" },
    { jobId: 7, timeMs: epochMs + 2000, severity: "warn", code: "ENTRY_CHANGED", text: "docs/a: changed while it was read; what was read is stored" },
    { jobId: 8, timeMs: epochMs + 3000, severity: "err", code: "NO_CARTRIDGE", text: "no usable cartridge in pool offsite; put one into a mail slot" },
  ],
  checks: [
    { severity: "ok", code: "RECORDS", text: "the records are whole", hint: undefined },
    { severity: "warn", code: "SPOOL_SMALL", text: "the spool holds less than two segments", hint: "give it more room" },
  ],
};

export function stateAt(columns: number, rows: number, change: Partial<ConsoleState> = {}): ConsoleState {
  const rates = new Map([[9, [310e6, 305e6, 290e6, 0, 120e6, 300e6]]]);
  return { ...initialState({ columns, rows }, picture.readMs), appliance: picture, rates, ...change };
}
