import type { Line } from "../picture/index.ts";

/**
 * A terminal that shows lines and tells of keys.
 *
 * Guarantees of every implementation:
 * - `draw` sends only what changed since the last one, and nothing when nothing did. Lines are as many and as wide as `size` says.
 * - On a slow line `draw` sends no more than the line carries in a moment, so that what a key does next never waits behind a whole screen: what these lines changed first,
 *   then what is left of earlier ones. It answers whether the terminal shows everything now.
 * - After `close`, and when the process ends by an error, the terminal is as it was found: its screen, its cursor, its line mode.
 * - Keys have the names of `input/keys.ts`. Scans of a scanner that types are taken out before anything is a key.
 */
export interface Screen {
  size(): { readonly columns: number; readonly rows: number };
  draw(lines: readonly Line[]): boolean;
  /** People wait for this line: what nobody asked for is drawn seldom. */
  readonly isSlow: boolean;
  /** Resolves when the line to the terminal has carried what was sent, or almost; whoever draws earlier makes the terminal show the past. */
  ready(): Promise<void>;
  /** Forgets what the terminal is thought to show, so that the next `draw` sends everything. */
  forget(): void;
  bell(): void;
  close(): void;
}

export interface ScreenListener {
  key(key: string): void;
  scan(code: string): void;
  resized(): void;
}
