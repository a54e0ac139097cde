export const blockBytes = 512;

/** The blocks of a disk in memory, and which of them hold anything: those that do not read as zeros. */
export class Blocks {
  readonly count: number;
  readonly #data: Uint8Array;
  readonly #isMapped: Uint8Array;

  constructor(sizeBytes: number) {
    this.count = Math.floor(sizeBytes / blockBytes);
    // The system gives pages of zeros when they are first written to: an empty disk takes next to nothing.
    this.#data = new Uint8Array(this.count * blockBytes);
    this.#isMapped = new Uint8Array(this.count);
  }

  /** What lies there: not a copy. */
  at(address: number, count: number): Uint8Array {
    return this.#data.subarray(address * blockBytes, (address + count) * blockBytes);
  }

  /** Whole blocks. */
  write(address: number, data: Uint8Array): void {
    this.#data.set(data, address * blockBytes);
    this.#isMapped.fill(1, address, address + data.length / blockBytes);
  }

  unmap(address: number, count: number): void {
    this.at(address, count).fill(0);
    this.#isMapped.fill(0, address, address + count);
  }

  isMapped(address: number): boolean {
    return this.#isMapped[address] === 1;
  }

  /** How many blocks from there on are alike in that. */
  runLength(address: number): number {
    const other = this.#isMapped.indexOf(this.isMapped(address) ? 0 : 1, address);
    return (other === -1 ? this.count : other) - address;
  }
}
