import type { ArchiveInfo, DriveDetails, DriveHealthReport, FoundFile, KeyInfo, LibraryElement, ListedDrive, PoolInfo, StatusReport } from "../../src/operations/index.ts";
import { attributeId, cartridgeMemory, deviceStatistics, errorCounters } from "../../src/scsi/index.ts";
import { silentCartridge, silentDrive } from "../devices/health-samples.ts";
import type { CartridgeRecord, EntryRecord, HealthReading, JobRecord, SnapshotRecord, VerificationRecord, VolumeRecord } from "../../src/records/index.ts";

/** A small appliance with a hostile past: some of its names try to take over the terminal. */

export const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5);
export const hostileName = new Uint8Array(Buffer.concat([Buffer.from("docs/\u001b[2Je\u009b\u202evil\n"), Buffer.from([0xff]), Buffer.from(".txt")]));

export const volume: VolumeRecord = {
  uuid: "11111111-1111-4111-8111-111111111111",
  barcode: "SR0001L8",
  pool: "onsite",
  blockSizeBytes: 524_288,
  createdMs: epochMs,
  state: "open",
  objects: 6,
  bytesWritten: 50_331_648,
  sessionOpen: false,
  begunObjects: 6,
  verifiedMs: epochMs + 60_000,
};

export const cartridge: CartridgeRecord = {
  barcode: "SR0001L8",
  kind: "tape",
  pool: "onsite",
  state: "in-use",
  place: "library vtl slot 1",
  capacityBytes: undefined,
  seenMs: epochMs,
};

export const verification: VerificationRecord = {
  id: 1, jobId: 7, volumeUuid: volume.uuid, barcode: "SR0001L8", method: "full", place: "library vtl drive 0", startedMs: epochMs, finishedMs: epochMs + 1000,
  objects: 6, readBytes: 50_331_648, severity: "ok",
};

export const status: StatusReport = {
  severity: "note",
  remarks: [{ severity: "note", code: "SNAPSHOT_OPEN", text: "something for the record", hint: "nothing to do" }],
  jobs: [{ id: 7, kind: "archive run", subject: "photos", state: "running", startedMs: epochMs, needs: [] }],
  pools: [{ pool: "onsite", volumes: 1, written: 0, verified: 1, doubted: 0, missing: 0, bad: 0, due: 0 }],
  archives: [{ archive: "photos", snapshots: 1, lastMs: epochMs + 90_000, missing: 0, lost: 0, troubled: 0 }],
  spoolUsedBytes: 1024,
  spoolMaxBytes: 4096,
  atMs: epochMs + 100_000,
};

export const condition: HealthReading = {
  subject: "cartridge SR0001L8", timeMs: epochMs, numbers: { loads: 42, fills: 3.25, unrecoveredReadErrors: 1, unrecoveredWriteErrors: 0 },
};

export const snapshot: SnapshotRecord = {
  id: 1,
  archiveId: 1,
  number: 1,
  state: "complete",
  startedMs: epochMs,
  finishedMs: epochMs + 90_000,
  base: undefined,
  totals: { entries: 3, contentBytes: 2048, newEntries: 3, newContentBytes: 2048, sealedBytes: 3072, troubledEntries: 0 },
};

export const openSnapshot: SnapshotRecord = { ...snapshot, id: 2, number: 2, state: "open", finishedMs: undefined, base: 1, totals: undefined };

export const archive: ArchiveInfo = {
  name: "photos",
  uuid: "22222222-2222-4222-8222-222222222222",
  sources: [{ name: "photos", path: "/srv/photos", exclude: ["*.tmp"], oneFileSystem: true }],
  pools: ["onsite", "usb"],
  cipher: "mdc",
  compression: "auto",
  segmentSizeBytes: 4_294_967_296,
  verify: true,
  snapshots: 1,
  last: snapshot,
  unfinished: undefined,
};

export const pool: PoolInfo = {
  name: "onsite",
  kind: "tape",
  library: "vtl",
  blockSizeBytes: 524_288,
  volumeCount: 1,
  bytesWritten: 50_331_648,
  copies: { written: 0, verified: 2, doubted: 0, missing: 0, bad: 0 },
};

export const key: KeyInfo = {
  role: "recovery",
  fingerprint: "0123456789ABCDEF0123456789ABCDEF01234567",
  userIds: ["vault recovery"],
  createdMs: epochMs,
  expiresMs: undefined,
};

const element = (kind: LibraryElement["kind"], number: number, address: number, full: boolean): LibraryElement => ({
  kind,
  number,
  address,
  full,
  barcode: full ? "SR0001L8" : undefined,
  source: undefined,
  trouble: undefined,
  duplicate: false,
  accessible: true,
  driveSerial: kind === "drive" ? "SIM0000001" : undefined,
  exception: undefined,
  cartridge: full ? cartridge : undefined,
  volume: full ? volume : undefined,
  cleaning: undefined,
});

export const elements: readonly LibraryElement[] = [element("slot", 1, 1024, true), element("slot", 2, 1025, false), element("drive", 0, 256, false)];

export const drive: DriveDetails = {
  library: "vtl",
  number: 0,
  barcode: "SR0001L8",
  state: "loaded",
  detail: "",
  vendor: "STRONGRM",
  product: "VIRTUAL-LTO",
  revision: "0001",
  serial: "SIM0000001",
  writeProtected: false,
  remainingBytes: 16_777_216,
  totalBytes: 67_108_864,
  activity: "idle",
  cleaning: "needed",
  medium: { writeProtected: false, worm: false, densityCode: 0x5e, kind: "data" },
  generation: "LTO-8",
  alerts: [{ flag: 20, name: "clean now", severity: "warn", blames: "drive", advice: "load a cleaning cartridge" }],
  takes: [{ name: "LTO-7", writes: true }, { name: "LTO-8", writes: true }],
  reservation: "held",
  encryption: { kind: "off", encrypts: false, decrypts: "no", scope: "all hosts", setBy: "hosts", keyName: undefined, nextBlock: "plain" },
  protectsBlocks: true,
  recommendsOrder: false,
};

export const busyDrive: ListedDrive = {
  library: "vtl", number: 1, barcode: undefined, state: "busy", detail: "drive 1 is held by process 4711", serial: undefined, cleaning: "unknown", alerts: [],
};

const statistics = new Map([
  [0, Uint8Array.of(0, 0, 0x01, 0x2c)], [1, Uint8Array.of(0, 0, 0, 7)], [2, Uint8Array.of(0, 0, 0x30, 0x39)], [3, Uint8Array.of(0, 0, 0x10, 0xe1)],
  [4, Uint8Array.of(0x02, 0xde, 0x54, 0x2a)], [8, Uint8Array.of(0, 0, 0, 120)], [12, Uint8Array.of(0, 0, 0, 31)], [14, Uint8Array.of(0, 0, 0, 2)],
]);
const counters = new Map([[3, Uint8Array.of(0, 0, 0, 84)], [5, Uint8Array.of(0, 0, 0, 4, 0xa8, 0x17, 0xc8, 0)], [6, Uint8Array.of(0)]]);
const writing = {
  counters: errorCounters(counters), processedBytes: 20_000_000_000, correctedPerGigabyte: 4.2, uncorrectedPerGigabyte: 0,
};

export const health: DriveHealthReport = {
  library: "vtl", number: 0, barcode: "SR0001L8", state: "loaded", detail: "",
  vendor: "STRONGRM", product: "VIRTUAL-LTO", revision: "0001", serial: "SIM0000001",
  severity: "ok",
  findings: [],
  cleaning: "none",
  cleanings: [{
    timeMs: epochMs, library: "vtl", drive: 0, driveSerial: "SIM0000001", barcode: "CLN001CU", outcome: "cleaned", who: "operator", why: "the drive asked for it",
  }],
  drive: { ...silentDrive, statistics: deviceStatistics(statistics), writing },
  cartridge: {
    ...silentCartridge,
    capacity: { totalBytes: 67_108_864, remainingBytes: 16_777_216 },
    loads: 42,
    fills: 3.25,
    passes: 1234,
    encrypted: "no",
    memory: cartridgeMemory([
      { id: attributeId.mediumManufacturer, readOnly: true, format: 1, value: Buffer.from("FUJIFILM") },
      { id: attributeId.mediumLength, readOnly: true, format: 0, value: Uint8Array.of(0x03, 0xc0) },
      { id: attributeId.userMediumText, readOnly: false, format: 2, value: Buffer.from("\u001b[2Jevil") },
    ]),
  },
  sinceLastLook: { sinceMs: epochMs, changes: [{ name: "poweredHours", before: 12_000, now: 12_345 }] },
  cartridgeSinceLastLook: { sinceMs: undefined, changes: [] },
};

/** The same drive on a bad day. */
export const illHealth: DriveHealthReport = {
  ...health,
  severity: "err",
  cleaning: "needed",
  findings: [
    {
      severity: "err", code: "CLEANING_NEEDED", blames: "drive", text: "the drive must be cleaned before it goes on",
      advice: "put a cleaning cartridge in, whose label begins with CLN, and it is cleaned by itself",
    },
    { severity: "warn", code: "TAPE_ALERT_19", blames: "cartridge", text: "the drive raises TapeAlert 19, nearing medium life", advice: "plan to replace the cartridge" },
  ],
};

export const entry: EntryRecord = {
  id: 1,
  path: Buffer.from("photos/a.jpg"),
  type: "file",
  mode: 0o644,
  uid: 1000,
  gid: 1000,
  sizeBytes: 2048,
  mtimeNs: BigInt(epochMs) * 1_000_000n + 7n,
  ctimeNs: 0n,
  inode: 5n,
  condition: "intact",
  firstSnapshot: 1,
  segmentId: 1,
};

export const found: readonly FoundFile[] = [
  { ...entry, archive: "photos", archiveId: 1, goneSince: undefined },
  { ...entry, id: 2, path: hostileName, archive: "photos", archiveId: 1, goneSince: 2 },
];

export const job: JobRecord = {
  id: 7,
  kind: "archive run",
  subject: "photos",
  startedMs: epochMs,
  owner: { host: "vault", bootId: "33333333-3333-4333-8333-333333333333", processId: 4242, processStart: "100" },
  requestedBy: "operator",
  state: "finished",
  severity: "ok",
  summary: "snapshot 1 complete",
  finishedMs: epochMs + 90_000,
  progress: {},
};
