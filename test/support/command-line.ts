import { type ChildProcess, spawn } from "node:child_process";
import { type CliContext, runCommandLine } from "../../src/cli/index.ts";
import { openOperations } from "../../src/main/open-operations.ts";
import { simulatorTools } from "../../src/main/simulator-tools.ts";
import { systemClock } from "../../src/words/index.ts";

/** What a command came to, as a shell sees it. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  /** What a person at a terminal types, line by line; undefined: nobody is there. */
  readonly answers?: readonly string[];
  /** Called once a job listens to signals, with a way to send it one. */
  readonly onJob?: (send: (signal: "SIGINT" | "SIGTERM") => void) => void;
}

/**
 * Runs a command line of the real appliance in this process: the same words, parts, texts and exit codes as the program's, without
 * the third of a second that starting a process takes.
 */
export async function inProcess(line: readonly string[], { answers, onJob }: Surroundings = {}): Promise<Answer> {
  const written = { out: "", err: "" };
  const typed = [...(answers ?? [])];
  const signals = new Map<string, () => void>();
  const output = (to: "out" | "err"): CliContext["stdout"] => ({
    isTty: false,
    columns: () => undefined,
    write: (text) => { written[to] += text; },
    drained: () => Promise.resolve(false),
  });
  const take = (prompt: string): string | undefined => {
    written.err += prompt;
    return typed.shift();
  };
  const context: CliContext = {
    stdout: output("out"),
    stderr: output("err"),
    terminal: answers === undefined
      ? undefined
      : {
          readLine: (prompt) => Promise.resolve(take(prompt)),
          readSecret: (prompt) => Promise.resolve(Buffer.from(take(prompt) ?? "")),
        },
    environment: {},
    clock: systemClock,
    defaultStateFolder: "/nowhere",
    version: "0",
    simulator: () => Promise.resolve(simulatorTools),
    console: () => Promise.reject(new Error("there is no terminal in this test")),
    openOperations: async (stateFolder) => Promise.resolve(openOperations(stateFolder)),
    onSignal: (signal, listener) => {
      signals.set(signal, listener);
      if (signals.size === 3) onJob?.((sent) => signals.get(sent)?.());
      return () => signals.delete(signal);
    },
    exitNow: (code) => { throw new Error(`the command asked to end the process with ${String(code)}`); },
  };
  const code = await runCommandLine(line, context);
  return { code, ...written };
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly out: string; readonly err: string }>;
  /** What it has written so far. */
  readonly soFar: () => { readonly out: string; readonly err: string };
}

const program = new URL("../../tools/strongroom", import.meta.url).pathname;

/** Starts the program as an operator does, as a process that can be stopped and killed. */
export function start(line: readonly string[]): Started {
  // tools/strongroom replaces itself by Node.js, so a signal to the child reaches the program.
  const child = spawn(program, line, { stdio: ["ignore", "pipe", "pipe"] });
  const written = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => { written.out += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => { written.err += text; });
  const ended = new Promise<Awaited<Started["ended"]>>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => { resolve({ code, signal, ...written }); });
  });
  return { child, ended, soFar: () => ({ ...written }) };
}
