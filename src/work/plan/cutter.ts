import type { PlannedSegment } from "../../records/index.ts";

/** A run of plan lines; the first and the last line may be pieces of a file. This is what PlannedSegment.plan holds, as JSON. */
export interface SegmentCut {
  /** Byte offsets in the plan file: the first line, and behind the last. */
  readonly fromByte: number;
  readonly toByte: number;
  /** Stored bytes of the first line's entry that earlier segments hold; above 0 there is no header here. A multiple of 512. */
  readonly skipBytes: number;
  /** The stored byte of the last line's entry to stop at, a multiple of 512; undefined: up to its end, padding included. */
  readonly stopBytes?: number;
}

/** What the cutter needs to know of a line. */
export interface CutLine {
  readonly fromByte: number;
  readonly toByte: number;
  readonly headerBytes: number;
  /** Bytes that follow the header in the stream, without padding. */
  readonly storedBytes: number;
}

const blockBytes = 512;
const padded = (sizeBytes: number): number => Math.ceil(sizeBytes / blockBytes) * blockBytes;

/**
 * Cuts a stream of entries into segments of about `segmentSizeBytes`. A file is split only when it does not fit into what is left and
 * is larger than an eighth of a segment: restoring a small file never needs two segments.
 */
export class SegmentCutter {
  readonly #segmentSizeBytes: number;
  readonly #splitAboveBytes: number;
  readonly #segments: PlannedSegment[] = [];
  #open: { fromByte: number; toByte: number; skipBytes: number } | undefined;
  #usedBytes = 0;

  constructor(segmentSizeBytes: number) {
    this.#segmentSizeBytes = padded(segmentSizeBytes);
    this.#splitAboveBytes = segmentSizeBytes / 8;
  }

  add(line: CutLine): void {
    const wholeBytes = line.headerBytes + padded(line.storedBytes);
    if (this.#usedBytes + wholeBytes <= this.#segmentSizeBytes) {
      this.#take(line, wholeBytes, 0);
      return;
    }
    if (line.storedBytes <= this.#splitAboveBytes) {
      this.#close(undefined);
      this.#take(line, wholeBytes, 0);
      return;
    }
    this.#split(line);
  }

  finish(): readonly PlannedSegment[] {
    this.#close(undefined);
    return this.#segments;
  }

  #split(line: CutLine): void {
    let leftBytes = this.#segmentSizeBytes - this.#usedBytes - line.headerBytes;
    if (leftBytes < this.#splitAboveBytes) {
      this.#close(undefined);
      leftBytes = this.#segmentSizeBytes - line.headerBytes;
    }
    let doneBytes = 0;
    let takeBytes = Math.max(blockBytes, Math.floor(leftBytes / blockBytes) * blockBytes);
    let headerBytes = line.headerBytes;
    while (doneBytes + takeBytes < line.storedBytes) {
      this.#take(line, headerBytes + takeBytes, doneBytes);
      doneBytes += takeBytes;
      this.#close(doneBytes);
      takeBytes = this.#segmentSizeBytes;
      headerBytes = 0;
    }
    this.#take(line, headerBytes + padded(line.storedBytes - doneBytes), doneBytes);
  }

  #take(line: CutLine, streamBytes: number, skipBytes: number): void {
    this.#open ??= { fromByte: line.fromByte, toByte: line.toByte, skipBytes };
    this.#open.toByte = line.toByte;
    this.#usedBytes += streamBytes;
  }

  #close(stopBytes: number | undefined): void {
    if (!this.#open) return;
    const cut: SegmentCut = stopBytes === undefined ? this.#open : { ...this.#open, stopBytes };
    this.#segments.push({ number: this.#segments.length + 1, plannedBytes: this.#usedBytes, plan: JSON.stringify(cut) });
    this.#open = undefined;
    this.#usedBytes = 0;
  }
}
