import { estimates, type TimeFigures, timeFigures } from "./figures.ts";
import { geometryOf } from "./geometry.ts";
import { createMechanism } from "./mechanism.ts";

/** What the model gives for one published figure. */
export interface Comparison {
  readonly generation: string;
  readonly what: "load" | "average locate" | "average rewind" | "unload" | "fill" | "sustained rate";
  readonly unit: "s" | "h" | "MB/s";
  readonly published: number;
  readonly modelled: number;
  /** Nobody published it: it is compared with an estimate. */
  readonly isEstimated: boolean;
}

const blockBytes = 8 * 2 ** 20;
const places = 5000;

/** Runs every generation through its model: loads it, fills it at full speed, goes to places all over the tape and back. */
export function comparePublished(generations: readonly TimeFigures[] = timeFigures): readonly Comparison[] {
  return generations.flatMap(compare);
}

function compare(figures: TimeFigures): readonly Comparison[] {
  const { generation, nativeBytes, nativeBytesPerSecond, estimated } = figures;
  const compared = (what: Comparison["what"], unit: Comparison["unit"], published: number, modelled: number, field: keyof TimeFigures): Comparison =>
    ({ generation, what, unit, published, modelled, isEstimated: estimated.includes(field) });
  const mechanism = createMechanism(figures);
  const loadMs = mechanism.load(0, nativeBytes, 0);
  const fillMs = fill(mechanism, loadMs, nativeBytes);
  const unloadMs = unloaded(figures);
  const { locateMs, rewindMs } = averages(figures);
  return [
    compared("load", "s", figures.loadMs / 1000, loadMs / 1000, "loadMs"),
    compared("average locate", "s", figures.averageLocateMs / 1000, locateMs / 1000, "averageLocateMs"),
    ...(figures.averageRewindMs === undefined ? [] : [compared("average rewind", "s", figures.averageRewindMs / 1000, rewindMs / 1000, "averageRewindMs")]),
    compared("unload", "s", figures.unloadMs / 1000, unloadMs / 1000, "unloadMs"),
    compared("fill", "h", nativeBytes / nativeBytesPerSecond / 3600, fillMs / 3_600_000, "nativeBytes"),
    compared("sustained rate", "MB/s", nativeBytesPerSecond / 1e6, nativeBytes / fillMs / 1000, "nativeBytesPerSecond"),
  ];
}

/** As a host writes that is always faster than the drive. Returns how long that took. */
function fill(mechanism: ReturnType<typeof createMechanism>, startMs: number, capacityBytes: number): number {
  let nowMs = startMs;
  for (let at = 0; at < capacityBytes; at += blockBytes) nowMs += mechanism.write(nowMs, at, Math.min(blockBytes, capacityBytes - at));
  return nowMs + mechanism.flush(nowMs) - startMs;
}

function unloaded(figures: TimeFigures): number {
  const mechanism = createMechanism(figures);
  const loadMs = mechanism.load(0, figures.nativeBytes, 0);
  return mechanism.unload(loadMs);
}

/** Of searches from the beginning to places all over a full tape, and of the ways back. The places are spread evenly, not drawn: the same each time. */
function averages(figures: TimeFigures): { readonly locateMs: number; readonly rewindMs: number } {
  const geometry = geometryOf(figures, figures.nativeBytes);
  const start = geometry.placeOf(0);
  let locateMs = 0;
  let rewindMs = 0;
  for (let index = 0; index < places; index += 1) {
    const place = geometry.placeOf(((index * goldenSection) % 1) * figures.nativeBytes);
    locateMs += geometry.searchMs(start, place);
    rewindMs += geometry.rewindMs(place);
  }
  return { locateMs: locateMs / places, rewindMs: rewindMs / places };
}

/** Multiples of it, less their whole part, fill the unit interval more evenly than chance would. */
const goldenSection = (Math.sqrt(5) - 1) / 2;

/** Robots are of no product: what moving and looking takes. */
export const robotFigures = { moveMs: estimates.moveMs, scanMs: estimates.scanMs } as const;
