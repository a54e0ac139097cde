import type { ScsiCommand } from "../../src/scsi/index.ts";
import { acceptsSelection, controlPages, deviceOptions, logSense, type ModePage, type ModeParameters, modeSense, parseModeSelect, type UnitIdentity } from "../unit/index.ts";
import { be32, check, field, good, type Outcome, senses } from "../wire/index.ts";
import { blockBytes } from "./blocks.ts";
import { limits } from "./limits.ts";
import type { Disk } from "./model.ts";

/** SBC-4, table 286. */
export function identityOf(disk: Disk): UnitIdentity {
  const pages = new Map<number, readonly number[]>([[0xb0, blockLimits], [0xb1, characteristics], [0xb2, provisioning]]);
  // SAM-5, SPC-4, SBC-3.
  return { deviceType: 0x00, vendor: "VIRTUAL", product: "RAM DISK", revision: "0100", serial: disk.serial, versions: [0x00a0, 0x0460, 0x04c0], pages };
}

/** SBC-4, 6.6.4. */
const blockLimits: readonly number[] = [
  0, limits.compareBlocks, ...field(0, 2), ...field(limits.transferBlocks, 4), ...field(0, 4), ...field(0, 4),
  ...field(limits.unmapBlocks, 4), ...field(limits.unmapDescriptors, 4), ...field(1, 4), 0x80, 0, 0, 0,
  ...field(limits.writeSameBlocks, 8), ...field(limits.atomicBlocks, 4), ...field(1, 4), ...field(1, 4), ...field(0, 4), ...field(0, 4),
];

/** SBC-4, 6.6.2: nothing turns. */
const characteristics: readonly number[] = [...field(1, 2), ...new Array<number>(58).fill(0)];

/** SBC-4, 6.6.7: UNMAP, WRITE SAME(16) and (10) with it, whatever the block says; thin. */
const provisioning: readonly number[] = [0, 0xe0, 0x02, 0];

export function senseModes(disk: Disk, command: ScsiCommand): Outcome {
  return modeSense(modeParameters(disk, (command.cdb[1]! & 0x10) !== 0 && command.cdb[0] === 0x5a), command);
}

export function selectModes(disk: Disk, command: ScsiCommand): Outcome {
  const selection = parseModeSelect(command);
  if ("key" in selection) return check(selection);
  const { blockDescriptor } = selection;
  if (blockDescriptor !== undefined && be32(blockDescriptor, 4) % 2 ** 24 !== blockBytes) return check(senses.invalidParameter);
  if (!acceptsSelection(modeParameters(disk, false), selection)) return check(senses.invalidParameter);
  const control = selection.pages.find(({ page, subpage }) => page === 0x0a && subpage === 0);
  if (control === undefined) return good;
  Object.assign(disk, deviceOptions(control.bytes));
  disk.attentions.raise(senses.modeParametersChanged, disk.caller);
  return good;
}

/** DPO and FUA are taken. Long block descriptors are for who asks for them (LLBAA). */
function modeParameters(disk: Disk, isLong: boolean): ModeParameters {
  const { descriptorSense, writeProtected, blocks } = disk;
  return {
    mediumType: 0,
    deviceSpecific: 0x10 | (writeProtected ? 0x80 : 0),
    blockDescriptor: isLong ? [...field(blocks.count, 8), 0, 0, 0, 0, ...field(blockBytes, 4)] : [...field(blocks.count, 4), 0, ...field(blockBytes, 3)],
    pages: [...fixedPages, ...controlPages({ descriptorSense, writeProtected })].sort((a, b) => a.page - b.page || a.subpage - b.subpage),
  };
}

/** Read-write error recovery, disconnect, caching, informational exceptions (SBC-4, 6.5; SPC-5, 7.5). */
const fixedPages: readonly ModePage[] = [
  { page: 0x01, subpage: 0, bytes: [0x01, 0x0a, ...new Array<number>(10).fill(0)] },
  { page: 0x02, subpage: 0, bytes: [0x02, 0x0e, ...new Array<number>(14).fill(0)] },
  { page: 0x08, subpage: 0, bytes: [0x08, 0x12, 0x04, ...new Array<number>(17).fill(0)] },
  { page: 0x1c, subpage: 0, bytes: [0x1c, 0x0a, ...new Array<number>(10).fill(0)] },
];

export function senseLogs(_: Disk, command: ScsiCommand): Outcome {
  return logSense(logPages, command);
}

/** Temperature, and informational exceptions: none. */
const logPages = new Map([[0x0d, () => [{ code: 0, value: [0, 25] }]], [0x2f, () => [{ code: 0, value: [0, 0, 25, 0] }]]]);
