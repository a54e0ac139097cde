import type { Answer, Operator, Step, ViewName } from "./contract.ts";
import { RobotFailure } from "./contract.ts";
import { openConsole, type Opened, pause, type Seat, until } from "./terminal.ts";

const views: readonly ViewName[] = ["Today", "Library", "Jobs", "Archives", "Cartridges", "Pools", "Health", "Log"];
const mainPrompt = "strongroom> ";
const yesOrNo = "y does it";
/** Between two looks at a view that does not show yet what is waited for. */
const againMs = 500;

/** An operator who reads lines and types lines. */
export class PlainOperator implements Operator {
  readonly #seat: Seat;
  #opened!: Opened;
  #written = "";
  /** What was read and answered already. */
  #readTo = 0;

  constructor(seat: Seat) {
    this.#seat = seat;
    this.#open();
  }

  async see({ view, row, texts }: Extract<Step, { kind: "see" }>): Promise<void> {
    await this.#again(`${view} to show ${texts.join(" and ")}`, async () => {
      const shown = row === undefined ? await this.#view(view) : ((await this.#row(view, row))?.all ?? "");
      await this.#back();
      return texts.every((text) => shown.includes(text)) ? true : undefined;
    });
  }

  async act({ view, row, action, answers = [], confirms, ends }: Extract<Step, { kind: "act" }>): Promise<void> {
    await this.#again(`the action ${action} of ${row} in ${view}`, async () => {
      const shown = await this.#row(view, row);
      const number = shown === undefined ? undefined : numberOf(shown.detail, (text) => text.startsWith(`${action}: `));
      if (number === undefined) {
        await this.#back();
        return undefined;
      }
      const said = await this.#say(String(number));
      // A refusal is the only answer that leads back at once and begins like that.
      return said.trimStart().startsWith(`${action}: `) ? undefined : true;
    });
    for (const answer of answers) await this.#answer(answer);
    if (confirms !== undefined) {
      const from = this.#readTo;
      await until(`${confirms.join(" and ")}, and a question`, this.#seat.patienceMs, () => {
        const isThere = this.#openLine().startsWith(yesOrNo) && confirms.every((text) => this.#written.slice(from).includes(text));
        return isThere ? true : undefined;
      });
      this.#type("y");
    }
    await this.#outcome(ends);
  }

  async open({ view, row }: Extract<Step, { kind: "open" }>): Promise<void> {
    await this.#again(`the row ${row} in ${view}`, async () => await this.#row(view, row));
  }

  async scan({ code, texts }: Extract<Step, { kind: "scan" }>): Promise<void> {
    await this.#again(`${texts.join(" and ")} after the scan of ${code}`, async () => {
      const shown = await this.#say(code);
      return texts.every((text) => shown.includes(text)) ? true : undefined;
    });
  }

  async exchange({ direction }: Extract<Step, { kind: "exchange" }>): Promise<void> {
    await this.#back();
    await this.#say(direction === "out" ? "o" : "i");
  }

  /** An empty line asks what is next; the robot begins with a word that no scanner sends. */
  async batch({ texts }: Extract<Step, { kind: "batch" }>): Promise<void> {
    await this.#again(texts.join(" and "), async () => {
      const asked = await this.#say("");
      if (!asked.includes(yesOrNo)) return undefined;
      const from = this.#readTo;
      await this.#say("y");
      await until("the end of the exchange's command", this.#seat.patienceMs, () => (/^(Take out|Bring in)> $/.test(this.#openLine()) ? true : undefined));
      const said = this.#written.slice(from);
      if (!texts.every((text) => said.includes(text))) throw new RobotFailure(`the exchange did not say ${texts.join(" and ")}`);
      return true;
    });
  }

  async end(): Promise<void> {
    await this.#say("q");
  }

  async command({ line }: Extract<Step, { kind: "command" }>): Promise<void> {
    await this.#back();
    this.#type(`:${line}`);
    await this.#outcome("done");
  }

  async kill(): Promise<void> {
    this.#opened.terminal.send("SIGKILL");
    await this.#opened.terminal.ended;
    this.#open();
  }

  async leave(): Promise<void> {
    await this.#back();
    this.#type("q");
    const { code, signal } = await this.#opened.terminal.ended;
    if (code !== 0) throw new RobotFailure(`the console ended with ${String(code ?? signal)}`);
    if (/[^\P{Cc}\r\n\t]/u.test(this.#written)) throw new RobotFailure("the plain console wrote something that no teletype has");
  }

  async abandon(): Promise<void> {
    this.#opened.terminal.hangUp();
    await this.#opened.terminal.ended;
  }

  shown(): readonly string[] {
    return this.#written.split("\n").slice(-40);
  }

  #open(): void {
    this.#written = "";
    this.#readTo = 0;
    const opened = openConsole(this.#seat, ["--plain"]);
    opened.terminal.onOutput((chunk) => { if (this.#opened === opened) this.#written += Buffer.from(chunk).toString("utf8").replaceAll("\r", ""); });
    this.#opened = opened;
  }

  /** What the view says of itself and its rows. */
  async #view(view: ViewName): Promise<string> {
    await this.#back();
    return await this.#say(String(views.indexOf(view) + 1));
  }

  /** What there is to know of the row and to do with it; undefined when it is not there now. */
  async #row(view: ViewName, words: string): Promise<{ readonly all: string; readonly detail: string } | undefined> {
    const listed = await this.#view(view);
    const number = numberOf(listed, (text) => words.split(" ").every((word) => text.includes(word)));
    if (number === undefined) return undefined;
    const detail = await this.#say(String(number));
    return { all: `${listed}${detail}`, detail };
  }

  /** To the first prompt, from whatever question is open. */
  async #back(): Promise<void> {
    await this.#prompted();
    for (let tries = 0; tries < 5 && !this.#written.endsWith(mainPrompt); tries += 1) await this.#say("");
    this.#readTo = this.#written.length;
  }

  async #answer({ question, text }: Answer): Promise<void> {
    await until(`the question ${question}`, this.#seat.patienceMs, () => (this.#openLine().startsWith(question) && this.#openLine().endsWith(": ") ? true : undefined));
    this.#type(text ?? "");
    await until("the next question", this.#seat.patienceMs, () => (this.#openLine().startsWith(question) ? undefined : true));
  }

  async #outcome(ends: "done" | "started"): Promise<void> {
    const from = this.#readTo;
    const pattern = ends === "started" ? /^started: /m : /^(done: |ended with exit code )/m;
    const said = await until("the outcome", this.#seat.patienceMs, () => pattern.exec(this.#written.slice(from))?.[0]);
    if (said.startsWith("ended")) throw new RobotFailure("the command failed");
    await this.#prompted();
    this.#readTo = this.#written.length;
  }

  /** Types a line; gives what is written up to the next prompt. */
  async #say(line: string): Promise<string> {
    this.#readTo = this.#written.length;
    this.#type(line);
    await until("an answer", this.#seat.patienceMs, () => (this.#written.length > this.#readTo + line.length + 1 ? true : undefined));
    await this.#prompted();
    return this.#written.slice(this.#readTo);
  }

  /** A line that is open and ends as questions do. What jobs say in between ends with a line. */
  async #prompted(): Promise<void> {
    await until("a prompt", this.#seat.patienceMs, () => (/^.+(> |: )$/.test(this.#openLine()) ? true : undefined));
  }

  #openLine(): string {
    return this.#written.slice(this.#written.lastIndexOf("\n") + 1);
  }

  async #again<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
    return await until(what, this.#seat.patienceMs, async () => {
      const got = await attempt();
      if (got === undefined) await pause(againMs);
      return got;
    });
  }

  #type(line: string): void {
    this.#opened.terminal.type(`${line}\r`);
  }
}

function numberOf(shown: string, fits: (text: string) => boolean): number | undefined {
  for (const line of shown.split("\n")) {
    const [, number, text] = /^(\d+)\. (.*)$/.exec(line) ?? [];
    if (number !== undefined && fits(text!)) return Number(number);
  }
  return undefined;
}
