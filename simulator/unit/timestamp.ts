import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { Clock } from "../../src/words/index.ts";
import { answer, be16, be32, check, field, good, type Outcome, senses } from "../wire/index.ts";

/** SPC-5, table 461: where a timestamp comes from. */
const origin = { powerOn: 0, initiator: 2 } as const;
const listBytes = 12;

/** The device clock (SPC-5, 5.3): milliseconds since power-on until somebody sets it. */
export class Timestamp {
  readonly #clock: Clock;
  #baseMs = 0;
  #sinceMs: number;
  #origin: number = origin.powerOn;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  report(command: ScsiCommand): Outcome {
    const nowMs = this.#baseMs + Math.floor(this.#clock.monotonicMs() - this.#sinceMs);
    return answer(command, [...field(10, 2), this.#origin, 0, ...field(nowMs, 6), 0, 0], be32(command.cdb, 6));
  }

  set({ cdb, dataOut = new Uint8Array(0) }: ScsiCommand): Outcome {
    const list = dataOut.subarray(0, be32(cdb, 6));
    if (be32(cdb, 6) === 0) return good;
    if (list.length < listBytes) return check(senses.parameterListLength);
    this.#baseMs = be16(list, 4) * 2 ** 32 + be32(list, 6);
    this.#sinceMs = this.#clock.monotonicMs();
    this.#origin = origin.initiator;
    return good;
  }

  powerLost(): void {
    this.#baseMs = 0;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#origin = origin.powerOn;
  }
}
