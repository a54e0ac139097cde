import { type ScsiCommand, status } from "../../../src/scsi/index.ts";
import { type Outcome, type SenseFields, senseKey, senses } from "../../wire/index.ts";
import type { DriveAlerts } from "./drive-alerts.ts";
import { alertFlags } from "./flags.ts";

const writes: ReadonlySet<number> = new Set([0x0a, 0x10, 0x19]);

/** Raises what an answer that goes to a host means to the people at the drive. Whatever fails, fails through here. */
export function noticeOutcome(alerts: DriveAlerts, { cdb }: ScsiCommand, { status: ended, sense }: Outcome): void {
  if (ended !== status.checkCondition || sense === undefined) return;
  for (const flag of flagsOf(cdb[0]!, sense)) alerts.raise(flag);
}

const byCode: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [senses.writeProtected.code, [alertFlags.writeProtect]],
  [senses.removalPrevented.code, [alertFlags.noRemoval]],
  [senses.wormOverwrite.code, [alertFlags.wormOverwrite]],
  [senses.chipUnreadable.code, [alertFlags.memoryChipFailure]],
  [senses.chipUnwritable.code, [alertFlags.memoryChipFailure]],
  [senses.endOfDataNotFound.code, [alertFlags.hardError, alertFlags.readFailure]],
]);

function flagsOf(opcode: number, { key, code }: SenseFields): readonly number[] {
  const isWriting = writes.has(opcode);
  if (key === senseKey.mediumError && code === senses.loadFailed.code) return [alertFlags.loadFailure];
  if (key === senseKey.hardwareError && code === senses.ejectFailed.code) return [alertFlags.hardError, alertFlags.unloadFailure];
  const known = byCode.get(code);
  if (known !== undefined) return known;
  if (key === senseKey.hardwareError) return [alertFlags.hardError];
  if (key === senseKey.recoveredError && (code >> 8 === 0x17 || code >> 8 === 0x18)) return [alertFlags.readWarning];
  if (key !== senseKey.mediumError) return [];
  return [alertFlags.hardError, isWriting ? alertFlags.writeFailure : alertFlags.readFailure];
}
