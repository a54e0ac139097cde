import type { MachineTime } from "./machine-time.ts";

/**
 * The time of one unit, whose commands run one at a time: waiting for it ends as soon as the command under way is aborted. The machine's own time goes on, as a
 * tape does not jump back when nobody waits for it any more.
 */
export class UnitTime implements MachineTime {
  readonly #time: MachineTime;
  /** Of the command under way. */
  signal: AbortSignal | undefined;

  constructor(time: MachineTime) {
    this.#time = time;
  }

  get kind(): MachineTime["kind"] {
    return this.#time.kind;
  }

  machineMs(): number {
    return this.#time.machineMs();
  }

  async pass(durationMs: number): Promise<void> {
    const { signal } = this;
    try {
      await this.#time.pass(durationMs, signal);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  }
}
