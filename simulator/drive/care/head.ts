import { type Dirt, type DriveCare, dirtLevels } from "../../home/index.ts";

const hourMs = 3_600_000;
/** Of motion since the last cleaning; estimated: no maker tells when drives ask. */
const hoursUntil = { requested: 100, required: 150 } as const;

/** What hands made of it, or what it gathered in motion, whichever is worse. */
export function dirtOf({ dirt, motionMs, motionAtCleaningsMs }: DriveCare): Dirt {
  const hours = (motionMs - (motionAtCleaningsMs[0] ?? 0)) / hourMs;
  const gathered = hours >= hoursUntil.required ? "required" : hours >= hoursUntil.requested ? "requested" : "clean";
  return dirtLevels[Math.max(dirtLevels.indexOf(dirt), dirtLevels.indexOf(gathered))]!;
}

/** Which of the blocks that pass a dirty head need a second try, and which fail: the same ones at every run. */
const everyCorrected = { clean: Infinity, requested: 64, required: 8 } as const;
const everyFailed = 32;
/** So many blocks pass a head that must be cleaned before the first one fails. */
const endures = 256;

export class Head {
  #passed = 0;

  /** The next block passes. */
  pass(dirt: Dirt): "well" | "corrected" | "failed" {
    this.#passed = dirt === "clean" ? 0 : this.#passed + 1;
    if (dirt === "required" && this.#passed >= endures && this.#passed % everyFailed === 0) return "failed";
    return this.#passed > 0 && this.#passed % everyCorrected[dirt] === 0 ? "corrected" : "well";
  }
}
