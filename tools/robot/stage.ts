import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibrary } from "../../simulator/index.ts";
import { type CliContext, runCommandLine } from "../../src/cli/index.ts";
import { openOperations, simulatorTools } from "../../src/main/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import type { Stage } from "./contract.ts";

export const program = new URL("../../tools/strongroom", import.meta.url).pathname;

/** A name that is short enough for every question on 80 columns. */
export function makeStage(): Stage & { remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "robot-")));
  const state = join(folder, "state");
  mkdirSync(join(folder, "keys"), { mode: 0o700 });
  const library = join(folder, "vtl");
  return {
    folder, state, library,
    passphrase: "correct horse battery staple",
    run: (line) => runInProcess([...line, "--state", state]),
    carry: async (way, barcodes) => {
      const opened = await openLibrary(library, systemRandom);
      try {
        for (const barcode of barcodes) await (way === "to-shelf" ? opened.hands.take(barcode) : opened.hands.insert(barcode));
      } finally {
        await opened.close();
      }
    },
    remove: () => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); },
  };
}

/** The same words, parts and exit codes as the program's, without the time that starting a process takes. */
async function runInProcess(line: readonly string[]): Promise<string> {
  let out = "";
  let err = "";
  const output = (take: (text: string) => void): CliContext["stdout"] => ({ isTty: false, columns: () => undefined, write: take, drained: () => Promise.resolve(false) });
  const code = await runCommandLine(line, {
    stdout: output((text) => { out += text; }),
    stderr: output((text) => { err += text; }),
    terminal: undefined,
    environment: {},
    clock: systemClock,
    defaultStateFolder: "/nowhere",
    version: "0",
    simulator: () => Promise.resolve(simulatorTools),
    console: () => Promise.reject(new Error("a console needs a terminal")),
    openOperations: async (stateFolder) => Promise.resolve(openOperations(stateFolder)),
    onSignal: () => () => undefined,
    exitNow: (exitCode) => { throw new Error(`the command asked to end the process with ${String(exitCode)}`); },
  });
  if (code !== 0) throw new Error(`strongroom ${line.join(" ")} ended with ${String(code)}: ${err}${out}`);
  return out;
}
