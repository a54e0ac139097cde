import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { MemoryAttribute } from "../home/index.ts";
import { changeReference, memoryKey, memoryOf } from "./volume-memory.ts";
import { answer, be16, be32, check, field, good, invalidField, type Outcome, senses, text } from "../wire/index.ts";
import { attributeAllocation } from "./modes.ts";
import { capacityOf, type Drive, remainingBytes, type Medium } from "./model.ts";
import { wearOf } from "./wear.ts";

const mebibyte = 1024 * 1024;
/** Of host attributes together, as on an LTO chip of 16 KiB. */
const maxMemoryBytes = 8 * 1024;
const maxAttributeBytes = 1024;
const volumeChangeReference = 0x0009;

/** READ ATTRIBUTE (SPC-5, 6.18): values, or a list of identifiers. */
export function readAttribute(drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const { cdb } = command;
  if (medium.damage.isChipUnreadable) return check(senses.chipUnreadable);
  const allocationBytes = attributeAllocation(cdb);
  const first = be16(cdb, 8);
  const refusal = refusePlace(medium, cdb);
  if (refusal !== undefined) return refusal;
  const attributes = [...allAttributes(drive, medium, cdb[7]!)].sort(([a], [b]) => a - b);
  switch (cdb[1]! & 0x1f) {
    case 0x00: {
      const wanted = attributes.filter(([id]) => id >= first);
      if (wanted.length === 0) return check(invalidField(8));
      if (wanted.some(([id]) => id === volumeChangeReference)) medium.isChangeCounted = false;
      const body = wanted.flatMap(([id, attribute]) => encode(id, attribute));
      return answer(command, [...field(body.length, 4), ...body], allocationBytes);
    }
    case 0x01: {
      const body = attributes.flatMap(([id]) => field(id, 2));
      return answer(command, [...field(body.length, 4), ...body], allocationBytes);
    }
    // One logical volume, and its partitions: the first number and how many there are.
    case 0x02:
      return answer(command, [0, 2, 0, 1], allocationBytes);
    case 0x03:
      return answer(command, [0, 2, 0, medium.cartridge.store.indexes.length], allocationBytes);
    default:
      return check(invalidField(1));
  }
}

/** WRITE ATTRIBUTE (SPC-5, 6.49): all of the list or nothing. A length of zero takes an attribute away. */
export async function writeAttribute(_drive: Drive, medium: Medium, command: ScsiCommand): Promise<Outcome> {
  if (medium.damage.isChipUnreadable) return check(senses.chipUnwritable);
  const listBytes = be32(command.cdb, 10);
  const data = (command.dataOut ?? new Uint8Array(0)).subarray(0, listBytes);
  const refusal = refusePlace(medium, command.cdb);
  if (refusal !== undefined) return refusal;
  if (listBytes === 0) return good;
  if (data.length < 4 || be32(data, 0) + 4 !== data.length) return check(senses.parameterListLength);
  const memory = new Map(medium.cartridge.memory());
  for (let at = 4; at < data.length;) {
    if (at + 5 > data.length) return check(senses.parameterListLength);
    const id = be16(data, at);
    const sizeBytes = be16(data, at + 3);
    if (at + 5 + sizeBytes > data.length) return check(senses.parameterListLength);
    if (!isHostAttribute(id) || sizeBytes > maxAttributeBytes) return check(senses.invalidParameter);
    const key = memoryKey(command.cdb[7]!, id);
    if (sizeBytes === 0) memory.delete(key);
    else memory.set(key, { format: data[at + 2]! & 0x03, value: data.slice(at + 5, at + 5 + sizeBytes) });
    at += 5 + sizeBytes;
  }
  if (memoryBytes(memory) > maxMemoryBytes) return check(senses.invalidParameter);
  await medium.cartridge.writeMemory(memory);
  return good;
}

/** There is one logical volume, of so many partitions. */
function refusePlace({ cartridge: { store } }: Medium, cdb: Uint8Array): Outcome | undefined {
  if (cdb[5] !== 0) return check(invalidField(5));
  return store.indexes[cdb[7]!] === undefined ? check(invalidField(7)) : undefined;
}

/** SPC-5, table 451: what an application may write; above, what a vendor's may. */
function isHostAttribute(id: number): boolean {
  return (id >= 0x0800 && id <= 0x0bff) || (id >= 0x1400 && id <= 0x17ff);
}

function memoryBytes(memory: ReadonlyMap<number, MemoryAttribute>): number {
  return [...memory].filter(([key]) => isHostAttribute(key & 0xffff)).reduce((sum, [, { value }]) => sum + value.length + 5, 0);
}

interface DeviceAttribute extends MemoryAttribute {
  readonly readOnly?: true;
}

function allAttributes(drive: Drive, medium: Medium, partition: number): ReadonlyMap<number, DeviceAttribute> {
  const { facts } = medium.cartridge;
  const memory = medium.cartridge.memory();
  const wear = wearOf(drive, medium);
  const binary = (value: number, width: number): DeviceAttribute => ({
    format: 0,
    value: Uint8Array.from(field(value, width)),
    readOnly: true,
  });
  const ascii = (value: string, width: number): DeviceAttribute => ({
    format: 1,
    value: Uint8Array.from(text(value, width)),
    readOnly: true,
  });
  const kindCode = { data: 0x00, worm: 0x80, cleaning: 0x01 }[facts.kind];
  return new Map<number, DeviceAttribute>([
    [0x0000, binary(Math.floor(remainingBytes(medium, partition) / mebibyte), 8)],
    [0x0001, binary(Math.floor(capacityOf(medium, partition) / mebibyte), 8)],
    [0x0002, binary(0, 8)],
    [0x0003, binary(wear.loads, 8)],
    [0x0004, binary(maxMemoryBytes - memoryBytes(memory), 8)],
    [0x0005, ascii("LTO-CVE", 8)],
    [0x0006, binary(medium.media.densityCode, 1)],
    [0x0007, binary(1, 2)],
    [volumeChangeReference, binary(changeReference(medium), 4)],
    ...wear.drives.map((value, at): [number, DeviceAttribute] => [0x020a + at, { format: 1, value, readOnly: true }]),
    [0x0220, binary(Math.floor(wear.writtenBytes / mebibyte), 8)],
    [0x0221, binary(Math.floor(wear.readBytes / mebibyte), 8)],
    [0x0222, binary(Math.floor(wear.writtenInThisLoadBytes / mebibyte), 8)],
    [0x0223, binary(Math.floor(wear.readInThisLoadBytes / mebibyte), 8)],
    [0x0400, ascii("VIRTUAL", 8)],
    [0x0401, ascii(facts.serial, 32)],
    [0x0402, binary(medium.media.tapeMetres, 4)],
    [0x0403, binary(127, 4)],
    [0x0404, ascii("LTO-CVE", 8)],
    [0x0405, binary(medium.media.densityCode, 1)],
    [0x0407, binary(medium.media.chipBytes, 8)],
    [0x0408, binary(kindCode, 1)],
    [0x0409, binary(0, 2)],
    ...[...memoryOf(medium, partition)].filter(([id]) => isHostAttribute(id)),
  ]);
}

function encode(id: number, attribute: DeviceAttribute): number[] {
  const flags = attribute.format | (attribute.readOnly === true ? 0x80 : 0);
  return [...field(id, 2), flags, ...field(attribute.value.length, 2), ...attribute.value];
}
