import { type ScsiCommand, type ScsiCompletion, status, type Transport } from "../src/scsi/index.ts";
import { StrongroomError } from "../src/words/index.ts";
import type { FaultPlan } from "./faults.ts";
import { check, encodeSense, type LogicalUnit } from "./wire/index.ts";

const maxTransferBytes = 16 * 1024 * 1024;
const noSense = new Uint8Array(0);

/** A transport whose wire is a function call. Time-outs never strike: nothing here takes time of its own. */
export class InProcessTransport implements Transport {
  readonly name: string;
  readonly maxTransferBytes = maxTransferBytes;
  readonly #lun: number;
  readonly #unit: LogicalUnit;
  readonly #faults: FaultPlan;
  readonly #whenClosed: () => void;
  readonly #abort = Promise.withResolvers<never>();
  #last: Promise<unknown> = Promise.resolve();
  #state: "open" | "lost" | "closed" = "open";
  #closing: Promise<void> | undefined;

  constructor(name: string, lun: number, unit: LogicalUnit, faults: FaultPlan, whenClosed: () => void) {
    this.name = name;
    this.#lun = lun;
    this.#unit = unit;
    this.#faults = faults;
    this.#whenClosed = whenClosed;
    // Nobody may be waiting when it is closed.
    this.#abort.promise.catch(() => undefined);
  }

  execute(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#state !== "open") return Promise.reject(this.#gone());
    const turn = this.#last.then(() => this.#run(command));
    this.#last = turn.catch(() => undefined);
    return Promise.race([turn, this.#abort.promise]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  /** As when the unit's plug is pulled and put back, between two commands. */
  async powerCycle(): Promise<void> {
    const turn = this.#last.then(() => this.#unit.powerCycle());
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async #run(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#state !== "open") throw this.#gone();
    if (command.cdb.length < 6 || command.cdb.length > 16) {
      throw new StrongroomError("internal", "CDB_LENGTH", `a command block of ${command.cdb.length} bytes was not sent`);
    }
    const fault = this.#faults.strike(this.#lun, command);
    if (fault?.answer === "lost") {
      if (fault.when === "after") await this.#unit.execute(command);
      this.#state = "lost";
      throw this.#gone();
    }
    if (fault?.when === "before") return complete(check(fault.answer), false);
    const { outcome, descriptorSense } = await this.#unit.execute(command);
    return complete(fault === undefined ? outcome : check(fault.answer, outcome.transferredBytes), descriptorSense);
  }

  async #finish(): Promise<void> {
    this.#state = "closed";
    this.#abort.reject(this.#gone());
    await this.#last;
    try {
      await this.#unit.close();
    } finally {
      this.#whenClosed();
    }
  }

  #gone(): StrongroomError {
    if (this.#state === "lost") {
      const hint = "open the device again, and look where it stands before writing";
      return new StrongroomError(
        "temporary",
        "TRANSPORT_LOST",
        `${this.name} does not answer any more; the last command may have taken effect`,
        { hint },
      );
    }
    return new StrongroomError("failed", "TRANSPORT_CLOSED", `${this.name} was closed`);
  }
}

function complete(outcome: Awaited<ReturnType<LogicalUnit["execute"]>>["outcome"], descriptorSense: boolean): ScsiCompletion {
  const { sense, transferredBytes } = outcome;
  if (outcome.status !== status.checkCondition || sense === undefined)
    {return { status: outcome.status, sense: noSense, transferredBytes };}
  return { status: outcome.status, sense: encodeSense(sense, descriptorSense), transferredBytes };
}
