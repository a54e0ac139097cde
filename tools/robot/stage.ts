import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLibrary } from "../../simulator/index.ts";
import { systemRandom } from "../../src/words/index.ts";
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
    run: (line) => runProgram([...line, "--state", state]),
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

function runProgram(line: readonly string[]): Promise<string> {
  const child = spawn(program, line, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { out += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => { err += text; });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`strongroom ${line.join(" ")} ended with ${code ?? "a signal"}: ${err}${out}`));
    });
  });
}
