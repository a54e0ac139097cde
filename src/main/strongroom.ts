import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type CliContext, createTerminal, runCommandLine, type TextOutput } from "../cli/index.ts";
import { systemClock } from "../words/index.ts";

/**
 * The program: brings the machine's own streams, environment, clock and devices to the command line. What a command does not need is not loaded: that is
 * most of the program, and a console at the terminal shows itself before it reads the records.
 */
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

function output(stream: NodeJS.WriteStream): TextOutput {
  let isGone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    isGone = true;
  });
  return {
    isTty: stream.isTTY,
    columns: () => (stream.isTTY ? stream.columns : undefined),
    write: (text) => { if (!isGone) stream.write(text); },
    drained: async () => {
      if (isGone) return true;
      if (stream.writableNeedDrain) await new Promise<void>((resolve) => { stream.once("drain", resolve).once("error", () => { resolve(); }); });
      return isGone;
    },
  };
}

function defaultStateFolder(environment: NodeJS.ProcessEnv): string {
  if (process.geteuid?.() === 0) return "/var/lib/strongroom";
  const home = environment["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return join(home, "strongroom");
}

const stderr = output(process.stderr);
const interrupt = (): void => { process.kill(process.pid, "SIGINT"); };

const context: CliContext = {
  stdout: output(process.stdout),
  stderr,
  terminal: process.stdin.isTTY && process.stderr.isTTY ? createTerminal(process.stdin, stderr, interrupt) : undefined,
  environment: process.env,
  clock: systemClock,
  defaultStateFolder: defaultStateFolder(process.env),
  version,
  simulator: async () => (await import("./simulator-tools.ts")).simulatorTools,
  console: async (stateFolder, operations, choice) => { await (await import("./operator-console.ts")).operatorConsole(stateFolder, operations, choice); },
  openOperations: async (stateFolder) => (await import("./open-operations.ts")).openOperations(stateFolder),
  onSignal: (signal, listener) => {
    process.on(signal, listener);
    return () => { process.off(signal, listener); };
  },
  exitNow: (code) => { process.exit(code); },
};

process.exitCode = await runCommandLine(process.argv.slice(2), context);
