import { type ScsiCommand, status } from "../../src/scsi/index.ts";
import { check, conflict, type Outcome } from "../wire/index.ts";
import type { FaultEffect } from "./contract.ts";

const statuses = { busy: status.busy, "task-set-full": status.taskSetFull, "task-aborted": status.taskAborted } as const;

/**
 * What the initiator is told instead of the command's own outcome, which is undefined where the command had no effect; undefined where the fault tells
 * nothing itself.
 */
export function faultyOutcome(effect: FaultEffect, outcome: Outcome | undefined, { dataIn, dataOut }: ScsiCommand): Outcome | undefined {
  switch (effect.kind) {
    case "sense": {
      const { kind: _, ...sense } = effect;
      return check(sense, outcome?.transferredBytes);
    }
    case "busy":
    case "task-set-full":
    case "task-aborted":
      return { status: statuses[effect.kind], transferredBytes: 0 };
    case "reservation-conflict":
      return conflict;
    case "short-data": {
      if (outcome === undefined) return undefined;
      const transferredBytes = Math.min(effect.keepBytes, outcome.transferredBytes);
      dataIn?.fill(0, transferredBytes, outcome.transferredBytes);
      return { ...outcome, transferredBytes };
    }
    case "wrong-residual": {
      if (outcome === undefined) return undefined;
      const most = (dataIn ?? dataOut)?.length ?? 0;
      return { ...outcome, transferredBytes: Math.min(most, Math.max(0, outcome.transferredBytes + effect.offByBytes)) };
    }
    default:
      return undefined;
  }
}
