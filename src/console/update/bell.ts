import type { ConsoleState } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { needs } from "../views/index.ts";
import { type Step, step } from "./contract.ts";

/** Rings once when something needs a person, and again only when nobody came for so long. */
export const escalationsMs = [5 * 60_000, 15 * 60_000, 60 * 60_000] as const;

/** What was needed and is not any more is forgotten, so that it rings when it comes back. */
export function rung(state: ConsoleState, words: Tongue): Step {
  if (state.appliance === undefined) return step(state);
  const now = needs({ appliance: state.appliance, state, words }).map(({ key }) => key);
  const rang = new Map<string, number>();
  let rings = false;
  for (const key of now) {
    const since = state.bell.rang.get(key);
    rang.set(key, since ?? state.nowMs);
    if (since === undefined || escalatedBetween(since, state)) rings = true;
  }
  const next: ConsoleState = { ...state, bell: { ...state.bell, rang, lastMs: state.nowMs } };
  return rings && !state.bell.muted ? step(next, { kind: "bell" }) : step(next);
}

function escalatedBetween(sinceMs: number, { nowMs, bell }: ConsoleState): boolean {
  return escalationsMs.some((afterMs) => sinceMs + afterMs > bell.lastMs && sinceMs + afterMs <= nowMs);
}
