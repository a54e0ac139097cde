import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryHome, Release } from "../home/index.ts";
import type { MachineTime } from "../time/index.ts";
import type { Attentions } from "../unit/index.ts";
import type { Outcome } from "../wire/index.ts";
import type { SoughtVolumes } from "./volume-tags.ts";

/** The changer for all that are connected to it. Several may be open, in several processes: each command takes the library for itself. */
export interface Changer {
  readonly home: LibraryHome;
  readonly time: MachineTime;
  readonly attentions: Attentions;
  readonly readiness: Readiness;
  descriptorSense: boolean;
  /** The path whose command is under way. */
  caller: string;
  /** Who keeps the mail slots shut. */
  readonly mailSlotHolds: Map<string, Release>;
  /** What each path asked for by SEND VOLUME TAG. */
  readonly sought: Map<string, SoughtVolumes>;
}

/** What becoming ready and news depend on, beside the state of the library. */
export interface Readiness {
  handsSeen: number;
  newsSeen: Readonly<Record<string, number>>;
  /** As of the last command while the door was shut. */
  doorOpeningsSeen: number;
  /** On the machine's clock: an inventory is under way until then. */
  busyUntilMs: number;
  slowAnswersLeft: number;
  stormLeft: number;
}

export interface ChangerCommand {
  readonly usage: string;
  /** What it waits for: `robot` while nothing moves, `inventory` while the changer looks into its elements. */
  readonly needs?: "robot" | "inventory";
  readonly run: (changer: Changer, command: ScsiCommand) => Outcome | Promise<Outcome>;
}
