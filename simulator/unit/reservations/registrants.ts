/** One path that has a key (SPC-5, 5.14.7). */
export interface Registrant {
  readonly id: string;
  readonly transportId: Uint8Array;
  key: bigint;
}

export interface HeldReservation {
  readonly type: number;
  /** Nobody by name where all registrants hold it together. */
  readonly holder: string | undefined;
}

/** SPC-5, table 66. */
export const reservationType = {
  writeExclusive: 1,
  exclusiveAccess: 3,
  writeExclusiveRegistrants: 5,
  exclusiveAccessRegistrants: 6,
  writeExclusiveAll: 7,
  exclusiveAccessAll: 8,
} as const;

export function isType(type: number): boolean {
  return type === 1 || type === 3 || (type >= 5 && type <= 8);
}

export function isForWritersOnly(type: number): boolean {
  return type === 1 || type === 5 || type === 7;
}

export function isForRegistrants(type: number): boolean {
  return type >= 5;
}

export function isHeldByAll(type: number): boolean {
  return type >= 7;
}

/** More are refused with INSUFFICIENT REGISTRATION RESOURCES. */
export const registrantsMax = 256;

/** Who is registered with a unit, and what is reserved by whom. */
export class Registrants {
  readonly #of = new Map<string, Registrant>();
  reservation: HeldReservation | undefined;
  generation = 0;
  /** APTPL: kept over a loss of power. */
  survivesPowerLoss = false;

  get(id: string): Registrant | undefined {
    return this.#of.get(id);
  }

  all(): readonly Registrant[] {
    return [...this.#of.values()];
  }

  add(registrant: Registrant): void {
    this.#of.set(registrant.id, registrant);
  }

  isFull(more: number): boolean {
    return this.#of.size + more > registrantsMax;
  }

  isHolder(id: string): boolean {
    if (this.reservation === undefined || !this.#of.has(id)) return false;
    return isHeldByAll(this.reservation.type) || this.reservation.holder === id;
  }

  holderKey(): bigint | undefined {
    const holder = this.reservation?.holder;
    return holder === undefined ? undefined : this.#of.get(holder)?.key;
  }

  /** Takes a registration away, and the reservation with it when nobody is left who holds it. Gives the type that ended so. */
  remove(id: string): number | undefined {
    const { reservation } = this;
    const endsIt = reservation !== undefined && (isHeldByAll(reservation.type) ? this.#of.size === 1 && this.#of.has(id) : reservation.holder === id);
    this.#of.delete(id);
    if (!endsIt) return undefined;
    this.reservation = undefined;
    return reservation.type;
  }

  /** As at the first power-on, but for the generation, which is for a loss of power to forget. */
  clear(): void {
    this.#of.clear();
    this.reservation = undefined;
  }

  powerLost(): void {
    this.generation = 0;
    if (!this.survivesPowerLoss) this.clear();
  }
}
