import type { Answer, Operator, Step, ViewName } from "./contract.ts";
import { RobotFailure } from "./contract.ts";
import { openConsole, type Opened, pause, type Seat, until } from "./terminal.ts";

const views: readonly ViewName[] = ["Today", "Library", "Jobs", "Archives", "Cartridges", "Pools", "Health", "Log"];
/** Keys as a terminal of the family of xterm sends them. */
const keys = { home: "\x1b[H", down: "\x1b[B", enter: "\r", escape: "\x1b", clear: "\x15", confirm: "\x1b[21~" } as const;
/** Longer than a scanner ever waits: what is typed after it is a key of its own. */
const fingerMs = 60;
/** Far longer than a console that is busy takes to open a menu. */
const menuPatienceMs = 10_000;

/** An operator at the full screen: looks at cells, presses keys, and waits for what they do. */
export class ScreenOperator implements Operator {
  readonly #seat: Seat;
  #opened: Opened;

  constructor(seat: Seat) {
    this.#seat = seat;
    this.#opened = openConsole(seat, []);
  }

  async see({ view, row, texts }: Extract<Step, { kind: "see" }>): Promise<void> {
    await this.#goTo(view);
    await this.#until(`${view} to show ${told(texts)}${row === undefined ? "" : ` beside ${row}`}`, async () => {
      if (row !== undefined && !(await this.#select(row))) return false;
      return this.#shows(texts);
    });
  }

  async act({ view, row, action, answers = [], confirms, ends }: Extract<Step, { kind: "act" }>): Promise<void> {
    await this.#goTo(view);
    await this.#until(`the row ${row} in ${view}`, () => this.#select(row));
    await this.#chooseInMenu(action);
    for (const answer of answers) await this.#answer(answer);
    if (confirms !== undefined) {
      await this.#until(told(confirms), () => this.#shows(confirms));
      await this.#press("y");
    }
    if (ends === "done") await this.#outputEnds();
    else await this.#until("the dialog to close", () => !this.#hasDialog());
  }

  async open({ view, row }: Extract<Step, { kind: "open" }>): Promise<void> {
    await this.#goTo(view);
    await this.#until(`the row ${row} in ${view}`, () => this.#select(row));
    await this.#press(keys.enter);
  }

  async scan({ code, texts }: Extract<Step, { kind: "scan" }>): Promise<void> {
    await pause(fingerMs);
    this.#type(`${code}\r`);
    await pause(fingerMs);
    await this.#until(`${told(texts)} after the scan of ${code}`, () => this.#shows(texts));
  }

  async exchange({ direction }: Extract<Step, { kind: "exchange" }>): Promise<void> {
    await this.#goTo("Cartridges");
    await this.#press(direction === "out" ? "o" : "i");
    await this.#until("the sheet of the exchange", () => this.#shows([direction === "out" ? "Take out" : "Bring in"]));
  }

  async batch({ texts }: Extract<Step, { kind: "batch" }>): Promise<void> {
    await this.#press(keys.confirm);
    await this.#until(told(texts), () => this.#shows(texts));
  }

  async end(): Promise<void> {
    await this.#press(keys.escape);
    await this.#until("the exchange to end", () => !this.#shows(["Esc ends"]));
  }

  async command({ line }: Extract<Step, { kind: "command" }>): Promise<void> {
    await this.#press(":");
    await this.#write(line, `:${line.slice(-40)}`);
    await this.#press(keys.enter);
    await this.#outputEnds();
  }

  async kill(): Promise<void> {
    this.#opened.terminal.send("SIGKILL");
    await this.#opened.terminal.ended;
    this.#opened = openConsole(this.#seat, []);
  }

  async leave(): Promise<void> {
    const { terminal, seen } = this.#opened;
    await this.#escapeAll();
    await this.#press("q");
    await pause(fingerMs);
    if (this.#shows(["Jobs go on without it"])) await this.#press("y");
    const { code, signal } = await terminal.ended;
    await seen.settled();
    if (code !== 0) throw new RobotFailure(`the console ended with ${String(code ?? signal)}`);
    if (seen.isOtherScreen() || !seen.isCursorShown()) throw new RobotFailure("the console left the terminal in its own screen, or without a cursor");
  }

  async abandon(): Promise<void> {
    this.#opened.terminal.hangUp();
    await this.#opened.terminal.ended;
  }

  shown(): readonly string[] {
    return this.#opened.seen.lines();
  }

  async #goTo(view: ViewName): Promise<void> {
    await this.#until("the appliance to be read", () => !this.#shows(["reading the appliance"]) && this.#opened.seen.marked().some(({ row }) => row === 1));
    await this.#escapeAll();
    await this.#press(String(views.indexOf(view) + 1));
    await this.#until(`the view ${view}`, () => this.#opened.seen.marked().some(({ row, text }) => row === 1 && text.includes(view)));
  }

  /** Walks down from the first row, as a person does who looks for something; false when it is not there now. */
  async #select(words: string): Promise<boolean> {
    await this.#press(keys.home);
    await this.#settle();
    for (let steps = 0; steps < 200; steps += 1) {
      const at = this.#selected();
      if (at === undefined) return false;
      if (holds(at.text, words)) return true;
      if (at.isLast) return false;
      await this.#press(keys.down);
      if (!(await this.#opened.seen.until(() => this.#selected()?.number !== at.number, 2000))) return false;
    }
    return false;
  }

  #selected(): { readonly text: string; readonly number: number; readonly isLast: boolean } | undefined {
    const row = this.#opened.seen.marked().find(({ row: at, isWhole }) => at > 1 && isWhole);
    const [, number, count] = /(\d+)\/(\d+)\s*$/.exec(this.shown()[0] ?? "") ?? [];
    return row === undefined || number === undefined ? undefined : { text: row.text, number: Number(number), isLast: number === count };
  }

  async #chooseInMenu(action: string): Promise<void> {
    await this.#openMenu();
    const number = await until(`the action ${action}, and not refused`, this.#seat.patienceMs, () => this.#numberOf(action));
    if (number < 10) await this.#press(String(number));
    else for (let at = 1; at < number; at += 1) await this.#press(keys.down);
    await this.#press(keys.enter);
  }

  /** As a person does: where a key opened nothing, it is pressed again. */
  async #openMenu(): Promise<void> {
    for (let tries = 0; tries < 3; tries += 1) {
      await this.#press("a");
      if (await this.#opened.seen.until(() => this.#hasDialog(), menuPatienceMs)) return;
    }
  }

  #numberOf(action: string): number | undefined {
    for (const line of this.shown()) {
      const [, number, text] = /[│|]\s+(\d+) {2}(.*?)\s*[│|]/.exec(line) ?? [];
      if (number !== undefined && text === action) return Number(number);
    }
    return undefined;
  }

  async #answer({ question, text, isSecret }: Answer): Promise<void> {
    await this.#until(`the question ${question}`, () => this.#question()?.startsWith(question) === true);
    if (text !== undefined) {
      await this.#press(keys.clear);
      await this.#write(text, isSecret === true ? "*".repeat(text.length) : text.slice(-40));
    }
    await this.#press(keys.enter);
    await this.#until("the next question", () => this.#question()?.startsWith(question) !== true);
  }

  /** The text above the line that is typed at. */
  #question(): string | undefined {
    const lines = this.shown().map((line) => line.replaceAll(/^.*[│|] (?=\S)|\s*[│|].*$/g, ""));
    const at = lines.findIndex((line) => line.startsWith("> ") || line === ">");
    return at < 1 ? undefined : lines[at - 1];
  }

  async #outputEnds(): Promise<void> {
    const ended = await until("the end of the command", this.#seat.patienceMs, () => this.shown().map((line) => /[│|] exit (\d+)/.exec(line)?.[1]).find((code) => code !== undefined));
    if (ended !== "0") throw new RobotFailure(`the command ended with exit code ${ended}`);
    await this.#escapeAll();
  }

  async #escapeAll(): Promise<void> {
    for (let tries = 0; tries < 5 && this.#hasDialog(); tries += 1) {
      await this.#press(keys.escape);
      await this.#opened.seen.until(() => !this.#hasDialog(), 1000);
    }
  }

  #hasDialog(): boolean {
    return this.shown().slice(1, -1).some((line) => /[┌+][─-]+ .* [─-]+[┐+]/.test(line));
  }

  #shows(texts: readonly string[]): boolean {
    const all = this.shown().join("\n");
    return texts.every((text) => all.includes(text));
  }

  async #until(what: string, fits: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, this.#seat.patienceMs, async () => ((await fits()) ? true : undefined));
  }

  /** A text that must be seen before anything else is pressed, so that it is never mistaken for a scan. */
  async #write(text: string, echo: string): Promise<void> {
    if (this.#seat.pauseMs === 0) this.#type(text);
    else for (const character of text) await this.#press(character);
    await this.#until(`the echo of ${echo}`, () => this.#shows([echo]));
    await pause(fingerMs);
  }

  async #press(key: string): Promise<void> {
    await pause(Math.max(this.#seat.pauseMs, 20));
    this.#type(key);
  }

  /** What was pressed is drawn at once; a screen that stays the same needs no longer than that either. */
  async #settle(): Promise<void> {
    await pause(fingerMs);
    await this.#opened.seen.settled();
  }

  #type(text: string): void {
    this.#opened.terminal.type(text);
  }
}

const told = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(" and ");

/** All of the words, in any order. */
function holds(text: string, words: string): boolean {
  return words.split(" ").every((word) => text.includes(word));
}
