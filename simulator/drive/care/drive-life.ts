import { type DriveCare, type LibraryHome, newDriveCare } from "../../home/index.ts";
import type { DriveTimes, TimeFigures } from "../../time/index.ts";

/** What the moving parts did since the drive was opened: with no model of time, only the metres. */
export interface Meter {
  readonly poweredMs: number;
  readonly motionMs: number;
  readonly metres: number;
}

const moving = ["streaming", "turning", "repositioning", "searching", "rewinding"] as const;

/** Data lies along all wraps, so that bytes are metres, whatever way the tape took to them. */
export function meterOf({ totalMs, milliseconds }: DriveTimes, movedBytes: number, { wraps, tapeMetres, nativeBytes }: TimeFigures): Meter {
  const motionMs = moving.reduce((sum, activity) => sum + milliseconds[activity], 0);
  return { poweredMs: totalMs, motionMs, metres: (movedBytes * wraps * tapeMetres) / nativeBytes };
}

/** The counters of a drive's life: those in the library's state, and what has come since. They are written where cartridges change, not at every block. */
export class DriveLife {
  readonly #home: LibraryHome;
  readonly #number: number;
  readonly #read: () => Meter;
  #kept: Meter;
  #errors = { hardWriteErrors: 0, hardReadErrors: 0 };

  constructor(home: LibraryHome, number: number, read: () => Meter) {
    this.#home = home;
    this.#number = number;
    this.#read = read;
    this.#kept = read();
  }

  /** Up to now. */
  care(): DriveCare {
    return this.#withNews(this.#home.state().drives[this.#number]!.care ?? newDriveCare, this.#read());
  }

  countHardError(what: "hardWriteErrors" | "hardReadErrors"): void {
    this.#errors[what] += 1;
  }

  /** Durable when it resolves. */
  async keep(edit: (care: DriveCare) => DriveCare = (care) => care): Promise<void> {
    const now = this.#read();
    await this.#home.change((state) => {
      const known = state.drives[this.#number]!.care ?? newDriveCare;
      const care = edit(this.#withNews(known, now));
      if (isSame(known, care)) return { state, result: undefined };
      return { state: { ...state, drives: state.drives.map((one, at) => (at === this.#number ? { ...one, care } : one)) }, result: undefined };
    });
    this.#kept = now;
    this.#errors = { hardWriteErrors: 0, hardReadErrors: 0 };
  }

  #withNews(care: DriveCare, now: Meter): DriveCare {
    return {
      ...care,
      poweredMs: care.poweredMs + now.poweredMs - this.#kept.poweredMs,
      motionMs: care.motionMs + now.motionMs - this.#kept.motionMs,
      metres: care.metres + now.metres - this.#kept.metres,
      hardWriteErrors: care.hardWriteErrors + this.#errors.hardWriteErrors,
      hardReadErrors: care.hardReadErrors + this.#errors.hardReadErrors,
    };
  }
}

function isSame(one: DriveCare, other: DriveCare): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
