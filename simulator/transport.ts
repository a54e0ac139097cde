import type { ScsiCommand, ScsiCompletion, Transport } from "../src/scsi/index.ts";
import { StrongroomError } from "../src/words/index.ts";
import type { WireFault } from "./faults/index.ts";
import type { Delivery, Nexus, Port } from "./port/index.ts";

const maxTransferBytes = 16 * 1024 * 1024;

/** A transport whose wire is a function call: a nexus of its own at the library's port, for one unit. */
export class InProcessTransport implements Transport {
  readonly name: string;
  readonly maxTransferBytes = maxTransferBytes;
  readonly #port: Port;
  readonly #lun: number;
  readonly #nexus: Nexus;
  readonly #whenClosed: () => void;
  /** Those who wait for an answer: closing tells them. A race against one promise that never settles would keep every command. */
  readonly #waiting = new Set<(reason: StrongroomError) => void>();
  #last: Promise<unknown> = Promise.resolve();
  #state: "open" | "lost" | "closed" = "open";
  #closing: Promise<void> | undefined;

  constructor(name: string, port: Port, lun: number, nexus: Nexus, whenClosed: () => void) {
    this.name = name;
    this.#port = port;
    this.#lun = lun;
    this.#nexus = nexus;
    this.#whenClosed = whenClosed;
  }

  execute(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#state !== "open") return Promise.reject(this.#gone());
    const turn = this.#last.then(() => this.#run(command));
    this.#last = turn.catch(() => undefined);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      turn.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #run(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#state !== "open") throw this.#gone();
    if (command.cdb.length < 6 || command.cdb.length > 16) {
      throw new StrongroomError("internal", "CDB_LENGTH", `a command block of ${command.cdb.length} bytes was not sent`);
    }
    const delivery: Delivery = await this.#port.deliver(this.#lun, this.#nexus, command);
    switch (delivery.kind) {
      case "completion":
        if (!breaksConnection(delivery.wire)) return delivery.completion;
        this.#state = "lost";
        throw this.#gone();
      case "aborted":
      case "dropped":
      case "unreachable":
        this.#state = "lost";
        throw this.#gone();
      case "hanging":
        throw timedOut(this.name, command.timeoutMs);
    }
  }

  async #finish(): Promise<void> {
    this.#state = "closed";
    for (const reject of this.#waiting) reject(this.#gone());
    await this.#last;
    try {
      await this.#port.disconnect(this.#nexus);
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

/** What is garbled or cut off on a wire ends the connection; here there is no other way to show it. */
function breaksConnection(wire: WireFault | undefined): boolean {
  return wire === "wire-cut" || wire === "wire-header-digest" || wire === "wire-data-digest";
}

/** Nobody waits as long as a real carrier would: that a command hangs is known here. */
function timedOut(name: string, timeoutMs: number): StrongroomError {
  const seconds = Math.ceil(timeoutMs / 1000);
  return new StrongroomError("failed", "TRANSPORT_TIMEOUT", `a command to ${name} was not answered within ${seconds} s; it was aborted and may have taken effect`, {
    hint: "look at the device, and find out where its medium stands before the work is repeated",
  });
}
