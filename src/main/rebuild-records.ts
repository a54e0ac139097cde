import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { forgetFindings } from "../jobs/index.ts";
import { type JobOptions, type OperationParts, rebuildFolder, rebuildRecords, type RebuildRequest, type RebuildResult } from "../operations/index.ts";
import { makeFolder, openJournal, openStore, processOwners, type StateFolder, type Store, syncFolder } from "../records/index.ts";
import { asStrongroomError, StrongroomError } from "../words/index.ts";

/** SQLite's own files beside the main one. */
const endings = ["", "-wal", "-shm"] as const;

/**
 * A rebuild from its beginning to its end: a draft beside the old records, filled from the volumes, which takes their place by one rename when it is
 * whole. The old ones are put aside and never written on. Killed anywhere, the same command goes on.
 */
export async function rebuild(
  state: StateFolder,
  partsOver: (store: Store) => OperationParts,
  request: RebuildRequest,
  options: JobOptions,
): Promise<RebuildResult> {
  const lock = state.lock("rebuild", "rebuilding the records");
  try {
    refuseWhileUsed(state);
    const folder = rebuildFolder(state.path);
    makeFolder(folder);
    const draftPath = join(folder, "strongroom.db");
    const store = openDraft(draftPath);
    let rebuilt;
    let parts: OperationParts;
    try {
      parts = partsOver(store);
      rebuilt = await rebuildRecords(parts, folder, request, options);
    } finally {
      store.close();
    }
    refuseUnfinished(draftPath);
    refuseWhileUsed(state);
    return { ...rebuilt, oldRecords: install(state, folder, draftPath, parts.clock.nowMs()) };
  } finally {
    lock.release();
  }
}

/** What an earlier rebuild left, if it can be gone on with; its findings of volumes are files of their own and stay. */
function openDraft(path: string): Store {
  try {
    const store = openStore(path);
    if (store.check().length === 0) return store;
    store.close();
  } catch (thrown) {
    if (asStrongroomError(thrown).kind !== "failed") throw thrown;
  }
  for (const ending of endings) rmSync(`${path}${ending}`, { force: true });
  return openStore(path);
}

/**
 * SQLite moves its log into the main file when that is closed, and says nothing when the disk refuses: then the main file alone is not the records, and would take the place
 * of good ones.
 */
function refuseUnfinished(draftPath: string): void {
  if (!existsSync(`${draftPath}-wal`)) return;
  throw new StrongroomError("failed", "DRAFT_NOT_WHOLE", "the disk did not take the new records as one whole file; the old records are as they were, in their place", {
    severity: "fatal",
    hint: "make room on the disk of the state folder, or look at the kernel log (dmesg) for its errors, then run the same command again: no volume is read a second time",
  });
}

/** A job that runs would go on writing into records that nobody looks at any more. Records that cannot be read have none. */
function refuseWhileUsed(state: StateFolder): void {
  if (!existsSync(state.databasePath)) return;
  let store: Store;
  try {
    store = openStore(state.databasePath, { mustExist: true });
  } catch {
    return;
  }
  try {
    const owners = processOwners();
    const running = openJournal(store, (owner) => owners.lives(owner)).jobs(1000).find((job) => job.state === "running");
    if (running) throw inUse(running.id);
  } catch (thrown) {
    if (asStrongroomError(thrown).code === "RECORDS_IN_USE") throw thrown;
  } finally {
    store.close();
  }
}

function inUse(jobId: number): StrongroomError {
  return new StrongroomError("busy", "RECORDS_IN_USE", `job ${String(jobId)} is running with the records that are to be replaced; nothing was changed`, {
    hint: `wait for it: strongroom job show ${String(jobId)}`,
  });
}

/**
 * Each step is one rename, and any of them may be the last: what is left then is either the old records, or none and the same command. Findings count as long as what
 * was read lies beside them: without it they would say that a volume need not be read again, and the records would be made without what is on it.
 */
function install(state: StateFolder, folder: string, draftPath: string, nowMs: number): string | undefined {
  forgetFindings(folder);
  syncFolder(folder);
  const sessions = join(state.path, "sessions");
  makeFolder(sessions);
  for (const name of readdirSync(join(folder, "sessions"))) {
    if (!name.endsWith(".tmp") && !/^(records|jobs)-/.test(name)) renameSync(join(folder, "sessions", name), join(sessions, name));
  }
  syncFolder(sessions);
  const aside = `${state.databasePath}.before-${new Date(nowMs).toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
  const hadOld = existsSync(state.databasePath);
  // The log first: with it gone the main file is older, without the main file the log is nothing.
  for (const ending of [...endings].reverse()) {
    if (existsSync(`${state.databasePath}${ending}`)) renameSync(`${state.databasePath}${ending}`, `${aside}${ending}`);
  }
  syncFolder(state.path);
  renameSync(draftPath, state.databasePath);
  syncFolder(state.path);
  rmSync(folder, { recursive: true, force: true });
  return hadOld ? aside : undefined;
}
