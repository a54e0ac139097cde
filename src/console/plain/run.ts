import { asStrongroomError, printableSentence } from "../../words/index.ts";
import type { ConsoleParts } from "../contract.ts";
import type { Feed } from "../feed/index.ts";
import { lossesLines } from "../frame/index.ts";
import { type Answers, initialState, type Opening, type ViewId, viewIds } from "../state/index.ts";
import { type Action, type Row, type WholeScene, shownRows } from "../views/index.ts";
import { wordsOf } from "../update/index.ts";
import { plainExchange } from "./exchange.ts";
import { plainTree } from "./tree.ts";
import { mainMenu, newNeeds, rowLines, sceneOf, viewLines } from "./menus.ts";

/** A person who types whole lines, at anything that has lines: a teletype, a screen reader, a log. */
export interface LineReader {
  /** One line; undefined at the end of input. */
  readLine(prompt: string): Promise<string | undefined>;
  /** Without echo, zeroed by the caller. */
  readSecret(prompt: string): Promise<Uint8Array | undefined>;
  write(text: string): void;
}

interface PlainParts extends Pick<ConsoleParts, "commands" | "clock" | "words"> {
  readonly feed: Pick<Feed, "read" | "losses" | "snapshots" | "directory">;
}

/** Wider than any view: nothing is cut in lines. */
const size = { columns: 10_000, rows: 10_000 } as const;

/**
 * The same views and actions as numbered menus and appended lines. Nothing moves a cursor and nothing is drawn over. A number chooses, an empty line goes
 * back, `:` runs a command, a barcode shows its cartridge, `q` leaves.
 */
export async function runPlainConsole(parts: PlainParts, reader: LineReader, signal: AbortSignal): Promise<void> {
  const plain = new PlainConsole(parts, reader, signal);
  await plain.run();
}

class PlainConsole {
  readonly #parts: PlainParts;
  readonly #reader: LineReader;
  readonly #signal: AbortSignal;
  readonly #told = new Set<string>();

  constructor(parts: PlainParts, reader: LineReader, signal: AbortSignal) {
    this.#parts = parts;
    this.#reader = reader;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    let isFirst = true;
    while (!this.#signal.aborted) {
      const scene = await this.#scene(isFirst);
      if (scene !== undefined) this.#tellNeeds(scene);
      if (isFirst) this.#say(...mainMenu(this.#parts.words));
      isFirst = false;
      const typed = await this.#ask("strongroom> ");
      if (typed === undefined || typed === "q") return;
      if (typed === "" || typed === "?") this.#say(...mainMenu(this.#parts.words));
      else if (typed.startsWith(":")) await this.#runWords(wordsOf(typed.slice(1)));
      else if (typed === "o" || typed === "i") await this.#exchange(typed);
      else await this.#choose(typed);
    }
  }

  async #choose(typed: string): Promise<void> {
    const id = viewIds[Number(typed) - 1];
    if (id !== undefined) {
      await this.#view(id);
      return;
    }
    const scene = await this.#scene(true);
    const row = scene === undefined ? undefined : shownRows(scene, "cartridges").find(({ barcode }) => barcode === typed);
    if (scene === undefined || row === undefined) this.#say(this.#parts.words.frame.scannedUnknown(printableSentence(typed)));
    else await this.#row("cartridges", row);
  }

  /** What the screen opens; here it is told line by line. */
  async #open(opening: Opening): Promise<void> {
    const { feed, words, clock } = this.#parts;
    if (opening.kind === "exchange") {
      await this.#exchange(opening.direction === "out" ? "o" : "i", opening.barcodes);
      return;
    }
    const scene = await this.#scene(false);
    if (scene === undefined) return;
    try {
      await plainTree(opening.archive, words, {
        feed,
        state: initialState(size, clock.nowMs()),
        appliance: scene.appliance,
        ask: (prompt) => this.#ask(prompt),
        say: (...lines) => { this.#say(...lines); },
        take: (action) => this.#take(action),
      });
    } catch (thrown) {
      this.#say(printableSentence(asStrongroomError(thrown).message));
    }
  }

  async #exchange(key: "o" | "i", marked: readonly string[] = []): Promise<void> {
    await plainExchange(key, this.#parts.words, {
      read: async () => (await this.#scene(true))?.appliance,
      state: () => ({ ...initialState(size, this.#parts.clock.nowMs()), marked: new Set(marked) }),
      ask: (prompt) => this.#ask(prompt),
      say: (...lines) => { this.#say(...lines); },
      run: (line) => this.#runWords(line),
    });
  }

  async #view(id: ViewId): Promise<void> {
    const scene = await this.#scene(true);
    if (scene === undefined) return;
    this.#say(...viewLines(scene, id));
    const rows = shownRows(scene, id);
    if (rows.length === 0) return;
    const typed = await this.#ask(`${this.#parts.words.views[id].title}> `);
    const row = typed === undefined ? undefined : (rows[Number(typed) - 1] ?? rows.find(({ barcode }) => barcode === typed));
    if (row !== undefined) await this.#row(id, row);
  }

  async #row(id: ViewId, { key }: Row): Promise<void> {
    const row = await this.#current(id, key);
    if (row === undefined) return;
    this.#say(row.barcode ?? row.cells[0] ?? "", ...rowLines(row));
    const typed = await this.#ask(`${row.barcode ?? row.cells[0] ?? ""}> `);
    const chosen = typed === undefined ? undefined : row.actions[Number(typed) - 1];
    // Between the list and the number somebody else may have changed what it was about.
    const action = chosen === undefined ? undefined : (await this.#current(id, key))?.actions.find((one) => one.id === chosen.id);
    if (action !== undefined) await this.#take(action);
    else if (chosen !== undefined) this.#say(this.#parts.words.frame.gone());
  }

  async #current(id: ViewId, key: string): Promise<Row | undefined> {
    const scene = await this.#scene(true);
    return scene === undefined ? undefined : shownRows(scene, id).find((row) => row.key === key);
  }

  async #take(action: Action): Promise<void> {
    if (action.refused !== undefined) {
      this.#say(`${action.text}: ${action.refused}`);
      return;
    }
    if (action.opens !== undefined) {
      await this.#open(action.opens);
      return;
    }
    const answers: Record<string, string> = {};
    let secret: Uint8Array | undefined;
    for (const { name, prompt, initial, isSecret, repeats } of action.questions ?? []) {
      if (repeats !== undefined) {
        if (await this.#isRepeated(prompt, secret)) continue;
        secret?.fill(0);
        return;
      }
      if (isSecret === true) secret = await this.#reader.readSecret(`${prompt}: `);
      else {
        const typed = await this.#ask(`${prompt}${initial === "" ? "" : ` [${initial}]`}: `);
        if (typed === undefined) return;
        answers[name] = typed === "" ? initial : typed;
      }
    }
    if (await this.#confirmed(action, answers)) await this.#runWords(action.words(answers), action.isJob === true, secret);
    secret?.fill(0);
  }

  async #isRepeated(prompt: string, first: Uint8Array | undefined): Promise<boolean> {
    const again = await this.#reader.readSecret(`${prompt}: `);
    const isSame = first !== undefined && again !== undefined && Buffer.from(first).equals(again);
    again?.fill(0);
    if (!isSame) this.#say(this.#parts.words.frame.secretsDiffer());
    return isSame;
  }

  /** Yes is a word, and for what cannot be undone it is the barcode followed by `yes`: a scan alone, which ends in Enter, says nothing. */
  async #confirmed({ danger, before }: Action, answers: Answers): Promise<boolean> {
    const { words, feed } = this.#parts;
    if (before !== undefined) {
      await this.#runWords(before(answers));
      return (await this.#ask(`${words.frame.noIsDefault()}: `)) === "y";
    }
    if (danger === undefined) return true;
    this.#say(...danger.what);
    if (danger.level === "moderate") return (await this.#ask(`${words.frame.noIsDefault()}: `)) === "y";
    try {
      this.#say(...lossesLines(await feed.losses(danger.barcode), words));
    } catch (thrown) {
      this.#say(printableSentence(asStrongroomError(thrown).message));
      return false;
    }
    const isProven = (await this.#ask(`${words.frame.typeBarcode(danger.barcode)} `)) === danger.barcode;
    if (!isProven) {
      this.#say(words.frame.notThat(danger.barcode));
      return false;
    }
    return (await this.#ask(`${words.frame.noIsDefault()}: `)) === "y";
  }

  /** Waits for what ends soon, and lets jobs go on by themselves. */
  async #runWords(line: readonly string[] | undefined, isJob = false, secret?: Uint8Array): Promise<number> {
    const { commands, words } = this.#parts;
    const named = line?.[0] === "strongroom" ? line.slice(1) : line;
    if (named === undefined || named.length === 0) return 0;
    this.#say(words.frame.started(named.map(printableSentence).join(" ")));
    const ended = Promise.withResolvers<number>();
    commands.start(named, { isJob, secret }, {
      lines: (lines) => { this.#say(...lines.map(printableSentence)); },
      ended: (exitCode) => {
        if (isJob) this.#say(words.frame.ended(named.map(printableSentence).join(" "), exitCode));
        ended.resolve(exitCode);
      },
    });
    if (isJob) return 0;
    const exitCode = await ended.promise;
    this.#say(words.frame.ended(named.map(printableSentence).join(" "), exitCode));
    return exitCode;
  }

  async #scene(libraries: boolean): Promise<WholeScene | undefined> {
    const { feed, words, clock } = this.#parts;
    try {
      const appliance = await feed.read({ libraries });
      return sceneOf({ ...initialState(size, clock.nowMs()), appliance }, words);
    } catch (thrown) {
      const { message, hint } = asStrongroomError(thrown);
      this.#say(printableSentence(hint === undefined ? message : `${message}; ${hint}`));
      return undefined;
    }
  }

  #tellNeeds(scene: WholeScene): void {
    for (const { key, cells } of newNeeds(scene, this.#told)) {
      this.#told.add(key);
      this.#say(cells.filter((cell) => cell !== "").join(": "));
    }
  }

  #say(...lines: readonly string[]): void {
    for (const line of lines) this.#reader.write(`${line}\n`);
  }

  async #ask(prompt: string): Promise<string | undefined> {
    return (await this.#reader.readLine(prompt))?.trim();
  }
}
