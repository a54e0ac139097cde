import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Owner } from "./contract.ts";

/** Reads a file of /proc; undefined when there is none. Tests give their own machine. */
export type ReadProc = (path: string) => string | undefined;

export interface Owners {
  /** This process. */
  current(): Owner;
  /**
   * Whether that process is still there. What cannot be shown to live is dead: a journal entry is a note, mutual exclusion is
   * flock(2), so a mistake here costs an error message, while a job taken for living would have to be freed by hand.
   */
  lives(owner: Owner): boolean;
}

export function processOwners(readProc: ReadProc = readLinuxProc, processId = process.pid): Owners {
  const bootId = (): string => readProc("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return {
    current: () => ({ host: hostname(), bootId: bootId(), processId, processStart: status(readProc, processId)?.start ?? "" }),
    lives: (owner) => {
      if (owner.bootId !== bootId()) return false;
      const found = status(readProc, owner.processId);
      return found?.start === owner.processStart && !found.isDead;
    },
  };
}

/**
 * State and start time from /proc/PID/stat (proc_pid_stat(5), fields 3 and 22). The second field is the program's name in
 * parentheses, which may hold anything, so the count begins behind the last parenthesis.
 */
function status(readProc: ReadProc, processId: number): { readonly start: string; readonly isDead: boolean } | undefined {
  const text = readProc(`/proc/${String(processId)}/stat`);
  if (text === undefined) return undefined;
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  const start = fields[22 - 3];
  return start === undefined ? undefined : { start, isDead: "ZXx".includes(fields[0] ?? "X") };
}

const readLinuxProc: ReadProc = (path) => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
};
