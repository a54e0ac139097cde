import type { ServedLibrary } from "./contract.ts";
import { nexusOf } from "./nexus.ts";
import type { Guest } from "./login-desk.ts";
import type { Session } from "./session.ts";

/** A session of a target, with what must be done before another may have its name. */
interface Seat {
  session: Session | undefined;
  /** Settles when the nexus is no more. */
  readonly vacated: PromiseWithResolvers<void>;
}

/** One target: its library and who is logged in. */
export class Place {
  readonly library: ServedLibrary;
  readonly #seats = new Map<string, Seat>();

  constructor(library: ServedLibrary) {
    this.library = library;
  }

  *sessions(): Generator<Session> {
    for (const { session } of [...this.#seats.values()]) if (session !== undefined) yield session;
  }

  /**
   * Takes the place of a session of the same name, which ends now (RFC 7143, 6.3.5), connects the nexus and makes the session. Rejects
   * with what a library fails with.
   */
  async admit(guest: Guest, make: (left: () => void) => Session): Promise<Session> {
    const nexus = nexusOf(guest);
    for (let seat = this.#seats.get(nexus.name); seat !== undefined; seat = this.#seats.get(nexus.name)) {
      seat.session?.hangUp();
      await seat.vacated.promise;
    }
    const seat: Seat = { session: undefined, vacated: Promise.withResolvers() };
    this.#seats.set(nexus.name, seat);
    const vacate = (): void => {
      this.#seats.delete(nexus.name);
      seat.vacated.resolve();
    };
    try {
      this.library.port.connect(nexus);
      seat.session = make(() => {
        seat.session = undefined;
        // What a library cannot tidy up does not keep anybody from logging in.
        void this.library.port.disconnect(nexus).then(vacate, vacate);
      });
      return seat.session;
    } catch (thrown) {
      vacate();
      throw thrown;
    }
  }

  /** Hangs up on everybody; resolves when all have left. */
  async clear(): Promise<void> {
    const seats = [...this.#seats.values()];
    for (const { session } of seats) session?.hangUp();
    await Promise.all(seats.map(({ vacated }) => vacated.promise));
  }
}
