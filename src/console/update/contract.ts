import type { Input } from "../input/index.ts";
import type { ScannerChange } from "../scanners/index.ts";
import type { EntryRecord, SnapshotRecord } from "../../records/index.ts";
import type { AppliancePicture, ConsoleState, Losses } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";

/** All that can happen to a console. */
export type ConsoleEvent =
  | Input
  | { readonly kind: "size"; readonly columns: number; readonly rows: number }
  | { readonly kind: "time"; readonly nowMs: number }
  | { readonly kind: "picture"; readonly appliance: AppliancePicture }
  /** What was typed at a question for a secret: how many characters there are now. */
  | { readonly kind: "secret"; readonly characters: number }
  /** Whether the secret that was typed once more is the one that was kept; then it is kept still. */
  | { readonly kind: "secret-compared"; readonly isSame: boolean }
  | { readonly kind: "losses"; readonly barcode: string; readonly losses: Losses }
  | { readonly kind: "snapshots"; readonly archive: string; readonly snapshots: readonly SnapshotRecord[] }
  | { readonly kind: "directory"; readonly archive: string; readonly snapshot: number; readonly path: Uint8Array; readonly entries: readonly EntryRecord[]; readonly hasMore: boolean }
  /** What fits behind what was typed, which is told again. */
  | { readonly kind: "completed"; readonly text: string; readonly candidates: readonly string[] }
  | { readonly kind: "task-lines"; readonly task: number; readonly lines: readonly string[] }
  | { readonly kind: "task-ended"; readonly task: number; readonly exitCode: number }
  | { readonly kind: "trouble"; readonly text: string }
  | { readonly kind: "scanner"; readonly change: ScannerChange }
  | { readonly kind: "saved"; readonly path: string };

/** What the world shall do. `update` asks for it and never does it. */
export type Effect =
  | { readonly kind: "start"; readonly task: number; readonly words: readonly string[]; readonly isJob: boolean; readonly withSecret: boolean }
  | { readonly kind: "refresh" }
  | { readonly kind: "redraw" }
  | { readonly kind: "losses"; readonly barcode: string }
  | { readonly kind: "read-snapshots"; readonly archive: string }
  /** An empty path is the top of the tree. */
  | { readonly kind: "read-directory"; readonly archive: string; readonly snapshot: number; readonly path: Uint8Array }
  | { readonly kind: "complete"; readonly text: string; readonly words: readonly string[] }
  | { readonly kind: "secret-character"; readonly character: string }
  | { readonly kind: "secret-backspace" }
  /** Puts aside what was typed, until it is typed once more. */
  | { readonly kind: "secret-keep" }
  | { readonly kind: "secret-compare" }
  | { readonly kind: "secret-forget" }
  | { readonly kind: "bell" }
  | { readonly kind: "save" }
  | { readonly kind: "leave" };

export interface Step {
  readonly state: ConsoleState;
  readonly effects: readonly Effect[];
}

/** A part of `update`: what happens to the state, in which language it speaks. */
export type Updater<Event> = (state: ConsoleState, event: Event, words: Tongue) => Step;

export function step(state: ConsoleState, ...effects: readonly Effect[]): Step {
  return { state, effects };
}
