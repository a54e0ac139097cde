/** What is broken of a cartridge. It stays so, through every drive and process, until hands mend it or writing heals it. */
export interface CartridgeDamage {
  /** At most `mostStretches`; where they overlap the first counts. */
  readonly stretches: readonly DamagedStretch[];
  /** The mark behind the last object cannot be found: whatever looks for it fails. Whatever is written makes a new one. */
  readonly isEndOfDataDamaged: boolean;
  readonly isChipUnreadable: boolean;
  readonly isTapeSnapped: boolean;
}

/** Logical objects of the first partition that cannot be read, or not at once. */
export interface DamagedStretch {
  readonly first: number;
  readonly last: number;
  /** The how manieth try to read an object succeeds, from 2; null: none does. A drive begins to count when the cartridge comes in. */
  readonly readAtTry: number | null;
  /** Whether the stretch ends where it is written over, or no writing succeeds there either. */
  readonly whenWritten: "heals" | "fails";
}

export const undamaged: CartridgeDamage = { stretches: [], isEndOfDataDamaged: false, isChipUnreadable: false, isTapeSnapped: false };

const mostStretches = 1000;
const mostTries = 100;

export function isUndamaged({ stretches, isEndOfDataDamaged, isChipUnreadable, isTapeSnapped }: CartridgeDamage): boolean {
  return stretches.length === 0 && !isEndOfDataDamaged && !isChipUnreadable && !isTapeSnapped;
}

/** Whether a file of unknown origin, or hands, say what can be. */
export function isCartridgeDamage(value: unknown): value is CartridgeDamage {
  if (!isRecord(value) || !Array.isArray(value["stretches"]) || value["stretches"].length > mostStretches) return false;
  const flags = [value["isEndOfDataDamaged"], value["isChipUnreadable"], value["isTapeSnapped"]];
  return flags.every((flag) => typeof flag === "boolean") && value["stretches"].every(isStretch);
}

export function stretchAt({ stretches }: CartridgeDamage, objectNumber: number): DamagedStretch | undefined {
  return stretches.find(({ first, last }) => first <= objectNumber && objectNumber <= last);
}

/** What is left when the cartridge was written from that object on: all behind it is gone, and the end of data is new. The same where nothing heals. */
export function writtenOver(damage: CartridgeDamage, from: number): CartridgeDamage {
  const stretches = damage.stretches.flatMap((one) => {
    if (one.whenWritten === "fails" || one.last < from) return [one];
    return one.first < from ? [{ ...one, last: from - 1 }] : [];
  });
  const isSame = stretches.length === damage.stretches.length && stretches.every((one, at) => one === damage.stretches[at]);
  return isSame && !damage.isEndOfDataDamaged ? damage : { ...damage, stretches, isEndOfDataDamaged: false };
}

function isStretch(value: unknown): boolean {
  if (!isRecord(value) || !isCount(value["first"]) || !isCount(value["last"]) || value["last"] < value["first"]) return false;
  const tries = value["readAtTry"];
  if (tries !== null && !(isCount(tries) && tries >= 2 && tries <= mostTries)) return false;
  return value["whenWritten"] === "heals" || value["whenWritten"] === "fails";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
