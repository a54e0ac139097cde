import { iscsi, status } from "../../src/scsi/index.ts";
import type { Clock, StrongroomError } from "../../src/words/index.ts";
import type { LibraryPort, Nexus, WireFault } from "../port/index.ts";
import { encodeSense, senseKey, type SenseFields } from "../wire/index.ts";
import { CommandOrder } from "./command-order.ts";
import type { TargetLimits } from "./contract.ts";
import type { MemoryAccount } from "./buffers.ts";
import { Execution } from "./execution.ts";
import { breach, gone } from "./failures.ts";
import type { Line, LineOwner } from "./line.ts";
import type { Guest } from "./login-desk.ts";
import { manage, type Managed } from "./management.ts";
import { Outbox } from "./outbox.ts";
import { Task, type Verdict } from "./task.ts";
import { maxReceiveBytes } from "./terms.ts";
import { TextDesk } from "./text-desk.ts";
import { watchSilence } from "./silence.ts";

const { layout, opcode, rejectReason } = iscsi;
const noSense = new Uint8Array(0);
/** Pings and texts, which are held until their turn comes. */
const smallSegmentBytes = 64 * 1024;

export interface SessionParts {
  readonly line: Line;
  readonly guest: Guest;
  readonly clock: Clock;
  readonly limits: TargetLimits;
  readonly memory: MemoryAccount;
  /** Undefined in a discovery session, which has texts only. */
  readonly unit: { readonly port: LibraryPort; readonly nexus: Nexus; sessions(): Iterable<Managed> } | undefined;
  readonly targets: readonly string[];
  readonly group: number;
  readonly firstCmdSn: number;
  readonly firstStatSn: number;
  /** Once, when the connection has ended. */
  left(): void;
}

/**
 * One session with its one connection, from the end of the login to the end of the connection. Everything that comes is taken synchronously, in the
 * order of the wire.
 */
export class Session implements LineOwner, Managed {
  readonly #parts: SessionParts;
  readonly #order: CommandOrder;
  readonly #outbox: Outbox;
  readonly #texts: TextDesk;
  readonly #execution: Execution | undefined;
  readonly #tasks = new Map<number, Task>();
  readonly #over = new AbortController();
  #terms: Guest["terms"];
  #scratch: Uint8Array | undefined;
  /** The command whose data are coming just now. */
  #incoming: Task | Refusal | undefined;
  #heardMs: number;
  #transferTag = 0;
  #isDeaf = false;

  constructor(parts: SessionParts) {
    const { line, guest, clock, limits, unit } = parts;
    this.#parts = parts;
    this.#terms = guest.terms;
    this.#order = new CommandOrder(parts.firstCmdSn, limits.tasks);
    this.#outbox = new Outbox(line, this.#order, parts.firstStatSn, () => this.#tasks.size);
    this.#texts = new TextDesk({
      outbox: this.#outbox, target: guest.target, targets: parts.targets, address: line.addresses.local, group: parts.group,
      maxSendBytes: () => this.#terms.maxSendBytes,
      resize: (maxSendBytes) => { this.#terms = { ...this.#terms, maxSendBytes }; },
    });
    this.#execution = unit === undefined ? undefined : new Execution({
      port: unit.port, nexus: unit.nexus, outbox: this.#outbox, terms: () => this.#terms, limits, memory: parts.memory,
      settled: (task) => { this.#forget(task); },
      dropped: () => { line.cut(); },
      befall: (wire) => { this.#befall(wire); },
    });
    this.#heardMs = clock.monotonicMs();
    void watchSilence(clock, limits.silenceMs, this.#over.signal, {
      heardMs: () => this.#heardMs,
      ping: () => { this.#ping(); },
      giveUp: () => { line.end(gone("the initiator has been silent for too long")); },
    });
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  tasks(): Iterable<Task> {
    return this.#tasks.values();
  }

  abort(task: Task): void {
    this.#execution?.abort(task);
  }

  abortForOther(task: Task): void {
    const { taskTag } = task.request;
    this.#execution?.abort(task);
    this.#outbox.answer(iscsi.build(opcode.scsiResponse, layout.scsiResponse, {
      final: true, taskTag, status: status.taskAborted, residualUnderflow: task.expectedBytes > 0, residualBytes: task.expectedBytes,
    }));
  }

  /** Tells the initiator, and ends the connection. */
  hangUp(): void {
    this.#outbox.farewell();
    this.#parts.line.end(gone("the target ends the session"));
  }

  ended(_why: StrongroomError): void {
    this.#over.abort();
    this.#execution?.stop();
    for (const task of [...this.#tasks.values()]) this.#execution?.abort(task);
    this.#parts.left();
  }

  roomFor(header: Uint8Array, dataBytes: number): Uint8Array | undefined {
    const { opcode: code, immediate } = iscsi.parse(layout.start, header);
    if (code === opcode.dataOut) return this.#guarded(header, () => this.#roomForData(header, dataBytes));
    if (code === opcode.scsiCommand) {
      const incoming = (this.#incoming ??= this.#admit(header));
      if (!(incoming instanceof Task)) return this.#nowhere(dataBytes);
      return this.#guarded(header, () => incoming.immediateRoom(dataBytes, this.#terms) ?? this.#nowhere(dataBytes));
    }
    // What may be held until its turn comes is small.
    return dataBytes <= (immediate ? maxReceiveBytes : smallSegmentBytes) ? new Uint8Array(dataBytes) : undefined;
  }

  received(pdu: iscsi.Pdu): void {
    const { header, data, isDataIntact } = pdu;
    this.#heardMs = this.#parts.clock.monotonicMs();
    const { opcode: code, immediate } = iscsi.parse(layout.start, header);
    if (!isDataIntact) this.#outbox.reject(header, rejectReason.dataDigest);
    if (code === opcode.dataOut) {
      this.#guarded(header, () => { this.#takeData(iscsi.parse(layout.dataOut, header), data.length, isDataIntact); });
    } else if (code === opcode.scsiCommand) {
      this.#guarded(header, () => { this.#takeCommand(pdu); });
    } else if (isDataIntact) {
      this.#takeRequest(code, immediate, pdu);
    } else if (!immediate) {
      throw breach("a request came damaged, and its number is lost");
    }
  }

  #takeRequest(code: number, immediate: boolean, pdu: iscsi.Pdu): void {
    const act = this.#handlers[code];
    if (act === undefined) {
      this.#outbox.reject(pdu.header, code === opcode.snack ? rejectReason.snack : rejectReason.notSupported);
      if (code === opcode.loginRequest) throw breach("it logs in for a second time");
      return;
    }
    this.#inOrder(iscsi.parse(layout.nopOut, pdu.header).cmdSn, immediate, () => { act(pdu); });
  }

  readonly #handlers: Readonly<Partial<Record<number, (pdu: iscsi.Pdu) => void>>> = {
    [opcode.nopOut]: ({ header, data }) => { this.#takePing(iscsi.parse(layout.nopOut, header), data); },
    [opcode.taskManagement]: (pdu) => { void this.#takeManagement(pdu.header); },
    [opcode.textRequest]: ({ header, data }) => { this.#texts.take(header, data); },
    [opcode.logoutRequest]: ({ header }) => { this.#takeLogout(iscsi.parse(layout.logoutRequest, header)); },
  };

  /** RFC 7143, 4.2.2.1: outside of the window a request is ignored, and one that comes before its turn is held. */
  #inOrder(cmdSn: number, immediate: boolean, act: () => void): void {
    if (immediate) act();
    else if (this.#order.admits(cmdSn)) this.#order.take(cmdSn, act);
  }

  /** Makes the task of a command; a reason where it is to be rejected. */
  #admit(header: Uint8Array): Task | Refusal {
    const request = iscsi.parse(layout.scsiCommand, header);
    const { limits } = this.#parts;
    if (!request.immediate && !this.#order.admits(request.cmdSn)) return { reason: undefined };
    if (this.#execution === undefined) return { reason: rejectReason.protocol };
    if (this.#tasks.has(request.taskTag)) return { reason: rejectReason.taskInProgress };
    if (request.immediate && this.#tasks.size >= limits.tasks * 2) return { reason: rejectReason.immediateCommand };
    const task = new Task(request, iscsi.decodeLun(request.lun) ?? noLun);
    this.#tasks.set(task.tag, task);
    if (!request.write || request.expectedBytes === 0) return task;
    if (request.read || request.expectedBytes > limits.transferBytes) task.verdict = refused(invalidFieldInCdb);
    else task.lease = this.#execution.lease(request.expectedBytes);
    if (task.lease === undefined) task.verdict ??= { status: status.taskSetFull, sense: noSense };
    return task;
  }

  #takeCommand({ header, data, additional, isDataIntact }: iscsi.Pdu): void {
    const incoming = this.#incoming ?? this.#admit(header);
    this.#incoming = undefined;
    const { cmdSn, immediate } = iscsi.parse(layout.scsiCommand, header);
    if (!(incoming instanceof Task)) {
      const { reason } = incoming;
      if (reason !== undefined) this.#inOrder(cmdSn, immediate, () => { this.#outbox.reject(header, reason); });
      return;
    }
    if (!isDataIntact) incoming.verdict ??= refused(damagedOnTheWay);
    // A command block of more than 16 bytes, or data in both directions: no unit has either.
    if (additional.length > 0) incoming.verdict ??= refused(invalidFieldInCdb);
    incoming.begun(data.length, this.#terms);
    this.#inOrder(cmdSn, immediate, () => {
      incoming.isInOrder = true;
      this.#advance(incoming);
    });
  }

  /** Data of a task that was aborted meanwhile go nowhere, and nobody minds. */
  #roomForData(header: Uint8Array, dataBytes: number): Uint8Array | undefined {
    const pdu = iscsi.parse(layout.dataOut, header);
    if (dataBytes > maxReceiveBytes) throw breach(`${String(dataBytes)} bytes of data came at once`);
    return this.#tasks.get(pdu.taskTag)?.roomFor(pdu, dataBytes, this.#terms) ?? this.#nowhere(dataBytes);
  }

  #takeData(pdu: iscsi.DataOut, dataBytes: number, isIntact: boolean): void {
    const task = this.#tasks.get(pdu.taskTag);
    if (task === undefined) return;
    task.received(pdu, dataBytes, this.#terms);
    if (!isIntact || task.isMisnumbered) task.verdict ??= refused(damagedOnTheWay);
    this.#advance(task);
  }

  /** Asks for what is missing, or gives the task to where it is carried out. */
  #advance(task: Task): void {
    if (!task.isInOrder || task.stage !== "gathering") return;
    const { verdict } = task;
    if (verdict !== undefined) {
      if (task.isQuiet) this.#execution?.conclude(task, verdict.status, verdict.sense);
      return;
    }
    if (task.isWhole) {
      this.#execution?.enqueue(task, task.request.attribute === iscsi.taskAttribute.headOfQueue);
      return;
    }
    task.isWithheld ??= this.#execution?.withholdsData(task) === true;
    if (task.isWithheld) return;
    for (;;) {
      const request = task.nextRequest(this.#terms, () => this.#newTransferTag());
      if (request === undefined) return;
      this.#outbox.ask(iscsi.build(opcode.readyToTransfer, layout.readyToTransfer, { final: true, ...request }));
    }
  }

  #takePing({ taskTag, lun }: iscsi.Values<typeof layout.nopOut>, data: Uint8Array): void {
    // Without a tag it answers a ping of ours: that it came is all that it says.
    if (taskTag === iscsi.noTag || this.#isDeaf) return;
    const header = iscsi.build(opcode.nopIn, layout.nopIn, { final: true, lun, taskTag, transferTag: iscsi.noTag });
    this.#outbox.answer(header, data.subarray(0, this.#terms.maxSendBytes));
  }

  async #takeManagement(header: Uint8Array): Promise<void> {
    const request = iscsi.parse(layout.taskManagement, header);
    const { unit } = this.#parts;
    if (unit === undefined) {
      this.#outbox.reject(header, rejectReason.protocol);
      return;
    }
    const response = await manage({ ...unit, own: this }, request);
    this.#outbox.answer(iscsi.build(opcode.taskManagementResponse, layout.taskManagementResponse, { final: true, response, taskTag: request.taskTag }));
    if (request.taskFunction === iscsi.taskFunction.targetColdReset && response === iscsi.taskResponse.complete) this.hangUp();
  }

  #takeLogout({ reason, connectionId, taskTag }: iscsi.Values<typeof layout.logoutRequest>): void {
    const { logoutReason, logoutResponse } = iscsi;
    const isOther = reason === logoutReason.closeConnection && connectionId !== this.#parts.guest.connectionId;
    const isLeaving = (reason === logoutReason.closeSession || reason === logoutReason.closeConnection) && !isOther;
    const response = isLeaving ? logoutResponse.closed : isOther ? logoutResponse.noSuchConnection : logoutResponse.recoveryNotSupported;
    this.#outbox.answer(iscsi.build(opcode.logoutResponse, layout.logoutResponse, { final: true, response, taskTag, waitSeconds: 2 }));
    if (isLeaving) this.#parts.line.end(gone("the initiator logged out"));
  }

  /** Before the answer that it befalls is sent. */
  #befall(wire: WireFault): void {
    if (wire === "wire-deaf") this.#isDeaf = true;
    else if (wire !== "wire-logout") this.#parts.line.spoilNext(wire);
    // The answer goes out first, in this turn of the event loop.
    else process.nextTick(() => { void this.#askToLogOut(); });
  }

  /** RFC 7143, 11.9.1: whoever is asked and does not leave in time is hung up on. */
  async #askToLogOut(): Promise<void> {
    this.#outbox.askToLogOut(logoutSeconds);
    try {
      await this.#parts.clock.sleep(logoutSeconds * 1000, this.#over.signal);
      this.#parts.line.end(gone("the initiator was asked to log out and did not"));
    } catch {
      // It has left.
    }
  }

  #ping(): void {
    this.#outbox.ask(iscsi.build(opcode.nopIn, layout.nopIn, { final: true, taskTag: iscsi.noTag, transferTag: this.#newTransferTag() }));
  }

  /** What breaks the rules is rejected, and ends the connection: there is no recovery at level 0. */
  #guarded<T>(header: Uint8Array, act: () => T): T {
    try {
      return act();
    } catch (thrown) {
      this.#outbox.reject(header, rejectReason.protocol);
      throw thrown;
    }
  }

  #nowhere(dataBytes: number): Uint8Array | undefined {
    if (dataBytes > maxReceiveBytes) return undefined;
    this.#scratch ??= new Uint8Array(maxReceiveBytes);
    return this.#scratch.subarray(0, dataBytes);
  }

  #newTransferTag(): number {
    this.#transferTag = iscsi.next(this.#transferTag) % iscsi.noTag;
    return this.#transferTag;
  }

  #forget(task: Task): void {
    if (this.#tasks.get(task.tag) === task) this.#tasks.delete(task.tag);
  }
}

/** A command that is not carried out: rejected for that reason, or ignored without one. */
interface Refusal {
  readonly reason: number | undefined;
}

const logoutSeconds = 3;
/** No unit has it; the port says so. */
const noLun = -1;
const invalidFieldInCdb: SenseFields = { key: senseKey.illegalRequest, code: 0x2400 };
/** RFC 7143, 11.4.7.2: PROTOCOL SERVICE CRC ERROR. */
const damagedOnTheWay: SenseFields = { key: 0x0b, code: 0x4705 };

function refused(sense: SenseFields): Verdict {
  return { status: status.checkCondition, sense: encodeSense(sense, false) };
}
