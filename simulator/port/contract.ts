import type { ScsiCommand, ScsiCompletion } from "../../src/scsi/index.ts";
import type { WireFault } from "../faults/index.ts";
import type { Nexus } from "../wire/index.ts";

export type { WireFault } from "../faults/index.ts";
export type { Nexus } from "../wire/index.ts";

/** How a command ended at the port: answered, or never. */
export type Delivery =
  | {
    readonly kind: "completion";
    readonly completion: ScsiCompletion;
    /**
     * How many bytes more the command was about than its buffer has: what carriers call an overflow. What an allocation length cut off is none (SPC-5,
     * 4.2.5.6). 0 when missing.
     */
    readonly overflowBytes?: number;
    /** What shall happen to the answer on its way. */
    readonly wire?: WireFault;
  }
  /** It was aborted by its signal: nobody waits for an answer. It has had no effect where its turn had not come. */
  | { readonly kind: "aborted" }
  /** The connection breaks without an answer; what was sent may have taken effect. */
  | { readonly kind: "dropped" }
  /** Nothing answers at that path: the unit is switched off, or its cable is out. It has had no effect. */
  | { readonly kind: "unreachable" }
  /** No answer ever comes: the carrier waits for an abort, a reset, or its time-out. */
  | { readonly kind: "hanging" };

/** What a task management function or a hard reset does to (SAM-5, 6.3.3 and 7). */
export type ResetScope = number | "all";

/**
 * Where every carrier of commands hands them over: the transport in this process and the iSCSI target alike, so that all of them meet the
 * same units, the same attentions and the same faults.
 *
 * Guarantees: the commands of one unit run one at a time, in the order of the calls. `deliver` rejects only where the library's own storage fails;
 * whatever a device could say is a completion, an unknown unit (5/25/00) and a drive that another process holds (BUSY) included.
 */
export interface LibraryPort {
  /** Numbers of the logical units, rising: 0 is the changer, 1 and so on the drives, then disks. */
  units(): readonly number[];
  /** Each unit tells a new nexus that it was switched on (29/00), whenever it first asks. A nexus that is connected twice is an error of the caller. */
  connect(nexus: Nexus): void;
  /**
   * Keeps all units switched on until the function that it gives is called, whoever comes and goes: positions, keys and settings outlive a lost
   * connection then, as with real drives. Rejects with TRANSPORT_BUSY when another process holds one.
   */
  keepOn(): Promise<() => Promise<void>>;
  /** What the nexus held for itself ends: reservations of RESERVE, prevented removal, its settings. A unit that nobody uses any more is let go of. */
  disconnect(nexus: Nexus): Promise<void>;
  /**
   * Once `signal` is aborted, a command whose turn has not come is dropped without effect; one under way has its effect, and is not waited for any longer where a
   * machine takes its time.
   */
  deliver(lun: number, nexus: Nexus, command: ScsiCommand, signal?: AbortSignal): Promise<Delivery>;
  /** Asked once for each command whose data the carrier is about to ask for, before that: true where a fault has it that it never does. */
  withholdsData(lun: number, command: ScsiCommand): boolean;
  /** LOGICAL UNIT RESET, or a reset of all units: everybody who is connected hears of it (29/03), who asked for it too (SAM-5, 6.3.3). */
  reset(scope: ResetScope): Promise<void>;
  /** All registrations and reservations of a unit are gone; who had a part in them hears of it (2A/03). */
  loseReservations(lun: number): Promise<void>;
  /** As when the plug of a unit is pulled and put back: what was not synced is lost, and everybody hears of it (29/01). */
  powerCycle(lun: number): Promise<void>;
}
