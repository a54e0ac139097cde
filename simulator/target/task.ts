import { iscsi } from "../../src/scsi/index.ts";
import type { Lease } from "./buffers.ts";
import { breach } from "./failures.ts";
import type { SessionTerms } from "./terms.ts";

/** Where a task stands. What is `over` waits for nothing but data that are still on their way and go nowhere. */
export type Stage = "gathering" | "queued" | "running" | "hanging" | "over";

interface Burst {
  readonly transferTag: number;
  readonly endBytes: number;
  nextDataSn: number;
}

/** An answer that was found before the device was asked. */
export interface Verdict {
  readonly status: number;
  readonly sense: Uint8Array;
}

/**
 * One SCSI command as it comes in: the command, the data that come with it, those that follow unasked, and those that are asked for (RFC 7143,
 * 4.2.5.2). Data are always in order, so one count says how far they are.
 */
export class Task {
  readonly request: iscsi.ScsiCommandRequest;
  readonly lun: number;
  stage: Stage = "gathering";
  /** Where its data are; undefined where there are none, or where they go nowhere. */
  lease: Lease | undefined;
  /** Set where the device shall not see it: answered once nothing more is on its way. */
  verdict: Verdict | undefined;
  /** A fault keeps its data from being asked for; undefined while nobody has looked. */
  isWithheld: boolean | undefined;
  /** For whoever carries it out. */
  readonly aborting = new AbortController();
  /** CmdSN has let it through. */
  isInOrder = false;
  /** A PDU of its data had another number than was due: one before it must have been lost (RFC 7143, 7.9). */
  isMisnumbered = false;
  #receivedBytes = 0;
  #isUnaskedOver: boolean;
  #nextDataSn = 0;
  #askedBytes = 0;
  #r2tSn = 0;
  readonly #bursts: Burst[] = [];

  constructor(request: iscsi.ScsiCommandRequest, lun: number) {
    this.request = request;
    this.lun = lun;
    this.#isUnaskedOver = request.final || !request.write;
  }

  get tag(): number {
    return this.request.taskTag;
  }

  get expectedBytes(): number {
    return this.request.expectedBytes;
  }

  /** Whether nothing more is on its way. */
  get isQuiet(): boolean {
    return this.#isUnaskedOver && this.#bursts.length === 0;
  }

  get isWhole(): boolean {
    return !this.request.write || (this.#isUnaskedOver && this.#receivedBytes >= this.expectedBytes);
  }

  /** The place for data that come with the command itself. Throws where the terms do not allow them. */
  immediateRoom(dataBytes: number, terms: SessionTerms): Uint8Array | undefined {
    const limit = Math.min(this.expectedBytes, terms.firstBurstBytes);
    if (!this.request.write || !terms.immediateData || dataBytes > limit) throw breach(`${String(dataBytes)} bytes came with a command`);
    return this.lease?.bytes.subarray(0, dataBytes);
  }

  /** The command and what came with it are here. */
  begun(dataBytes: number, terms: SessionTerms): void {
    if (!this.request.final && (terms.initialR2t || !this.request.write)) throw breach("a command announces data that may not come unasked");
    this.#receivedBytes = dataBytes;
    // RFC 7143, 11.3.1: nothing follows where nothing is left.
    if (this.#receivedBytes >= Math.min(this.expectedBytes, terms.firstBurstBytes)) this.#isUnaskedOver = true;
  }

  /** Where the data of that PDU go; undefined: nowhere. Throws when they are not what comes next. */
  roomFor(pdu: iscsi.DataOut, dataBytes: number, terms: SessionTerms): Uint8Array | undefined {
    this.#check(pdu, dataBytes, terms);
    return this.lease?.bytes.subarray(pdu.offsetBytes, pdu.offsetBytes + dataBytes);
  }

  received(pdu: iscsi.DataOut, dataBytes: number, terms: SessionTerms): void {
    this.#check(pdu, dataBytes, terms);
    this.#receivedBytes += dataBytes;
    const burst = this.#bursts[0];
    this.isMisnumbered ||= pdu.dataSn !== (pdu.transferTag === iscsi.noTag ? this.#nextDataSn : burst?.nextDataSn);
    if (pdu.transferTag === iscsi.noTag || burst === undefined) {
      this.#nextDataSn += 1;
      this.#isUnaskedOver ||= pdu.final;
      return;
    }
    burst.nextDataSn += 1;
    if (pdu.final) this.#bursts.shift();
  }

  #check({ transferTag, offsetBytes, final }: iscsi.DataOut, dataBytes: number, terms: SessionTerms): void {
    if (offsetBytes !== this.#receivedBytes) throw breach(`data at ${String(offsetBytes)} came where ${String(this.#receivedBytes)} was due`);
    const end = offsetBytes + dataBytes;
    if (transferTag === iscsi.noTag) {
      if (this.#isUnaskedOver) throw breach("data came that nobody asked for");
      const limit = Math.min(this.expectedBytes, terms.firstBurstBytes);
      if (end > limit || (end === limit && !final)) throw breach(`data up to ${String(end)} came unasked`);
      return;
    }
    const burst = this.#bursts[0];
    if (burst?.transferTag !== transferTag) throw breach("data came for another request than the one whose turn it is");
    if (end > burst.endBytes) throw breach(`data up to ${String(end)} came where fewer were asked for`);
    if (final !== (end === burst.endBytes)) throw breach("a sequence of data ends where it should not, or does not where it should");
  }

  /** The next request for data, where one may be made now. Nothing is asked for a task that is decided already. */
  nextRequest(terms: SessionTerms, newTransferTag: () => number): Partial<iscsi.ReadyToTransfer> | undefined {
    if (this.verdict !== undefined || !this.request.write || !this.#isUnaskedOver) return undefined;
    const offsetBytes = Math.max(this.#askedBytes, this.#receivedBytes);
    if (offsetBytes >= this.expectedBytes || this.#bursts.length >= terms.maxOutstandingR2t) return undefined;
    const wantedBytes = Math.min(terms.maxBurstBytes, this.expectedBytes - offsetBytes);
    this.#askedBytes = offsetBytes + wantedBytes;
    const burst: Burst = { transferTag: newTransferTag(), endBytes: this.#askedBytes, nextDataSn: 0 };
    this.#bursts.push(burst);
    const r2tSn = this.#r2tSn;
    this.#r2tSn += 1;
    return { lun: this.request.lun, taskTag: this.tag, transferTag: burst.transferTag, r2tSn, offsetBytes, wantedBytes };
  }
}
