import { iscsi, type ScsiCompletion, status } from "../../src/scsi/index.ts";
import type { Delivery } from "../port/index.ts";
import type { Outbox } from "./outbox.ts";
import type { Task } from "./task.ts";
import type { SessionTerms } from "./terms.ts";

const { layout, opcode } = iscsi;

/** How the device answered. */
export type Answered = Extract<Delivery, { readonly kind: "completion" }>;

type Residual = Pick<iscsi.ScsiResponse, "residualOverflow" | "residualUnderflow" | "residualBytes">;

/** RFC 7143, 11.4.5: what the device would have moved beside what the initiator was prepared for. */
function residualOf(expectedBytes: number, wantedBytes: number): Residual {
  const bytes = wantedBytes - expectedBytes;
  return { residualOverflow: bytes > 0, residualUnderflow: bytes < 0, residualBytes: Math.abs(bytes) };
}

/**
 * Sends the end of a command, and before it the data that it read: segments as long as the initiator takes them, the status with the last one
 * where that is GOOD. `data` is not copied, and is needed until `sent` has been called, which always happens.
 */
export function answerTask(outbox: Outbox, terms: SessionTerms, task: Task, { completion, overflowBytes = 0 }: Answered, data: Uint8Array, sent: () => void): void {
  const { taskTag, expectedBytes, read } = task.request;
  const residual = residualOf(expectedBytes, completion.transferredBytes + overflowBytes);
  const movedBytes = read ? Math.min(completion.transferredBytes, expectedBytes, data.length) : 0;
  const isCollapsed = movedBytes > 0 && completion.status === status.good;
  let dataSn = 0;
  for (let at = 0; at < movedBytes; dataSn += 1) {
    const inBurst = at % terms.maxBurstBytes;
    const end = Math.min(movedBytes, at + Math.min(terms.maxSendBytes, terms.maxBurstBytes - inBurst));
    const isLast = end === movedBytes;
    const final = isLast || end % terms.maxBurstBytes === 0;
    const status = isLast && isCollapsed ? { hasStatus: true, status: completion.status, ...residual } : {};
    const header = iscsi.build(opcode.dataIn, layout.dataIn, { final, taskTag, transferTag: iscsi.noTag, dataSn, offsetBytes: at, ...status });
    const piece = data.subarray(at, end);
    if (isLast && isCollapsed) outbox.answer(header, piece, sent);
    else outbox.dataIn(header, piece, isLast ? sent : undefined);
    at = end;
  }
  if (movedBytes === 0) sent();
  if (!isCollapsed) respond(outbox, taskTag, completion, residual, dataSn);
}

const targetFailure = 0x01;

/** The command ends without a status, since nothing gave one. */
export function failTask(outbox: Outbox, { request: { taskTag } }: Task): void {
  outbox.answer(iscsi.build(opcode.scsiResponse, layout.scsiResponse, { final: true, taskTag, response: targetFailure }));
}

function respond(outbox: Outbox, taskTag: number, completion: ScsiCompletion, residual: Residual, expDataSn: number): void {
  const header = iscsi.build(opcode.scsiResponse, layout.scsiResponse, { final: true, taskTag, status: completion.status, ...residual, expDataSn });
  outbox.answer(header, completion.sense.length === 0 ? undefined : iscsi.responseSegment(completion.sense));
}
