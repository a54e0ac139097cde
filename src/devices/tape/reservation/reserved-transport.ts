import {
  buildSense, parseSense, type ReservationKey, type ScsiCommand, type ScsiCompletion, type Sense, senseKey, status, type Transport,
} from "../../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../../words/index.ts";
import { acquire } from "./acquire.ts";
import { ReservationExchange } from "./exchange.ts";

/** How a drive is kept from other hosts: `unsupported` when it has no persistent reservations. */
export type ReservationState = "held" | "unsupported";

/**
 * Reserves the drive behind `transport` with that key (SPC-5, 5.13: exclusive access, so that no other host even reads or winds the tape
 * that is being written). The transport that comes back gives the reservation back when it is closed. When the drive says that the
 * reservation is gone, it rejects with `RESERVATION_LOST`, and so does every later command: nothing more reaches the tape.
 *
 * APTPL is not asked for: a drive that lost its power comes back free, so that a host that died with it blocks nobody. Ours is reserved
 * again before the next command then.
 */
export async function reserveTransport(
  transport: Transport,
  clock: Clock,
  key: ReservationKey,
): Promise<{ readonly transport: Transport; readonly state: ReservationState }> {
  const exchange = new ReservationExchange(transport, clock, key);
  if ((await acquire(transport.name, exchange, key)) === "unsupported") return { transport, state: "unsupported" };
  return { transport: new ReservedTransport(transport, clock, key), state: "held" };
}

class ReservedTransport implements Transport {
  readonly name: string;
  readonly maxTransferBytes: number;
  readonly #transport: Transport;
  readonly #exchange: ReservationExchange;
  readonly #key: ReservationKey;
  #lost = false;
  /** News that came while the drive was reserved again, for whoever sends the next command. */
  #owed: ScsiCompletion | undefined;
  #underWay = 0;
  /** Set after a reset: to be fulfilled before the next command. */
  #again: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(transport: Transport, clock: Clock, key: ReservationKey) {
    this.name = transport.name;
    this.maxTransferBytes = transport.maxTransferBytes;
    this.#transport = transport;
    this.#exchange = new ReservationExchange(transport, clock, key, (attention) => { this.#hear(attention); });
    this.#key = key;
  }

  async execute(command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#again !== undefined) await this.#again;
    if (this.#lost) throw lost(this.name);
    const completion = this.#takeOwed() ?? (await this.#counted(command));
    if (completion.status === status.good) return completion;
    if (completion.status === status.reservationConflict || this.#tellsOfLoss(completion)) {
      this.#lost = true;
      throw lost(this.name);
    }
    return completion;
  }

  close(): Promise<void> {
    this.#closing ??= this.#giveBack();
    return this.#closing;
  }

  /** That another cartridge may be in the drive must not get lost. */
  #hear(attention: Sense): void {
    if (attention.asc !== 0x28 || attention.ascq !== 0) return;
    this.#owed = { status: status.checkCondition, sense: buildSense(attention, "fixed"), transferredBytes: 0 };
  }

  #takeOwed(): ScsiCompletion | undefined {
    const owed = this.#owed;
    this.#owed = undefined;
    return owed;
  }

  async #counted(command: ScsiCommand): Promise<ScsiCompletion> {
    this.#underWay += 1;
    try {
      return await this.#transport.execute(command);
    } finally {
      this.#underWay -= 1;
    }
  }

  #tellsOfLoss(completion: ScsiCompletion): boolean {
    const sense = completion.status === status.checkCondition ? parseSense(completion.sense) : undefined;
    if (sense?.key !== senseKey.unitAttention) return false;
    if (sense.asc === 0x29) this.#again = this.#reacquire();
    return isLoss(sense);
  }

  /** A reset may have been a loss of power, and with it of the reservation: somebody else may have the drive by now. */
  async #reacquire(): Promise<void> {
    try {
      await acquire(this.name, this.#exchange, this.#key);
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      this.#lost = true;
    } finally {
      this.#again = undefined;
    }
  }

  async #giveBack(): Promise<void> {
    try {
      await this.#again;
      // To give back would wait for a command that hangs; what stays behind then, this appliance takes over when it comes again.
      if (!this.#lost && this.#underWay === 0) {
        await this.#exchange.release();
        await this.#exchange.unregister();
      }
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
    } finally {
      await this.#transport.close();
    }
  }
}

/** Reservations preempted, reservations released, registrations preempted (SPC-5, 5.13.11). */
function isLoss({ asc, ascq }: Sense): boolean {
  return asc === 0x2a && ascq >= 0x03 && ascq <= 0x05;
}

function lost(name: string): StrongroomError {
  return new StrongroomError(
    "busy",
    "RESERVATION_LOST",
    `another host took drive ${name} away while it was in use; nothing more was sent to it, and what was not yet flushed may not be on the tape`,
    { hint: "find out which host took the drive, and repeat the work when it is free: what was confirmed is not written again" },
  );
}
