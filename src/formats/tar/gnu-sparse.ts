import { blockBytes } from "./block.ts";
import { damaged } from "./damage.ts";
import { numeric } from "./header.ts";
import { extentsMax } from "./sparse.ts";

/** GNU's own sparse header (type `S`): four extents in the header, 21 in each block that follows while a flag says so. */
const inHeader = { at: 386, count: 4, moreAt: 482 };
const inBlock = { at: 0, count: 21, moreAt: 504 };
const realSize = { at: 483, bytes: 12 };
const pairBytes = 24;

export class GnuSparseMap {
  readonly numbers: number[] = [];
  readonly sizeBytes: number;
  readonly #headerOffset: number;
  more: boolean;

  constructor(header: Buffer, headerOffset: number) {
    this.#headerOffset = headerOffset;
    this.sizeBytes = this.#number(header, realSize.at);
    this.more = this.#take(header, inHeader);
  }

  addBlock(block: Buffer): void {
    this.more = this.#take(block, inBlock);
  }

  #take(block: Buffer, place: typeof inHeader): boolean {
    for (let index = 0; index < place.count; index += 1) {
      const at = place.at + index * pairBytes;
      if (block[at] === 0) break;
      this.numbers.push(this.#number(block, at), this.#number(block, at + 12));
    }
    if (this.numbers.length > 2 * extentsMax) throw damaged("a sparse map is too long", this.#headerOffset);
    return block[place.moreAt] !== 0;
  }

  #number(block: Buffer, at: number): number {
    const value = at + 12 <= blockBytes ? numeric(block, { at, bytes: 12 }) : undefined;
    if (value === undefined || value < 0) throw damaged("a sparse map holds what is no number", this.#headerOffset);
    return value;
  }
}
