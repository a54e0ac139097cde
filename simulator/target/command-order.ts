import { iscsi } from "../../src/scsi/index.ts";

/**
 * The order of requests in a session (RFC 7143, 4.2.2.1): each but the immediate ones has the next CmdSN, and is held until those before it
 * have come. The window closes as tasks fill it, and never moves back.
 */
export class CommandOrder {
  readonly #tasksMax: number;
  readonly #held = new Map<number, () => void>();
  #expected: number;
  #last: number;

  constructor(firstCmdSn: number, tasksMax: number) {
    this.#tasksMax = tasksMax;
    this.#expected = firstCmdSn;
    this.#last = iscsi.next(firstCmdSn, tasksMax - 1);
  }

  get expected(): number {
    return this.#expected;
  }

  /** MaxCmdSN, where that many tasks are under way. */
  lastWith(tasksUnderWay: number): number {
    const last = iscsi.next(this.#expected, this.#tasksMax - tasksUnderWay + 0xffff_ffff);
    if (iscsi.isBefore(this.#last, last)) this.#last = last;
    return this.#last;
  }

  /** Whether a request with that number may be taken now; outside of the window, and for the second time, it is to be ignored. */
  admits(cmdSn: number): boolean {
    return !iscsi.isBefore(cmdSn, this.#expected) && !iscsi.isBefore(this.#last, cmdSn) && !this.#held.has(cmdSn);
  }

  /** Does it when its turn has come. Only for what is admitted. */
  take(cmdSn: number, act: () => void): void {
    if (cmdSn !== this.#expected) {
      this.#held.set(cmdSn, act);
      return;
    }
    this.#expected = iscsi.next(this.#expected);
    act();
    for (let next = this.#held.get(this.#expected); next !== undefined; next = this.#held.get(this.#expected)) {
      this.#held.delete(this.#expected);
      this.#expected = iscsi.next(this.#expected);
      next();
    }
  }
}
