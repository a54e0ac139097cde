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
  {
    kind: "deferred-sense", phases: ["after"],
    meaning: "what a drive has in its buffer cannot be written: the command ends well, the next one of that path with a deferred error 3/0C/00, and the data end "
      + "with the last object on the tape; nothing where the buffer is empty",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 20, "effect": {"kind": "deferred-sense"}}`,
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
    kind: "wire-cut", phases: ["after"], meaning: "over iSCSI the connection ends in the middle of the answer's PDU; within the process it is lost",
    example: `{"lun": 1, "opcode": "0x08", "nth": 4, "effect": {"kind": "wire-cut"}}`,
  },
  {
    kind: "wire-header-digest", phases: ["after"], meaning: "the answer's header digest is wrong; where none was negotiated, and within the process, the connection is lost",
    example: `{"lun": 0, "opcode": "0xb8", "effect": {"kind": "wire-header-digest"}}`,
  },
  {
    kind: "wire-data-digest", phases: ["after"],
    meaning: "the data digest of the first data that follow is wrong; where none was negotiated, and within the process, the connection is lost",
    example: `{"lun": 1, "opcode": "0x08", "every": 100, "effect": {"kind": "wire-data-digest"}}`,
  },
  {
    kind: "wire-deaf", phases: ["after"], meaning: "the command is answered, and no ping (NOP-Out) of that connection any more; nothing within the process, which has no pings",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 10, "effect": {"kind": "wire-deaf"}}`,
  },
  {
    kind: "wire-logout", phases: ["after"],
    meaning: "the command is answered, then the initiator is asked to log out within 3 seconds (an asynchronous message), and is hung up on if it does not; nothing within the process",
    example: `{"lun": 1, "opcode": "0x10", "nth": 2, "effect": {"kind": "wire-logout"}}`,
  },
  {
    kind: "wire-no-r2t", phases: ["asking"], meaning: "over iSCSI the data of the command are never asked for (R2T), so that it waits for ever; what came unasked suffices for "
      + "others, which it does not strike",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 2, "effect": {"kind": "wire-no-r2t"}}`,
  },
  {
    kind: "reservation-loss", phases: either, meaning: "the unit forgets all reservations and registrations, and tells those who had one (2A/03)",
    example: `{"lun": 1, "opcode": "0x0a", "nth": 5, "effect": {"kind": "reservation-loss"}}`,
  },
];

/** Where a fault strikes, in words. */
export function strikesWhere({ phases }: FaultKind): string {
  return phases.includes("asking") ? "before the data are asked for" : `${phases.join(" or ")} the effect`;
}

export function faultKind(kind: FaultEffect["kind"]): FaultKind {
  return catalogue.find((one) => one.kind === kind)!;
}
