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
  /** Vital product data beyond pages 00, 80 and 83. */
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
  put(0, [identity.deviceType, 0x80, 0x06, 0x02, data.length - 5, 0, 0, 0x02]);
  put(8, [...text(identity.vendor, 8), ...text(identity.product, 16), ...text(identity.revision, 4)]);
  identity.versions.slice(0, 8).forEach((version, at) => {
    put(58 + at * 2, field(version, 2));
  });
  return data;
}

function vitalProductData(identity: UnitIdentity, page: number): readonly number[] | undefined {
  switch (page) {
    case 0x00:
      return [0x00, 0x80, 0x83, ...[...identity.pages.keys()].sort((a, b) => a - b)];
    case 0x80:
      return text(identity.serial, identity.serial.length);
    case 0x83:
      return deviceIdentification(identity);
    default:
      return identity.pages.get(page);
  }
}

/** SPC-5, 7.7.6: a T10 vendor designator of vendor, product and serial number, in ASCII. */
function deviceIdentification(identity: UnitIdentity): number[] {
  const designator = [
    ...text(identity.vendor, 8),
    ...text(identity.product, 16),
    ...text(identity.serial, identity.serial.length),
  ];
  return [0x02, 0x01, 0, designator.length, ...designator];
}
