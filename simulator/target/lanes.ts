import type { Task } from "./task.ts";

/**
 * The tasks of one session that wait for their unit: one at a time for each unit, in the order they came, those that are to be first before all
 * others (SAM-5, 8.9). So what is not begun yet can be taken back.
 */
export class Lanes {
  readonly #waiting = new Map<number, Task[]>();
  readonly #running = new Map<number, Task>();

  add(task: Task, isFirst: boolean): void {
    task.stage = "queued";
    const lane = this.#waiting.get(task.lun);
    if (lane === undefined) this.#waiting.set(task.lun, [task]);
    else if (isFirst) lane.unshift(task);
    else lane.push(task);
  }

  /** The task whose turn it is on that unit, without taking it. */
  next(lun: number): Task | undefined {
    return this.#running.has(lun) ? undefined : this.#waiting.get(lun)?.[0];
  }

  begin(task: Task): void {
    this.remove(task);
    this.#running.set(task.lun, task);
  }

  end(task: Task): void {
    if (this.#running.get(task.lun) === task) this.#running.delete(task.lun);
  }

  remove(task: Task): void {
    const lane = this.#waiting.get(task.lun);
    const at = lane?.indexOf(task) ?? -1;
    if (lane === undefined || at < 0) return;
    lane.splice(at, 1);
    if (lane.length === 0) this.#waiting.delete(task.lun);
  }

  /** Units that have something to do. */
  waitingUnits(): readonly number[] {
    return [...this.#waiting.keys()];
  }
}
