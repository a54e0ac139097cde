/** What a drive can be doing, as it counts its time. */
export const activities = ["streaming", "turning", "repositioning", "searching", "rewinding", "loading", "unloading", "stopped", "empty"] as const;
export type Activity = (typeof activities)[number];

/** How long a drive did what, and how often it had to go back. */
export interface DriveTimes {
  readonly totalMs: number;
  readonly milliseconds: Readonly<Record<Activity, number>>;
  /** Stops that interrupted a transfer: the host was too slow, or wanted everything on the tape at once. */
  readonly backhitches: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
}

const bucketsMax = 512;

/**
 * The time of one drive, cut into at most 512 buckets of equal length: when a run outgrows them, two become one, so that a run of any length has a
 * picture of bounded size.
 */
export class Timeline {
  #bucketMs = 1000;
  #buckets: Float64Array[] = [];
  #endMs = 0;
  readonly #totals = new Float64Array(activities.length);

  get endMs(): number {
    return this.#endMs;
  }

  /** Appends; spans follow each other without gaps. */
  add(activity: Activity, durationMs: number): void {
    const index = activities.indexOf(activity);
    this.#totals[index]! += durationMs;
    let leftMs = durationMs;
    while (leftMs > 0) {
      this.#makeRoomFor(this.#endMs + leftMs);
      const bucket = Math.floor(this.#endMs / this.#bucketMs);
      const partMs = Math.min(leftMs, (bucket + 1) * this.#bucketMs - this.#endMs);
      const counts = (this.#buckets[bucket] ??= new Float64Array(activities.length));
      counts[index]! += partMs;
      leftMs -= partMs;
      this.#endMs += partMs;
    }
  }

  totals(): Readonly<Record<Activity, number>> {
    return Object.fromEntries(activities.map((activity, index) => [activity, this.#totals[index]])) as Record<Activity, number>;
  }

  /** One letter a column: what the drive did most in that part of the run. */
  draw(columns: number): string {
    if (this.#endMs === 0) return "";
    let picture = "";
    for (let column = 0; column < columns; column += 1) {
      const counts = this.#countsBetween((this.#endMs * column) / columns, (this.#endMs * (column + 1)) / columns);
      picture += letters[activities[counts.indexOf(Math.max(...counts))]!];
    }
    return picture;
  }

  #makeRoomFor(untilMs: number): void {
    while (untilMs > this.#bucketMs * bucketsMax) {
      const halved: Float64Array[] = [];
      for (let at = 0; at < this.#buckets.length; at += 2) {
        const [one, other] = [this.#buckets[at]!, this.#buckets[at + 1]];
        halved.push(one.map((value, index) => value + (other?.[index] ?? 0)));
      }
      this.#buckets = halved;
      this.#bucketMs *= 2;
    }
  }

  #countsBetween(fromMs: number, toMs: number): number[] {
    const counts = activities.map(() => 0);
    const last = Math.min(this.#buckets.length - 1, Math.floor(toMs / this.#bucketMs));
    for (let bucket = Math.floor(fromMs / this.#bucketMs); bucket <= last; bucket += 1) {
      const share = Math.min(toMs, (bucket + 1) * this.#bucketMs) - Math.max(fromMs, bucket * this.#bucketMs);
      this.#buckets[bucket]!.forEach((value, index) => { counts[index]! += (value * share) / this.#bucketMs; });
    }
    return counts;
  }
}

/** How a timeline is drawn; a legend belongs beside it. */
export const letters: Readonly<Record<Activity, string>> = {
  streaming: "=", turning: "=", repositioning: "<", searching: ">", rewinding: "r", loading: "L", unloading: "U", stopped: "_", empty: " ",
};
