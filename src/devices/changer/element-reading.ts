import {
  type ElementRanges, type ElementStatus, elementType, parseElementStatus, readElementStatusCdb, type Sense, senseKey,
} from "../../scsi/index.ts";
import type { ElementKind } from "./contract.ts";
import { kinds, rangeOf } from "./inventory.ts";
import { readingHabits } from "./quirks.ts";

export interface ElementAnswer {
  readonly data: Uint8Array;
  readonly sense: Sense | undefined;
}

/** The changer, as far as reading its elements needs it. */
export interface ElementSource {
  readonly maxTransferBytes: number;
  ask(cdb: Uint8Array, roomBytes: number): Promise<ElementAnswer>;
  /** Whether that sense is a remark on an answer that is complete. */
  isRemark(sense: Sense): boolean;
  /** What to throw at that sense. */
  refused(sense: Sense): Error;
  unreadable(): Error;
}

/**
 * Reads all elements of a kind, in as many requests as that takes: each goes on behind the last element that came whole. Every request
 * brings the end nearer, so there are no more of them than elements. One instance learns what its changer refuses.
 */
export class ElementReader {
  readonly #source: ElementSource;
  /** Drives are asked for identifiers until the changer refuses; some take volume tags and identifiers in separate calls only. */
  #identifiers: "together" | "apart" | "none" = "together";

  constructor(source: ElementSource) {
    this.#source = source;
  }

  /** By rising address, within the kind's range. Elements that the changer leaves out are left out. */
  async read(ranges: ElementRanges, kind: ElementKind): Promise<readonly ElementStatus[]> {
    return kind === "drive" ? await this.#drives(ranges) : await this.#tagged(ranges, kind);
  }

  async #drives(ranges: ElementRanges): Promise<readonly ElementStatus[]> {
    if (this.#identifiers === "together") {
      const both = await this.#ask(ranges, "drive", true, true);
      if (both !== undefined) return both;
      this.#identifiers = "apart";
    }
    const tagged = await this.#tagged(ranges, "drive");
    if (this.#identifiers === "none") return tagged;
    const identified = await this.#ask(ranges, "drive", false, true);
    if (identified === undefined) this.#identifiers = "none";
    const idOf = new Map(identified?.map(({ address, deviceId }) => [address, deviceId]));
    return tagged.map((element) => ({ ...element, deviceId: idOf.get(element.address) }));
  }

  async #tagged(ranges: ElementRanges, kind: ElementKind): Promise<readonly ElementStatus[]> {
    // Without a barcode reader some refuse volume tags.
    return (await this.#ask(ranges, kind, true, false)) ?? (await this.#ask(ranges, kind, false, false)) ?? [];
  }

  /** Undefined when the changer refuses this kind of question. */
  async #ask(ranges: ElementRanges, kind: ElementKind, volumeTags: boolean, deviceIds: boolean): Promise<readonly ElementStatus[] | undefined> {
    const { first, count } = rangeOf(ranges, kind);
    const type = kinds.find((each) => each.kind === kind)?.type ?? elementType.all;
    const allocationBytes = Math.min(readingHabits.allocationBytes, this.#source.maxTransferBytes);
    const elements = new Map<number, ElementStatus>();
    for (let next = first; next < first + count; ) {
      const wanted = Math.min(readingHabits.elementsAtOnce, first + count - next);
      const cdb = readElementStatusCdb({ type, first: next, count: wanted, volumeTags, deviceIds, allocationBytes });
      const { data, sense } = await this.#source.ask(cdb, allocationBytes);
      if (sense?.key === senseKey.illegalRequest) {
        // Behind the last element that is licensed or fitted, some refuse the address although their mode page counts it.
        if (elements.size > 0) break;
        if (volumeTags || deviceIds) return undefined;
      }
      if (sense !== undefined && !this.#source.isRemark(sense)) throw this.#source.refused(sense);
      const news = this.#newsOf(data, type, next, first + count);
      // A changer may stop early, and may leave elements out: only an answer without news ends the questions.
      if (news.length === 0) break;
      for (const element of news) elements.set(element.address, element);
      next = news.reduce((highest, { address }) => Math.max(highest, address), next) + 1;
    }
    return [...elements.values()].sort((one, other) => one.address - other.address);
  }

  /** The elements from `next` on. Those of other types or beyond the range are of no use; an answer that begins anew each time is none. */
  #newsOf(data: Uint8Array, type: number, next: number, end: number): readonly ElementStatus[] {
    const answer = parseElementStatus(data);
    if (answer === undefined) throw this.#source.unreadable();
    const ofType = answer.elements.filter((element) => element.type === type);
    const news = ofType.filter(({ address }) => address >= next && address < end);
    if (news.length > 0) return news;
    // Half an inventory would pass for a whole one.
    const isCut = answer.reported > 0 && answer.elements.length === 0;
    const goesRound = ofType.some(({ address }) => address < next);
    if (isCut || goesRound) throw this.#source.unreadable();
    return news;
  }
}
