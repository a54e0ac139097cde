import type { Transport } from "../../scsi/index.ts";
import type { Clock, RandomBytes } from "../../words/index.ts";

/**
 * The logical units of one iSCSI target, reached from user space over one session (RFC 7143) on one TCP connection.
 *
 * Guarantees:
 * - The session begins with the first `transport` and is logged out when the last one is closed.
 * - Commands of one logical unit run in order, one at a time; those of different units at the same time.
 * - When the connection is lost, in whatever way, every command under way and every later one of the open transports rejects with
 *   TRANSPORT_LOST, once; nothing is sent again. The next `transport` logs in anew under the same name and session identifier, so that the
 *   target ends what was left of the old session, and what it has to say about that (unit attention 29/xx) reaches the caller.
 * - A target that breaks the protocol (wrong lengths, offsets, residuals, digests) is a lost connection, never a guess.
 */
export interface IscsiTransports {
  /**
   * A unit by its number, 0 to 16383. Rejects with TRANSPORT_BUSY when a transport of this object has it open, and with the errors of a
   * login: `ISCSI_UNREACHABLE`, `ISCSI_UNAVAILABLE` (kind temporary), `ISCSI_DENIED`, `ISCSI_TARGET_MISSING`, `ISCSI_LOGIN_FAILED`.
   */
  transport(lun: number): Promise<Transport>;
  /** The numbers of the units that the target shows to us, rising. Asks unit 0, which must not be open. */
  reportLuns(): Promise<readonly number[]>;
  /** Closes what is open and logs out. Closing twice is fine. */
  close(): Promise<void>;
}

export interface IscsiPlace {
  /** `host`, `host:port` or `[v6]:port`. */
  readonly portal: string;
  /** The iSCSI name that this machine goes by: `iqn.…`, `eui.…` or `naa.…`. */
  readonly initiator: string;
  readonly chap?: ChapAccount;
  readonly digests?: DigestWish;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly timing?: Partial<IscsiTiming>;
}

export interface IscsiOptions extends IscsiPlace {
  /** The iSCSI name of the target. */
  readonly target: string;
}

/** `off` does without; `preferred` takes CRC32C where the target has it; `required` does not go on without it. */
export type DigestWish = "off" | "preferred" | "required";

/** Secrets are 12 to 255 bytes, in files that only their owner can read; a line end behind them does not count. */
export interface ChapAccount {
  readonly user: string;
  readonly secretFile: string;
  /** Mutual CHAP: what the target must prove in turn. */
  readonly target?: { readonly user: string; readonly secretFile: string };
}

export interface IscsiTiming {
  /** From the first packet to the end of the login. */
  readonly loginMs: number;
  /** A silent connection is asked for a sign of life after this long. */
  readonly pingAfterMs: number;
  /** It is lost when nothing came for this long after that. */
  readonly pingAnswerMs: number;
  /** What an abort, a reset or a logout may take. */
  readonly managementMs: number;
}

export const defaultTiming: IscsiTiming = { loginMs: 30_000, pingAfterMs: 15_000, pingAnswerMs: 15_000, managementMs: 15_000 };

export interface DiscoveredTarget {
  readonly name: string;
  /** `host:port` of each portal, as the target told them. */
  readonly portals: readonly string[];
}
