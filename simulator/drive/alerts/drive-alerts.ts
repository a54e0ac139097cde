import { endsWithNextLoad, endsWithUnload, flagCount } from "./flags.ts";

/** What one path has learned of the flags. */
interface Learned {
  /** Told by page 2E: they are off for this path until they are raised again. */
  readonly told: Set<number>;
  /** What page 12 showed it last. */
  seen: string;
}

/**
 * The 64 TapeAlert flags of a drive (SSC-5, 4.2.17), as states: on from what raised them until what ends them. Page 2E takes a flag from the path that
 * reads it, page 12 takes nothing from anybody. What is so until it is put right (`keep`) is told anew by page 2E only when it began anew.
 */
export class DriveAlerts {
  readonly #active = new Set<number>();
  /** Up because something is so. */
  readonly #kept = new Set<number>();
  readonly #paths = new Map<string, Learned>();

  /** Something happened that this flag tells; each time that it happens is told. */
  raise(flag: number): void {
    mustBeFlag(flag);
    this.#active.add(flag);
    for (const { told } of this.#paths.values()) told.delete(flag);
  }

  /** A state that lasts: raised when it begins, off when it is over. */
  keep(flag: number, isSo: boolean): void {
    if (isSo === this.#kept.has(flag)) return;
    if (!isSo) {
      this.end(flag);
      return;
    }
    this.#kept.add(flag);
    this.raise(flag);
  }

  end(flag: number): void {
    this.#active.delete(flag);
    this.#kept.delete(flag);
    for (const { told } of this.#paths.values()) told.delete(flag);
  }

  /** The next cartridge comes in. */
  loaded(): void {
    for (const flag of [...this.#active].filter(endsWithNextLoad)) this.end(flag);
  }

  unloaded(): void {
    for (const flag of [...this.#active].filter((one) => endsWithUnload.has(one))) this.end(flag);
  }

  /** The drive was switched on, or its page was reset. */
  clear(): void {
    this.#active.clear();
    this.#kept.clear();
    for (const { told } of this.#paths.values()) told.clear();
  }

  departed(nexus: string): void {
    this.#paths.delete(nexus);
  }

  /** Rising. */
  active(): readonly number[] {
    return [...this.#active].sort((a, b) => a - b);
  }

  /** Those that page 2E has not told this path yet. */
  untold(nexus: string): readonly number[] {
    const { told } = this.#learned(nexus);
    return this.active().filter((flag) => !told.has(flag));
  }

  /** Page 2E was read. */
  tell(nexus: string): void {
    const { told } = this.#learned(nexus);
    for (const flag of this.#active) told.add(flag);
  }

  /** Page 12 was read. */
  show(nexus: string): void {
    this.#learned(nexus).seen = this.active().join();
  }

  /** Whether page 12 has news for this path. */
  hasChangedFor(nexus: string): boolean {
    return (this.#paths.get(nexus)?.seen ?? "") !== this.active().join();
  }

  #learned(nexus: string): Learned {
    const known = this.#paths.get(nexus) ?? { told: new Set<number>(), seen: "" };
    this.#paths.set(nexus, known);
    return known;
  }
}

function mustBeFlag(flag: number): void {
  if (!Number.isInteger(flag) || flag < 1 || flag > flagCount) throw new RangeError("a TapeAlert flag is a number from 1 to 64");
}
