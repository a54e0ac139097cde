import type { SenseFields } from "../wire/index.ts";
import { beginsLikeEnvelope, type NextBlock } from "./encryption/index.ts";
import type { Drive, Medium } from "./model.ts";

/** Enough of a block to see whether it is encrypted. */
const startBytes = 16;

/**
 * What happens to a block between the host and the cartridge: its protection is checked and taken off, then it is encrypted; on the way
 * back it is decrypted and protected again. Blocks that are neither pass without a copy.
 */
export function toRecord(drive: Drive, medium: Medium, fromHost: Uint8Array): { readonly stored: Uint8Array } | { readonly refusal: SenseFields } {
  const taken = drive.protection.take(drive.caller, fromHost);
  return "refusal" in taken ? taken : drive.encryption.store(drive.caller, taken.block, medium.position);
}

export type Fetched = { readonly sizeBytes: number } | { readonly refusal: SenseFields };

/** Fills `room` from the block at the position, which must be there, and tells how long that is for the host. The tape stays where it is. */
export async function fetchBlock(drive: Drive, medium: Medium, room: Uint8Array): Promise<Fetched> {
  const blockBytes = await blockInto(drive, medium, room);
  if (typeof blockBytes !== "number") return { refusal: blockBytes };
  drive.protection.give(drive.caller, room, blockBytes);
  return { sizeBytes: blockBytes + drive.protection.readBytes(drive.caller) };
}

async function blockInto(drive: Drive, medium: Medium, room: Uint8Array): Promise<number | SenseFields> {
  const { store } = medium.cartridge;
  const object = store.index.objectAt(medium.position);
  if (object?.kind !== "block") return 0;
  const looked = room.length >= startBytes ? room : new Uint8Array(startBytes);
  if (object.sizeBytes >= startBytes || room.length > 0) await store.read(medium.position, looked);
  if (object.sizeBytes < startBytes || !beginsLikeEnvelope(looked)) {
    if (looked !== room) room.set(looked.subarray(0, Math.min(room.length, object.sizeBytes)));
    return drive.encryption.refusesPlain(drive.caller) ?? object.sizeBytes;
  }
  const recalled = drive.encryption.recall(drive.caller, await storedBlock(medium, object.sizeBytes));
  // What was looked at must not reach the host when the block does not.
  if ("refusal" in recalled) return recalled.refusal;
  room.set(recalled.block.subarray(0, room.length));
  return recalled.block.length;
}

/** What the drive can tell about the next block without giving it to anybody. */
export async function lookAtNextBlock(drive: Drive, medium: Medium): Promise<NextBlock> {
  const object = medium.cartridge.store.index.objectAt(medium.position);
  if (object?.kind !== "block") return { kind: "none", objectNumber: medium.position };
  return drive.encryption.describe(await storedBlock(medium, object.sizeBytes), medium.position);
}

async function storedBlock(medium: Medium, sizeBytes: number): Promise<Uint8Array> {
  const stored = new Uint8Array(sizeBytes);
  await medium.cartridge.store.read(medium.position, stored);
  return stored;
}
