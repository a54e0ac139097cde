import { iscsi } from "../../src/scsi/index.ts";
import type { LibraryPort, ResetScope } from "../port/index.ts";
import type { Task } from "./task.ts";

const { taskFunction, taskResponse } = iscsi;

/** What task management does to one session; another session's doing is told apart by `by`. */
export interface Managed {
  /** The tasks that are under way. */
  tasks(): Iterable<Task>;
  abort(task: Task): void;
  /** Another session ended it: the initiator is told by status TASK ABORTED. */
  abortForOther(task: Task): void;
  hangUp(): void;
}

export interface ManagementParts {
  readonly port: LibraryPort;
  readonly own: Managed;
  /** All sessions of this target, the own among them. */
  sessions(): Iterable<Managed>;
}

/** Task management functions (RFC 7143, 11.5; SAM-5, 7). Gives the response; undefined where the connection ends instead. */
export async function manage(parts: ManagementParts, request: iscsi.TaskManagement): Promise<number> {
  const lun = iscsi.decodeLun(request.lun);
  switch (request.taskFunction) {
    case taskFunction.abortTask:
      return abortOne(parts.own, request, lun);
    case taskFunction.abortTaskSet:
      return ofUnit(parts, lun, (unit) => { abortAll([parts.own], parts.own, unit); });
    case taskFunction.clearTaskSet:
      return ofUnit(parts, lun, (unit) => { abortAll(parts.sessions(), parts.own, unit); });
    case taskFunction.logicalUnitReset:
      return lun === undefined || !parts.port.units().includes(lun) ? taskResponse.noSuchLun : await reset(parts, lun);
    case taskFunction.targetWarmReset:
      return await reset(parts, "all");
    case taskFunction.targetColdReset:
      return await coldReset(parts);
    case taskFunction.taskReassign:
      return taskResponse.reassignmentNotSupported;
    default:
      return taskFunction.clearAca === request.taskFunction ? taskResponse.notSupported : taskResponse.rejected;
  }
}

function abortOne(own: Managed, { referencedTag }: iscsi.TaskManagement, lun: number | undefined): number {
  for (const task of own.tasks()) {
    if (task.tag !== referencedTag || task.lun !== lun) continue;
    own.abort(task);
    return taskResponse.complete;
  }
  return taskResponse.noSuchTask;
}

function ofUnit({ port }: ManagementParts, lun: number | undefined, act: (lun: number) => void): number {
  if (lun === undefined || !port.units().includes(lun)) return taskResponse.noSuchLun;
  act(lun);
  return taskResponse.complete;
}

function abortAll(sessions: Iterable<Managed>, own: Managed, scope: ResetScope): void {
  for (const session of sessions) {
    for (const task of [...session.tasks()]) {
      if (scope !== "all" && task.lun !== scope) continue;
      if (session === own) session.abort(task);
      else session.abortForOther(task);
    }
  }
}

async function reset(parts: ManagementParts, scope: ResetScope): Promise<number> {
  abortAll(parts.sessions(), parts.own, scope);
  try {
    await parts.port.reset(scope);
    return taskResponse.complete;
  } catch {
    return taskResponse.rejected;
  }
}

/** As at power-on, for all: the connections end too (RFC 7143, 11.5.1). */
async function coldReset(parts: ManagementParts): Promise<number> {
  abortAll(parts.sessions(), parts.own, "all");
  try {
    for (const lun of parts.port.units()) await parts.port.powerCycle(lun);
  } catch {
    return taskResponse.rejected;
  }
  for (const session of [...parts.sessions()]) if (session !== parts.own) session.hangUp();
  return taskResponse.complete;
}
