import type { ArchiveInfo, DriveDetails, FoundFile, KeyInfo, LibraryElement, PoolInfo } from "../../src/operations/index.ts";
import type { CartridgeRecord, EntryRecord, JobRecord, SnapshotRecord, VolumeRecord } from "../../src/records/index.ts";

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
  copies: { written: 0, verified: 2, bad: 0 },
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
  accessible: true,
  driveSerial: kind === "drive" ? "SIM0000001" : undefined,
  exception: undefined,
  cartridge: full ? cartridge : undefined,
  volume: full ? volume : undefined,
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
  alerts: [{ flag: 20, name: "clean now", severity: "warn", advice: "load a cleaning cartridge" }],
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
