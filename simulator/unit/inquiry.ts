import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, invalidField, type Outcome, text } from "../wire/index.ts";

/** Who a logical unit says it is. */
export interface UnitIdentity {
  /** SPC-5, table 148: 1 tape, 8 changer. */
  readonly deviceType: number;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string;
  /** SPC-5, 6.7.2: version descriptors of the standards followed. */
  readonly versions: readonly number[];
  /** Whether its medium can be taken out; true when not said. */
  readonly removable?: boolean;
  /** Vital product data beyond pages 00, 80, 83 and 86. */
  readonly pages: ReadonlyMap<number, readonly number[]>;
}

/** INQUIRY (SPC-5, 6.7), standard data and vital product data. */
export function inquiry(identity: UnitIdentity, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const allocationBytes = be16(cdb, 3);
  if ((cdb[1]! & 0x01) === 0)
    {return cdb[2] === 0 ? answer(command, standardData(identity), allocationBytes) : check(invalidField(2));}
  const body = vitalProductData(identity, cdb[2]!);
  if (body === undefined) return check(invalidField(2));
  return answer(command, [identity.deviceType, cdb[2]!, ...field(body.length, 2), ...body], allocationBytes);
}

function standardData(identity: UnitIdentity): number[] {
  const data = new Array<number>(96).fill(0);
  const put = (at: number, bytes: readonly number[]): void => {
    data.splice(at, bytes.length, ...bytes);
  };
  // Removable medium; SPC-4; response data format 2; command queuing.
  put(0, [identity.deviceType, identity.removable === false ? 0 : 0x80, 0x06, 0x02, data.length - 5, 0, 0, 0x02]);
  put(8, [...text(identity.vendor, 8), ...text(identity.product, 16), ...text(identity.revision, 4)]);
  [...identity.versions, iscsiVersion].slice(0, 8).forEach((version, at) => {
    put(58 + at * 2, field(version, 2));
  });
  return data;
}

/** SPC-5, table 151: iSCSI, no version claimed. */
const iscsiVersion = 0x0960;

function vitalProductData(identity: UnitIdentity, page: number): readonly number[] | undefined {
  switch (page) {
    case 0x00:
      return [0x00, 0x80, 0x83, 0x86, ...identity.pages.keys()].sort((a, b) => a - b);
    case 0x80:
      return text(identity.serial, identity.serial.length);
    case 0x83:
      return deviceIdentification(identity);
    case 0x86:
      return extendedInquiry;
    default:
      return identity.pages.get(page);
  }
}

/** SPC-5, 7.7.7: simple and head-of-queue tasks are taken, ordered ones too; nothing else is claimed. */
const extendedInquiry: readonly number[] = [0, 0x07, ...new Array<number>(58).fill(0)];

/**
 * SPC-5, 7.7.6: for the unit a T10 vendor designator of vendor, product and serial number, in ASCII, and a locally assigned name made of them; for
 * the port its number.
 */
function deviceIdentification(identity: UnitIdentity): number[] {
  const designator = [
    ...text(identity.vendor, 8),
    ...text(identity.product, 16),
    ...text(identity.serial, identity.serial.length),
  ];
  const name = locallyAssignedName(designator);
  return [0x02, 0x01, 0, designator.length, ...designator, 0x01, 0x03, 0, name.length, ...name, 0x01, 0x14, 0, 4, ...field(1, 4)];
}

/** NAA 3h, and 60 bits of FNV-1a. */
function locallyAssignedName(designator: readonly number[]): number[] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of designator) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  const name = (hash & 0x0fffffffffffffffn) | 0x3000000000000000n;
  return [...field(Number(name >> 32n), 4), ...field(Number(name & 0xffffffffn), 4)];
}
