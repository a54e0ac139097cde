import { asStrongroomError, printableSentence } from "../words/index.ts";
import type { ConsoleParts } from "./contract.ts";
import { screenLines } from "./frame/index.ts";
import { Frames } from "./frames.ts";
import type { ScannerWatch } from "./scanners/index.ts";
import type { Screen, ScreenListener } from "./screen/index.ts";
import { SecretEntry } from "./secret-entry.ts";
import { type ConsoleState, initialState } from "./state/index.ts";
import { type ConsoleEvent, type Effect, update } from "./update/index.ts";

/** How often the appliance is read: while something runs, and while nothing does. */
const busyIntervalMs = 1000;
const idleIntervalMs = 3000;

/**
 * Shows the console until somebody leaves it or `signal` aborts. Everything that happens becomes an event, events change the state one after the
 * other, and the screen is drawn for all that came together.
 */
export async function runConsole(parts: ConsoleParts, open: (listener: ScreenListener) => Screen, signal: AbortSignal): Promise<void> {
  const loop = new ConsoleLoop(parts, open);
  signal.addEventListener("abort", () => { loop.leave(); }, { once: true });
  if (signal.aborted) loop.leave();
  await loop.run();
}

class ConsoleLoop {
  readonly #parts: ConsoleParts;
  readonly #screen: Screen;
  readonly #frames: Frames;
  readonly #left = Promise.withResolvers<undefined>();
  readonly #secret = new SecretEntry();
  #state: ConsoleState;
  #isLeaving = false;
  #wake: (() => void) | undefined;
  #wantsLibraries = false;

  constructor(parts: ConsoleParts, open: (listener: ScreenListener) => Screen) {
    this.#parts = parts;
    this.#screen = open({
      key: (key) => { this.#happened({ kind: "key", key }); },
      scan: (code) => { this.#happened({ kind: "scan", code }); },
      resized: () => { this.#happened({ kind: "size", ...this.#screen.size() }); },
    });
    this.#state = initialState(this.#screen.size(), parts.clock.nowMs());
    this.#frames = new Frames(this.#screen, parts.clock, () => screenLines(this.#state, parts.words, parts.look));
  }

  async run(): Promise<void> {
    let scanners: Promise<ScannerWatch | undefined> | undefined;
    try {
      this.#frames.want("person");
      // Whoever called the console sees it at once: what opens an appliance keeps this process busy.
      await Promise.race([this.#frames.idle(), this.#left.promise]);
      scanners = this.#parts.scanners?.({
        scan: (code) => { this.#happened({ kind: "scan", code }); },
        changed: (change) => { this.#happened({ kind: "scanner", change }); },
      });
      await Promise.race([this.#readOn(), this.#left.promise]);
    } finally {
      this.leave();
      (await scanners)?.close();
      this.#secret.forget();
      this.#frames.close();
      this.#screen.close();
    }
  }

  leave(): void {
    this.#isLeaving = true;
    this.#left.resolve(undefined);
    this.#wake?.();
  }

  async #readOn(): Promise<void> {
    while (!this.#isLeaving) {
      const libraries = this.#wantsLibraries;
      this.#wantsLibraries = false;
      try {
        const appliance = await this.#parts.feed.read({ libraries });
        this.#happened({ kind: "picture", appliance });
      } catch (thrown) {
        const { message, hint } = asStrongroomError(thrown);
        this.#happened({ kind: "trouble", text: printableSentence(hint === undefined ? message : `${message}; ${hint}`) });
      }
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    if (this.#wantsLibraries) return;
    const isBusy = this.#state.appliance?.jobs.some(({ state }) => state === "running") ?? false;
    const woken = new Promise<void>((resolve) => { this.#wake = resolve; });
    const slept = new AbortController();
    await Promise.race([this.#parts.clock.sleep(isBusy ? busyIntervalMs : idleIntervalMs, slept.signal).catch(() => undefined), woken]);
    slept.abort();
    this.#wake = undefined;
  }

  #happened(event: ConsoleEvent): void {
    if (this.#isLeaving) return;
    const { state, effects } = update(this.#state, event, this.#parts.words);
    this.#state = state;
    for (const effect of effects) this.#act(effect);
    this.#frames.want(isNews(event) ? "news" : "person");
  }

  #act(effect: Effect): void {
    switch (effect.kind) {
      case "start": this.#start(effect); return;
      case "refresh":
        this.#wantsLibraries = true;
        this.#wake?.();
        return;
      case "redraw": this.#screen.forget(); return;
      case "losses": void this.#look(effect.barcode); return;
      case "read-snapshots": {
        const { archive } = effect;
        void this.#fetch(async () => ({ kind: "snapshots", archive, snapshots: await this.#parts.feed.snapshots(archive) }));
        return;
      }
      case "read-directory": {
        const { archive, snapshot, path } = effect;
        void this.#fetch(async () => ({ kind: "directory", archive, snapshot, path, ...(await this.#parts.feed.directory(archive, snapshot, path)) }));
        return;
      }
      case "complete": {
        const { text, words } = effect;
        void this.#fetch(async () => ({ kind: "completed", text, candidates: (await this.#parts.complete?.(words)) ?? [] }));
        return;
      }
      case "secret-character": this.#secret.append(effect.character); break;
      case "secret-backspace": this.#secret.backspace(); break;
      case "secret-keep": this.#secret.keep(); break;
      case "secret-compare":
        this.#happened({ kind: "secret-compared", isSame: this.#secret.isAsKept() });
        return;
      case "secret-forget": this.#secret.forget(); return;
      case "bell": this.#screen.bell(); return;
      case "save": void this.#save(); return;
      case "leave": this.leave(); return;
    }
    this.#happened({ kind: "secret", characters: this.#secret.characters });
  }

  #start({ task, words, isJob, withSecret }: Extract<Effect, { kind: "start" }>): void {
    const secret = withSecret ? this.#secret.take() : undefined;
    this.#parts.commands.start(words, { isJob, secret }, {
      lines: (lines) => { this.#happened({ kind: "task-lines", task, lines: lines.map(printableSentence) }); },
      ended: (exitCode) => { this.#happened({ kind: "task-ended", task, exitCode }); },
    });
  }

  async #look(barcode: string): Promise<void> {
    try {
      this.#happened({ kind: "losses", barcode, losses: await this.#parts.feed.losses(barcode) });
    } catch (thrown) {
      // Without knowing what would be lost, nothing is written over: the question stays unanswered.
      this.#happened({ kind: "trouble", text: printableSentence(asStrongroomError(thrown).message) });
    }
  }

  async #fetch(read: () => Promise<ConsoleEvent>): Promise<void> {
    try {
      this.#happened(await read());
    } catch (thrown) {
      this.#happened({ kind: "trouble", text: printableSentence(asStrongroomError(thrown).message) });
    }
  }

  async #save(): Promise<void> {
    const text = screenLines(this.#state, this.#parts.words, this.#parts.look).map((line) => line.map((one) => one.text).join("").trimEnd()).join("\n");
    try {
      this.#happened({ kind: "saved", path: await this.#parts.saveScreen(`${text}\n`) });
    } catch (thrown) {
      this.#happened({ kind: "trouble", text: printableSentence(asStrongroomError(thrown).message) });
    }
  }
}

/** What comes by itself, and again before long. */
function isNews({ kind }: ConsoleEvent): boolean {
  return kind === "picture" || kind === "task-lines" || kind === "time";
}
