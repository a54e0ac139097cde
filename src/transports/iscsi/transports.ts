import { converse, iscsi, opcode, type Patience, putNumber, type Transport } from "../../scsi/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import type { IscsiOptions, IscsiTransports } from "./contract.ts";
import { closed, unitBusy } from "./failures.ts";
import { LunTransport } from "./lun-transport.ts";
import { checkNames, openSession, parsedPortal } from "./opening.ts";
import type { Session } from "./session.ts";

/** The units of that target. Nothing is sent until the first is opened. Throws, kind `usage`, for names and portals that are none. */
export function openIscsiTransports(options: IscsiOptions): IscsiTransports {
  checkNames([options.initiator, options.target]);
  parsedPortal(options.portal);
  return new Units(options);
}

const reportBytes = 64 * 1024;
const reportTimeoutMs = 60_000;

class Units implements IscsiTransports {
  readonly #options: IscsiOptions;
  readonly #isid: Uint8Array;
  readonly #open = new Map<number, LunTransport | "opening">();
  #session: Promise<Session> | undefined;
  #isClosed = false;

  constructor(options: IscsiOptions) {
    this.#options = options;
    this.#isid = newIsid(options);
  }

  async transport(lun: number): Promise<Transport> {
    const name = `lun ${String(lun)} of ${printable(this.#options.target)} at ${this.#options.portal}`;
    if (this.#isClosed) throw closed(name);
    if (!Number.isInteger(lun) || lun < 0 || lun > iscsi.largestLun) {
      throw new StrongroomError("usage", "ISCSI_LUN", `a logical unit number is 0 to ${String(iscsi.largestLun)}; nothing was sent`);
    }
    if (this.#open.has(lun)) throw unitBusy(name);
    this.#open.set(lun, "opening");
    try {
      const session = await this.#alive();
      const transport = new LunTransport(name, lun, session, async () => { await this.#release(lun, session); });
      this.#open.set(lun, transport);
      await this.#refuseWhenClosed(transport);
      return transport;
    } catch (thrown) {
      this.#open.delete(lun);
      throw thrown;
    }
  }

  async reportLuns(): Promise<readonly number[]> {
    const unit = await this.transport(0);
    try {
      const cdb = new Uint8Array(12);
      cdb[0] = opcode.reportLuns;
      putNumber(cdb, 6, 4, reportBytes);
      const dataIn = new Uint8Array(reportBytes);
      const patience: Patience = { absorbs: () => true, waitsFor: () => false, waitMs: 0 };
      const { sense, transferredBytes } = await converse(unit, this.#options.clock, { cdb, dataIn, timeoutMs: reportTimeoutMs }, patience);
      if (sense === undefined) return [...iscsi.parseReportedLuns(dataIn.subarray(0, transferredBytes))].sort((one, other) => one - other);
    } finally {
      await unit.close();
    }
    throw new StrongroomError("failed", "ISCSI_NO_UNITS", `${unit.name} does not say which logical units there are`, {
      hint: "see which units the library shows to this initiator",
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const units = [...this.#open.values()].filter((unit) => unit !== "opening");
    await Promise.all(units.map(async (unit) => { await unit.close(); }));
    await this.#end();
  }

  /** The session, anew when the last one is over. */
  async #alive(): Promise<Session> {
    for (;;) {
      const opening = (this.#session ??= openSession(this.#options, this.#options.target, this.#isid));
      let isUsable = false;
      try {
        const session = await opening;
        isUsable = session.loss === undefined;
        if (isUsable) return session;
      } finally {
        if (!isUsable && this.#session === opening) this.#session = undefined;
      }
    }
  }

  /** `close` may have come while the login was under way. */
  async #refuseWhenClosed(transport: LunTransport): Promise<void> {
    if (!this.#isClosed) return;
    await transport.close();
    throw closed(transport.name);
  }

  async #release(lun: number, session: Session): Promise<void> {
    this.#open.delete(lun);
    // A unit of a session that was lost has no say in the one after it.
    const current = await this.#session?.catch(() => undefined);
    if (current === session && this.#open.size === 0) await this.#end();
  }

  async #end(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.logout();
  }
}

/**
 * Our half of the session's name (RFC 7143, 11.12.5): random, so that several processes under one initiator name do not end each
 * other's sessions; kept, so that a login after a loss takes the place of what was lost.
 */
function newIsid({ random }: IscsiOptions): Uint8Array {
  const isid = new Uint8Array(6);
  random(isid);
  isid[0] = 0x80;
  return isid;
}
