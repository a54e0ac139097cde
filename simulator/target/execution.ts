import { type ScsiCommand, status } from "../../src/scsi/index.ts";
import type { Delivery, LibraryPort, Nexus, WireFault } from "../port/index.ts";
import { encodeSense, senseKey } from "../wire/index.ts";
import { type Answered, answerTask, failTask } from "./answering.ts";
import { BufferStock, type Lease, type MemoryAccount } from "./buffers.ts";
import type { TargetLimits } from "./contract.ts";
import { Lanes } from "./lanes.ts";
import type { Outbox } from "./outbox.ts";
import type { Task } from "./task.ts";
import type { SessionTerms } from "./terms.ts";

export interface ExecutionParts {
  readonly port: LibraryPort;
  readonly nexus: Nexus;
  readonly outbox: Outbox;
  /** As they are now: an initiator may change what it takes. */
  terms(): SessionTerms;
  readonly limits: TargetLimits;
  readonly memory: MemoryAccount;
  /** The task is over and answered, or never will be. */
  settled(task: Task): void;
  /** The device let the connection break. */
  dropped(): void;
  /** What happens to the answer that is sent next. */
  befall(wire: WireFault): void;
}

/** Room beyond what the initiator expects, so that a device that has more to say shows by how much (residual overflow). */
const overflowBytes = 64 * 1024;
/** Whoever carries commands waits for the initiator to lose patience. */
const timeoutMs = 24 * 3600 * 1000;
const noBytes: Uint8Array = new Uint8Array(0);

/** Runs the commands of one session and answers them. Their data are in memory of a limited size: a read waits until there is room. */
export class Execution {
  readonly #parts: ExecutionParts;
  readonly #stock: BufferStock;
  readonly #lanes = new Lanes();
  #overflow: Uint8Array | undefined;
  #isOver = false;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
    this.#stock = new BufferStock(parts.limits.sessionBytes, parts.memory);
  }

  /** Memory for data that a command brings; undefined when there is none at present. */
  lease(sizeBytes: number): Lease | undefined {
    return this.#stock.lease(sizeBytes);
  }

  /** All of its data have come. */
  enqueue(task: Task, isFirst: boolean): void {
    this.#lanes.add(task, isFirst);
    this.#pump(task.lun);
  }

  /** Answers a task that no device has seen. */
  conclude(task: Task, code: number, sense: Uint8Array): void {
    this.#finish(task, { kind: "completion", completion: { status: code, sense, transferredBytes: 0 } }, noBytes, undefined);
    this.#discard(task);
    this.#pumpAll();
  }

  /** Whether a fault has it that the data of this task are never asked for. */
  withholdsData(task: Task): boolean {
    return this.#parts.port.withholdsData(task.lun, { cdb: commandBlock(task), timeoutMs });
  }

  /** The task has no effect any more, or its effect is not told; nothing is answered. */
  abort(task: Task): void {
    const { stage } = task;
    task.stage = "over";
    task.aborting.abort();
    this.#lanes.remove(task);
    if (stage === "hanging") this.#lanes.end(task);
    // What a running one reads or writes is given back at its end.
    if (stage !== "running") this.#discard(task);
    this.#parts.settled(task);
    this.#pumpAll();
  }

  /** Nothing begins any more. */
  stop(): void {
    this.#isOver = true;
    this.#stock.close();
  }

  /** Memory was given back, or a unit: whoever waited for either goes on. */
  #pumpAll(): void {
    for (const lun of this.#lanes.waitingUnits()) this.#pump(lun);
  }

  #pump(lun: number): void {
    if (this.#isOver) return;
    const task = this.#lanes.next(lun);
    if (task === undefined) return;
    const { read, write, expectedBytes } = task.request;
    if (read && !write) {
      task.lease = this.#stock.lease(Math.min(expectedBytes, this.#parts.limits.transferBytes) + overflowBytes);
      if (task.lease === undefined) {
        // Others have it all: nothing of ours would ever wake it.
        if (this.#stock.isIdle) this.#refuse(task);
        return;
      }
    }
    this.#lanes.begin(task);
    task.stage = "running";
    void this.#run(task);
  }

  #refuse(task: Task): void {
    this.#lanes.remove(task);
    this.conclude(task, status.busy, noBytes);
  }

  async #run(task: Task): Promise<void> {
    const delivery = await this.#deliver(task);
    if (task.stage === "over" || delivery.kind === "aborted") {
      this.#lanes.end(task);
      this.#giveBack(task);
      this.#pumpAll();
      return;
    }
    if (delivery.kind === "hanging") {
      task.stage = "hanging";
      return;
    }
    this.#lanes.end(task);
    if (delivery.kind === "dropped") {
      this.#parts.dropped();
      return;
    }
    const { lease } = task;
    task.lease = undefined;
    if (delivery.kind === "completion" && delivery.wire !== undefined) this.#parts.befall(delivery.wire);
    if (delivery.kind === "unreachable") this.#fail(task, lease);
    else this.#finish(task, delivery, task.request.write ? noBytes : (lease?.bytes ?? noBytes), lease);
    this.#pump(task.lun);
  }

  async #deliver(task: Task): Promise<Delivery> {
    const { port, nexus } = this.#parts;
    try {
      return await port.deliver(task.lun, nexus, this.#commandOf(task), task.aborting.signal);
    } catch {
      // What keeps the library failed: a device would say the same of itself (SPC-5, 44/00 INTERNAL TARGET FAILURE).
      const sense = encodeSense({ key: senseKey.hardwareError, code: 0x4400 }, false);
      return { kind: "completion", completion: { status: status.checkCondition, sense, transferredBytes: 0 } };
    }
  }

  #commandOf(task: Task): ScsiCommand {
    const { request, lease } = task;
    const cdb = commandBlock(task);
    if (request.write) return { cdb, dataOut: lease?.bytes.subarray(0, request.expectedBytes) ?? noBytes, timeoutMs };
    return { cdb, dataIn: lease?.bytes ?? (this.#overflow ??= new Uint8Array(overflowBytes)), timeoutMs };
  }

  #finish(task: Task, answered: Answered, data: Uint8Array, lease: Lease | undefined): void {
    task.stage = "over";
    this.#parts.settled(task);
    answerTask(this.#parts.outbox, this.#parts.terms(), task, answered, data, () => {
      if (lease === undefined) return;
      this.#stock.giveBack(lease);
      this.#pumpAll();
    });
  }

  /** RFC 7143, 11.4.3: what the target stands for cannot be reached. Other units of the session go on. */
  #fail(task: Task, lease: Lease | undefined): void {
    task.stage = "over";
    this.#parts.settled(task);
    failTask(this.#parts.outbox, task);
    if (lease !== undefined) this.#stock.giveBack(lease);
  }

  #giveBack(task: Task): void {
    if (task.lease !== undefined) this.#stock.giveBack(task.lease);
    task.lease = undefined;
  }

  /** Data may be on their way into it: it is never used again. */
  #discard(task: Task): void {
    if (task.lease !== undefined) this.#stock.forget(task.lease);
    task.lease = undefined;
  }
}

function commandBlock({ request: { cdb } }: Task): Uint8Array {
  return cdb.subarray(0, cdbBytes(cdb[0] ?? 0));
}

/** SPC-5, 4.2.5.1: the group code tells the length. What has none is taken as it came. */
function cdbBytes(opcode: number): number {
  return [6, 10, 10, 16, 16, 12, 16, 16][opcode >>> 5]!;
}
