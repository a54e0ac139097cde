import type { ScsiCommand } from "../../src/scsi/index.ts";
import { accessTo } from "../models/index.ts";
import { be64, check, good, invalidField, type Outcome, type SenseFields, senses } from "../wire/index.ts";
import type { Drive, Medium } from "./model.ts";
import { isTamperedWith } from "./volume-memory.ts";

const allowances = { none: 0, place: 1, tape: 2 } as const;

/** ALLOW OVERWRITE (SSC-5, 7.2): where the tape is, or of all of it from its beginning. Any other place is refused, and takes back what was allowed. */
export function allowOverwrite(_drive: Drive, medium: Medium, { cdb }: ScsiCommand): Outcome {
  const [allowance, partition, objectNumber] = [cdb[2]! & 0x0f, cdb[3]!, be64(cdb, 4)];
  if (allowance > allowances.tape) return check(invalidField(2));
  medium.mayOverwrite = undefined;
  if (allowance === allowances.none) return good;
  if (partition !== medium.cartridge.store.partition || objectNumber !== medium.position) return check(senses.notInSequence);
  if (allowance === allowances.tape && (partition !== 0 || objectNumber !== 0)) return check(senses.pastBeginning);
  medium.mayOverwrite = allowance === allowances.tape ? { what: "tape" } : { what: "place", partition, objectNumber };
  return good;
}

/** Why nothing may be recorded at the position; undefined where it may. */
export function refuseWriting(drive: Drive, medium: Medium): SenseFields | undefined {
  const refusal = refuseAnyWriting(drive, medium);
  if (refusal !== undefined || isAtEnd(medium)) return refusal;
  if (medium.cartridge.facts.kind === "worm") return senses.wormOverwrite;
  return drive.settings.appendsOnly && !isAllowedHere(medium) ? senses.wormOverwrite : undefined;
}

/** Why nothing may be erased from the position on. A WORM cartridge is never erased, not where it is blank either. */
export function refuseErasing(drive: Drive, medium: Medium): SenseFields | undefined {
  if (medium.cartridge.facts.kind === "worm") return refuseAnyWriting(drive, medium) ?? senses.wormOverwrite;
  return refuseWriting(drive, medium);
}

/** Why the tape may not be divided anew. */
export function refuseFormatting(drive: Drive, medium: Medium): SenseFields | undefined {
  const refusal = refuseAnyWriting(drive, medium);
  if (refusal !== undefined) return refusal;
  if (medium.cartridge.facts.kind === "worm") return senses.wormOverwrite;
  const isBlank = medium.cartridge.store.indexes.every(({ objectCount }) => objectCount === 0);
  return drive.settings.appendsOnly && !isBlank && medium.mayOverwrite?.what !== "tape" ? senses.wormOverwrite : undefined;
}

function refuseAnyWriting({ model }: Drive, medium: Medium): SenseFields | undefined {
  const { facts } = medium.cartridge;
  if (facts.writeProtected) return senses.writeProtected;
  if (isTamperedWith(medium)) return senses.wormTampered;
  return accessTo(model, facts.generation) === "writes" ? undefined : senses.cannotWriteFormat;
}

/**
 * Nothing but filemarks is behind the position. LTO drives let those be written over on WORM cartridges and in append-only mode, since programs end a tape with
 * two of them and go back over one.
 */
function isAtEnd({ cartridge, position }: Medium): boolean {
  const { index } = cartridge.store;
  return index.objectCount - position === index.filemarkCount - index.filemarksBefore(position);
}

/** ALLOW OVERWRITE was for this place, and the tape has not moved since. */
function isAllowedHere({ mayOverwrite, cartridge, position }: Medium): boolean {
  return mayOverwrite?.what === "place" && mayOverwrite.partition === cartridge.store.partition && mayOverwrite.objectNumber === position;
}
