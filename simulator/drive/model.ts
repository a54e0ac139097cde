import type { Cartridge, CartridgeDamage, LibraryHome } from "../home/index.ts";
import type { DriveModel, MediaModel } from "../models/index.ts";
import { type DriveAlerts, type ExceptionReports, type ExceptionSettings, usualExceptions } from "./alerts/index.ts";
import type { DriveLife, ErrorCounts, Head } from "./care/index.ts";
import type { DriveAccessOrder } from "./access-order/index.ts";
import type { DriveEncryption } from "./encryption/index.ts";
import type { DriveProtection } from "./protection/index.ts";
import type { PartitionPlan } from "./partitions/index.ts";
import type { ReadTries } from "./read-tries.ts";
import type { DriveClockwork } from "./clockwork.ts";
import type { Attentions } from "../unit/index.ts";
import { check, type Outcome, type SenseFields, senses } from "../wire/index.ts";

/** What all models have in common. */
export const profile = { vendor: "VIRTUAL", revision: "0100" } as const;

/** What a filemark takes of the capacity. */
const filemarkBytes = 512;

/** What is in the drive and threaded, and where its head is. */
export interface Medium {
  readonly cartridge: Cartridge;
  readonly media: MediaModel;
  /** What the drive had moved when it came in. */
  readonly countersAtLoad: { readonly bytesWritten: number; readonly bytesRead: number };
  /** The logical object number of the next object, in the partition that the tape is in. */
  position: number;
  /** What FORMAT MEDIUM is to do. */
  partitionPlan: PartitionPlan | undefined;
  /** ALLOW OVERWRITE: of what begins at that place, or of the whole tape. Ends when the tape moves. */
  mayOverwrite: { readonly what: "place"; readonly partition: number; readonly objectNumber: number } | { readonly what: "tape" } | undefined;
  /** The chip says already that the content is another than the one it was asked for last. */
  isChangeCounted: boolean;
  /** As it was found before the command that is under way. */
  damage: CartridgeDamage;
  readonly tries: ReadTries;
  /** The drive measures the tape, and has not written down yet that it did. */
  isMeasured: boolean;
  /** The programmable early warning was given since its zone was entered. */
  warnedEarly: boolean;
}

export interface ModeSettings {
  /** 0: variable blocks. */
  blockSizeBytes: number;
  descriptorSense: boolean;
  compression: boolean;
  /** Programmable early warning, in megabytes before the early-warning point (SSC-5, 8.3.8). */
  earlyWarningMegabytes: number;
  /** WRITE MODE (SSC-5, 8.3.8): nothing recorded is written over unless ALLOW OVERWRITE says so. */
  appendsOnly: boolean;
  exceptions: ExceptionSettings;
}

/** One drive from its power-on until it is given back. */
export interface Drive {
  readonly home: LibraryHome;
  readonly number: number;
  readonly serial: string;
  readonly model: DriveModel;
  medium: Medium | undefined;
  /**
   * Of what is in the drive; undefined when nothing is, or when it was let go of. Incompatible is what the model cannot read, snapped what it cannot let go of
   * either, expired a cleaning cartridge that was used up; held is what LOAD was told not to thread.
   */
  occupant: "data" | "cleaning" | "expired" | "incompatible" | "snapped" | "held" | undefined;
  readonly attentions: Attentions;
  settings: ModeSettings;
  /** The path whose command is under way: keys and protection are settings of paths. */
  caller: string;
  readonly encryption: DriveEncryption;
  readonly protection: DriveProtection;
  readonly accessOrder: DriveAccessOrder;
  /** Paths that forbid to let go of the cartridge. */
  readonly removalPreventedBy: Set<string>;
  readonly clockwork: DriveClockwork;
  /** An error of what was taken well before, until the path that gave it is told. */
  deferred: { readonly nexus: string; readonly sense: SenseFields } | undefined;
  insertionsSeen: number;
  becomingReadyLeft: number;
  readonly alerts: DriveAlerts;
  readonly reports: ExceptionReports;
  readonly life: DriveLife;
  readonly head: Head;
  readonly errors: ErrorCounts;
  readonly counters: { bytesWritten: number; bytesRead: number; loads: number; cleanings: number };
}

export function defaultSettings(): ModeSettings {
  return { blockSizeBytes: 0, descriptorSense: false, compression: true, earlyWarningMegabytes: 0, appendsOnly: false, exceptions: usualExceptions };
}

/** Moves the tape. */
export function goTo(medium: Medium, partition: number, objectNumber: number): void {
  const { store } = medium.cartridge;
  if (partition !== store.partition || objectNumber !== medium.position) medium.mayOverwrite = undefined;
  store.enter(partition);
  medium.position = objectNumber;
}

/** Bytes of the capacity of the partition that are used before that object. */
export function usedBytes(medium: Medium, objectNumber = medium.position, partition = medium.cartridge.store.partition): number {
  const index = medium.cartridge.store.indexes[partition]!;
  return index.bytesBefore(objectNumber) + index.filemarksBefore(objectNumber) * filemarkBytes;
}

/** Where that object lies, in bytes of the whole tape. */
export function tapeBytes(medium: Medium, objectNumber = medium.position, partition = medium.cartridge.store.partition): number {
  return medium.cartridge.store.layout.partitions[partition]!.startBytes + usedBytes(medium, objectNumber, partition);
}

export function capacityOf({ cartridge: { store } }: Medium, partition = store.partition): number {
  return store.layout.partitions[partition]!.capacityBytes;
}

/** Room behind the position: what is recorded there is in nobody's way. */
export function freeBytes(medium: Medium): number {
  return Math.max(0, capacityOf(medium) - usedBytes(medium));
}

/** Room behind the end of data, wherever the head is: what the drive and the chip report. */
export function remainingBytes(medium: Medium, partition = medium.cartridge.store.partition): number {
  return Math.max(0, capacityOf(medium, partition) - usedOf(medium, partition));
}

/** What is recorded in a partition. */
export function usedOf(medium: Medium, partition = medium.cartridge.store.partition): number {
  return usedBytes(medium, medium.cartridge.store.indexes[partition]!.objectCount, partition);
}

/** How many filemarks fit behind the position. */
export function filemarksThatFit(medium: Medium): number {
  return Math.floor(freeBytes(medium) / filemarkBytes);
}

/** Where the early-warning zone begins: enough room behind it to end an archive properly, on small cartridges too. */
export function earlyWarningBytes(capacityBytes: number): number {
  const zoneBytes = Math.min(Math.max(2 * 1024 * 1024, Math.floor(capacityBytes / 64)), Math.floor(capacityBytes / 4));
  return capacityBytes - zoneBytes;
}

export function inEarlyWarning(medium: Medium): boolean {
  return usedBytes(medium) > earlyWarningBytes(capacityOf(medium));
}

/** SSC-5, 4.2.5: the programmable zone lies before the early-warning point. */
export function inProgrammableWarning(drive: Drive, medium: Medium): boolean {
  const zoneBytes = drive.settings.earlyWarningMegabytes * 1_000_000;
  return zoneBytes > 0 && usedBytes(medium) > earlyWarningBytes(capacityOf(medium)) - zoneBytes;
}

/** What a command that needs a medium answers when there is none that it could use. */
export function notReady(drive: Drive): Outcome | undefined {
  if (drive.occupant === "cleaning") return check({ ...senses.cleaningCartridge, ...drive.clockwork.progress() });
  if (drive.occupant === "expired") return check(senses.cleaningFailed);
  if (drive.occupant === "held") return check(senses.notThreaded);
  if (drive.occupant === "incompatible") return check(senses.incompatibleInstalled);
  if (drive.occupant === "snapped") return check(senses.loadFailed);
  if (drive.medium === undefined) return check(senses.noMedium);
  if (drive.clockwork.isThreading()) return check({ ...senses.becomingReady, ...drive.clockwork.progress() });
  const work = drive.clockwork.work();
  if (work !== undefined) return check({ ...(work.what === "formatting" ? senses.formatInProgress : senses.operationInProgress), progress: work.progress });
  if (drive.becomingReadyLeft === 0) return undefined;
  drive.becomingReadyLeft -= 1;
  return check(senses.becomingReady);
}
