import type { Dirt } from "../../home/index.ts";

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
