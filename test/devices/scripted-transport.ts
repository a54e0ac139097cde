import { buildSense, type ScsiCommand, type ScsiCompletion, type Sense, status, type Transport } from "../../src/scsi/index.ts";
import type { Clock } from "../../src/words/index.ts";

export interface Step {
  /** The leading bytes of the command that is expected. */
  readonly cdb: readonly number[];
  readonly data?: Uint8Array;
  readonly sense?: Partial<Sense>;
  readonly status?: number;
  readonly transferredBytes?: number;
}

/** A device that expects exactly these commands in this order. */
export class ScriptedTransport implements Transport {
  readonly name = "scripted";
  readonly maxTransferBytes = 1 << 20;
  readonly #steps: Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  get left(): number {
    return this.#steps.length;
  }

  execute(command: ScsiCommand): Promise<ScsiCompletion> {
    const step = this.#steps.shift();
    const got = [...command.cdb].map((byte) => byte.toString(16)).join(" ");
    if (step?.cdb.some((byte, at) => byte !== command.cdb[at]) ?? true) {
      return Promise.reject(new Error(`command ${got} where ${step?.cdb.map((byte) => byte.toString(16)).join(" ") ?? "none"} was expected`));
    }
    return Promise.resolve(answer(step ?? { cdb: [] }, command));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function answer(step: Step, command: ScsiCommand): ScsiCompletion {
  const data = step.data?.subarray(0, command.dataIn?.length ?? 0) ?? new Uint8Array(0);
  command.dataIn?.set(data);
  const sense = step.sense === undefined ? new Uint8Array(0) : buildSense({ ...noSense, ...step.sense }, "fixed");
  return {
    status: step.status ?? (step.sense === undefined ? status.good : status.checkCondition),
    sense,
    transferredBytes: step.transferredBytes ?? command.dataOut?.length ?? data.length,
  };
}

const noSense: Sense = { deferred: false, key: 0, asc: 0, ascq: 0, filemark: false, endOfMedium: false, incorrectLength: false };

/** Time passes by sleeping alone. */
export class SleepingClock implements Clock {
  #now = 0;
  nowMs(): number {
    return this.#now;
  }
  monotonicMs(): number {
    return this.#now;
  }
  sleep(durationMs: number): Promise<void> {
    this.#now += durationMs;
    return Promise.resolve();
  }
}
