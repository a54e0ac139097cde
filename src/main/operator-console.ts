import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { createInterface } from "node:readline";
import { completions, type ConsoleChoice, createTerminal } from "../cli/index.ts";
import { type CommandRunner, createFeed, type Feed, look, lookNames, lookOf, openScreen, runConsole, runPlainConsole, type ScannerListener, type Tongue, tongueOf, tongues } from "../console/index.ts";
import type { Operations } from "../operations/index.ts";
import { offerAppliance } from "./first-appliance.ts";
import { rfc3339, StrongroomError, systemClock } from "../words/index.ts";
import { lineBytesPerSecond } from "./line-speed.ts";

/**
 * The console at this process's terminal. Signals that ask to end it close it; what it started goes on. An appliance is opened behind the first frame;
 * where that fails the terminal is given back before it rejects.
 */
export async function operatorConsole(stateFolder: string, operations: () => Promise<Operations>, choice: ConsoleChoice): Promise<void> {
  const { stdin, stdout, env } = process;
  const words = tongues.find(({ code }) => code === choice.language) ?? tongueOf(env);
  if (choice.isPlain) {
    await plainConsole(stateFolder, await operations(), words);
    return;
  }
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new StrongroomError("usage", "NO_TERMINAL", "the console needs a terminal on standard input and output; nothing was shown", {
      hint: "run it at a terminal, or without one: strongroom console --plain",
    });
  }
  if (env["TERM"] === undefined || env["TERM"] === "dumb") {
    throw new StrongroomError("usage", "NO_TERMINAL", `the terminal is "${env["TERM"] ?? ""}", which cannot place text; nothing was shown`, {
      hint: "set TERM to what the terminal is, such as vt100, linux or xterm-256color; or use: strongroom console --plain",
    });
  }
  if (!existsSync(join(stateFolder, "config.json"))) {
    const questions = createTerminal(stdin, { write: (text) => { stdout.write(text); } }, () => { process.kill(process.pid, "SIGINT"); });
    await offerAppliance(stateFolder, await operations(), words, (prompt) => questions.readLine(prompt));
  }
  const lookName = lookNames.find((name) => name === choice.look) ?? lookOf(env);
  const stop = new AbortController();
  const onSignal = (): void => { stop.abort(); };
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const chosen = look(lookName);
    const appliance = openedLater(stateFolder, operations, words, stop);
    const parts = {
      feed: appliance.feed,
      commands: ownCommands(stateFolder),
      clock: systemClock,
      words,
      look: chosen,
      scanners: async (listener: ScannerListener) => (await import("./scanners.ts")).listenToScanners(stateFolder, listener),
      complete: async (typed: readonly string[]) => await completions(typed, await operations()),
      saveScreen: (text: string) => Promise.resolve(saveIn(join(stateFolder, "jobs"), text)),
    };
    const bytesPerSecond = await lineBytesPerSecond();
    const terminal = { input: stdin, output: stdout, terminal: terminfoName(env["TERM"]), look: chosen, clock: systemClock, bytesPerSecond };
    await runConsole(parts, (listener) => openScreen(terminal, listener), stop.signal);
    appliance.check();
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** The appliance opens at the first reading. One that cannot be opened ends the console, and `check` throws why. */
function openedLater(stateFolder: string, operations: () => Promise<Operations>, words: Tongue, stop: AbortController) {
  let opening: Promise<Feed> | undefined;
  let failed: { readonly thrown: unknown } | undefined;
  const open = async (): Promise<Feed> => {
    try {
      const opened = await operations();
      await offerAppliance(stateFolder, opened, words, undefined);
      return createFeed(opened, systemClock);
    } catch (thrown) {
      failed = { thrown };
      stop.abort();
      throw thrown;
    }
  };
  const opened = (): Promise<Feed> => (opening ??= open());
  const feed: Feed = {
    read: async (options) => await (await opened()).read(options),
    losses: async (barcode) => await (await opened()).losses(barcode),
    snapshots: async (archive) => await (await opened()).snapshots(archive),
    directory: async (archive, snapshot, path) => await (await opened()).directory(archive, snapshot, path),
  };
  return {
    feed,
    check: (): void => {
      if (failed !== undefined) throw failed.thrown;
    },
  };
}

/** By whole lines, from a terminal or from anything else; it ends where the input does. */
async function plainConsole(stateFolder: string, operations: Operations, words: Tongue): Promise<void> {
  const output = { write: (text: string) => { process.stdout.write(text); } };
  const typed = process.stdin.isTTY ? undefined : createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const terminal = process.stdin.isTTY ? createTerminal(process.stdin, output, () => { process.kill(process.pid, "SIGINT"); }) : undefined;
  const nextLine = async (prompt: string): Promise<string | undefined> => {
    output.write(prompt);
    const line = await typed?.next();
    output.write("\n");
    return line?.done === false ? line.value : undefined;
  };
  const prompts = promptKeeper(output.write);
  const reader = {
    readLine: (prompt: string) => prompts.during(prompt, () => (terminal === undefined ? nextLine(prompt) : terminal.readLine(prompt))),
    readSecret: (prompt: string) => prompts.during(prompt, async () => {
      if (terminal !== undefined) return await terminal.readSecret(prompt);
      const line = await nextLine(prompt);
      return line === undefined ? undefined : Buffer.from(line);
    }),
    write: prompts.write,
  };
  await offerAppliance(stateFolder, operations, words, reader.readLine);
  const parts = { feed: createFeed(operations, systemClock), commands: ownCommands(stateFolder), clock: systemClock, words };
  await runPlainConsole(parts, reader, new AbortController().signal);
}

/** What a job says while a question is open gets lines of its own, and the question stands below it again. */
function promptKeeper(write: (text: string) => void) {
  let open: string | undefined;
  let isBroken = false;
  return {
    during: async <T>(prompt: string, ask: () => Promise<T>): Promise<T> => {
      open = prompt;
      try {
        return await ask();
      } finally {
        open = undefined;
        isBroken = false;
      }
    },
    write: (text: string): void => {
      if (open !== undefined && !isBroken) {
        isBroken = true;
        write("\n");
        setImmediate(() => {
          if (isBroken && open !== undefined) write(open);
          isBroken = false;
        });
      }
      write(text);
    },
  };
}

/** blessed cannot read the terminfo format of these with 256 colours; its own entry for xterm has all that is used here. */
function terminfoName(term: string): string {
  return /256color|^tmux|^screen/.test(term) ? "xterm-256color" : term;
}

/** This same program, as processes of their own. Whoever reads a job's output may go away: it does not care. */
function ownCommands(stateFolder: string): CommandRunner {
  return {
    start: (words, { isJob, secret }, listener) => {
      const argv = [...process.execArgv, process.argv[1]!, ...words, "--state", stateFolder, "--no-input"];
      const child = spawn(process.execPath, argv, { detached: isJob, stdio: ["ignore", "pipe", "pipe", secret === undefined ? "ignore" : "pipe"] });
      if (secret !== undefined) giveSecret(child.stdio[3] as Writable, secret);
      for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on("line", (line) => { listener.lines([line]); });
      child.on("error", ({ message }) => { listener.lines([message]); });
      child.on("close", (code, signal) => { listener.ended(code ?? (signal === null ? 70 : 128)); });
      if (isJob) child.unref();
    },
  };
}

function giveSecret(to: Writable, secret: Uint8Array): void {
  // A command that ended before it wanted it has closed its end.
  to.on("error", () => undefined);
  to.end(secret, () => { secret.fill(0); });
}

function saveIn(folder: string, text: string): string {
  const path = join(folder, `screen-${rfc3339(systemClock.nowMs()).replaceAll(":", "")}.txt`);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
