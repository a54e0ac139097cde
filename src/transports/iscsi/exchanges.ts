import { iscsi } from "../../scsi/index.ts";
import { breach, ended } from "./failures.ts";
import type { StrongroomError } from "../../words/index.ts";

interface Exchange {
  readonly deadlineMs: number;
  readonly settled: PromiseWithResolvers<iscsi.Pdu>;
}

/** Requests that are no SCSI commands, and the answers they wait for. Also gives every request its tag. */
export class Exchanges {
  readonly #open = new Map<number, Exchange>();
  #lastTag = 1;

  /** A tag that nothing under way has: 2^32 - 1 of them go round. */
  newTag(isTaken: (tag: number) => boolean): number {
    do {
      this.#lastTag = this.#lastTag >= iscsi.noTag - 1 ? 0 : this.#lastTag + 1;
    } while (this.#open.has(this.#lastTag) || isTaken(this.#lastTag));
    return this.#lastTag;
  }

  /** The answer, once it comes; rejects at the deadline. */
  async answer(tag: number, deadlineMs: number): Promise<iscsi.Pdu> {
    const exchange: Exchange = { deadlineMs, settled: Promise.withResolvers() };
    this.#open.set(tag, exchange);
    try {
      return await exchange.settled.promise;
    } finally {
      this.#open.delete(tag);
    }
  }

  has(tag: number): boolean {
    return this.#open.has(tag);
  }

  answered(tag: number, pdu: iscsi.Pdu): void {
    const exchange = this.#open.get(tag);
    if (exchange === undefined) throw breach("an answer came to a question that was not asked");
    exchange.settled.resolve(pdu);
  }

  expire(nowMs: number): void {
    for (const { deadlineMs, settled } of this.#open.values()) {
      if (nowMs >= deadlineMs) settled.reject(ended("the target does not answer in time"));
    }
  }

  fail(why: StrongroomError): void {
    for (const { settled } of this.#open.values()) settled.reject(why);
  }
}
