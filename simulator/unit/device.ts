import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { Outcome, SenseFields } from "../wire/index.ts";
import type { Attentions } from "./attentions.ts";
import type { UnitIdentity } from "./inquiry.ts";
import type { KnownCommand } from "./opcodes.ts";

/** What a kind of device adds to the commands that all kinds have in common. One command runs at a time. */
export interface Device {
  readonly attentions: Attentions;
  /** Stays the same. A command that all kinds have is among them only where this kind does it in its own way. */
  readonly commands: readonly KnownCommand[];
  identity(): UnitIdentity;
  /** Looks, before each command, what hands and grippers have done since. */
  notice(): Promise<void>;
  /** One of `commands`, long enough for its usage, in nobody's way. */
  execute(command: ScsiCommand, nexus: string): Promise<Outcome>;
  /** What REQUEST SENSE tells when nothing is to be told to that path alone. */
  condition(): SenseFields | undefined;
  /** D_SENSE of the control mode page. */
  descriptorSense(): boolean;
  /** Drives: the logical object at which the cartridge stands, if there is one. */
  position?(): number | undefined;
  /** Drives: what is in the buffer cannot be written. */
  loseBuffer?(): Promise<void>;
  disconnect(nexus: string): Promise<void>;
  reset(): Promise<void>;
  powerCycle(): Promise<void>;
  close(): Promise<void>;
}
