import { lstatSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { StrongroomError, printable } from "../../words/index.ts";
import { type FileLock, lockFile } from "./lock.ts";
import { makeFolder, makeFolders } from "./make-folder.ts";
import { refuseWidePermissions } from "./permissions.ts";

/** Where everything the appliance knows is kept: one folder, mode 0700, of one user, on one machine. */
export interface StateFolder {
  readonly path: string;
  readonly databasePath: string;
  readonly configPath: string;
  /** Plans and other files of jobs. */
  readonly jobsPath: string;
  /** Where sealed segments wait, unless the configuration names another place. */
  readonly spoolPath: string;
  readonly keysPath: string;
  /** Takes the lock of that name (`spool`, `drive-0`): see lockFile. */
  lock(name: string, purpose: string): FileLock;
}

export interface StateOptions {
  /** The user who may own it; the one who runs this process by default. */
  readonly userId?: number;
}

const folders = ["jobs", "spool", "keys", "locks"] as const;
/** What an appliance that was not made to its end has left; whoever makes it then looks whether anything is recorded. */
const unfinished = /^(?:strongroom\.db(?:-wal|-shm|-journal)?|\.config\.json\.\d+\.draft)$/;

/** Makes a new state folder. Refuses one that holds anything but what an attempt without a configuration has left: empty subfolders, and a database. */
export function createState(path: string, options: StateOptions = {}): StateFolder {
  const folder = resolve(path);
  makeFolder(folder);
  refuseWidePermissions(folder, userIdOf(options));
  if (!isUntouched(folder)) {
    throw new StrongroomError("usage", "STATE_NOT_EMPTY", `${printable(folder)} is not empty, nothing was changed`, {
      hint: "name a folder that does not exist yet, or an empty one",
    });
  }
  return openState(folder, options);
}

function isUntouched(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).every(
    (entry) =>
      (entry.isFile() && unfinished.test(entry.name)) ||
      (entry.isDirectory() &&
        folders.some((name) => name === entry.name) &&
        (entry.name === "locks" || readdirSync(join(folder, entry.name)).length === 0)),
  );
}

/** Opens a state folder: refused unless it is the user's own and closed to everybody else. Makes what subfolders are missing. */
export function openState(path: string, options: StateOptions = {}): StateFolder {
  const folder = resolve(path);
  const facts = lstatSync(folder, { throwIfNoEntry: false });
  if (facts === undefined || !(facts.isDirectory() || facts.isSymbolicLink())) throw stateMissing(folder);
  refuseWidePermissions(folder, userIdOf(options));
  for (const name of folders) makeFolders(join(folder, name));
  return {
    path: folder,
    databasePath: join(folder, "strongroom.db"),
    configPath: join(folder, "config.json"),
    jobsPath: join(folder, "jobs"),
    spoolPath: join(folder, "spool"),
    keysPath: join(folder, "keys"),
    lock: (name, purpose) => lockFile(join(folder, "locks", `${name}.lock`), { processId: process.pid, purpose }),
  };
}

function stateMissing(folder: string): StrongroomError {
  return new StrongroomError("missing", "STATE_MISSING", `there is no state folder at ${printable(folder)}`, {
    severity: "fatal",
    hint: "make one with: strongroom appliance init, or name the right one with --state",
  });
}

function userIdOf(options: StateOptions): number {
  return options.userId ?? process.geteuid?.() ?? 0;
}
