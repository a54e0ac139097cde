import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryState, PlacedCartridge } from "../home/index.ts";
import { driveModel } from "../models/index.ts";
import { answer, be16, be24, check, field, invalidField, type Outcome, text } from "../wire/index.ts";
import { type ElementPlace, elementType, hasQuirk, knownContentOf, rangesOf, type Where } from "./elements.ts";
import { mediumType, tagBytes, tagField } from "./labels.ts";
import { isMagazineOut, isReachable, troubleOf } from "./reach.ts";

export interface StatusRequest {
  readonly type: number;
  readonly start: number;
  readonly count: number;
  readonly withVolumeTags: boolean;
  readonly withIdentifiers: boolean;
  readonly allocationBytes: number;
}

const headerBytes = 8;
const fixedBytes = 12;
const emptyIdentifierBytes = 4;
/** Vendor, product and serial number. */
const identifierBytes = 34;
const fewElements = 20;

/**
 * READ ELEMENT STATUS (SMC-3, 6.11). The counts in the headers are those of everything that was asked for, whatever the allocation length
 * cuts off. CURDATA needs no motion here either.
 */
export function readElementStatus(state: LibraryState, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const type = cdb[1]! & 0x0f;
  const withVolumeTags = (cdb[1]! & 0x10) !== 0;
  const asksIdentifiers = (cdb[6]! & 0x01) !== 0;
  if (type > 4 || (type === 0 && hasQuirk(state, "one-type"))) return check(invalidField(1));
  if (withVolumeTags && hasQuirk(state, "no-barcode-reader")) return check(invalidField(1));
  if ((cdb[6]! & 0x02) !== 0 && hasQuirk(state, "refuses-curdata")) return check(invalidField(6));
  if (asksIdentifiers && (hasQuirk(state, "refuses-dvcid") || (withVolumeTags && hasQuirk(state, "tags-or-dvcid")))) return check(invalidField(6));
  const withIdentifiers = asksIdentifiers && !hasQuirk(state, "ignores-dvcid");
  const request = { type, start: be16(cdb, 2), count: be16(cdb, 4), withVolumeTags, withIdentifiers, allocationBytes: allocationOf(state, cdb) };
  const mayFit = hasQuirk(state, "few-elements") ? fewElements : Infinity;
  const chosen = chooseElements(state, request, mayFit);
  return answer(command, report(state, chosen, request, command.dataIn?.length ?? 0), request.allocationBytes);
}

export function allocationOf(state: LibraryState, cdb: Uint8Array): number {
  return hasQuirk(state, "short-allocation") ? be16(cdb, 8) : be24(cdb, 7);
}

/** So many elements of that type, or of all, from that address on, by rising address. */
export function* elementsFrom(state: LibraryState, { type, start }: { readonly type: number; readonly start: number }): Generator<ElementPlace> {
  for (const { where, first, count } of rangesOf(state)) {
    if (type !== 0 && elementType[where] !== type) continue;
    for (let number = Math.max(0, start - first); number < count; number += 1) yield { where, number, address: first + number };
  }
}

function chooseElements(state: LibraryState, request: StatusRequest, limit: number): readonly ElementPlace[] {
  return [...elementsFrom(state, request).take(Math.min(request.count, limit))];
}

/** The whole report as far as the initiator has room for it: its lengths are known before its rows are made. */
export function report(state: LibraryState, chosen: readonly ElementPlace[], request: StatusRequest, roomBytes: number, sendAction = 0): Uint8Array {
  // SMC-3, 6.11.3: a page holds elements of one type; the order of pages is open, and here that of the types.
  const pages = Object.entries(elementType)
    .map(([where, type]) => ({ type, rows: chosen.filter((one) => one.where === (where as Where)) }))
    .filter(({ rows }) => rows.length > 0);
  const rowBytes = (type: number): number => {
    const identifier = request.withIdentifiers && type === elementType.drive ? identifierBytes : 0;
    return fixedBytes + (request.withVolumeTags ? tagBytes : 0) + emptyIdentifierBytes + identifier;
  };
  const bodyBytes = pages.reduce((sum, { type, rows }) => sum + headerBytes + rows.length * rowBytes(type), 0);
  const data = new Uint8Array(Math.min(headerBytes + bodyBytes, Math.max(headerBytes, Math.min(roomBytes, request.allocationBytes))));
  data.set([...field(chosen[0]?.address ?? 0, 2), ...field(chosen.length, 2), sendAction, ...field(bodyBytes, 3)]);
  let at = headerBytes;
  const put = (bytes: readonly number[]): void => {
    if (at < data.length) data.set(at + bytes.length <= data.length ? bytes : bytes.slice(0, data.length - at), at);
    at += bytes.length;
  };
  for (const { type, rows } of pages) {
    const size = rowBytes(type);
    put([type, request.withVolumeTags ? 0x80 : 0, ...field(size, 2), 0, ...field(rows.length * size, 3)]);
    for (const row of rows) {
      if (at >= data.length) return data;
      put(descriptor(state, row, request));
    }
  }
  return data;
}

/** SMC-3, 6.11.4 to 6.11.8. */
function descriptor(state: LibraryState, place: ElementPlace, request: StatusRequest): number[] {
  const cartridge = isMagazineOut(state, place) ? null : knownContentOf(state, place);
  const trouble = troubleOf(state, place);
  const source = cartridge?.source ?? null;
  const except = trouble === undefined ? 0 : 0x04;
  const access = isReachable(state, place) ? 0x08 : 0;
  return [
    ...field(place.address, 2),
    (cartridge === null ? 0 : 0x01) | mailSlotFlags(place, cartridge) | except | access,
    0,
    ...field(trouble ?? 0, 2),
    0,
    0,
    0,
    (source === null ? 0 : 0x80) | mediumType(state, cartridge?.barcode),
    ...field(source ?? 0, 2),
    ...(request.withVolumeTags ? tagField(state, cartridge?.barcode) : []),
    ...(request.withIdentifiers && place.where === "drive" ? identifier(state, place) : [0, 0, 0, 0]),
  ];
}

/** A mail slot can also be filled and emptied by hand (INENAB, EXENAB); IMPEXP: what lies there came by hand. */
function mailSlotFlags({ where }: ElementPlace, cartridge: PlacedCartridge | null): number {
  if (where !== "mailSlot") return 0;
  return cartridge !== null && cartridge.source === null ? 0x32 : 0x30;
}

/** All identifiers of a page have one length, since all its descriptors have. */
function identifier(state: LibraryState, { number }: ElementPlace): number[] {
  const { serial, model } = state.drives[number]!;
  const designator = [...text("VIRTUAL", 8), ...text(driveModel(model)!.product, 16), ...text(serial, 10)];
  return [0x02, 0x01, 0, designator.length, ...designator];
}
