import { iscsi, type ScsiCommand, type ScsiCompletion, type Transport } from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { closed } from "./failures.ts";
import type { Session } from "./session.ts";

const maxTransferBytes = 16 * 1024 * 1024;

/** One unit of a session: its commands one after the other. */
export class LunTransport implements Transport {
  readonly name: string;
  readonly maxTransferBytes = maxTransferBytes;
  readonly #lun: Uint8Array;
  readonly #session: Session;
  readonly #released: () => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Once an answer was lost, nobody knows what the unit did, and its transport is over, even where the session goes on. */
  #lost: StrongroomError | undefined;

  constructor(name: string, lun: number, session: Session, released: () => Promise<void>) {
    this.name = name;
    this.#lun = iscsi.encodeLun(lun);
    this.#session = session;
    this.#released = released;
  }

  async execute(command: ScsiCommand): Promise<ScsiCompletion> {
    checkCommand(this.name, command);
    const turn = this.#last.then(async () => await this.#run(command));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #run(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#closing !== undefined) throw closed(this.name);
    if (this.#lost !== undefined) throw this.#lost;
    try {
      return await this.#session.execute(this.#lun, command);
    } catch (error) {
      if (error instanceof StrongroomError && error.code === "TRANSPORT_LOST") this.#lost = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await this.#session.abandon(this.#lun, this.name);
    await this.#released();
  }
}

function checkCommand(name: string, { cdb, dataIn, dataOut }: ScsiCommand): void {
  const dataBytes = Math.max(dataIn?.length ?? 0, dataOut?.length ?? 0);
  const goesBothWays = (dataIn?.length ?? 0) > 0 && (dataOut?.length ?? 0) > 0;
  if (cdb.length >= 6 && cdb.length <= 16 && !goesBothWays && dataBytes <= maxTransferBytes) return;
  throw new StrongroomError("internal", "COMMAND_MALFORMED", `a command that ${name} cannot carry; nothing was sent`);
}
