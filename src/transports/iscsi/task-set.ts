import type { ScsiCompletion } from "../../scsi/index.ts";
import type { StrongroomError } from "../../words/index.ts";
import { breach } from "./failures.ts";
import type { Task } from "./task.ts";

/** The commands of a session: those that wait for the target's window, and those under way. */
export class TaskSet {
  readonly #tasks = new Map<number, Task>();
  readonly #waiting: Task[] = [];

  add(task: Task): void {
    this.#tasks.set(task.tag, task);
    this.#waiting.push(task);
  }

  has(tag: number): boolean {
    return this.#tasks.has(tag);
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The command that is next to be sent. */
  nextWaiting(): Task | undefined {
    return this.#waiting.shift();
  }

  all(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  ofUnit(lun: Uint8Array): readonly Task[] {
    return this.all().filter((task) => task.lun.every((byte, at) => byte === lun[at]));
  }

  /** The command under way with that tag. Throws when the target speaks of one that is not. */
  underWay(tag: number): Task {
    const task = this.#tasks.get(tag);
    if (task === undefined || task.stage === "waiting") throw breach("an answer came to a command that is not under way");
    return task;
  }

  overdue(nowMs: number): readonly Task[] {
    return this.all().filter((task) => nowMs >= task.deadlineMs && task.end === undefined);
  }

  /** Bytes that the commands have for the target. */
  get dataOutBytes(): number {
    return this.all().reduce((bytes, { command }) => bytes + (command.dataOut?.length ?? 0), 0);
  }

  /** When everything under way now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.all().map(({ completion }) => completion));
  }

  /** The command is over; `afterSent` calls back when its data are not needed any more. */
  settle(task: Task, completion: ScsiCompletion, afterSent: (done: () => void) => void): void {
    this.#tasks.delete(task.tag);
    // A target may give up a write before it has taken the data; the caller gets its buffer back when nobody reads it any more.
    if (task.command.dataOut === undefined) task.resolve(completion);
    else afterSent(() => { task.resolve(completion); });
  }

  /** As `settle`, for a command that came back without a status. */
  fail(task: Task, error: StrongroomError, afterSent: (done: () => void) => void): void {
    this.#tasks.delete(task.tag);
    if (task.command.dataOut === undefined) task.reject(error);
    else afterSent(() => { task.reject(error); });
  }

  /** What has been answered meanwhile stays answered. */
  drop(tasks: readonly Task[], ending: StrongroomError): void {
    for (const task of tasks) {
      if (!this.#tasks.delete(task.tag)) continue;
      const at = this.#waiting.indexOf(task);
      if (at !== -1) this.#waiting.splice(at, 1);
      task.reject(ending);
    }
  }
}
