import type { ScsiCommand } from "../../src/scsi/index.ts";
import { status as scsiStatus } from "../../src/scsi/index.ts";
import type { SenseFields } from "./sense.ts";

/** How a command ended: its status, and its sense when that is CHECK CONDITION. */
export interface Outcome {
  readonly status: number;
  readonly sense?: SenseFields;
  readonly transferredBytes: number;
  /** How much more the command would have moved than the initiator has room for, or data: never what an allocation length cut off. */
  readonly overflowBytes?: number;
}

export const good: Outcome = { status: scsiStatus.good, transferredBytes: 0 };

export const conflict: Outcome = { status: scsiStatus.reservationConflict, transferredBytes: 0 };

export function moved(transferredBytes: number): Outcome {
  return { status: scsiStatus.good, transferredBytes };
}

export function check(sense: SenseFields, transferredBytes = 0): Outcome {
  return { status: scsiStatus.checkCondition, sense, transferredBytes };
}

/** Data to the initiator, cut without complaint at what was allocated (SPC-5, 4.2.5.6). */
export function answer(command: ScsiCommand, data: Uint8Array | readonly number[], allocationBytes: number): Outcome {
  const room = command.dataIn ?? new Uint8Array(0);
  const length = Math.min(data.length, allocationBytes, room.length);
  for (let at = 0; at < length; at += 1) room[at] = data[at]!;
  return moved(length);
}

/** One initiator port's path to the library: what SAM-5 calls an I_T nexus. Its units know it by its name. */
export interface Nexus {
  readonly name: string;
  /** SPC-5, 7.6.4: how the initiator is named in persistent reservations. */
  readonly transportId: Uint8Array;
}

/** Answers the commands of one logical unit, one at a time, for all that are connected to it; each by the name of its path. */
export interface LogicalUnit {
  connect(nexus: Nexus): void;
  /** Ends what the path held for itself. */
  disconnect(nexus: string): Promise<void>;
  execute(command: ScsiCommand, nexus: string): Promise<{ readonly outcome: Outcome; readonly descriptorSense: boolean }>;
  /** An attention for everybody who is connected. */
  tell(attention: SenseFields): void;
  /** Everything as at power-on, but what is on the medium and in the buffer stays. */
  reset(): Promise<void>;
  loseReservations(): void;
  /** Drives: what is in the buffer cannot be written, which the path that wrote is told later. Nothing where the buffer is empty. */
  loseBuffer(): Promise<void>;
  /** D_SENSE of the control mode page. */
  descriptorSense(): boolean;
  /** The logical object at which a drive with a cartridge stands. */
  position(): number | undefined;
  /** As when its plug is pulled and put back: what was not synced is lost. */
  powerCycle(): Promise<void>;
  close(): Promise<void>;
}
