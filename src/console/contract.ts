import type { Clock } from "../words/index.ts";
import type { Feed } from "./feed/index.ts";
import type { Look } from "./picture/index.ts";
import type { ScannerListener, ScannerWatch } from "./scanners/index.ts";
import type { Tongue } from "./tongue/index.ts";

/** What a console is made of; src/main brings the machine's parts, tests bring their own. */
export interface ConsoleParts {
  readonly feed: Feed;
  readonly commands: CommandRunner;
  readonly clock: Clock;
  readonly words: Tongue;
  readonly look: Look;
  /** Listens to scanners on serial lines until it is closed; resolves with undefined where there are none. Called behind the first frame. */
  readonly scanners?: ((listener: ScannerListener) => Promise<ScannerWatch | undefined>) | undefined;
  /** What may stand in place of the last of these words, which is what was typed of it so far. Nothing where nobody knows. */
  readonly complete?: ((words: readonly string[]) => Promise<readonly string[]>) | undefined;
  /** Writes a picture of the screen where support finds it; gives the path. */
  saveScreen(text: string): Promise<string>;
}

/** Runs command lines of strongroom outside of this process. */
export interface CommandRunner {
  /**
   * Starts one, without the program's name. A job goes on when the console is gone, whatever ends it. `secret` reaches it on descriptor 3, and the
   * bytes are zeroed when it has them. `ended` is called once, behind the last lines.
   */
  start(words: readonly string[], options: { readonly isJob: boolean; readonly secret: Uint8Array | undefined }, listener: CommandListener): void;
}

export interface CommandListener {
  lines(lines: readonly string[]): void;
  ended(exitCode: number): void;
}
