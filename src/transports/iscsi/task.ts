import { iscsi, type ScsiCommand, type ScsiCompletion, status } from "../../scsi/index.ts";
import type { StrongroomError } from "../../words/index.ts";
import { breach } from "./failures.ts";
import type { SessionTerms } from "./terms.ts";

const noBytes: Uint8Array = new Uint8Array(0);

/** A header that is not sequenced yet, with the data that follow it. */
export interface Outgoing {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
}

export type Stage = "waiting" | "sent";

/**
 * One command under way: where its data go and come from, and what would be a wrong next step of the target. Data move in order
 * (DataPDUInOrder and DataSequenceInOrder are always agreed), so one count each says how far they are.
 */
export class Task {
  readonly tag: number;
  readonly lun: Uint8Array;
  readonly command: ScsiCommand;
  stage: Stage = "waiting";
  /** Set once the command is given up: done when the target has forgotten it. */
  end: Promise<void> | undefined;
  /** Monotonic time after which the command is given up. */
  readonly deadlineMs: number;
  cmdSn = 0;
  readonly #settled = Promise.withResolvers<ScsiCompletion>();
  readonly #dataOut: Uint8Array;
  readonly #dataIn: Uint8Array;
  #receivedBytes = 0;
  #sentBytes = 0;
  #dataSn = 0;
  #r2tSn = 0;

  constructor(tag: number, lun: Uint8Array, command: ScsiCommand, deadlineMs: number) {
    this.tag = tag;
    this.lun = lun;
    this.command = command;
    this.deadlineMs = deadlineMs;
    this.#dataOut = command.dataOut ?? noBytes;
    this.#dataIn = command.dataIn ?? noBytes;
  }

  get completion(): Promise<ScsiCompletion> {
    return this.#settled.promise;
  }

  resolve(completion: ScsiCompletion): void {
    this.#settled.resolve(completion);
  }

  reject(error: StrongroomError): void {
    this.#settled.reject(error);
  }

  /** The command itself with the data that need not be asked for. */
  *begin(terms: SessionTerms): Generator<Outgoing> {
    const [out, room] = [this.#dataOut, this.#dataIn];
    const unasked = Math.min(out.length, terms.firstBurstBytes);
    const immediate = terms.immediateData ? Math.min(unasked, terms.maxSendBytes) : 0;
    const unsolicited = terms.initialR2t ? immediate : unasked;
    const header = iscsi.build(iscsi.opcode.scsiCommand, iscsi.layout.scsiCommand, {
      final: unsolicited === immediate, read: room.length > 0, write: out.length > 0, attribute: iscsi.taskAttribute.simple, lun: this.lun,
      taskTag: this.tag, expectedBytes: Math.max(out.length, room.length), cdb: this.command.cdb, cmdSn: this.cmdSn,
    });
    this.#sentBytes = immediate;
    yield { header, data: out.subarray(0, immediate) };
    yield* this.#burst(iscsi.noTag, unsolicited, terms);
  }

  /** What the target asks for (RFC 7143, 11.8). */
  *send(request: iscsi.ReadyToTransfer, terms: SessionTerms): Generator<Outgoing> {
    const { offsetBytes, wantedBytes, r2tSn, transferTag } = request;
    if (r2tSn !== this.#r2tSn) throw breach(`request ${String(r2tSn)} for data came where ${String(this.#r2tSn)} was due`);
    if (offsetBytes !== this.#sentBytes) throw breach(`it asks for data at ${String(offsetBytes)} where ${String(this.#sentBytes)} is next`);
    const isTooMuch = wantedBytes > terms.maxBurstBytes || offsetBytes + wantedBytes > this.#dataOut.length;
    if (wantedBytes === 0 || isTooMuch || transferTag === iscsi.noTag) throw breach(`it asks for ${String(wantedBytes)} bytes at once`);
    this.#r2tSn += 1;
    yield* this.#burst(transferTag, offsetBytes + wantedBytes, terms);
  }

  *#burst(transferTag: number, endBytes: number, terms: SessionTerms): Generator<Outgoing> {
    for (let dataSn = 0; this.#sentBytes < endBytes; dataSn += 1) {
      const offsetBytes = this.#sentBytes;
      const data = this.#dataOut.subarray(offsetBytes, Math.min(endBytes, offsetBytes + terms.maxSendBytes));
      this.#sentBytes += data.length;
      const final = this.#sentBytes === endBytes;
      const header = iscsi.build(iscsi.opcode.dataOut, iscsi.layout.dataOut, {
        final, lun: this.lun, taskTag: this.tag, transferTag, dataSn, offsetBytes,
      });
      yield { header, data };
    }
  }

  /** Where the data of that PDU go. Throws when they are not what comes next. */
  roomFor(pdu: iscsi.DataIn, dataBytes: number): Uint8Array {
    this.#check(pdu, dataBytes);
    return this.#dataIn.subarray(pdu.offsetBytes, pdu.offsetBytes + dataBytes);
  }

  received(pdu: iscsi.DataIn, dataBytes: number): void {
    this.#check(pdu, dataBytes);
    this.#receivedBytes += dataBytes;
    this.#dataSn += 1;
  }

  #check(pdu: iscsi.DataIn, dataBytes: number): void {
    if (pdu.dataSn !== this.#dataSn || pdu.offsetBytes !== this.#receivedBytes || pdu.offsetBytes + dataBytes > this.#dataIn.length) {
      throw breach(`data ${String(pdu.dataSn)} at ${String(pdu.offsetBytes)} came where ${String(this.#dataSn)} at ${String(this.#receivedBytes)} was due`);
    }
  }

  /**
   * The end of the command. For what came in we count ourselves; what went out only the target knows. Some targets report a truncated answer
   * as overflow and a filemark without a residual, which both change nothing; but success with less data than it claims is data lost on the way.
   */
  complete(code: number, sense: Uint8Array, residual: Residual): ScsiCompletion {
    const expected = Math.max(this.#dataOut.length, this.#dataIn.length);
    const claimed = expected - (residual.isUnderflow ? residual.bytes : 0);
    if (claimed < 0) throw breach(`it left over ${String(residual.bytes)} of ${String(expected)} bytes`);
    const moved = this.#dataOut.length > 0 ? this.#sentBytes : this.#receivedBytes;
    const isGood = code === status.good || code === status.conditionMet;
    if (isGood && moved < claimed) throw breach(`it says that ${String(claimed)} bytes moved, where ${String(moved)} did`);
    return { status: code, sense: code === status.checkCondition ? sense : noBytes, transferredBytes: Math.min(moved, claimed) };
  }
}

export interface Residual {
  readonly isUnderflow: boolean;
  readonly bytes: number;
}
