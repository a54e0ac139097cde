import type { ReadonlyBlockIndex, Run, TapeObject } from "./contract.ts";

/** A run with what lies before it, so that any object is found by bisection. */
interface PlacedRun {
  readonly sizeBytes: number;
  count: number;
  readonly firstObject: number;
  readonly bytesBefore: number;
  readonly filemarksBefore: number;
}

/**
 * Where every object of a cartridge is, run-length coded: a full LTO-9 of equal blocks is one entry. Neighbouring runs always
 * differ.
 */
export class BlockIndex implements ReadonlyBlockIndex {
  #runs: PlacedRun[] = [];
  #objects = 0;
  #filemarks = 0;
  #bytes = 0;

  get objectCount(): number {
    return this.#objects;
  }

  get filemarkCount(): number {
    return this.#filemarks;
  }

  get dataBytes(): number {
    return this.#bytes;
  }

  /** How many entries there are. */
  get runCount(): number {
    return this.#runs.length;
  }

  append(run: Run): void {
    if (run.count === 0) return;
    const last = this.#runs.at(-1);
    if (last?.sizeBytes === run.sizeBytes) last.count += run.count;
    else {
      const place = { firstObject: this.#objects, bytesBefore: this.#bytes, filemarksBefore: this.#filemarks };
      this.#runs.push({ sizeBytes: run.sizeBytes, count: run.count, ...place });
    }
    this.#objects += run.count;
    if (run.sizeBytes === 0) this.#filemarks += run.count;
    else this.#bytes += run.sizeBytes * run.count;
  }

  truncate(objectNumber: number): void {
    if (objectNumber >= this.#objects) return;
    this.#filemarks = this.filemarksBefore(objectNumber);
    this.#bytes = this.bytesBefore(objectNumber);
    const at = this.#find(objectNumber);
    const run = this.#runs[at]!;
    run.count = objectNumber - run.firstObject;
    this.#runs.length = run.count === 0 ? at : at + 1;
    this.#objects = objectNumber;
  }

  objectAt(objectNumber: number): TapeObject | undefined {
    if (objectNumber < 0 || objectNumber >= this.#objects) return undefined;
    const run = this.#runs[this.#find(objectNumber)]!;
    if (run.sizeBytes === 0) return { kind: "filemark" };
    const offsetBytes = run.bytesBefore + (objectNumber - run.firstObject) * run.sizeBytes;
    return { kind: "block", sizeBytes: run.sizeBytes, offsetBytes };
  }

  filemarksBefore(objectNumber: number): number {
    if (objectNumber >= this.#objects) return this.#filemarks;
    const run = this.#runs[this.#find(objectNumber)]!;
    return run.filemarksBefore + (run.sizeBytes === 0 ? objectNumber - run.firstObject : 0);
  }

  bytesBefore(objectNumber: number): number {
    if (objectNumber >= this.#objects) return this.#bytes;
    const run = this.#runs[this.#find(objectNumber)]!;
    return run.bytesBefore + (objectNumber - run.firstObject) * run.sizeBytes;
  }

  filemark(ordinal: number): number | undefined {
    if (ordinal < 0 || ordinal >= this.#filemarks) return undefined;
    // The last run that has no more marks before it is the one that holds this mark: whatever follows counts the mark too.
    const run = this.#runs[bisect(this.#runs, (candidate) => candidate.filemarksBefore <= ordinal)]!;
    return run.firstObject + (ordinal - run.filemarksBefore);
  }

  nextFilemarks(from: number, count: number): number | undefined {
    if (from >= this.#objects) return undefined;
    for (let at = this.#find(from); at < this.#runs.length; at += 1) {
      const run = this.#runs[at]!;
      const start = Math.max(from, run.firstObject);
      if (run.sizeBytes === 0 && run.firstObject + run.count - start >= count) return start;
    }
    return undefined;
  }

  previousFilemarks(from: number, count: number): number | undefined {
    if (from <= 0) return undefined;
    for (let at = this.#find(Math.min(from, this.#objects) - 1); at >= 0; at -= 1) {
      const run = this.#runs[at]!;
      const end = Math.min(from, run.firstObject + run.count);
      if (run.sizeBytes === 0 && end - run.firstObject >= count) return end - count;
    }
    return undefined;
  }

  *runs(): IterableIterator<Run> {
    for (const { sizeBytes, count } of this.#runs) yield { sizeBytes, count };
  }

  #find(objectNumber: number): number {
    return bisect(this.#runs, (run) => run.firstObject <= objectNumber);
  }
}

/** The last element for which `holds`, of elements for which it holds first and then no more; -1 when there is none. */
function bisect<T>(elements: readonly T[], holds: (element: T) => boolean): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(elements[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
