import type { ScsiCommand } from "../../src/scsi/index.ts";
import { accessTo } from "../models/index.ts";
import { modeSense, type ModePage, type ModeParameters } from "../unit/index.ts";
import { be32, field, type Outcome } from "../wire/index.ts";
import { changeableExceptions, exceptionsPage } from "./alerts/index.ts";
import { DriveProtection } from "./protection/index.ts";
import { mostPartitions } from "./formatting.ts";
import { defaultSettings, type Drive, type ModeSettings } from "./model.ts";
import { changeablePartitionPage, partitionPage } from "./partitions/index.ts";

export const partitionPageCode = 0x11;
/** WRITE MODE 1h, in the upper half of its byte. */
export const appendOnly = 0x10;

export function driveModeSense(drive: Drive, command: ScsiCommand): Outcome {
  return modeSense(modeParameters(drive), command);
}

export function modeParameters(drive: Drive): ModeParameters {
  const { medium } = drive;
  const facts = medium?.cartridge.facts;
  const isWorm = facts?.kind === "worm";
  const density = medium?.media.densityCode ?? 0;
  const mediumType = (isWorm ? medium?.media.wormMediumType : medium?.media.mediumType) ?? 0;
  const isProtected = medium !== undefined && (medium.cartridge.facts.writeProtected || accessTo(drive.model, medium.media.name) !== "writes");
  return {
    mediumType,
    // Buffered mode 1; the write-protect bit tells of the tab, and of a generation that is only read.
    deviceSpecific: 0x10 | (isProtected ? 0x80 : 0),
    blockDescriptor: [density, 0, 0, 0, 0, ...field(drive.settings.blockSizeBytes, 3)],
    pages: [...pagesOf(drive.settings, isWorm), partitionPageOf(drive), protectionPage(drive)].sort((a, b) => a.page - b.page || a.subpage - b.subpage),
  };
}

/** SSC-5, 8.3 and SPC-5, 7.5. */
function pagesOf(settings: ModeSettings, isWorm: boolean): readonly ModePage[] {
  const changing = (
    page: number,
    subpage: number,
    build: (from: ModeSettings) => readonly number[],
    changeable: readonly number[],
  ): ModePage => ({ page, subpage, bytes: build(settings), defaults: build(defaultSettings()), changeable });
  return [
    { page: 0x01, subpage: 0, bytes: padded([0x01, 0x0a], 12) },
    { page: 0x02, subpage: 0, bytes: padded([0x02, 0x0e], 16) },
    changing(0x0a, 0, (from) => padded([0x0a, 0x0a, from.descriptorSense ? 0x04 : 0, 0, 0, 0x40], 12), padded([0, 0, 0x04], 12)),
    changing(0x0f, 0, compressionPage, padded([0, 0, 0x80], 16)),
    // Block identifiers supported, end of data by filemark and position: device configuration.
    { page: 0x10, subpage: 0, bytes: padded([0x10, 0x0e, 0, 0, 0, 0, 0, 0, 0x40, 0, 0x18, 0, 0, 0, 0x01], 16) },
    changing(
      0x10,
      1,
      (from) => padded([0x50, 0x01, 0, 0x1c, 0, from.appendsOnly ? appendOnly : 0, ...field(from.earlyWarningMegabytes, 2)], 32),
      padded([0, 0, 0, 0, 0, 0x10, 0xff, 0xff], 32),
    ),
    changing(0x1c, 0, (from) => exceptionsPage(from.exceptions), changeableExceptions),
    { page: 0x1d, subpage: 0, bytes: padded([0x1d, 0x1e, isWorm ? 1 : 0, 0, isWorm ? 1 : 0, isWorm ? 2 : 0], 32) },
  ];
}

function partitionPageOf({ medium }: Drive): ModePage {
  const bytes = partitionPage(medium?.cartridge.store.layout, mostPartitions(medium));
  return { page: partitionPageCode, subpage: 0, bytes, changeable: changeablePartitionPage };
}

function protectionPage({ protection, caller }: Drive): ModePage {
  return { page: 0x0a, subpage: 0xf0, bytes: protection.page(caller), defaults: DriveProtection.defaults, changeable: DriveProtection.changeable };
}

function compressionPage(from: ModeSettings): readonly number[] {
  return [0x0f, 0x0e, from.compression ? 0xc0 : 0x40, 0x80, ...field(1, 4), ...field(1, 4), ...field(0, 4)];
}

function padded(bytes: readonly number[], sizeBytes: number): readonly number[] {
  return [...bytes, ...new Array<number>(sizeBytes - bytes.length).fill(0)];
}

/** READ BLOCK LIMITS (SSC-5, 6.2) and, with MLOI, the largest object number. */
export function blockLimits({ model }: Drive, cdb: Uint8Array): readonly number[] {
  const withObjectNumber = (cdb[1]! & 0x01) !== 0;
  return withObjectNumber ? [...field(0, 12), ...field(2 ** 48, 8)] : [0, ...field(model.maxBlockBytes, 3), 0, 1];
}

/** Of the cartridge that is in, or that the drive would record. */
export function densityOf({ medium, model }: Drive): number {
  return (medium?.media ?? model.ownMedia).densityCode;
}

export const attributeAllocation = (cdb: Uint8Array): number => be32(cdb, 10);
