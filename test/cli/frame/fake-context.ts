import type { Call, Command } from "../../../src/cli/commands/index.ts";
import { type CliContext, runCommands } from "../../../src/cli/frame/index.ts";
import type { Clock } from "../../../src/words/index.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class ManualClock implements Clock {
  timeMs = 0;
  nowMs(): number {
    return this.timeMs;
  }
  monotonicMs(): number {
    return this.timeMs;
  }
  sleep(durationMs: number): Promise<void> {
    this.timeMs += durationMs;
    return Promise.resolve();
  }
}

export interface FakeMachine {
  readonly answers?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTty?: boolean;
  readonly names?: readonly string[];
  readonly opened?: (folder: string) => void;
  readonly signals?: Map<string, () => void>;
  readonly exits?: number[];
}

/** One command of a made-up noun whose `run` is the test's. */
export function command(run: (call: Call) => Promise<void> | void, more: Partial<Command> = {}): Command {
  return {
    noun: "thing",
    verb: "do",
    summary: "do a thing",
    examples: [{ line: "strongroom thing do", what: "the shortest form" }],
    ...more,
    run: async (call) => run(call),
  };
}

export async function run(argv: readonly string[], commands: readonly Command[], machine: FakeMachine = {}): Promise<Ran> {
  const written = { out: "", err: "" };
  const answers = [...(machine.answers ?? [])];
  const output = (to: "out" | "err") => ({
    isTty: machine.isTty ?? false,
    columns: () => 80,
    write: (text: string) => {
      written[to] += text;
    },
    drained: () => Promise.resolve(false),
  });
  const take = (prompt: string) => {
    written.err += prompt;
    return answers.shift();
  };
  const context: CliContext = {
    stdout: output("out"),
    stderr: output("err"),
    terminal: machine.answers && {
      readLine: (prompt) => Promise.resolve(take(prompt)),
      readSecret: (prompt) => Promise.resolve(take(prompt)).then((text) => (text === undefined ? undefined : Buffer.from(text))),
    },
    environment: machine.environment ?? {},
    clock: new ManualClock(),
    defaultStateFolder: "/default",
    version: "1.2.3",
    simulator: () => Promise.reject(new Error("there is no simulator in this test")),
    console: () => Promise.reject(new Error("there is no terminal in this test")),
    openOperations: (folder) => {
      machine.opened?.(folder);
      return Promise.resolve({ operations: {} as never, close: () => Promise.resolve(machine.opened?.("closed")) });
    },
    onSignal: (signal, listener) => {
      machine.signals?.set(signal, listener);
      return () => machine.signals?.delete(signal);
    },
    exitNow: (code) => machine.exits?.push(code),
  };
  const names = () => Promise.resolve(machine.names ?? []);
  const code = await runCommands(argv, { commands, names }, context);
  return { code, ...written };
}
