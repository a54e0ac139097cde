import type { Element, LibraryInventory } from "../../devices/changer/index.ts";
import type { CleaningNeed, TapeDrive } from "../../devices/tape/index.ts";
import type { CleaningRecord, Upkeep } from "../../records/index.ts";
import { asStrongroomError, type Clock, formatDuration, type Severity, StrongroomError } from "../../words/index.ts";
import { type CleaningEnd, type CleaningStage, runCleaning } from "./cleaning-run.ts";

/** Something about cleaning that somebody should read. */
export interface CleaningNews {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
}

export interface CleaningParts {
  /** False: only by hand. */
  readonly automatic: boolean;
  /** Cleaning cartridges that are not labelled CLN. */
  readonly cartridges: readonly string[];
  readonly upkeep: Upkeep;
  readonly clock: Clock;
  /** Who is written down where a drive is cleaned by itself. */
  readonly who: string;
  tell(news: CleaningNews): void;
}

/** `isDriveFree`: the drive can take another cartridge. */
export type CleaningReport =
  | { readonly kind: "done"; readonly outcome: CleaningRecord["outcome"]; readonly barcode: string; readonly isDriveFree: boolean; readonly text: string }
  | { readonly kind: "no-cartridge"; readonly isDriveFree: true };

/** A drive is not cleaned by itself again before this: each cleaning wears its heads. */
const restMs = 6 * 3600_000;
/** After so many cleanings that did not help, another one will not help either. */
const fruitlessLimit = 2;

const cleaningsLookedAt = 10;
const cartridgesTried = 3;

/** A cleaning cartridge by its label: `CLN…`, as all makers print them, and some changers give in lower case. */
export function isLabelledCleaning(barcode: string): boolean {
  return /^CLN/i.test(barcode);
}

/**
 * Keeps the drives of one library clean.
 *
 * - A drive is cleaned by itself when it asks for it, between two cartridges, at most once in six hours, and not any more after two cleanings in
 *   a row that did not help.
 * - A cleaning cartridge that a drive calls spent, or whose uses are gone, is never used again.
 * - Whatever happens is written down and told; that a drive could not be cleaned never ends the work it was wanted for.
 */
export class DriveCleaner {
  readonly #library: string;
  readonly #parts: CleaningParts;
  /** Drives that asked while they were at work; most say so once, and not again when they are opened anew. */
  readonly #asking = new Set<number>();
  /** Drives of which it was told that they cannot be cleaned: once is enough. */
  readonly #told = new Set<string>();

  constructor(library: string, parts: CleaningParts) {
    this.#library = library;
    this.#parts = parts;
  }

  isCleaning(barcode: string): boolean {
    return isLabelledCleaning(barcode) || this.#parts.cartridges.includes(barcode);
  }

  /** Called when work with a drive ends in which it asked for cleaning: it may not say so again. */
  noteAsking(number: number): void {
    this.#asking.add(number);
  }

  /** Whether this drive, which must be idle, should be cleaned now without anybody asking. */
  async isDue(drive: TapeDrive, number: number): Promise<boolean> {
    if (!this.#parts.automatic) return false;
    const need = await needOf(drive);
    if ((need === "none" || need === "unknown") && !this.#asking.has(number)) return false;
    const refusal = this.#refusalOf(number);
    if (refusal === undefined) return true;
    this.#tellOnce(`${String(number)} ${refusal.code}`, refusal);
    return false;
  }

  /** Whether there is a cartridge to clean with. */
  isPossible(inventory: LibraryInventory): boolean {
    return this.#choose(inventory) !== undefined;
  }

  /** Cleans it, whether it asked or not; what goes wrong on the way is in the report. Where a cartridge is refused, the next one is tried. */
  async clean(stage: CleaningStage, why: string): Promise<CleaningReport> {
    const { number } = stage.element;
    let report: CleaningReport | undefined;
    for (let tried = 0; tried < cartridgesTried; tried += 1) {
      const cartridge = this.#choose(stage.inventory);
      if (cartridge === undefined) break;
      this.#asking.delete(number);
      const end = await runCleaning(stage, cartridge.element, this.#parts.clock);
      this.#record(number, cartridge.barcode, end, why);
      const text = this.#words(number, cartridge.barcode, end);
      this.#parts.tell({ severity: end.outcome === "cleaned" ? "note" : "warn", code: `DRIVE_${codes[end.outcome]}`, text });
      report = { kind: "done", outcome: end.outcome, barcode: cartridge.barcode, isDriveFree: end.isDriveFree, text };
      if (end.outcome !== "refused" || !end.isDriveFree) return report;
    }
    if (report !== undefined) return report;
    const text = `drive ${String(number)} of library ${this.#library} wants cleaning, and no usable cleaning cartridge is in the library`;
    this.#tellOnce(`${String(number)} none`, { severity: "warn", code: "NO_CLEANING_CARTRIDGE", text });
    return { kind: "no-cartridge", isDriveFree: true };
  }

  #refusalOf(number: number): CleaningNews | undefined {
    const known = this.#parts.upkeep.cleanings(this.#library, number, cleaningsLookedAt);
    // A cartridge that was refused cleaned nothing, and wore nothing.
    const past = known.filter(({ outcome }) => outcome !== "refused").slice(0, fruitlessLimit);
    const drive = `drive ${String(number)} of library ${this.#library}`;
    const isFruitless = past.length === fruitlessLimit && past.every(({ outcome }) => outcome === "still-dirty");
    if (isFruitless) {
      const text = `${drive} still asks for cleaning after it was cleaned twice: have it looked at, or clean it by hand: strongroom drive clean`;
      return { severity: "warn", code: "CLEANING_DOES_NOT_HELP", text };
    }
    const last = past[0];
    const agoMs = last === undefined ? restMs : this.#parts.clock.nowMs() - last.timeMs;
    // A clock that was set back must not keep a drive dirty for ever.
    if (agoMs >= restMs || agoMs < 0) return undefined;
    const text = `${drive} asks for cleaning, but the last one was ${formatDuration(agoMs / 1000)} ago: it is not cleaned by itself before ${formatDuration(restMs / 1000)} have passed`;
    return { severity: "note", code: "CLEANING_RESTS", text };
  }

  /** The one that was used most: old ones are used up before new ones are begun. */
  #choose({ elements }: LibraryInventory): { readonly element: Element; readonly barcode: string } | undefined {
    const candidates = elements.flatMap((element) => {
      const { kind, full, accessible, barcode } = element;
      if (kind !== "slot" || !full || !accessible || barcode === undefined || !this.isCleaning(barcode)) return [];
      const known = this.#parts.upkeep.cleaningCartridge(barcode);
      const isUsable = known === undefined || (known.state === "usable" && known.uses < (known.maxUses ?? Infinity));
      return isUsable ? [{ element, barcode, uses: known?.uses ?? 0 }] : [];
    });
    return candidates.sort((a, b) => b.uses - a.uses)[0];
  }

  #record(number: number, barcode: string, end: CleaningEnd, why: string): void {
    const { upkeep, clock, who } = this.#parts;
    const timeMs = clock.nowMs();
    upkeep.addCleaning({ timeMs, library: this.#library, drive: number, driveSerial: end.driveSerial, barcode, outcome: end.outcome, who, why });
    const known = upkeep.cleaningCartridge(barcode) ?? { barcode, uses: 0, maxUses: undefined, state: "usable" as const, seenMs: timeMs };
    const uses = Math.max(known.uses, end.memory.uses ?? 0);
    const maxUses = end.memory.maxUses ?? known.maxUses;
    const state = end.cartridge === "usable" && uses >= (maxUses ?? Infinity) ? "spent" : end.cartridge;
    upkeep.putCleaningCartridge({ ...known, uses, maxUses, state });
    if (state === "usable") return;
    const what = state === "spent" ? "is spent" : "is not one that this drive takes";
    const text = `cleaning cartridge ${barcode} ${what} and is not used again: take it out with: strongroom library export ${this.#library} ${barcode}`;
    this.#parts.tell({ severity: "warn", code: "CLEANING_CARTRIDGE_SPENT", text });
  }

  #words(number: number, barcode: string, { outcome, detail }: CleaningEnd): string {
    const drive = `drive ${String(number)} of library ${this.#library}`;
    switch (outcome) {
      case "cleaned":
        return `${drive} was cleaned with ${barcode}`;
      case "still-dirty":
        return `${drive} was cleaned with ${barcode} and asks for cleaning all the same`;
      case "refused":
        return `${drive} did not take cleaning cartridge ${barcode}`;
      case "failed":
        return `cleaning ${drive} with ${barcode} failed: ${detail ?? "it did not end in time"}`;
    }
  }

  #tellOnce(key: string, news: CleaningNews): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#parts.tell(news);
  }
}

const codes = { cleaned: "CLEANED", "still-dirty": "STILL_DIRTY", refused: "REFUSED_CLEANING", failed: "CLEANING_FAILED" } as const;

/** What an idle drive says; one that does not answer well has other troubles than dirt. */
async function needOf(drive: TapeDrive): Promise<CleaningNeed> {
  try {
    // Takes the unit attentions away that a drive at rest may have.
    await drive.ready(0).catch(() => undefined);
    return (await drive.health({ withCartridge: false, mayClearAlerts: false })).cleaning;
  } catch (thrown) {
    const error = asStrongroomError(thrown);
    if (error.kind === "internal") throw thrown;
    return "unknown";
  }
}

/** For `clean` by hand, where there is no cartridge to do it with. */
export function noCleaningCartridge(library: string): StrongroomError {
  return new StrongroomError("operator", "NO_CLEANING_CARTRIDGE", `no usable cleaning cartridge is in a slot of library ${library}; nothing was moved`, {
    hint: `put one whose label begins with CLN into a mail slot, and run: strongroom library import ${library}`,
  });
}
