import type { Clock, RandomBytes } from "../../src/words/index.ts";
import type { LibraryPort } from "../port/index.ts";

/** A library behind an iSCSI target: the changer and the drives are its units, by the numbers that its port has for them. */
export interface ServedLibrary {
  /** The iSCSI name of the target. */
  readonly target: string;
  readonly alias?: string;
  readonly port: LibraryPort;
}

/** Who may log in. Secrets are 12 to 255 bytes and belong to the caller, who fills them with zeros after `close`. */
export interface ChapAccount {
  readonly user: string;
  readonly secret: Uint8Array;
  /** Mutual CHAP: what the target shows to an initiator that asks for it. */
  readonly own?: { readonly user: string; readonly secret: Uint8Array };
}

export interface ServeOptions {
  /** An address of this machine; 127.0.0.1 when not said. */
  readonly host?: string;
  /** 0 when not said: any that is free. */
  readonly port?: number;
  /** Normal sessions must prove who they are; a discovery session need not, as it shows nothing but names. */
  readonly chap?: ChapAccount;
  /** `as-asked` when not said: an initiator that offers digests first gets them. `required` turns away who does without. */
  readonly digests?: "off" | "as-asked" | "required";
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits?: Partial<TargetLimits>;
}

/** What one portal holds at most, whatever initiators do. */
export interface TargetLimits {
  /** Connections at once, those that are still logging in among them; further ones are hung up on. */
  readonly connections: number;
  /** From the first packet to the end of the login. */
  readonly loginMs: number;
  /** A silent connection is asked for a sign of life after this long, and ended when none comes for as long again. */
  readonly silenceMs: number;
  /** Commands that one session may have under way: the span of CmdSN. */
  readonly tasks: number;
  /** The data of one command. */
  readonly transferBytes: number;
  /** Data of all commands of one session together; at least twice `transferBytes`. */
  readonly sessionBytes: number;
  /** Data of all sessions together; at least `sessionBytes`. */
  readonly memoryBytes: number;
}

export const defaultLimits: TargetLimits = {
  connections: 64, loginMs: 30_000, silenceMs: 15_000, tasks: 128, transferBytes: 32 * 1024 * 1024, sessionBytes: 128 * 1024 * 1024,
  memoryBytes: 512 * 1024 * 1024,
};

/**
 * An iSCSI target (RFC 7143, error recovery level 0, one connection a session) for one or more libraries on one TCP port.
 *
 * Guarantees:
 * - Each session is an I_T nexus of its own at the library's port, named by initiator, ISID and portal group; it is connected before its login is
 *   answered, and disconnected when its connection has ended, however that came about. A login under the name of a session that is there takes its place.
 * - The commands of one session to one unit begin in the order of their numbers; what the data of a command need (R2T) comes first.
 * - Whatever an initiator sends, memory, connections and waiting are within `TargetLimits`, and other sessions go on.
 */
export interface RunningTarget {
  readonly host: string;
  readonly port: number;
  readonly targets: readonly string[];
  /** How many sessions there are, discovery included. */
  readonly sessionCount: number;
  /** Tells every initiator, hangs up and stops listening; resolves when no unit is in use any more. Closing twice is fine. */
  close(): Promise<void>;
}
