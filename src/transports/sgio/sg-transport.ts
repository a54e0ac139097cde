import type { SgDevice, SgError } from "node-sg-ioctl";
import type { ScsiCommand, ScsiCompletion, Transport } from "../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import { closed, lost, refused, timedOut } from "./failures.ts";
import { type Outcome, outcomeOf, outcomeOfError } from "./outcomes.ts";

/** A device that does not come back from a command is left to the kernel after this: whoever closes must not wait for hours. */
const closePatienceMs = 5000;

/**
 * A device of this machine. Commands are handed to the kernel one by one, not queued there: when one is lost, those behind it must
 * not reach a medium whose position nobody knows.
 */
export class SgTransport implements Transport {
  readonly name: string;
  readonly maxTransferBytes: number;
  readonly #device: SgDevice;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();
  #loss: StrongroomError | undefined;
  #closing: Promise<void> | undefined;

  constructor(name: string, device: SgDevice, maxTransferBytes: number, clock: Clock) {
    this.name = name;
    this.#device = device;
    this.maxTransferBytes = maxTransferBytes;
    this.#clock = clock;
  }

  execute(command: ScsiCommand): Promise<ScsiCompletion> {
    const turn = this.#last.then(() => this.#run(command));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #run(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#closing !== undefined) throw closed(this.name);
    if (this.#loss !== undefined) throw this.#loss;
    const data = command.dataIn ?? command.dataOut;
    this.#check(command, data?.length ?? 0);
    const { outcome, cause } = await this.#exchange(command, data?.length ?? 0);
    switch (outcome.kind) {
      case "completion":
        return outcome.completion;
      case "timeout":
        throw timedOut(this.name, command.timeoutMs);
      case "refused":
        throw refused(this.name, outcome.why, cause);
      case "lost":
        this.#loss = lost(this.name, outcome.why, cause);
        throw this.#loss;
    }
  }

  #check({ cdb }: ScsiCommand, dataBytes: number): void {
    if (cdb.length < 6 || cdb.length > 16) {
      throw new StrongroomError("internal", "CDB_LENGTH", `a command block of ${String(cdb.length)} bytes was not sent`);
    }
    if (dataBytes > this.maxTransferBytes) {
      throw refused(this.name, `${String(dataBytes)} bytes are more than the ${String(this.maxTransferBytes)} bytes that the kernel takes at once`);
    }
  }

  async #exchange({ cdb, dataIn, dataOut, timeoutMs }: ScsiCommand, dataBytes: number): Promise<{ readonly outcome: Outcome; readonly cause?: unknown }> {
    try {
      const answer = await this.#device.execute({
        cdb,
        timeoutMs,
        ...(dataIn === undefined || dataIn.length === 0 ? {} : { dataIn }),
        ...(dataOut === undefined || dataOut.length === 0 ? {} : { dataOut }),
      });
      return { outcome: outcomeOf(answer, dataBytes, timeoutMs) };
    } catch (thrown) {
      if (!isSgError(thrown)) throw thrown;
      if (thrown.code === "SG_ABORTED" || thrown.code === "SG_CLOSED") throw closed(this.name);
      return { outcome: outcomeOfError(thrown), cause: thrown };
    }
  }

  async #finish(): Promise<void> {
    const gone = this.#device.close();
    const patience = new AbortController();
    const overdue = this.#clock.sleep(closePatienceMs, patience.signal).then(() => true, () => false);
    const isOverdue = await Promise.race([gone.then(() => false), overdue]);
    patience.abort();
    // The process may end although the kernel still has the command.
    if (isOverdue) this.#device.unref();
  }
}

export function isSgError(thrown: unknown): thrown is SgError {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" && "path" in thrown;
}
