import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Compiles the library that stands before the C library; gives its path below `folder`. */
export function buildRecorder(folder: string): string {
  const library = join(folder, "recorder.so");
  const sources = ["recorder.c", "interpose.c", "unknown.c"].map((name) => new URL(name, import.meta.url).pathname);
  execFileSync(process.env["CC"] ?? "cc", ["-std=c17", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-o", library, ...sources]);
  return library;
}

/** A call that fails: the nth of its kind on a file that the pattern (fnmatch, `*` stands for slashes too) fits, below the root. */
export interface DiskFault {
  readonly operation: "read" | "write" | "sync" | "rename" | "create" | "mkdir";
  readonly nth: number;
  readonly errno: number;
  /** `once`: this call alone. `stay`: whatever needs room on that disk from then on. `half`: the same, and this write still takes half. */
  readonly how: "once" | "stay" | "half";
  readonly pattern: string;
}

/** The environment in which a process is watched. `root` has no links in it. */
export function watched(library: string, root: string, wishes: { readonly log?: string; readonly fault?: DiskFault; readonly struck?: string }): NodeJS.ProcessEnv {
  const { log, fault, struck } = wishes;
  return {
    ...process.env,
    LD_PRELOAD: library,
    STRONGROOM_DISK_ROOT: root,
    ...log === undefined ? {} : { STRONGROOM_DISK_LOG: log },
    ...fault === undefined ? {} : { STRONGROOM_DISK_FAULT: [fault.operation, fault.nth, fault.errno, fault.how, fault.pattern].join(":") },
    ...struck === undefined ? {} : { STRONGROOM_DISK_STRUCK: struck },
  };
}
