import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** A process that has a node of a device open. */
export interface DeviceHolder {
  readonly processId: number;
  /** Its name as the kernel keeps it, of at most 15 characters. */
  readonly command: string;
  readonly node: string;
}

export interface HolderSearch {
  /** By process number. */
  readonly holders: readonly DeviceHolder[];
  /** Processes of other users that this one may not look into: any of them may be one more holder. */
  readonly unseen: number;
}

/** Far more than Linux lets a machine have by default; what lies beyond counts as unseen. */
const processLimit = 65_536;
const descriptorLimit = 65_536;

/**
 * Who has one of these device nodes open, whichever driver it belongs to: a program that reads /dev/nst0 does not show on /dev/sg3,
 * although both are one drive. `procFolder` is /proc.
 */
export function findHolders(procFolder: string, nodes: readonly string[], ownProcessId?: number): HolderSearch {
  const wanted = new Set(nodes);
  const holders: DeviceHolder[] = [];
  let unseen = 0;
  const processIds = namesIn(procFolder).filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number).sort((one, other) => one - other);
  for (const processId of processIds.slice(0, processLimit)) {
    if (processId === ownProcessId) continue;
    const open = openNodes(join(procFolder, String(processId), "fd"), wanted);
    if (open === "unseen") unseen += 1;
    else for (const node of open) holders.push({ processId, command: commandOf(procFolder, processId), node });
  }
  return { holders, unseen: unseen + Math.max(0, processIds.length - processLimit) };
}

function openNodes(folder: string, wanted: ReadonlySet<string>): ReadonlySet<string> | "unseen" {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    // A process that ended meanwhile holds nothing.
    return isErrno(thrown, "EACCES") || isErrno(thrown, "EPERM") ? "unseen" : new Set();
  }
  const found = new Set<string>();
  for (const name of names.slice(0, descriptorLimit)) {
    try {
      const target = readlinkSync(join(folder, name));
      if (wanted.has(target)) found.add(target);
    } catch {
      // Closed meanwhile.
    }
  }
  return found;
}

function commandOf(procFolder: string, processId: number): string {
  try {
    return readFileSync(join(procFolder, String(processId), "comm"), "utf8").trimEnd();
  } catch {
    return "a process that has ended";
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isErrno(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
