import { estimates, type TimeFigures } from "./figures.ts";
import { type Geometry, geometryOf, type Place } from "./geometry.ts";
import { type Activity, type DriveTimes, Timeline } from "./timeline.ts";

/**
 * The moving parts of a drive, as far as they take time: threading, searching, the buffer between host and tape, speed matching, and going back
 * after every stop. It knows positions as bytes from the beginning of the tape, and nothing of blocks or commands.
 *
 * Each method is told when it begins, on whatever clock the caller has, and returns how long whoever asked has to wait. What the mechanism goes on
 * doing meanwhile is accounted when it is next asked: a call must not begin before the last one did.
 */
export interface Mechanism {
  /** A cartridge comes in. `firstLoadMs`: the drive measures an LTO-9 cartridge that was never loaded. */
  load(atMs: number, capacityBytes: number, firstLoadMs: number): number;
  unload(atMs: number): number;
  rewind(atMs: number): number;
  /** To a place on the tape; buffered data goes on the tape first. */
  search(atMs: number, toBytes: number): number;
  /** The host gives `sizeBytes` that belong at `fromBytes`. */
  write(atMs: number, fromBytes: number, sizeBytes: number): number;
  /** The host wants everything on the tape. */
  flush(atMs: number): number;
  /** The host takes `sizeBytes` that lie at `fromBytes`. The drive reads ahead, as far as `endOfDataBytes`. */
  read(atMs: number, fromBytes: number, sizeBytes: number, endOfDataBytes: number): number;
  /** Writes over what lies between two places, and goes back to the first. */
  erase(atMs: number, fromBytes: number, toBytes: number): number;
  /** Marks where partitions begin, and ends at the beginning of the tape. */
  format(atMs: number): number;
  /** Up to this moment. */
  times(atMs: number): DriveTimes;
  timeline(): Timeline;
}

/** What moves over the tape now. Bytes in the buffer: waiting to be written, or read and waiting for the host. */
interface Transfer {
  readonly direction: "write" | "read";
  bufferedBytes: number;
  runs: boolean;
  /** It ran before and stopped in the middle: to run again it must go back first. */
  stopped: boolean;
  bytesPerSecond: number;
}

export function createMechanism(figures: TimeFigures): Mechanism {
  return new TapeMechanism(figures);
}

class TapeMechanism implements Mechanism {
  readonly #figures: TimeFigures;
  readonly #timeline = new Timeline();
  #geometry: Geometry | undefined;
  #capacityBytes = 0;
  /** Until when everything is accounted. */
  #nowMs = 0;
  /** What the head stands over, as bytes from the beginning: behind the host by what waits to be written, before it by what was read ahead. */
  #headBytes = 0;
  /** Where the host is. */
  #hostBytes = 0;
  /** Where the tape has nothing more for a transfer. */
  #limitBytes = 0;
  #transfer: Transfer | undefined;
  #hostRate = 0;
  #hostRateAtMs = 0;
  #backhitches = 0;
  #bytesWritten = 0;
  #bytesRead = 0;

  constructor(figures: TimeFigures) {
    this.#figures = figures;
  }

  load(atMs: number, capacityBytes: number, firstLoadMs: number): number {
    this.#advance(atMs);
    this.#geometry = geometryOf(this.#figures, capacityBytes);
    this.#capacityBytes = capacityBytes;
    this.#headBytes = 0;
    this.#transfer = undefined;
    return this.#spend("loading", this.#figures.loadMs + firstLoadMs);
  }

  unload(atMs: number): number {
    if (!this.#geometry) return 0;
    const waitedMs = this.rewind(atMs) + this.#spend("unloading", this.#figures.unloadMs);
    this.#geometry = undefined;
    return waitedMs;
  }

  rewind(atMs: number): number {
    const flushedMs = this.flush(atMs);
    this.#transfer = undefined;
    const rewoundMs = this.#spend("rewinding", this.#tape().rewindMs(this.#place()));
    this.#headBytes = 0;
    return flushedMs + rewoundMs;
  }

  search(atMs: number, toBytes: number): number {
    const flushedMs = this.flush(atMs);
    this.#transfer = undefined;
    const searchedMs = this.#spend("searching", this.#tape().searchMs(this.#place(), this.#tape().placeOf(toBytes)));
    this.#headBytes = toBytes;
    return flushedMs + searchedMs;
  }

  write(atMs: number, fromBytes: number, sizeBytes: number): number {
    this.#advance(atMs);
    const { bufferBytes } = this.#figures;
    const transfer = this.#begin("write", fromBytes, this.#capacityBytes);
    this.#learnHostRate(atMs, sizeBytes);
    let waitedMs = 0;
    if (transfer.bufferedBytes + sizeBytes > bufferBytes) {
      this.#run(transfer);
      while (transfer.bufferedBytes > 0 && transfer.bufferedBytes + sizeBytes > bufferBytes) this.#step(transfer, Infinity, Math.max(0, bufferBytes - sizeBytes));
      waitedMs = Math.max(0, this.#nowMs - atMs);
    }
    transfer.bufferedBytes += sizeBytes;
    this.#hostBytes = fromBytes + sizeBytes;
    this.#bytesWritten += sizeBytes;
    if (transfer.runs) this.#match(transfer);
    else if (transfer.bufferedBytes >= bufferBytes * estimates.startFill) this.#run(transfer);
    return waitedMs + hostMs(sizeBytes);
  }

  flush(atMs: number): number {
    this.#advance(atMs);
    const transfer = this.#transfer;
    if (transfer?.direction !== "write" || transfer.bufferedBytes === 0) return 0;
    this.#run(transfer);
    while (transfer.bufferedBytes > 0) this.#step(transfer, Infinity, 0);
    return Math.max(0, this.#nowMs - atMs);
  }

  read(atMs: number, fromBytes: number, sizeBytes: number, endOfDataBytes: number): number {
    this.#advance(atMs);
    const transfer = this.#begin("read", fromBytes, endOfDataBytes);
    this.#learnHostRate(atMs, sizeBytes);
    let waitedMs = 0;
    if (transfer.bufferedBytes < sizeBytes) {
      this.#run(transfer);
      while (transfer.bufferedBytes < sizeBytes && transfer.runs) this.#step(transfer, Infinity, sizeBytes);
      waitedMs = Math.max(0, this.#nowMs - atMs);
    }
    transfer.bufferedBytes = Math.max(0, transfer.bufferedBytes - sizeBytes);
    this.#hostBytes = fromBytes + sizeBytes;
    this.#bytesRead += sizeBytes;
    if (transfer.runs) this.#match(transfer);
    else if (this.#headBytes < endOfDataBytes && transfer.bufferedBytes < this.#figures.bufferBytes * (1 - estimates.startFill)) this.#run(transfer);
    return waitedMs + hostMs(sizeBytes);
  }

  erase(atMs: number, fromBytes: number, toBytes: number): number {
    const foundMs = this.search(atMs, fromBytes);
    const erasedMs = this.#spend("streaming", ((toBytes - fromBytes) / this.#figures.nativeBytesPerSecond) * 1000);
    this.#headBytes = toBytes;
    return foundMs + erasedMs + this.search(this.#nowMs, fromBytes);
  }

  format(atMs: number): number {
    const rewoundMs = this.rewind(atMs);
    return rewoundMs + this.#spend("searching", estimates.formatMs);
  }

  times(atMs: number): DriveTimes {
    this.#advance(atMs);
    return {
      totalMs: this.#timeline.endMs,
      milliseconds: this.#timeline.totals(),
      backhitches: this.#backhitches,
      bytesWritten: this.#bytesWritten,
      bytesRead: this.#bytesRead,
    };
  }

  timeline(): Timeline {
    return this.#timeline;
  }

  #tape(): Geometry {
    if (!this.#geometry) throw new TypeError("nothing is loaded");
    return this.#geometry;
  }

  #place(): Place {
    return this.#tape().placeOf(this.#headBytes);
  }

  #spend(activity: Activity, durationMs: number): number {
    this.#timeline.add(activity, durationMs);
    this.#nowMs += durationMs;
    return durationMs;
  }

  /** The transfer that this continues; or the tape goes to where a new one begins. */
  #begin(direction: Transfer["direction"], fromBytes: number, limitBytes: number): Transfer {
    this.#limitBytes = limitBytes;
    const last = this.#transfer;
    if (last?.direction === direction && this.#hostBytes === fromBytes) {
      // Steps are fractions of bytes; over a whole tape they would add up.
      this.#headBytes = fromBytes + (direction === "write" ? -last.bufferedBytes : last.bufferedBytes);
      return last;
    }
    this.search(this.#nowMs, fromBytes);
    this.#transfer = { direction, bufferedBytes: 0, runs: false, stopped: false, bytesPerSecond: this.#figures.lowestBytesPerSecond };
    return this.#transfer;
  }

  /** The rate of the last seconds, as the drive sees it from how its buffer fills. */
  #learnHostRate(atMs: number, sizeBytes: number): void {
    const passedMs = Math.max(hostMs(sizeBytes), atMs - this.#hostRateAtMs);
    const weight = 1 - Math.exp(-passedMs / hostRateMemoryMs);
    this.#hostRate += weight * (sizeBytes / (passedMs / 1000) - this.#hostRate);
    this.#hostRateAtMs = atMs;
  }

  /** A buffer that is nearly what the tape waits for slows it down, one that is nearly what the host waits for speeds it up. */
  #match(transfer: Transfer): void {
    const fill = transfer.bufferedBytes / this.#figures.bufferBytes;
    const pressure = transfer.direction === "write" ? fill : 1 - fill;
    const { lowestBytesPerSecond } = this.#figures;
    const { highestBytesPerSecond } = this.#tape();
    const wished = pressure > 0.75 ? highestBytesPerSecond : pressure < 0.25 ? lowestBytesPerSecond : this.#hostRate;
    transfer.bytesPerSecond = Math.min(highestBytesPerSecond, Math.max(lowestBytesPerSecond, wished));
  }

  #run(transfer: Transfer): void {
    if (transfer.runs) return;
    this.#match(transfer);
    if (transfer.stopped) {
      this.#backhitches += 1;
      this.#spend("repositioning", estimates.backhitchMs);
    }
    transfer.runs = true;
    transfer.stopped = false;
  }

  #stop(transfer: Transfer): void {
    transfer.runs = false;
    transfer.stopped = true;
  }

  /** What the drive does by itself until then. */
  #advance(toMs: number): void {
    while (this.#nowMs < toMs) {
      const transfer = this.#transfer;
      if (!transfer?.runs) {
        this.#spend(this.#geometry ? "stopped" : "empty", toMs - this.#nowMs);
        return;
      }
      this.#step(transfer, toMs, transfer.direction === "write" ? 0 : this.#figures.bufferBytes);
    }
  }

  /** Runs the tape until a moment, until the buffer holds so much, or to the end of the wrap, where it turns; whatever comes first. */
  #step(transfer: Transfer, untilMs: number, bufferedBytes: number): void {
    const { bytesPerWrap, turnMs } = this.#tape();
    const bytesPerMs = transfer.bytesPerSecond / 1000;
    const toBufferMs = Math.abs(transfer.bufferedBytes - bufferedBytes) / bytesPerMs;
    const borderBytes = Math.min(this.#limitBytes, (Math.floor(this.#headBytes / bytesPerWrap + roundingWraps) + 1) * bytesPerWrap);
    const toBorderMs = Math.max(0, borderBytes - this.#headBytes) / bytesPerMs;
    const stepMs = Math.min(untilMs - this.#nowMs, toBufferMs, toBorderMs);
    const bytes = stepMs * bytesPerMs;
    this.#spend("streaming", stepMs);
    this.#headBytes += bytes;
    transfer.bufferedBytes += transfer.direction === "write" ? -bytes : bytes;
    if (stepMs === toBufferMs) this.#reachBuffer(transfer, bufferedBytes);
    else if (stepMs === toBorderMs) this.#reachBorder(transfer, borderBytes, turnMs);
  }

  #reachBuffer(transfer: Transfer, bufferedBytes: number): void {
    transfer.bufferedBytes = bufferedBytes;
    if (bufferedBytes === (transfer.direction === "write" ? 0 : this.#figures.bufferBytes)) this.#stop(transfer);
  }

  #reachBorder(transfer: Transfer, borderBytes: number, turnMs: number): void {
    this.#headBytes = borderBytes;
    if (borderBytes < this.#limitBytes) {
      this.#spend("turning", turnMs);
      return;
    }
    // What a fraction of a byte left in the buffer has no place behind the end.
    if (transfer.direction === "write") transfer.bufferedBytes = 0;
    transfer.runs = false;
  }
}

/** A head that stands at a border but for the rounding of its position stands behind it. */
const roundingWraps = 1e-9;
const hostRateMemoryMs = 2000;

function hostMs(sizeBytes: number): number {
  return (sizeBytes / estimates.hostBytesPerSecond) * 1000;
}
