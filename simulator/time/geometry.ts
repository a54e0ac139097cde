import { estimates, type TimeFigures } from "./figures.ts";

/** Where the head is: which run along the tape, and how far from the tape's beginning. */
export interface Place {
  readonly wrap: number;
  readonly metres: number;
}

/**
 * How data lies on a serpentine tape: wraps run away from the beginning and back by turns, so that the end of one lies beside the beginning
 * of the next. Wraps lie in four bands; a search may change the band.
 */
export interface Geometry {
  readonly bytesPerWrap: number;
  /** A turn at the end of a wrap. */
  readonly turnMs: number;
  /** The tape's speed with data on its way, between turns, as bytes. */
  readonly highestBytesPerSecond: number;
  placeOf(offsetBytes: number): Place;
  searchMs(from: Place, to: Place): number;
  rewindMs(from: Place): number;
}

const bands = 4;

/** `capacityBytes`: of a cartridge that may be smaller than a real one; its data lies over the whole tape then. */
export function geometryOf(figures: TimeFigures, capacityBytes: number): Geometry {
  const { wraps, tapeMetres, nativeBytes, nativeBytesPerSecond } = figures;
  const nativeBytesPerWrap = nativeBytes / wraps;
  const sustainedMs = (nativeBytesPerWrap / nativeBytesPerSecond) * 1000;
  const turnMs =
    figures.highestBytesPerSecond === undefined ? estimates.turnMs : sustainedMs - (nativeBytesPerWrap / figures.highestBytesPerSecond) * 1000;
  const highestBytesPerSecond = figures.highestBytesPerSecond ?? (nativeBytesPerWrap / (sustainedMs - turnMs)) * 1000;
  const searchMetresPerMs = searchSpeed(figures.averageLocateMs - estimates.settleMs - meanBandChangeMs, tapeMetres);
  const rewindMetresPerMs = figures.averageRewindMs === undefined ? searchMetresPerMs : searchSpeed(figures.averageRewindMs - estimates.settleMs, tapeMetres);
  const bytesPerWrap = capacityBytes / wraps;
  const bandOf = (wrap: number): number => Math.floor((wrap * bands) / wraps);

  return {
    bytesPerWrap,
    turnMs,
    highestBytesPerSecond,
    placeOf: (offsetBytes) => {
      const wrap = Math.min(wraps - 1, Math.floor(offsetBytes / bytesPerWrap));
      const along = Math.min(1, offsetBytes / bytesPerWrap - wrap);
      return { wrap, metres: tapeMetres * (wrap % 2 === 0 ? along : 1 - along) };
    },
    searchMs: (from, to) => {
      const metres = Math.abs(to.metres - from.metres);
      if (metres === 0 && to.wrap === from.wrap) return 0;
      const bandMs = bandOf(from.wrap) === bandOf(to.wrap) ? 0 : estimates.bandChangeMs;
      return estimates.settleMs + metres / searchMetresPerMs + bandMs;
    },
    rewindMs: ({ metres }) => (metres === 0 ? 0 : estimates.settleMs + metres / rewindMetresPerMs),
  };
}

/** From the first band to any of the four. */
const meanBandChangeMs = (estimates.bandChangeMs * (bands - 1)) / bands;

/** Metres a millisecond: a block anywhere is half a tape away, on average. */
function searchSpeed(averageMs: number, tapeMetres: number): number {
  return tapeMetres / 2 / averageMs;
}
