import { iscsi } from "../../src/scsi/index.ts";
import type { Outbox } from "./outbox.ts";

const { layout, opcode } = iscsi;
const textLimitBytes = 64 * 1024;
const transferTag = 1;
const noBytes = new Uint8Array(0);

export interface TextParts {
  readonly outbox: Outbox;
  /** The largest segment that the initiator takes, as of now. */
  maxSendBytes(): number;
  /** The initiator has declared another one. */
  resize(maxSendBytes: number): void;
  /** The target of this session; undefined in a discovery session. */
  readonly target: string | undefined;
  readonly targets: readonly string[];
  readonly address: iscsi.Portal;
  readonly group: number;
}

/** Text requests of a session that has logged in (RFC 7143, 11.10 and appendix C): which targets there are, and little else. */
export class TextDesk {
  readonly #parts: TextParts;
  #text = new iscsi.TextGatherer(textLimitBytes);
  /** What did not fit into one answer. */
  #rest: Uint8Array = noBytes;

  constructor(parts: TextParts) {
    this.#parts = parts;
  }

  take(header: Uint8Array, data: Uint8Array): void {
    const request = iscsi.parse(layout.textRequest, header);
    if (request.transferTag === iscsi.noTag) {
      this.#text = request.more || this.#isGathering ? this.#text : new iscsi.TextGatherer(textLimitBytes);
      this.#rest = noBytes;
    } else if (request.transferTag !== transferTag || (this.#rest.length === 0 && !this.#isGathering)) {
      this.#parts.outbox.reject(header, iscsi.rejectReason.protocol);
      return;
    }
    if (request.more && request.final) {
      this.#parts.outbox.reject(header, iscsi.rejectReason.protocol);
      return;
    }
    if (this.#rest.length > 0) {
      this.#answer(request.taskTag);
      return;
    }
    this.#gather(header, request, data);
  }

  #isGathering = false;

  #gather(header: Uint8Array, request: iscsi.Values<typeof layout.textRequest>, data: Uint8Array): void {
    const isTaken = this.#text.add(data);
    this.#isGathering = request.more && isTaken;
    if (this.#isGathering) {
      this.#send(request.taskTag, { final: false, transferTag }, noBytes);
      return;
    }
    const pairs = isTaken ? this.#text.take() : undefined;
    const answers = pairs === undefined ? undefined : this.#answersTo(pairs);
    this.#text = new iscsi.TextGatherer(textLimitBytes);
    if (answers === undefined) {
      this.#parts.outbox.reject(header, iscsi.rejectReason.protocol);
      return;
    }
    this.#rest = iscsi.encodeText(answers);
    this.#answer(request.taskTag);
  }

  #answersTo(pairs: readonly iscsi.Pair[]): readonly iscsi.Pair[] | undefined {
    if (new Set(pairs.map(([key]) => key)).size !== pairs.length) return undefined;
    const answers: iscsi.Pair[] = [];
    for (const [key, value] of pairs) {
      if (key === "SendTargets") answers.push(...this.#targets(value));
      else if (key === "MaxRecvDataSegmentLength") answers.push(...this.#declared(key, value));
      else if (key !== "InitiatorAlias") answers.push([key, iscsi.keys[key] === undefined ? "NotUnderstood" : "Reject"]);
    }
    const text = iscsi.encodeText(answers);
    return text.length > textLimitBytes ? undefined : answers;
  }

  #declared(key: string, value: string): readonly iscsi.Pair[] {
    if (!iscsi.isWellFormed(key, value)) return [[key, "Reject"]];
    this.#parts.resize(iscsi.numericValue(value)!);
    return [];
  }

  /** In a normal session only the target itself can be asked for, by an empty value or by its name (RFC 7143, appendix C). */
  #targets(value: string): readonly iscsi.Pair[] {
    const { target, targets, address, group } = this.#parts;
    if (value === "All" && target !== undefined) return [["SendTargets", "Reject"]];
    if (value === "" && target === undefined) return [["SendTargets", "Reject"]];
    const shown = value === "All" ? targets : targets.filter((name) => name === (value === "" ? target : value) && (target === undefined || name === target));
    return shown.flatMap((name) => [["TargetName", name] as const, ["TargetAddress", `${iscsi.formatPortal(address)},${String(group)}`] as const]);
  }

  /** As much as the initiator takes at once; the rest when it asks for it. */
  #answer(taskTag: number): void {
    const now = this.#rest.subarray(0, this.#parts.maxSendBytes());
    this.#rest = this.#rest.subarray(now.length);
    const isLast = this.#rest.length === 0;
    this.#send(taskTag, isLast ? { final: true, transferTag: iscsi.noTag } : { final: false, more: true, transferTag }, now);
  }

  #send(taskTag: number, values: { readonly final: boolean; readonly more?: boolean; readonly transferTag: number }, data: Uint8Array): void {
    this.#parts.outbox.answer(iscsi.build(opcode.textResponse, layout.textResponse, { ...values, taskTag }), data);
  }
}
