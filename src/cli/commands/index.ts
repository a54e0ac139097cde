import { applianceCommands } from "./appliance.ts";
import { archiveCommands } from "./archive.ts";
import type { Command } from "./command.ts";
import { consoleCommand } from "./console.ts";
import { deviceCommands } from "./device.ts";
import { driveCommands } from "./drive.ts";
import { explainCommand } from "./explain.ts";
import { fileCommands } from "./file.ts";
import { jobCommands } from "./job.ts";
import { keyCommands } from "./key.ts";
import { libraryCommands } from "./library.ts";
import { poolCommands } from "./pool.ts";
import { simulatorCommands } from "./simulator.ts";
import { snapshotCommands } from "./snapshot.ts";
import { statusCommand } from "./status.ts";
import { suggesting } from "./suggesting.ts";
import { volumeCommands } from "./volume.ts";

export type { Answer, Ask, Call, ConsoleChoice, Typed } from "./call.ts";
export type { ArgumentRecord, Command, ExampleRecord, NameKind, OptionRecord } from "./command.ts";
export { knownNames } from "./names.ts";

/** Every command that works on the appliance, in the order in which help shows them. */
export const commands: readonly Command[] = ([
  consoleCommand,
  statusCommand,
  explainCommand,
  ...applianceCommands,
  ...keyCommands,
  ...libraryCommands,
  ...driveCommands,
  ...deviceCommands,
  ...poolCommands,
  ...volumeCommands,
  ...archiveCommands,
  ...snapshotCommands,
  ...fileCommands,
  ...jobCommands,
  ...simulatorCommands,
] satisfies readonly Command[]).map(suggesting);
