import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, invalidField, type Outcome, type SenseFields, senses } from "../wire/index.ts";

/** A mode page as it is now; its first bytes say which it is (SPC-5, 7.5.7). */
export interface ModePage {
  readonly page: number;
  readonly subpage: number;
  /** The whole page, header included. */
  readonly bytes: readonly number[];
  /** What MODE SELECT may change, same length; all zero when missing. */
  readonly changeable?: readonly number[];
  /** Missing: as `bytes`. */
  readonly defaults?: readonly number[];
}

export interface ModeParameters {
  readonly mediumType: number;
  readonly deviceSpecific: number;
  /** 8 bytes, or none. */
  readonly blockDescriptor: readonly number[];
  readonly pages: readonly ModePage[];
}

/** MODE SENSE(6) and (10) (SPC-5, 6.13 and 6.14). */
export function modeSense(parameters: ModeParameters, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const isShort = cdb[0] === 0x1a;
  const control = cdb[2]! >> 6;
  if (control === 3) return check(senses.savingNotSupported);
  const chosen = choosePages(parameters.pages, cdb[2]! & 0x3f, cdb[3]!);
  // Page 0 is how Linux's st asks for the header and the block descriptor alone; tape drives know it, and give no page.
  if (chosen.length === 0 && !isBare(command)) return check(invalidField(2));
  const pages = chosen.flatMap((page) => {
    if (control === 1) return changeableOf(page);
    return control === 2 ? [...(page.defaults ?? page.bytes)] : [...page.bytes];
  });
  const block = (cdb[1]! & 0x08) !== 0 ? [] : parameters.blockDescriptor;
  const { mediumType, deviceSpecific } = parameters;
  const rest = [...block, ...pages];
  if (isShort)
    {return answer(command, [Math.min(255, rest.length + 3), mediumType, deviceSpecific, block.length, ...rest], cdb[4]!);}
  return answer(
    command,
    [...field(rest.length + 6, 2), mediumType, deviceSpecific, 0, 0, ...field(block.length, 2), ...rest],
    be16(cdb, 7),
  );
}

function isBare({ cdb }: ScsiCommand): boolean {
  return (cdb[2]! & 0x3f) === 0 && cdb[3] === 0;
}

function choosePages(pages: readonly ModePage[], page: number, subpage: number): readonly ModePage[] {
  return pages.filter((one) => (page === 0x3f || one.page === page) && (subpage === 0xff || one.subpage === subpage));
}

/** The header of a page stays as it is: only values have changeable bits. */
function changeableOf(page: ModePage): number[] {
  const headerBytes = page.subpage === 0 ? 2 : 4;
  return page.bytes.map((byte, at) => (at < headerBytes ? byte : (page.changeable?.[at] ?? 0)));
}

export interface ModeSelection {
  readonly blockDescriptor: Uint8Array | undefined;
  readonly pages: readonly { readonly page: number; readonly subpage: number; readonly bytes: Uint8Array }[];
}

/** Takes the parameter list of MODE SELECT(6) and (10) (SPC-5, 6.11 and 6.12) apart. */
export function parseModeSelect(command: ScsiCommand): ModeSelection | SenseFields {
  const { cdb } = command;
  const isShort = cdb[0] === 0x15;
  if ((cdb[1]! & 0x01) !== 0) return invalidField(1);
  const listBytes = isShort ? cdb[4]! : be16(cdb, 7);
  const data = (command.dataOut ?? new Uint8Array(0)).subarray(0, listBytes);
  const headerBytes = isShort ? 4 : 8;
  if (listBytes === 0) return { blockDescriptor: undefined, pages: [] };
  if (data.length < headerBytes) return senses.parameterListLength;
  const blockBytes = isShort ? data[3]! : be16(data, 6);
  if ((blockBytes !== 0 && blockBytes !== 8) || data.length < headerBytes + blockBytes) return senses.parameterListLength;
  const pages: { page: number; subpage: number; bytes: Uint8Array }[] = [];
  for (let at = headerBytes + blockBytes; at < data.length;) {
    const hasSubpage = (data[at]! & 0x40) !== 0;
    if (at + (hasSubpage ? 4 : 2) > data.length) return senses.parameterListLength;
    const sizeBytes = hasSubpage ? 4 + be16(data, at + 2) : 2 + data[at + 1]!;
    if (at + sizeBytes > data.length) return senses.parameterListLength;
    pages.push({ page: data[at]! & 0x3f, subpage: hasSubpage ? data[at + 1]! : 0, bytes: data.subarray(at, at + sizeBytes) });
    at += sizeBytes;
  }
  return { blockDescriptor: blockBytes === 8 ? data.subarray(headerBytes, headerBytes + 8) : undefined, pages };
}

/** Whether the pages are known, whole, and change nothing but what may be changed (SPC-5, 7.5.7). */
export function acceptsSelection({ pages }: ModeParameters, selection: ModeSelection): boolean {
  return selection.pages.every(({ page, subpage, bytes }) => {
    const known = pages.find((one) => one.page === page && one.subpage === subpage);
    if (known?.bytes.length !== bytes.length) return false;
    const headerBytes = subpage === 0 ? 2 : 4;
    return bytes.every((byte, at) => at < headerBytes || ((byte ^ known.bytes[at]!) & ~(known.changeable?.[at] ?? 0)) === 0);
  });
}
