import { iscsi, putNumber, type ScsiCommand, type ScsiCompletion } from "../../scsi/index.ts";
import { asStrongroomError, type Clock, type StrongroomError } from "../../words/index.ts";
import { CommandWindow } from "./command-window.ts";
import { Connection, type ConnectionEvents } from "./connection.ts";
import type { IscsiTiming } from "./contract.ts";
import { Exchanges } from "./exchanges.ts";
import { breach, closed, ended, lost, timedOut, unreachable } from "./failures.ts";
import { firstCmdSn, Login, loginSegmentBytes, type LoginStep, type LoginWishes } from "./login.ts";
import { TaskSet } from "./task-set.ts";
import { type Outgoing, Task } from "./task.ts";
import type { SessionTerms } from "./terms.ts";

const { layout, opcode } = iscsi;
const noBytes = new Uint8Array(0);
const tickMs = 250;
/** Data of anything but a read or a login: sense data, texts, the header of what was rejected. */
const segmentLimitBytes = 64 * 1024;

export interface SessionParts {
  readonly name: string;
  readonly portal: iscsi.Portal;
  readonly wishes: LoginWishes;
  readonly clock: Clock;
  readonly timing: IscsiTiming;
}

/**
 * One session with one connection: login, then commands and requests, numbered and matched with their answers, until the logout or the
 * loss. Everything that comes is taken synchronously, in the order of the wire; time is looked at in steps of `tickMs`.
 */
export class Session implements ConnectionEvents {
  readonly #parts: SessionParts;
  readonly #connection: Connection;
  readonly #login: Login;
  readonly #ready = Promise.withResolvers<iscsi.Portal | undefined>();
  readonly #over = new AbortController();
  readonly #tasks = new TaskSet();
  readonly #exchanges = new Exchanges();
  readonly #loginDeadlineMs: number;
  #window: CommandWindow | undefined;
  #terms: SessionTerms | undefined;
  #lost: StrongroomError | undefined;
  #heardMs: number;
  #isPinging = false;
  #isLeaving = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#login = new Login(parts.wishes);
    this.#heardMs = parts.clock.monotonicMs();
    this.#loginDeadlineMs = this.#heardMs + parts.timing.loginMs;
    this.#connection = new Connection(parts.portal, this);
    void this.#watch();
  }

  /** Resolves when commands can be sent, or with another portal where the target wants us to go. Rejects when the login failed. */
  async ready(): Promise<iscsi.Portal | undefined> {
    return await this.#ready.promise;
  }

  /** Why nothing more can be sent. */
  get loss(): StrongroomError | undefined {
    return this.#lost;
  }

  /** The algorithm of a CHAP response that the target refused. */
  get refusedAlgorithm(): iscsi.ChapAlgorithm | undefined {
    return this.#login.refusedAlgorithm;
  }

  get terms(): SessionTerms | undefined {
    return this.#terms;
  }

  async execute(lun: Uint8Array, command: ScsiCommand): Promise<ScsiCompletion> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#isLeaving) throw lost(this.#parts.name, ended("the target asked us to leave"));
    const task = new Task(this.#newTag(), lun, command, this.#nowMs() + command.timeoutMs);
    this.#tasks.add(task);
    this.#pump();
    return await task.completion;
  }

  /** Ends what is under way on that unit; it rejects with TRANSPORT_CLOSED, unless its answer comes first. */
  async abandon(lun: Uint8Array, name: string): Promise<void> {
    await Promise.all(this.#tasks.ofUnit(lun).map(async (task) => { await this.#giveUp(task, closed(name)); }));
  }

  /** One text request and the answer to it (RFC 7143, 11.10). */
  async text(data: Uint8Array, transferTag: number): Promise<iscsi.Pdu> {
    const header = iscsi.build(opcode.textRequest, layout.textRequest, { immediate: true, final: true, transferTag });
    return await this.#ask(header, this.#parts.timing.managementMs, data);
  }

  /** Says good-bye, where that is still possible, and cuts the connection. */
  async logout(): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#isLeaving = true;
    const header = iscsi.build(opcode.logoutRequest, layout.logoutRequest, { immediate: true, final: true, reason: iscsi.logoutReason.closeSession });
    // A target that does not answer is left all the same.
    await this.#ask(header, this.#parts.timing.managementMs).catch(() => undefined);
    this.#connection.end(ended("this side logged out"));
  }

  connected(): void {
    this.#step(this.#login.begin());
  }

  ended(why: StrongroomError): void {
    const loss = lost(this.#parts.name, why);
    this.#lost = loss;
    this.#over.abort();
    this.#ready.reject(why);
    // Nobody may be waiting for the login any more.
    this.#ready.promise.catch(() => undefined);
    this.#exchanges.fail(loss);
    this.#tasks.drop(this.#tasks.all(), loss);
  }

  roomFor(header: Uint8Array, dataBytes: number): Uint8Array | undefined {
    if (this.#terms === undefined) return dataBytes <= loginSegmentBytes ? new Uint8Array(dataBytes) : undefined;
    if (((header[0] ?? 0) & 0x3f) !== opcode.dataIn) return dataBytes <= segmentLimitBytes ? new Uint8Array(dataBytes) : undefined;
    const pdu = iscsi.parse(layout.dataIn, header);
    return this.#tasks.underWay(pdu.taskTag).roomFor(pdu, dataBytes);
  }

  received(pdu: iscsi.Pdu): void {
    if (this.#lost !== undefined) return;
    this.#heardMs = this.#nowMs();
    if (!pdu.isDataIntact) throw breach("data do not agree with their digest");
    const code = (pdu.header[0] ?? 0) & 0x3f;
    if (this.#terms === undefined) {
      if (code !== opcode.loginResponse) throw breach("something else than a login answer came before the login was over");
      this.#step(this.#login.take(pdu));
      return;
    }
    this.#dispatch(code, pdu, this.#terms);
    this.#pump();
  }

  #step(step: LoginStep): void {
    switch (step.kind) {
      case "send":
        this.#connection.sendPieces(step.pieces);
        break;
      case "moved":
        this.#ready.resolve(step.portal);
        this.#connection.end(ended("the target is elsewhere"));
        break;
      case "done":
        this.#window = new CommandWindow(firstCmdSn, step.response);
        this.#terms = step.terms;
        this.#connection.setDigests(step.terms.digests);
        this.#ready.resolve(undefined);
        break;
    }
  }

  #dispatch(code: number, pdu: iscsi.Pdu, terms: SessionTerms): void {
    const { header } = pdu;
    switch (code) {
      case opcode.dataIn:
        this.#takeData(iscsi.parse(layout.dataIn, header), pdu.data.length);
        break;
      case opcode.scsiResponse:
        this.#takeResponse(iscsi.parse(layout.scsiResponse, header), pdu.data);
        break;
      case opcode.readyToTransfer: {
        const request = iscsi.parse(layout.readyToTransfer, header);
        this.#update(header, false);
        this.#transmit(this.#tasks.underWay(request.taskTag).send(request, terms));
        break;
      }
      case opcode.nopIn:
        this.#takeNop(iscsi.parse(layout.nopIn, header), pdu);
        break;
      case opcode.taskManagementResponse:
      case opcode.textResponse:
      case opcode.logoutResponse:
        this.#update(header, true);
        this.#exchanges.answered(iscsi.parse(layout.sequenceAndTag, header).taskTag, pdu);
        break;
      case opcode.asyncMessage:
        this.#update(header, true);
        this.#takeMessage(iscsi.parse(layout.asyncMessage, header));
        break;
      case opcode.reject:
        this.#update(header, true);
        this.#takeReject(iscsi.parse(layout.reject, header).reason, pdu);
        break;
      default:
        throw breach(`a PDU of the unknown kind 0x${code.toString(16)} came`);
    }
  }

  #takeData(pdu: iscsi.DataIn, dataBytes: number): void {
    const task = this.#tasks.underWay(pdu.taskTag);
    task.received(pdu, dataBytes);
    this.#window?.update(pdu, pdu.hasStatus);
    if (!pdu.hasStatus) return;
    this.#settle(task, task.complete(pdu.status, noBytes, { isUnderflow: pdu.residualUnderflow, bytes: pdu.residualBytes }));
  }

  #takeResponse(pdu: iscsi.ScsiResponse, data: Uint8Array): void {
    this.#window?.update(pdu, true);
    const task = this.#tasks.underWay(pdu.taskTag);
    if (pdu.response !== 0) {
      // RFC 7143, 11.4.3: only this command failed; other units of the session may be well.
      this.#tasks.fail(task, lost(this.#parts.name, ended("the target failed to carry out a command")), (done) => { this.#connection.afterSent(done); });
      return;
    }
    const residual = { isUnderflow: pdu.residualUnderflow, bytes: pdu.residualBytes };
    this.#settle(task, task.complete(pdu.status, iscsi.senseInResponse(data), residual));
  }

  #takeNop(pdu: iscsi.NopIn, whole: iscsi.Pdu): void {
    this.#update(whole.header, pdu.taskTag !== iscsi.noTag);
    if (pdu.taskTag !== iscsi.noTag) this.#exchanges.answered(pdu.taskTag, whole);
    if (pdu.transferTag === iscsi.noTag) return;
    if (this.#connection.unsentBytes > this.#tasks.dataOutBytes * 2 + segmentLimitBytes) throw breach("it asks for more signs of life than it takes");
    const { lun, transferTag } = pdu;
    this.#sendImmediate(iscsi.build(opcode.nopOut, layout.nopOut, { immediate: true, final: true, lun, taskTag: iscsi.noTag, transferTag }), noBytes);
  }

  #takeMessage({ event }: iscsi.AsyncMessage): void {
    const { asyncEvent } = iscsi;
    if (event === asyncEvent.connectionEnds || event === asyncEvent.sessionEnds) throw ended("the target ends the session");
    if (event !== asyncEvent.logoutWanted && event !== asyncEvent.negotiationWanted) return;
    this.#isLeaving = true;
    void this.#leave();
  }

  /** Lets what is under way come to its end, then goes. */
  async #leave(): Promise<void> {
    await this.#tasks.settled();
    await this.logout();
  }

  #takeReject(reason: number, pdu: iscsi.Pdu): void {
    const rejected = pdu.data.length < iscsi.headerBytes ? undefined : iscsi.parse(layout.start, pdu.data);
    // Whoever rejects a ping is alive.
    if (rejected?.opcode === opcode.nopOut) {
      if (this.#exchanges.has(rejected.taskTag)) this.#exchanges.answered(rejected.taskTag, pdu);
      return;
    }
    throw ended(`the target rejected a request because of ${iscsi.rejectWords[reason] ?? `reason 0x${reason.toString(16)}`}`);
  }

  #settle(task: Task, completion: ScsiCompletion): void {
    this.#tasks.settle(task, completion, (done) => { this.#connection.afterSent(done); });
  }

  /** Sends what the window lets through. */
  #pump(): void {
    const [window, terms] = [this.#window, this.#terms];
    while (window !== undefined && terms !== undefined && this.#tasks.hasWaiting && window.isOpen) {
      const task = this.#tasks.nextWaiting()!;
      task.cmdSn = window.take();
      task.stage = "sent";
      this.#transmit(task.begin(terms));
    }
  }

  #transmit(pdus: Iterable<Outgoing>): void {
    this.#connection.send(this.#confirming(pdus));
  }

  /** Everything that goes out confirms what came in. */
  *#confirming(pdus: Iterable<Outgoing>): Generator<Outgoing> {
    for (const pdu of pdus) {
      putNumber(pdu.header, 28, 4, this.#window?.expStatSn ?? 0);
      yield pdu;
    }
  }

  #sendImmediate(header: Uint8Array, data: Uint8Array): void {
    putNumber(header, 24, 4, this.#window?.current ?? 0);
    this.#transmit([{ header, data }]);
  }

  async #ask(header: Uint8Array, limitMs: number, data: Uint8Array = noBytes): Promise<iscsi.Pdu> {
    const tag = this.#newTag();
    putNumber(header, 16, 4, tag);
    const answer = this.#exchanges.answer(tag, this.#nowMs() + limitMs);
    this.#sendImmediate(header, data);
    return await answer;
  }

  /** Makes the target forget a command: abort it, else reset its unit, else leave the target. An answer that comes meanwhile counts. */
  async #giveUp(task: Task, ending: StrongroomError): Promise<void> {
    task.end ??= this.#makeForget(task, ending);
    await task.end;
  }

  async #makeForget(task: Task, ending: StrongroomError): Promise<void> {
    if (task.stage === "waiting") {
      this.#tasks.drop([task], ending);
      return;
    }
    const { abortTask, logicalUnitReset } = iscsi.taskFunction;
    if (await this.#manage(task, { taskFunction: abortTask, referencedTag: task.tag, refCmdSn: task.cmdSn })) {
      this.#tasks.drop([task], ending);
      return;
    }
    if (!this.#tasks.has(task.tag)) return;
    if (await this.#manage(task, { taskFunction: logicalUnitReset, referencedTag: iscsi.noTag })) {
      this.#tasks.drop(this.#tasks.ofUnit(task.lun).filter(({ stage }) => stage === "sent"), ending);
      return;
    }
    this.#tasks.drop([task], ending);
    this.#connection.end(ended("the target does not end a command"));
  }

  /** Whether the target has done so. A task that it does not know has been answered, or never came. */
  async #manage(task: Task, request: ManagementRequest): Promise<boolean> {
    const header = iscsi.build(opcode.taskManagement, layout.taskManagement, { immediate: true, final: true, lun: task.lun, ...request });
    try {
      const answer = await this.#ask(header, this.#parts.timing.managementMs);
      const { response } = iscsi.parse(layout.taskManagementResponse, answer.header);
      const { complete, noSuchTask } = iscsi.taskResponse;
      return response === complete || (response === noSuchTask && request.taskFunction === iscsi.taskFunction.abortTask);
    } catch {
      return false;
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over;
    try {
      for (;;) {
        await this.#parts.clock.sleep(tickMs, signal);
        this.#tick(this.#nowMs());
      }
    } catch (thrown) {
      // Sleeping is cut short when the session is over.
      if (!signal.aborted) this.#connection.end(asStrongroomError(thrown));
    }
  }

  #tick(nowMs: number): void {
    if (this.#terms === undefined) {
      if (nowMs < this.#loginDeadlineMs) return;
      this.#connection.end(unreachable(iscsi.formatPortal(this.#parts.portal), "did not finish a login in time"));
      return;
    }
    this.#exchanges.expire(nowMs);
    for (const task of this.#tasks.overdue(nowMs)) {
      const seconds = Math.round(task.command.timeoutMs / 1000);
      void this.#giveUp(task, timedOut(this.#parts.name, seconds, task.stage === "sent"));
    }
    if (!this.#isPinging && nowMs - this.#heardMs >= this.#parts.timing.pingAfterMs) void this.#ping(nowMs);
  }

  async #ping(sinceMs: number): Promise<void> {
    this.#isPinging = true;
    const header = iscsi.build(opcode.nopOut, layout.nopOut, { immediate: true, final: true, transferTag: iscsi.noTag });
    try {
      await this.#ask(header, this.#parts.timing.pingAnswerMs);
    } catch {
      if (this.#heardMs <= sinceMs) this.#connection.end(ended("it has been silent for too long"));
    } finally {
      this.#isPinging = false;
    }
  }

  #update(header: Uint8Array, carriesStatus: boolean): void {
    this.#window?.update(iscsi.parse(layout.sequence, header), carriesStatus);
  }

  #newTag(): number {
    return this.#exchanges.newTag((tag) => this.#tasks.has(tag));
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}

type ManagementRequest = Partial<iscsi.Values<typeof layout.taskManagement>>;
