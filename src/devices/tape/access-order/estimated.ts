import { type HeadPlace, locateMs, placeOf, type TapeGeometry } from "./geometry.ts";

/** A stretch of the tape as bytes from its beginning; read from `startBytes` on. */
export interface ByteRange {
  readonly startBytes: number;
  readonly endBytes: number;
}

interface Stretch {
  readonly from: HeadPlace;
  readonly to: HeadPlace;
}

/** Beyond this many the search would take longer than what it saves; they lie so densely that their own order is good. */
const mostStretches = 500;
/** A stretch and up to this many behind it are moved together. */
const longestMove = 3;
const mostRounds = 10;

/**
 * In which order to read these ranges with the least winding, where the drive does not recommend one: indices into `ranges`, which come
 * in the order of the tape. Serpentine tapes put neighbours on other wraps beside one another: what is next by number may be a tape's
 * length away, while what is hundreds of gigabytes further lies where the head is.
 *
 * The nearest next, from the beginning of the tape, then single stretches and small groups are moved to where they cost less, until nothing
 * gains. By the estimate, the result is never worse than the order of the tape.
 */
export function estimatedOrder(ranges: readonly ByteRange[], geometry: TapeGeometry, capacityBytes: number): readonly number[] {
  const inTapeOrder = ranges.map((_, index) => index);
  if (ranges.length < 3 || ranges.length > mostStretches) return inTapeOrder;
  const stretches = stretchesOf(ranges, geometry, capacityBytes);
  const stepMs = stepsOf(stretches, geometry);
  const found = improved(nearestNext(stretches.length, stepMs), stepMs);
  return windingMs(found, stepMs) < windingMs(inTapeOrder, stepMs) ? found : inTapeOrder;
}

/** What an order costs in winding alone, from the beginning of the tape. */
export function estimatedWindingMs(
  order: readonly number[],
  ranges: readonly ByteRange[],
  geometry: TapeGeometry,
  capacityBytes: number,
): number {
  return windingMs(order, stepsOf(stretchesOf(ranges, geometry, capacityBytes), geometry));
}

function stretchesOf(ranges: readonly ByteRange[], geometry: TapeGeometry, capacityBytes: number): readonly Stretch[] {
  const place = (offsetBytes: number): HeadPlace => placeOf(geometry, capacityBytes, offsetBytes);
  return ranges.map(({ startBytes, endBytes }) => ({ from: place(startBytes), to: place(endBytes) }));
}

/** From the end of one stretch to the start of another; -1 stands for the beginning of the tape. */
type StepMs = (before: number, after: number) => number;

function stepsOf(stretches: readonly Stretch[], geometry: TapeGeometry): StepMs {
  const count = stretches.length;
  const begin: HeadPlace = { wrap: 0, along: 0 };
  const table = new Float64Array((count + 1) * count);
  for (let before = 0; before <= count; before += 1) {
    const place = before === 0 ? begin : stretches[before - 1]!.to;
    for (let after = 0; after < count; after += 1) table[before * count + after] = locateMs(geometry, place, stretches[after]!.from);
  }
  return (before, after) => table[(before + 1) * count + after]!;
}

function windingMs(order: readonly number[], stepMs: StepMs): number {
  return order.reduce((sum, index, at) => sum + stepMs(at === 0 ? -1 : order[at - 1]!, index), 0);
}

function nearestNext(count: number, stepMs: StepMs): number[] {
  const left = Array.from({ length: count }, (_, index) => index);
  const order: number[] = [];
  while (left.length > 0) {
    const before = order.at(-1) ?? -1;
    let best = 0;
    for (let at = 1; at < left.length; at += 1) if (stepMs(before, left[at]!) < stepMs(before, left[best]!)) best = at;
    order.push(...left.splice(best, 1));
  }
  return order;
}

/** Moves groups of one to three elsewhere, keeping their direction: a stretch cannot be read backwards. */
function improved(order: number[], stepMs: StepMs): number[] {
  for (let round = 0; round < mostRounds; round += 1) {
    let hasGained = false;
    for (let at = 0; at < order.length; at += 1) {
      for (let length = 1; length <= longestMove && at + length <= order.length; length += 1) {
        hasGained = moveToBetterPlace(order, at, length, stepMs) || hasGained;
      }
    }
    if (!hasGained) break;
  }
  return order;
}

/** What follows the last stretch costs nothing: the tape may stay where it is. */
function moveToBetterPlace(order: number[], at: number, length: number, stepMs: StepMs): boolean {
  const step = (before: number | undefined, after: number | undefined): number => (after === undefined ? 0 : stepMs(before ?? -1, after));
  const [first, last] = [order[at], order[at + length - 1]];
  const saved = step(order[at - 1], first) + step(last, order[at + length]) - step(order[at - 1], order[at + length]);
  let bestGain = 1e-6;
  let bestPlace = -1;
  for (let place = 0; place <= order.length; place += 1) {
    if (place >= at && place <= at + length) continue;
    const [before, after] = [order[place - 1], order[place]];
    const gain = saved - (step(before, first) + step(last, after) - step(before, after));
    if (gain > bestGain) [bestGain, bestPlace] = [gain, place];
  }
  if (bestPlace < 0) return false;
  const group = order.splice(at, length);
  order.splice(bestPlace > at ? bestPlace - length : bestPlace, 0, ...group);
  return true;
}
