import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryState } from "../home/index.ts";
import { answer, be16, be24, check, field, invalidField, type Outcome, text } from "../wire/index.ts";
import { allElements, contentOf, type ElementPlace, elementType } from "./elements.ts";

interface StatusRequest {
  readonly type: number;
  readonly withVolumeTags: boolean;
  readonly withIdentifiers: boolean;
}

const primaryTagBytes = 36;

/**
 * READ ELEMENT STATUS (SMC-3, 6.11). The counts in the headers are those of everything that was asked for, whatever the
 * allocation length
 * cuts off. CURDATA needs no motion here either.
 */
export function readElementStatus(
  state: LibraryState,
  identity: { readonly vendor: string; readonly product: string },
  command: ScsiCommand,
): Outcome {
  const { cdb } = command;
  const type = cdb[1]! & 0x0f;
  if (type > 4) return check(invalidField(1));
  const request: StatusRequest = { type, withVolumeTags: (cdb[1]! & 0x10) !== 0, withIdentifiers: (cdb[6]! & 0x01) !== 0 };
  const start = be16(cdb, 2);
  const chosen = allElements(state)
    .filter((one) => one.address >= start && (type === 0 || elementType[one.where] === type))
    .slice(0, be16(cdb, 4));
  const pages = Object.values(elementType).flatMap((one) => page(state, one, chosen, request, identity));
  const first = chosen[0]?.address ?? 0;
  return answer(command, [...field(first, 2), ...field(chosen.length, 2), 0, ...field(pages.length, 3), ...pages], be24(cdb, 7));
}

function page(
  state: LibraryState,
  type: number,
  chosen: readonly ElementPlace[],
  request: StatusRequest,
  identity: { readonly vendor: string; readonly product: string },
): number[] {
  const elements = chosen.filter((one) => elementType[one.where] === type);
  if (elements.length === 0) return [];
  const descriptors = elements.map((one) => descriptor(state, one, request, identity));
  const flags = request.withVolumeTags ? 0x80 : 0;
  const body = descriptors.flat();
  return [type, flags, ...field(descriptors[0]!.length, 2), 0, ...field(body.length, 3), ...body];
}

/** SMC-3, 6.11.4 to 6.11.8. */
function descriptor(
  state: LibraryState,
  place: ElementPlace,
  request: StatusRequest,
  identity: { readonly vendor: string; readonly product: string },
): number[] {
  const cartridge = contentOf(state, place);
  const isHeld = place.where === "drive" && cartridge?.ejected === false;
  const isFull = cartridge !== null ? 0x01 : 0;
  // ACCESS; a mail slot can also be filled and emptied by hand (INENAB, EXENAB).
  const access = place.where === "transport" || isHeld ? 0 : 0x08;
  const hands = place.where === "mailSlot" ? 0x30 : 0;
  const source = cartridge?.source ?? null;
  return [
    ...field(place.address, 2),
    isFull | access | hands,
    0,
    0,
    0,
    0,
    0,
    0,
    source === null ? 0 : 0x80,
    ...field(source ?? 0, 2),
    ...(request.withVolumeTags ? volumeTag(cartridge?.barcode) : []),
    ...(request.withIdentifiers ? identifier(state, place, identity) : [0, 0, 0, 0]),
  ];
}

function volumeTag(barcode: string | undefined): number[] {
  return barcode === undefined ? new Array<number>(primaryTagBytes).fill(0) : [...text(barcode, 32), 0, 0, 0, 0];
}

/** All identifiers of a page have one length, since all its descriptors have. */
function identifier(
  state: LibraryState,
  place: ElementPlace,
  identity: { readonly vendor: string; readonly product: string },
): number[] {
  if (place.where !== "drive") return [0, 0, 0, 0];
  const { serial } = state.drives[place.number]!;
  const designator = [...text(identity.vendor, 8), ...text(identity.product, 16), ...text(serial, 10)];
  return [0x02, 0x01, 0, designator.length, ...designator];
}
