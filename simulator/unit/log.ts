import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, good, invalidField, type Outcome } from "../wire/index.ts";

/** Page code, or `page << 8 | subpage`, → its parameters. Page 00 and the lists of subpages are made of these. */
export type LogPages = ReadonlyMap<number, () => readonly LogParameter[]>;

export interface LogParameter {
  readonly code: number;
  readonly value: readonly number[];
  /** SPC-5, 7.3.2.2.2.1: the format bits; 0 counter, 3 binary list. */
  readonly format?: number;
  /** It has a threshold, which nobody set, and a default, which is zero. */
  readonly isCounter?: boolean;
}

const everySubpage = 0xff;

/** Page control: thresholds or values, as they are or as they were at first (SPC-5, table 173). */
const controls = { threshold: 0, current: 1, defaultThreshold: 2, defaultValue: 3 } as const;

/** LOG SENSE (SPC-5, 6.9). What is no counter is the same for every page control. */
export function logSense(pages: LogPages, command: ScsiCommand): Outcome {
  const { cdb } = command;
  // Nothing is saved.
  if ((cdb[1]! & 0x01) !== 0) return check(invalidField(1));
  const [control, page, subpage, firstCode, allocationBytes] = [cdb[2]! >> 6, cdb[2]! & 0x3f, cdb[3]!, be16(cdb, 5), be16(cdb, 7)];
  if (page === 0 && (subpage === 0 || subpage === everySubpage)) return reply(command, page, subpage, listOfPages(pages, subpage), allocationBytes);
  if (subpage === everySubpage) {
    const list = listOfPages(pages, subpage, page);
    return list.length === 0 ? check(invalidField(2)) : reply(command, page, subpage, list, allocationBytes);
  }
  const read = pages.get(subpage === 0 ? page : (page << 8) | subpage);
  if (read === undefined) return check(invalidField(listOfPages(pages, everySubpage, page).length === 0 ? 2 : 3));
  const parameters = read();
  const last = parameters.reduce((most, { code }) => Math.max(most, code), 0);
  if (firstCode > last) return check(invalidField(5));
  const body = parameters.filter((one) => one.code >= firstCode).flatMap((one) => encode(underControl(one, control)));
  return reply(command, page, subpage, body, allocationBytes);
}

function underControl(parameter: LogParameter, control: number): LogParameter {
  if (parameter.isCounter !== true || control === controls.current) return parameter;
  return { ...parameter, value: parameter.value.map(() => (control === controls.defaultValue ? 0x00 : 0xff)) };
}

/**
 * LOG SELECT (SPC-5, 6.7): PCR resets what can be reset of one page, or of all when page 0 is named. Parameters are not taken: counters count what was.
 */
export function logSelect(pages: LogPages, resets: ReadonlyMap<number, () => void>, { cdb }: ScsiCommand): Outcome {
  const [isReset, isSaving, page, subpage] = [(cdb[1]! & 0x02) !== 0, (cdb[1]! & 0x01) !== 0, cdb[2]! & 0x3f, cdb[3]!];
  if (isSaving) return check(invalidField(1));
  if (subpage !== 0) return check(invalidField(3));
  if (page !== 0 && !pages.has(page)) return check(invalidField(2));
  if (be16(cdb, 7) !== 0) return check(invalidField(7));
  // Without a list only a page control of values says that defaults are wanted (SPC-5, table 158).
  const isWanted = isReset || cdb[2]! >> 6 === controls.defaultValue;
  for (const [one, reset] of resets) if (isWanted && (page === 0 || page === one)) reset();
  return good;
}

/** With subpages: two bytes each. */
function listOfPages(pages: LogPages, subpage: number, only?: number): number[] {
  const codes = [...pages.keys()].map((key) => (key > 0x3f ? key : key << 8));
  return [0, everySubpage, ...codes]
    .filter((code) => only === undefined || code >> 8 === only)
    .filter((code) => subpage === everySubpage || (code & 0xff) === 0)
    .sort((a, b) => a - b)
    .flatMap((code) => (subpage === everySubpage ? [code >> 8, code & 0xff] : [code >> 8]));
}

function reply(command: ScsiCommand, page: number, subpage: number, body: readonly number[], allocationBytes: number): Outcome {
  return answer(command, [subpage === 0 ? page : 0x40 | page, subpage, ...field(body.length, 2), ...body], allocationBytes);
}

function encode(parameter: LogParameter): number[] {
  return [...field(parameter.code, 2), parameter.format ?? 0x03, parameter.value.length, ...parameter.value];
}
