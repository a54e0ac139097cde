import type { FaultEffect, FaultPhase } from "./contract.ts";

export interface FaultKind {
  readonly kind: FaultEffect["kind"];
  readonly meaning: string;
  /** Where it may strike; the first is where it does when a rule does not say. */
  readonly phases: readonly FaultPhase[];
  /** A line of a file of rules. */
  readonly example: string;
}

const either = ["before", "after"] as const;

/** Every fault there is. docs/SIMULATOR.md tells the same, and a test holds both together. */
export const catalogue: readonly FaultKind[] = [
  {
    kind: "sense", phases: either, meaning: "CHECK CONDITION with any sense; after the effect, the command was done all the same",
    example: `{"lun": 1, "opcode": "0x08", "objects": [1000, 1999], "every": 1, "effect": {"kind": "sense", "key": 3, "code": "0x1100"}}`,
  },
  { kind: "busy", phases: either, meaning: "status BUSY", example: `{"lun": 1, "opcode": "0x0a", "nth": 3, "effect": {"kind": "busy"}}` },
  { kind: "task-set-full", phases: either, meaning: "status TASK SET FULL", example: `{"lun": 1, "every": 50, "effect": {"kind": "task-set-full"}}` },
  { kind: "task-aborted", phases: either, meaning: "status TASK ABORTED", example: `{"lun": 1, "phase": "after", "nth": 7, "effect": {"kind": "task-aborted"}}` },
  {
    kind: "reservation-conflict", phases: either, meaning: "status RESERVATION CONFLICT",
    example: `{"lun": 2, "opcode": "0x0a", "effect": {"kind": "reservation-conflict"}}`,
  },
  {
    kind: "short-data", phases: ["after"], meaning: "GOOD with fewer bytes of data than were moved, the residual telling so; zeros are behind them",
    example: `{"lun": 0, "opcode": "0xb8", "effect": {"kind": "short-data", "keepBytes": 24}}`,
  },
  {
    kind: "wrong-residual", phases: ["after"], meaning: "all data, and a count of what was moved that is off by so many bytes",
    example: `{"lun": 1, "opcode": "0x08", "nth": 2, "effect": {"kind": "wrong-residual", "offByBytes": -512}}`,
  },
  {
    kind: "delay", phases: either, meaning: "so many milliseconds more, on the library's clock",
    example: `{"barcode": "SR0001L8", "probability": 0.01, "effect": {"kind": "delay", "delayMs": 90000}}`,
  },
  { kind: "hang", phases: either, meaning: "no answer, ever", example: `{"lun": 1, "opcode": "0x01", "effect": {"kind": "hang"}}` },
  { kind: "drop", phases: either, meaning: "the connection breaks without an answer", example: `{"lun": 1, "phase": "after", "opcode": "0x10", "effect": {"kind": "drop"}}` },
  {
    kind: "power-cycle", phases: either,
    meaning: "the unit loses power and what was not synced; before: the command meets the attention 29/01; after: the connection breaks",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 100, "effect": {"kind": "power-cycle"}}`,
  },
  {
    kind: "reset", phases: either, meaning: "a reset of the unit; before: the command meets the attention 29/03; after: its status is TASK ABORTED",
    example: `{"lun": 1, "opcode": "0x08", "nth": 2, "effect": {"kind": "reset"}}`,
  },
  {
    kind: "reservation-loss", phases: either, meaning: "the unit forgets all reservations and registrations, and tells those who had one (2A/03)",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 5, "effect": {"kind": "reservation-loss"}}`,
  },
];

export function faultKind(kind: FaultEffect["kind"]): FaultKind {
  return catalogue.find((one) => one.kind === kind)!;
}
