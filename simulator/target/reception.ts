import type { Socket } from "node:net";
import { iscsi } from "../../src/scsi/index.ts";
import type { Clock, RandomBytes, StrongroomError } from "../../src/words/index.ts";
import type { MemoryAccount } from "./buffers.ts";
import type { ChapAccount, TargetLimits } from "./contract.ts";
import { breach, gone } from "./failures.ts";
import { Line, type LineOwner } from "./line.ts";
import { type Guest, LoginDesk, type LoginStep, portalGroup } from "./login-desk.ts";
import { nexusOf } from "./nexus.ts";
import type { Place } from "./place.ts";
import { Session, type SessionParts } from "./session.ts";
import { type DigestPolicy, loginSegmentBytes } from "./terms.ts";

const { layout, loginStatus, opcode } = iscsi;

export interface House {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits: TargetLimits;
  readonly memory: MemoryAccount;
  readonly chap: ChapAccount | undefined;
  readonly digests: DigestPolicy;
  readonly places: ReadonlyMap<string, Place>;
  /** A number for a new session: 1 to 65535, none that is in use. */
  newSessionHandle(): number;
  freeSessionHandle(handle: number): void;
  isSessionHandle(handle: number): boolean;
}

/** One accepted connection: the login first, then everything goes to the session. Gone when `left` is called. */
export class Reception implements LineOwner {
  readonly line: Line;
  readonly #house: House;
  readonly #desk: LoginDesk;
  readonly #left: () => void;
  readonly #over = new AbortController();
  #session: Session | undefined;
  #firstCmdSn: number | undefined;
  #statSn = 1;
  #isAdmitting = false;

  constructor(socket: Socket, house: House, left: () => void) {
    this.#house = house;
    this.#left = left;
    this.#desk = new LoginDesk({
      chap: house.chap, digests: house.digests, random: house.random,
      aliasOf: (target) => {
        const place = house.places.get(target);
        return place === undefined ? undefined : { alias: place.library.alias };
      },
    });
    this.line = new Line(socket, house.clock, this);
    void this.#hurry();
  }

  get session(): Session | undefined {
    return this.#session;
  }

  ended(why: StrongroomError): void {
    this.#over.abort();
    this.#session?.ended(why);
    this.#left();
  }

  roomFor(header: Uint8Array, dataBytes: number): Uint8Array | undefined {
    if (this.#session !== undefined) return this.#session.roomFor(header, dataBytes);
    return dataBytes <= loginSegmentBytes ? new Uint8Array(dataBytes) : undefined;
  }

  received(pdu: iscsi.Pdu): void {
    if (this.#session !== undefined) {
      this.#session.received(pdu);
      return;
    }
    const { opcode: code } = iscsi.parse(layout.start, pdu.header);
    if (code !== opcode.loginRequest || this.#isAdmitting) throw breach("something else than a login came before the login was over");
    const request = iscsi.parse(layout.loginRequest, pdu.header);
    // Login requests are immediate: the first command has the number that they have.
    this.#firstCmdSn ??= request.cmdSn;
    this.#step(request.tsih === 0 ? this.#desk.take(request, pdu.data) : this.#refuseToJoin(request));
  }

  /** One connection a session: nobody may join one (RFC 7143, 11.12.6). */
  #refuseToJoin({ tsih, taskTag, isid, currentStage }: iscsi.LoginRequest): LoginStep {
    const status = this.#house.isSessionHandle(tsih) ? loginStatus.tooManyConnections : loginStatus.sessionMissing;
    return { kind: "refuse", response: { tsih, taskTag, isid, currentStage, status } };
  }

  #step(step: LoginStep): void {
    switch (step.kind) {
      case "answer":
        this.#send(step.response, step.text);
        break;
      case "refuse":
        this.#send(step.response);
        this.line.end(gone("the login was refused"));
        break;
      case "admit":
        this.#isAdmitting = true;
        void this.#admit(step.guest, step.response, step.text);
        break;
    }
  }

  async #admit(guest: Guest, response: Partial<iscsi.LoginResponse>, text: Uint8Array): Promise<void> {
    const handle = this.#house.newSessionHandle();
    try {
      const session = await this.#sessionOf(guest, handle);
      if (this.line.isEnded) {
        session.ended(gone("the initiator hung up"));
        return;
      }
      this.#over.abort();
      this.#send({ ...response, tsih: handle }, text);
      this.#session = session;
      this.line.setDigests(guest.terms.digests);
    } catch {
      this.#house.freeSessionHandle(handle);
      this.#send({ ...response, transit: false, nextStage: 0, status: loginStatus.targetError });
      this.line.end(gone("the library cannot be used"));
    }
  }

  async #sessionOf(guest: Guest, handle: number): Promise<Session> {
    const { clock, limits, memory, places } = this.#house;
    const place = guest.target === undefined ? undefined : places.get(guest.target);
    const parts = (left: () => void): SessionParts => ({
      line: this.line, guest, clock, limits, memory, targets: [...places.keys()], group: portalGroup, firstCmdSn: this.#firstCmdSn ?? 1,
      // The answer that admits it is still to be sent.
      firstStatSn: iscsi.next(this.#statSn),
      unit: place === undefined ? undefined : { port: place.library.port, nexus: nexusOf(guest), sessions: () => place.sessions() },
      left: () => {
        this.#house.freeSessionHandle(handle);
        left();
      },
    });
    if (place === undefined) return new Session(parts(() => undefined));
    return await place.admit(guest, (left) => new Session(parts(left)));
  }

  #send(response: Partial<iscsi.LoginResponse>, text?: Uint8Array): void {
    const cmdSn = this.#firstCmdSn ?? 1;
    const numbers = { statSn: this.#statSn, expCmdSn: cmdSn, maxCmdSn: iscsi.next(cmdSn, this.#house.limits.tasks - 1) };
    this.#statSn = iscsi.next(this.#statSn);
    this.line.send(iscsi.build(opcode.loginResponse, layout.loginResponse, { ...response, ...numbers }), text);
  }

  /** A login that takes too long ends. */
  async #hurry(): Promise<void> {
    try {
      await this.#house.clock.sleep(this.#house.limits.loginMs, this.#over.signal);
      this.line.end(gone("the login was not finished in time"));
    } catch {
      // It was finished, or the initiator has left.
    }
  }
}
