import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { Attentions } from "../unit/index.ts";
import { be16, be32, be64, check, invalidField, type Outcome, senseKey, type SenseFields, senses } from "../wire/index.ts";
import type { Blocks } from "./blocks.ts";

/** A disk from its power-on until it is given back. What is on it is in `blocks`, which outlive it. */
export interface Disk {
  readonly blocks: Blocks;
  readonly serial: string;
  readonly attentions: Attentions;
  descriptorSense: boolean;
  writeProtected: boolean;
  /** The medium is in. */
  isLoaded: boolean;
  readonly removalPreventedBy: Set<string>;
  /** The path whose command is under way. */
  caller: string;
}

export const diskSenses = {
  outOfRange: { key: senseKey.illegalRequest, code: 0x2100 },
  softwareProtected: { key: senseKey.dataProtect, code: 0x2702 },
} as const satisfies Record<string, SenseFields>;

/** SBC-4, 4.2.3: which byte differs first. */
export function miscompare(offsetBytes: number): SenseFields {
  return { key: senseKey.miscompare, code: 0x1d00, information: offsetBytes };
}

export function notReady(disk: Disk): SenseFields | undefined {
  return disk.isLoaded ? undefined : senses.noMedium;
}

/** Which blocks a command is about. */
export interface Range {
  readonly address: number;
  readonly count: number;
}

/** Where address and count are by the group of the opcode (SPC-5, 4.2.5): CDBs of 6, 10, 16 and 12 bytes. */
export function rangeOf(cdb: Uint8Array): Range {
  switch (cdb[0]! >> 5) {
    case 0:
      return { address: ((cdb[1]! & 0x1f) << 16) | be16(cdb, 2), count: cdb[4] === 0 ? 256 : cdb[4]! };
    case 4:
      return { address: be64(cdb, 2), count: be32(cdb, 10) };
    case 5:
      return { address: be32(cdb, 2), count: be32(cdb, 6) };
    default:
      return { address: be32(cdb, 2), count: be16(cdb, 7) };
  }
}

/** Protection information is not on this disk: what asks for it is refused. Then the range is looked at. */
export function refusal(disk: Disk, { cdb }: ScsiCommand, { address, count }: Range): Outcome | undefined {
  const hasProtectField = cdb[0]! >> 5 !== 0;
  if (hasProtectField && (cdb[1]! & 0xe0) !== 0) return check(invalidField(1));
  return address + count > disk.blocks.count ? check(diskSenses.outOfRange) : undefined;
}
