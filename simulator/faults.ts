import type { ScsiCommand } from "../src/scsi/index.ts";
import type { SenseFields } from "./wire/index.ts";

/** What one command shall meet instead of its right answer. Each fault strikes once. */
export interface Fault {
  /** 0 the changer, 1 the first drive; any when not said. */
  readonly lun?: number;
  /** Any when not said. */
  readonly opcode?: number;
  /** The how manieth of the matching commands from now on, the first is 1. */
  readonly nth: number;
  /** `before`: the command has no effect. `after`: it has, but the answer is another one. */
  readonly when: "before" | "after";
  /** The answer; `lost` means that none comes and the transport is dead (`TRANSPORT_LOST`). */
  readonly answer: SenseFields | "lost";
}

/** Faults that wait for their command. */
export interface FaultPlan {
  add(fault: Fault): void;
  /** Counts the command, and gives the fault whose turn it is. */
  strike(lun: number, command: ScsiCommand): Fault | undefined;
}

export function createFaultPlan(): FaultPlan {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => { waiting.push({ fault, left: fault.nth }); },
    strike: (lun, command) => {
      let struck: Fault | undefined;
      for (const one of waiting) {
        const { fault } = one;
        const isMeant = (fault.lun ?? lun) === lun && (fault.opcode ?? command.cdb[0]) === command.cdb[0];
        if (!isMeant) continue;
        one.left -= 1;
        if (one.left <= 0) struck ??= fault;
      }
      waiting = waiting.filter(({ fault }) => fault !== struck);
      return struck;
    },
  };
}
