import { type SenseFields, senseKey, senses } from "../wire/index.ts";

/** More are never kept: what is told first makes later ones superfluous (SAM-5, 5.14.1). */
const waitingMax = 8;

/**
 * Unit attentions that are not reported yet: each path to the unit has its own (SAM-5, 5.14). A reset comes before all others and makes them
 * void; of two that say the same one is kept.
 */
export class Attentions {
  readonly #waiting = new Map<string, SenseFields[]>();

  /** A new path is told that the unit was switched on, whenever that was. */
  connect(nexus: string): void {
    if (!this.#waiting.has(nexus)) this.#waiting.set(nexus, [senses.powerOn]);
  }

  disconnect(nexus: string): void {
    this.#waiting.delete(nexus);
  }

  /** To everybody, or to everybody but the one whose doing it is. */
  raise(sense: SenseFields, except?: string): void {
    for (const [nexus, waiting] of this.#waiting) if (nexus !== except) add(waiting, sense);
  }

  /** To one path; one that is not connected has nothing to learn. */
  raiseFor(nexus: string, sense: SenseFields): void {
    const waiting = this.#waiting.get(nexus);
    if (waiting) add(waiting, sense);
  }

  /** The unit begins anew: nothing that was to be told is true any more. */
  restart(sense: SenseFields): void {
    for (const nexus of this.#waiting.keys()) this.#waiting.set(nexus, [sense]);
  }

  /** Takes back what this path need not be told. */
  drop(nexus: string, code: number): void {
    const waiting = this.#waiting.get(nexus);
    if (waiting) this.#waiting.set(nexus, waiting.filter((one) => one.code !== code));
  }

  /** The next one to report, which is reported then. */
  take(nexus: string): SenseFields | undefined {
    return this.#waiting.get(nexus)?.shift();
  }
}

function add(waiting: SenseFields[], sense: SenseFields): void {
  if (sense.key !== senseKey.unitAttention) throw new TypeError("only a unit attention waits to be told");
  const alike = waiting.findIndex(({ code }) => code === sense.code);
  if (alike >= 0) waiting.splice(alike, 1);
  if (waiting.length < waitingMax) waiting.push(sense);
}
