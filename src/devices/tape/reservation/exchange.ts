import {
  type Answer, buildReserveOut, converse, describeSense, noReservationKey, parseRegistrations, parseReservation, type Patience,
  type Registration, type Reservation, reservationType, reserveInAction, reserveInCdb, type ReservationKey, reserveOutAction, reserveOutCdb,
  type ScsiCommand, type Sense, senseKey, type Transport,
} from "../../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../../words/index.ts";
import { isUnsupported } from "../channel.ts";
import { timeoutMs } from "../timeouts/index.ts";

/** Every path registered with a drive: a few per host. Their initiators' names are cut at 1 KiB each. */
const statusBytes = 32 * 1024;
const busyWaitMs = 30_000;
/** Reservations do not need a medium, but some drives answer nothing while they thread one. */
const becomingReady = 0x04;

/** What became of an action: `conflict` where a reservation or another registration stands in its way. */
export type ActionResult = "done" | "conflict" | "unsupported";

/**
 * The few sentences about reservations. News of the drive are passed over and told to `hears`: whoever opens a drive has nothing yet that
 * they could concern.
 */
export class ReservationExchange {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #key: ReservationKey;
  readonly #hears: (attention: Sense) => void;

  constructor(transport: Transport, clock: Clock, key: ReservationKey, hears: (attention: Sense) => void = () => undefined) {
    this.#transport = transport;
    this.#clock = clock;
    this.#key = key;
    this.#hears = hears;
  }

  /** `fresh`: only where this path has no registration yet; otherwise whatever it had is replaced. */
  async register(how: "fresh" | "replacing"): Promise<ActionResult> {
    const action = how === "fresh" ? reserveOutAction.register : reserveOutAction.registerAndIgnore;
    return await this.#act(action, buildReserveOut(noReservationKey, this.#key));
  }

  async reserve(): Promise<ActionResult> {
    return await this.#act(reserveOutAction.reserve, buildReserveOut(this.#key));
  }

  /** From another path with our own key; what that path had under way is aborted. */
  async takeOver(): Promise<ActionResult> {
    return await this.#act(reserveOutAction.preemptAndAbort, buildReserveOut(this.#key, this.#key));
  }

  async release(): Promise<ActionResult> {
    return await this.#act(reserveOutAction.release, buildReserveOut(this.#key));
  }

  async unregister(): Promise<ActionResult> {
    return await this.#act(reserveOutAction.register, buildReserveOut(this.#key));
  }

  async reservation(): Promise<Reservation | "none" | undefined> {
    const data = await this.#ask(reserveInAction.readReservation, 64);
    return data === undefined ? undefined : parseReservation(data);
  }

  /** The path that holds the reservation, where the drive tells. */
  async holder(): Promise<Registration | undefined> {
    const data = await this.#ask(reserveInAction.readFullStatus, statusBytes);
    return data === undefined ? undefined : parseRegistrations(data)?.find(({ holds }) => holds);
  }

  async #act(action: number, dataOut: Uint8Array): Promise<ActionResult> {
    const command = { cdb: reserveOutCdb(action, reservationType.exclusiveAccess), dataOut, timeoutMs: timeoutMs.question };
    const answer = await this.#converse(command);
    if (answer === "conflict") return "conflict";
    if (answer.sense === undefined || answer.sense.key === senseKey.recoveredError) return "done";
    if (isUnsupported(answer.sense)) return "unsupported";
    const said = describeSense(answer.sense);
    throw new StrongroomError("failed", "RESERVATION_REFUSED", `drive ${this.#transport.name} could not be reserved; nothing was touched: ${said}`, {
      hint: "see with sg_persist --in --read-full-status who is registered with it; switching the drive off and on takes all of them away",
    });
  }

  async #ask(action: number, roomBytes: number): Promise<Uint8Array | undefined> {
    const dataIn = new Uint8Array(roomBytes);
    const answer = await this.#converse({ cdb: reserveInCdb(action, roomBytes), dataIn, timeoutMs: timeoutMs.question });
    return answer === "conflict" || answer.sense !== undefined ? undefined : dataIn.subarray(0, answer.transferredBytes);
  }

  async #converse(command: ScsiCommand): Promise<Answer | "conflict"> {
    const absorbs = (attention: Sense): boolean => {
      this.#hears(attention);
      return true;
    };
    const patience: Patience = { absorbs, waitsFor: ({ asc }) => asc === becomingReady, waitMs: busyWaitMs };
    try {
      return await converse(this.#transport, this.#clock, command, patience);
    } catch (error) {
      if (error instanceof StrongroomError && error.code === "DEVICE_RESERVED") return "conflict";
      throw error;
    }
  }
}
