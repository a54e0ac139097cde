import type {
  ArchiveConfig,
  ArchiveRecord,
  CartridgeRecord,
  CopyRecord,
  EntryRecord,
  FoundEntry,
  HealthReading,
  JobEvent,
  JobRecord,
  MovementRecord,
  NewArchive,
  NewPool,
  ObjectRecord,
  PoolConfig,
  SnapshotRecord,
  VerificationRecord,
  VolumeRecord,
} from "../records/index.ts";
import type { Severity } from "../words/index.ts";
import type { DriveOperations } from "./drive-contract.ts";
import type { DeviceOperations, LibraryOperations } from "./library-contract.ts";
import type { RebuildRequest, RebuildResult } from "./rebuild-contract.ts";
import type { DuplicatePlan, DuplicateRequest, DuplicateResult, MigrateResult } from "./duplicate-contract.ts";
import type { CopyCounts, StatusReport } from "./status-contract.ts";
import type { ArchiveTroubles } from "./troubles-contract.ts";
import type { DueVolume, MendResult, VerifyManner, VerifyManyResult, VerifyRequest, VerifyResult } from "./verify-contract.ts";

export type * from "./drive-contract.ts";
export type * from "./duplicate-contract.ts";
export type * from "./library-contract.ts";
export type * from "./rebuild-contract.ts";
export type * from "./status-contract.ts";
export type * from "./troubles-contract.ts";
export type * from "./verify-contract.ts";
export type { OperatorRequest } from "../jobs/index.ts";

/**
 * Everything the appliance can do, once: the only door for the command line and the console.
 *
 * Each operation checks its arguments first and changes nothing when they are wrong (kind `usage` or `missing`). What changes something is
 * recorded with the name of who asked. Long ones are jobs: they report through `observer`, stop at a safe point when `signal` aborts, and go
 * on when called again with the same subject.
 */
export interface Operations {
  readonly appliance: ApplianceOperations;
  readonly key: KeyOperations;
  readonly library: LibraryOperations;
  readonly drive: DriveOperations;
  readonly device: DeviceOperations;
  readonly pool: PoolOperations;
  readonly volume: VolumeOperations;
  readonly archive: ArchiveOperations;
  readonly snapshot: SnapshotOperations;
  readonly file: FileOperations;
  readonly job: JobOperations;
  /** Gives devices and files back. */
  close(): Promise<void>;
}

/** What long work tells while it goes on. */
export interface JobObserver {
  progress(progress: JobProgress): void;
  event(event: Omit<JobEvent, "jobId">): void;
}

export interface JobProgress {
  readonly jobId: number;
  /** `walking`, `sealing and placing`, `verifying`, `restoring`. */
  readonly stage: string;
  readonly doneBytes: number;
  /** Undefined until the plan is known. */
  readonly totalBytes: number | undefined;
  readonly doneEntries: number;
  readonly totalEntries: number | undefined;
  /** Share of the spool in use, 0 to 1. */
  readonly spoolFill: number;
  readonly errors: number;
  /** Cartridges in use with how full each is, 0 to 1. */
  readonly cartridges: readonly { readonly barcode: string; readonly fill: number }[];
  /** What is being worked on; any bytes. */
  readonly current: Uint8Array | undefined;
  /** How long each of its stages took, in order; the last one goes on. */
  readonly stages?: readonly { readonly stage: string; readonly spentMs: number }[];
  /** Of each pool that is written: whether its drive has something to write now, and how long it had and had not. */
  readonly writing?: readonly { readonly pool: string; readonly isWriting: boolean; readonly writingMs: number; readonly waitingMs: number }[];
}

export interface JobOptions {
  readonly observer: JobObserver;
  readonly signal: AbortSignal;
}

export interface JobResult {
  readonly job: JobRecord;
  readonly severity: Severity;
  readonly summary: string;
}

/** A way to a secret: asked for when it is needed, at most once. The bytes are zeroed by whoever asked. */
export type SecretSource = () => Promise<Uint8Array>;

export interface ApplianceOperations {
  /** Makes the state folder, its records and a configuration. Refuses a folder that holds anything else. */
  init(request: { readonly name: string; readonly organisation?: string; readonly contacts: readonly string[] }): Promise<ApplianceInfo>;
  show(): Promise<ApplianceInfo>;
  /** How everything stands, by the records alone: no device is touched. */
  status(): Promise<StatusReport>;
  /** Sends a message as jobs do when they need somebody or end badly. Rejects with NOTIFY_NOT_CONFIGURED (usage), NOTICE_NOT_SENT (failed). */
  notify(): Promise<void>;
  /** The same as a Prometheus text file, which replaces the one that is there at once. */
  writeMetrics(path: string): Promise<StatusReport>;
  /** Looks at everything that can be wrong without touching a device: permissions, configuration, records, keys, spool. */
  check(): Promise<readonly { readonly severity: Severity; readonly code: string; readonly text: string; readonly hint: string | undefined }[]>;
  /** From now on the state folder is this machine's: after it was moved, or put back from a backup elsewhere. */
  adopt(): Promise<ApplianceInfo>;
  /**
   * Makes the records anew from the volumes and the keys alone. The old ones stay in use until the new ones are whole, and are put aside then; the
   * same call goes on with what an interrupted one has read. Rejects with VOLUMES_MISSING (operator), RECORDS_IN_USE (busy).
   */
  rebuild(request: RebuildRequest, options: JobOptions): Promise<RebuildResult>;
}

export interface ApplianceInfo {
  readonly uuid: string;
  readonly name: string;
  readonly stateFolder: string;
  readonly formatVersion: number;
  readonly spoolUsedBytes: number;
  readonly spoolMaxBytes: number;
}

export interface KeyOperations {
  /**
   * Makes the operations key, the recovery key and the signing key. The two private decryption keys are written to `exportFolder`, locked by the
   * passphrase, and are nowhere else. A certificate given instead is used as it is and no private key is made for that role.
   */
  init(request: {
    readonly exportFolder: string | undefined;
    readonly passphrase: SecretSource;
    readonly operationsCertificate?: string;
    readonly recoveryCertificate?: string;
  }): Promise<readonly KeyInfo[]>;
  list(): Promise<readonly KeyInfo[]>;
  /** The armored certificate of a role or fingerprint. */
  certificate(which: string): Promise<string>;
}

export interface KeyInfo {
  readonly role: "operations" | "recovery" | "signing";
  readonly fingerprint: string;
  readonly userIds: readonly string[];
  readonly createdMs: number;
  readonly expiresMs: number | undefined;
  /** Where its locked private key was written by this call, if it was. */
  readonly exportedTo?: string;
}

export interface PoolOperations {
  /** What is left out follows the appliance's defaults, also when those change later. */
  create(pool: NewPool): Promise<void>;
  list(): Promise<readonly PoolInfo[]>;
  show(name: string): Promise<PoolInfo & { readonly volumes: readonly VolumeRecord[] }>;
  /** Its policy; undefined takes it away. */
  set(name: string, change: { readonly verifyEveryDays: number | undefined }): Promise<PoolInfo>;
  /** `POOL_IN_USE` while an archive names it or volumes belong to it. */
  remove(name: string): Promise<void>;
}

export interface PoolInfo extends PoolConfig {
  readonly volumeCount: number;
  readonly bytesWritten: number;
  readonly copies: CopyCounts;
}

export interface VolumeOperations {
  /**
   * Makes a new volume on a cartridge of a library (kind tape) or in a folder. A medium that is not blank is refused with `MEDIUM_NOT_BLANK`,
   * saying what is on it, unless `overwrite` is its barcode, typed. Where that would lose the only good copy of anything: `ONLY_COPIES` (denied),
   * unless `loseOnlyCopies`.
   */
  init(request: {
    readonly barcode: string;
    readonly pool: string;
    readonly folder?: string;
    readonly capacityBytes?: number;
    readonly overwrite?: string;
    readonly loseOnlyCopies?: boolean;
  }): Promise<VolumeRecord>;
  list(): Promise<readonly (VolumeRecord & { readonly place: string })[]>;
  show(barcode: string): Promise<VolumeDetails>;
  /** Reads what a medium says of itself, and compares it with the records. Changes nothing. */
  identify(where: VolumePlace): Promise<VolumeIdentity>;
  /**
   * Reads a volume and compares every object, or a sample of its segments, with its seal, its manifest and the records. Needs no secret. Goes on with an
   * unfinished one. `quick`: a tape drive reads everything through by itself, and what it cannot pass is read
   * and compared. A copy found bad counts no more, and is made anew from a good one where there is one, by a job of its own.
   */
  verify(request: VerifyRequest, options: JobOptions): Promise<VerifyResult>;
  /**
   * Volumes of a pool or of all, each by a job of its own, the longest neglected first; `dueOnly`: those that their pool's policy wants verified by now. After `forMs`
   * the one under way stops at a safe point, and the next call goes on with it.
   */
  verifyMany(
    request: { readonly pool: string | undefined; readonly dueOnly: boolean; readonly forMs: number | undefined } & VerifyManner,
    options: JobOptions,
  ): Promise<VerifyManyResult>;
  /**
   * Copies what is on a volume to another one, byte for byte, each segment compared with its seal on the way; what is bad there is taken from another copy where there is one. Goes on behind the
   * last segment that was copied. The copies count as any others do.
   */
  duplicate(request: DuplicateRequest, options: JobOptions): Promise<DuplicateResult>;
  /** What `duplicate` and `migrate` would do: which cartridge, how much, where there is room. Moves and writes nothing. */
  planDuplicate(request: DuplicateRequest): Promise<DuplicatePlan>;
  /** As `duplicate`; then reads the new volumes back whole, and only when every copy is as it was sealed retires the old one: it is not written any more. */
  migrate(request: DuplicateRequest, options: JobOptions): Promise<MigrateResult>;
  /** What the policies of the pools want verified by now, the longest neglected first. */
  due(pool: string | undefined): Promise<readonly DueVolume[]>;
  /** What would be lost if this volume were overwritten: for the question before it. */
  whatIsOn(barcode: string): Promise<{ readonly copies: number; readonly onlyCopies: number; readonly elsewhere: readonly string[] }>;
}

/** A cartridge known to the records or in a library, by barcode; or any folder. */
export type VolumePlace = { readonly barcode: string } | { readonly folder: string };

export interface VolumeDetails {
  readonly volume: VolumeRecord;
  readonly cartridge: CartridgeRecord;
  readonly objects: readonly ObjectRecord[];
  readonly copies: readonly CopyRecord[];
  readonly movements: readonly MovementRecord[];
  /** When it was read back and what came of it, newest first. */
  readonly verifications: readonly VerificationRecord[];
  /** What was counted of the cartridge when it was last in a drive; undefined when that is not known. */
  readonly condition: HealthReading | undefined;
}

export type VolumeIdentity =
  | { readonly kind: "blank" }
  | { readonly kind: "foreign"; readonly looksLike: string }
  | {
      readonly kind: "volume";
      readonly uuid: string;
      readonly barcode: string;
      readonly pool: string;
      readonly appliance: string;
      readonly ours: boolean;
      readonly signature: "good" | "bad" | "unknown signer";
    };

export interface ArchiveOperations {
  /** What is left out follows the appliance's defaults, also when those change later. */
  create(archive: NewArchive): Promise<ArchiveRecord>;
  list(): Promise<readonly ArchiveInfo[]>;
  show(name: string): Promise<ArchiveInfo>;
  /** Takes a snapshot, or goes on with an unfinished one. A person who is needed is waited for `waitMs`, 0 when not said: it stops at a safe point. */
  run(name: string, request: { readonly full: boolean; readonly waitMs?: number }, options: JobOptions): Promise<ArchiveRunResult>;
  /**
   * Makes the copies that its pools should have and have not, or not any more, from copies that are good. Goes on where it was stopped. `waitMs` as for `run`; what
   * is on the cartridges in `without` counts as not there, and nothing more is written on them.
   */
  mend(name: string, request: { readonly waitMs?: number; readonly without?: readonly string[] }, options: JobOptions): Promise<MendResult>;
  /** What the newest complete snapshot does not have as it stood in the source, what was left out altogether first; at most `limit` of them. */
  troubles(name: string, limit: number): Promise<ArchiveTroubles>;
  /** What `run` would do: nothing is written. */
  plan(name: string, request: { readonly full: boolean }): Promise<ArchivePlan>;
  /** Forgets an unfinished snapshot. */
  abandon(name: string): Promise<void>;
  /** Takes it out of the configuration. Its snapshots stay and can be restored. `ARCHIVE_UNFINISHED` while a snapshot is open. */
  remove(name: string): Promise<void>;
}

export interface ArchiveInfo extends ArchiveConfig {
  readonly uuid: string;
  readonly snapshots: number;
  readonly last: SnapshotRecord | undefined;
  readonly unfinished: SnapshotRecord | undefined;
}

export interface ArchivePlan {
  readonly entries: number;
  readonly newEntries: number;
  readonly newContentBytes: number;
  readonly segments: number;
  readonly plannedBytes: number;
  readonly goneEntries: number;
  /** For each pool: what is free on the volumes it has, and how many blank cartridges it may take. */
  readonly pools: readonly { readonly pool: string; readonly freeBytes: number; readonly blankCartridges: number }[];
}

export interface ArchiveRunResult extends JobResult {
  /** Entries that the snapshot does not have as they stood in the source, whichever run met them: see `troubles`. */
  readonly troubled: number;
  readonly snapshot: SnapshotRecord;
  readonly resumed: boolean;
  readonly segmentsSealed: number;
  readonly segmentsTakenOver: number;
  readonly volumes: readonly { readonly pool: string; readonly barcode: string }[];
}

export interface SnapshotOperations {
  list(archive: string): Promise<readonly SnapshotRecord[]>;
  show(archive: string, number: number | undefined): Promise<SnapshotDetails>;
  /** What lies directly in a directory, the first `limit` by name; an empty path is the top of the tree. */
  children(archive: string, number: number | undefined, directory: Uint8Array, limit: number): Promise<readonly EntryRecord[]>;
  /** Entries at and below a prefix, lazily, in order. */
  entries(archive: string, number: number | undefined, prefix: Uint8Array | undefined): Iterable<EntryRecord>;
}

export interface SnapshotDetails {
  readonly archive: ArchiveRecord;
  readonly snapshot: SnapshotRecord;
  readonly segments: number;
  readonly copies: readonly { readonly pool: string; readonly written: number; readonly verified: number; readonly doubted: number; readonly bad: number; readonly missing: number }[];
  readonly volumes: readonly { readonly barcode: string; readonly pool: string; readonly place: string }[];
}

export interface FileOperations {
  find(request: { readonly pattern: Uint8Array; readonly archive?: string; readonly limit: number }): Iterable<FoundFile>;
  findPrefix(request: { readonly prefix: Uint8Array; readonly archive?: string; readonly limit: number }): Iterable<FoundFile>;
  history(archive: string, path: Uint8Array): Iterable<FoundFile>;
  /** Brings entries back. `paths` empty: everything. Recalls only the segments that hold them. */
  restore(request: RestoreRequest, options: JobOptions): Promise<RestoreResult>;
  /** The volumes a restore would need, where they are, and in which order. */
  recallPlan(request: Pick<RestoreRequest, "archive" | "snapshot" | "paths">): Promise<RecallInfo>;
}

export interface FoundFile extends FoundEntry {
  readonly archive: string;
}

export interface RestoreRequest {
  readonly archive: string;
  /** Undefined: the newest. */
  readonly snapshot: number | undefined;
  readonly paths: readonly Uint8Array[];
  readonly target: string;
  readonly whenExists: "refuse" | "replace" | "keep-newer";
  /** Restore owners (needs root): by name where this machine knows it, by number, or not at all. */
  readonly owners: "by-name" | "by-number" | "none";
  /** Also give out files whose content is not what it was (changed, shrunk, vanished while read). */
  readonly includeDamaged: boolean;
  /** How long to wait for volumes that are away, before anything is read; not at all when not given. */
  readonly waitMs?: number;
  /** Armored private key, locked, and the secret that opens it. */
  readonly keyFile: string;
  readonly passphrase: SecretSource;
}

export interface RestoreResult extends JobResult {
  readonly entries: number;
  readonly contentBytes: number;
  readonly segments: number;
  readonly volumes: readonly string[];
  readonly problems: readonly { readonly severity: Severity; readonly code: string; readonly path: Uint8Array; readonly text: string }[];
}

export interface RecallInfo {
  readonly entries: number;
  readonly contentBytes: number;
  readonly volumes: readonly {
    readonly barcode: string;
    readonly place: string;
    readonly pool: string;
    readonly segments: number;
    readonly inReach: boolean;
  }[];
  /** Segments that have no good copy at all. */
  readonly lostSegments: number;
}

export interface JobOperations {
  /** How far the jobs are that run now, whichever process runs them; about a second old. */
  progress(): Promise<readonly JobProgress[]>;
  list(limit: number): Promise<readonly JobRecord[]>;
  show(id: number): Promise<{ readonly job: JobRecord; readonly events: readonly JobEvent[] }>;
  /** What happened in all jobs, also in those before records were made anew, newest first: events of that severity or graver. */
  log(request: { readonly atLeast: Severity; readonly limit: number }): Promise<readonly JobEvent[]>;
  /** Jobs that stopped before their end and that nobody works on, oldest first. */
  interrupted(): Promise<readonly JobRecord[]>;
  /**
   * Goes on with an interrupted job as its own command would. Rejects with JOB_ACTIVE (busy) while a process has it, with JOB_OVER when there is
   * nothing left of it, with JOB_NEEDS_ITS_COMMAND where only a person has what it needs, such as a key.
   */
  resume(id: number, options: JobOptions): Promise<JobResult>;
}
