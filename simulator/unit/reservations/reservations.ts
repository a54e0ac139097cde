import type { ScsiCommand } from "../../../src/scsi/index.ts";
import { check, conflict, good, invalidField, type Nexus, type Outcome, type SenseFields, senses } from "../../wire/index.ts";
import { access, isPastReserve } from "./access.ts";
import { persistentReserveIn } from "./persistent-in.ts";
import { persistentReserveOut } from "./persistent-out.ts";
import { isForRegistrants, isForWritersOnly, Registrants } from "./registrants.ts";
import { identityOf } from "./transport-ids.ts";

/** Tells a path that is connected; one that is not has nothing to learn when it comes. */
export type TellNexus = (nexus: string, attention: SenseFields) => void;

const attentions = {
  released: senses.reservationsReleased,
  preempted: senses.reservationsPreempted,
  unregistered: senses.registrationsPreempted,
} as const;

/**
 * Who may do what with one logical unit: RESERVE and RELEASE (SPC-2, 5.5.1) and persistent reservations (SPC-5, 5.14). Outlives the unit's being
 * switched on, since registrations outlive every path; they are those of one library object, not of the folder that it is kept in.
 */
export class Reservations {
  readonly #deviceType: number;
  readonly #registrants = new Registrants();
  readonly #identities = new Map<string, { readonly id: string; readonly transportId: Uint8Array }>();
  #reservedBy: string | undefined;

  constructor(deviceType: number) {
    this.#deviceType = deviceType;
  }

  connect({ name, transportId }: Nexus): void {
    this.#identities.set(name, { id: identityOf(transportId), transportId });
  }

  /** Ends a reservation by RESERVE; what is persistent stays. */
  disconnect(nexus: string): void {
    this.#identities.delete(nexus);
    if (this.#reservedBy === nexus) this.#reservedBy = undefined;
  }

  reset(): void {
    this.#reservedBy = undefined;
  }

  powerLost(): void {
    this.#reservedBy = undefined;
    this.#registrants.powerLost();
  }

  /** Whether a command of that path is in conflict with what others hold. */
  forbids(nexus: string, cdb: Uint8Array): boolean {
    const wanted = access(this.#deviceType, cdb);
    if (wanted === "reserving") return false;
    if (this.#reservedBy !== undefined && this.#reservedBy !== nexus) return !isPastReserve(this.#deviceType, cdb);
    const held = this.#registrants.reservation;
    if (held === undefined || wanted === "free") return false;
    const { id } = this.#identities.get(nexus)!;
    if (this.#registrants.isHolder(id) || (isForRegistrants(held.type) && this.#registrants.get(id) !== undefined)) return false;
    return wanted === "changing" || !isForWritersOnly(held.type);
  }

  /** RESERVE(6) and (10). Who is registered has no use for it, and is told GOOD (SPC-5, 5.14.3). */
  reserve(nexus: string, { cdb }: ScsiCommand): Outcome {
    // Third parties and extents are obsolete.
    if ((cdb[1]! & 0x13) !== 0) return check(invalidField(1));
    if (this.#hasRegistrants()) return this.#mayReserve(nexus) ? good : conflict;
    if (this.#reservedBy !== undefined && this.#reservedBy !== nexus) return conflict;
    this.#reservedBy = nexus;
    return good;
  }

  /** RELEASE(6) and (10): GOOD for who holds nothing, too. */
  release(nexus: string, { cdb }: ScsiCommand): Outcome {
    if ((cdb[1]! & 0x13) !== 0) return check(invalidField(1));
    if (this.#hasRegistrants()) return this.#mayReserve(nexus) ? good : conflict;
    if (this.#reservedBy === nexus) this.#reservedBy = undefined;
    return good;
  }

  persistentIn(command: ScsiCommand): Outcome {
    return this.#reservedBy === undefined ? persistentReserveIn(this.#registrants, command) : conflict;
  }

  persistentOut(nexus: string, command: ScsiCommand, tell: TellNexus): Outcome {
    if (this.#reservedBy !== undefined) return conflict;
    return persistentReserveOut(this.#registrants, this.#identities.get(nexus)!, command, (id, news) => {
      for (const [name, identity] of this.#identities) if (identity.id === id) tell(name, attentions[news]);
    });
  }

  /** As when the unit forgets them, which real ones do after faults of their own. */
  loseAll(tell: TellNexus): void {
    const lost = new Set(this.#registrants.all().map(({ id }) => id));
    this.#registrants.clear();
    this.#reservedBy = undefined;
    for (const [name, { id }] of this.#identities) if (lost.has(id)) tell(name, senses.reservationsPreempted);
  }

  #hasRegistrants(): boolean {
    return this.#registrants.all().length > 0;
  }

  #mayReserve(nexus: string): boolean {
    const { id } = this.#identities.get(nexus)!;
    return this.#registrants.isHolder(id) || (this.#registrants.reservation === undefined && this.#registrants.get(id) !== undefined);
  }
}
