import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignCase, CaseResult, Family, FromWorker, ToWorker } from "./contract.ts";

const worker = new URL("worker.ts", import.meta.url).pathname;
const openingMs = 180_000;
const memoryFolder = "/dev/shm";
/** For all families at once, with a margin. */
const neededBytes = 2 * 2 ** 30;
const linesKept = 40;

/** Runs the cases of one family in a process of their own, which is replaced when a case hangs or brings it down. */
export class Crew {
  readonly #family: Family;
  readonly #workerFile: string;
  #child: ChildProcess | undefined;
  #folder: string | undefined;
  #said = "";

  constructor(family: Family, workerFile = worker) {
    this.#family = family;
    this.#workerFile = workerFile;
  }

  /** Starts a process; resolves with all cases once it has made what they share. */
  async open(): Promise<readonly CampaignCase[]> {
    const { name, heapMegabytes } = this.#family;
    this.#folder = mkdtempSync(join(roomyFolder(), `strongroom-campaign-${name}-`));
    this.#said = "";
    const child = fork(this.#workerFile, [name, this.#folder], {
      execArgv: ["--disable-warning=ExperimentalWarning", `--max-old-space-size=${String(heapMegabytes)}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Whatever it makes is below the folder that is removed.
      env: { ...process.env, TMPDIR: this.#folder },
      // A group of its own, so that what a case has started is ended with it.
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", (text: string) => { this.#hear(text); });
    const first = await this.#answer(openingMs);
    if (typeof first !== "string" && first.kind === "open") return first.cases;
    const said = this.#said;
    this.close();
    throw new Error(`the family ${name} could not be opened: ${typeof first === "string" ? first : first.kind}\n${said}`);
  }

  async run(id: string): Promise<CaseResult> {
    if (!this.#child) await this.open();
    const { boundMs } = this.#family;
    const answered = this.#answer(boundMs);
    this.#child!.send({ run: id } satisfies ToWorker);
    const answer = await answered;
    if (typeof answer !== "string" && answer.kind === "ended" && answer.id === id) return answer.result;
    const said = this.#said.trim();
    this.close();
    if (answer === "late") return { ending: "hang", told: `not ended after ${String(boundMs / 1000)} s${said === "" ? "" : `; ${said}`}` };
    return { ending: "crash", told: `the process ended: ${said === "" ? "without a word" : said}` };
  }

  /** Ends the process and all that it has started, and removes its folder. */
  close(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid !== undefined) {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself, and so have all that it started.
      }
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    this.#folder = undefined;
  }

  async #answer(boundMs: number): Promise<FromWorker | "late" | "gone"> {
    const child = this.#child!;
    return await new Promise((resolve) => {
      const settle = (answer: FromWorker | "late" | "gone"): void => {
        clearTimeout(timer);
        child.off("message", message);
        child.off("close", gone);
        resolve(answer);
      };
      const message = (answer: unknown): void => { settle(answer as FromWorker); };
      const gone = (): void => { settle("gone"); };
      const timer = setTimeout(() => { settle("late"); }, boundMs);
      child.once("message", message);
      child.once("close", gone);
    });
  }

  #hear(text: string): void {
    this.#said = `${this.#said}${text}`.split("\n").slice(-linesKept).join("\n");
  }
}

/** In memory where there is room: a case makes thousands of files durable that nobody needs a moment later. */
function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    return bavail * bsize > neededBytes ? memoryFolder : tmpdir();
  } catch {
    return tmpdir();
  }
}
