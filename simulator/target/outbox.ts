import { iscsi, putNumber } from "../../src/scsi/index.ts";
import type { CommandOrder } from "./command-order.ts";
import type { Line } from "./line.ts";

const { layout, opcode } = iscsi;

/** What goes out, each with the numbers that tell where the session stands (RFC 7143, 4.2.2). */
export class Outbox {
  readonly #line: Line;
  readonly #order: CommandOrder;
  readonly #tasksUnderWay: () => number;
  #statSn: number;

  constructor(line: Line, order: CommandOrder, statSn: number, tasksUnderWay: () => number) {
    this.#line = line;
    this.#order = order;
    this.#statSn = statSn;
    this.#tasksUnderWay = tasksUnderWay;
  }

  /** An answer: it has a StatSN of its own. */
  answer(header: Uint8Array, data?: Uint8Array, sent?: () => void): void {
    const statSn = this.#statSn;
    this.#statSn = iscsi.next(statSn);
    this.#send(statSn, header, data, sent);
  }

  /** R2T and pings tell the next StatSN and do not use it up. */
  ask(header: Uint8Array): void {
    this.#send(this.#statSn, header);
  }

  /** Data without status have none. */
  dataIn(header: Uint8Array, data: Uint8Array, sent?: () => void): void {
    this.#send(0, header, data, sent);
  }

  reject(rejected: Uint8Array, reason: number): void {
    this.answer(iscsi.build(opcode.reject, layout.reject, { final: true, reason, taskTag: iscsi.noTag }), rejected.slice());
  }

  /** RFC 7143, 11.9: all of this session's connections end, and it may come back at once. */
  farewell(): void {
    const header = iscsi.build(opcode.asyncMessage, layout.asyncMessage, { final: true, event: iscsi.asyncEvent.sessionEnds });
    putNumber(header, 16, 4, iscsi.noTag);
    this.answer(header);
  }

  /** RFC 7143, 11.9.1, event 1. */
  askToLogOut(withinSeconds: number): void {
    const header = iscsi.build(opcode.asyncMessage, layout.asyncMessage, { final: true, event: iscsi.asyncEvent.logoutWanted, parameter3: withinSeconds });
    putNumber(header, 16, 4, iscsi.noTag);
    this.answer(header);
  }

  #send(statSn: number, header: Uint8Array, data?: Uint8Array, sent?: () => void): void {
    putNumber(header, 24, 4, statSn);
    putNumber(header, 32, 4, this.#order.lastWith(this.#tasksUnderWay()));
    putNumber(header, 28, 4, this.#order.expected);
    this.#line.send(header, data, sent);
  }
}
