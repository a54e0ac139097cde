import type { MemoryAttribute } from "../home/index.ts";
import { be32, be64, field } from "../wire/index.ts";
import type { Medium } from "./model.ts";

/** SPC-5, 7.4.2.2.8: another value whenever what is recorded is another. */
const volumeChangeReference = 0x0009;
/** SPC-5, 7.4.2.4.20: volume coherency information, each partition's own. */
const ofPartitions: ReadonlySet<number> = new Set([0x080c]);

/** Where the chip keeps an attribute of that partition. */
export function memoryKey(partition: number, id: number): number {
  return ofPartitions.has(id) ? (partition << 16) | id : id;
}

/** What the chip has of the volume and of that partition, by identifier. */
export function memoryOf({ cartridge }: Medium, partition: number): ReadonlyMap<number, MemoryAttribute> {
  const all = [...cartridge.memory()].filter(([key]) => key === memoryKey(partition, key & 0xffff));
  return new Map(all.map(([key, attribute]) => [key & 0xffff, attribute]));
}

export function changeReference({ cartridge }: Medium): number {
  const kept = cartridge.memory().get(volumeChangeReference)?.value;
  return kept === undefined ? 0 : be32(kept, 0);
}

/** Before something is recorded. Counted once for whoever looked: what he saw must not be told again of another content. */
export async function countChange(medium: Medium): Promise<void> {
  if (medium.isChangeCounted) return;
  const memory = new Map(medium.cartridge.memory());
  // Zero and the highest say that a drive does not count.
  const next = changeReference(medium) >= 0xffff_fffe ? 1 : changeReference(medium) + 1;
  memory.set(volumeChangeReference, { format: 0, value: Uint8Array.from(field(next, 4)) });
  await medium.cartridge.writeMemory(memory);
  medium.isChangeCounted = true;
}

/** The tape was divided anew: what partitions had of their own is gone. */
export async function forgetPartitions({ cartridge }: Medium): Promise<void> {
  const memory = new Map([...cartridge.memory()].filter(([key]) => !ofPartitions.has(key & 0xffff)));
  if (memory.size < cartridge.memory().size) await cartridge.writeMemory(memory);
}

/** For the makers' own use: how many blocks a WORM cartridge had when a drive let go of it. */
const wormBlocks = 0x1001;

/** A WORM cartridge is let go of: it will never have fewer blocks than now. */
export async function keepWormEnd({ cartridge }: Medium): Promise<void> {
  if (cartridge.facts.kind !== "worm") return;
  const memory = new Map(cartridge.memory());
  memory.set(wormBlocks, { format: 0, value: Uint8Array.from(field(blocksOf(cartridge), 8)) });
  await cartridge.writeMemory(memory);
}

/** The tape has less than the chip says: somebody was at it with something else than a drive of this kind. */
export function isTamperedWith({ cartridge }: Medium): boolean {
  const kept = cartridge.facts.kind === "worm" ? cartridge.memory().get(wormBlocks)?.value : undefined;
  return kept !== undefined && blocksOf(cartridge) < be64(kept, 0);
}

function blocksOf({ store: { index } }: Medium["cartridge"]): number {
  return index.objectCount - index.filemarkCount;
}
