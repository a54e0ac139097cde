import { spawn } from "node:child_process";
import { printable } from "../words/index.ts";

const timeoutMs = 60_000;
const keptBytes = 500;

/** Runs a program without a shell, with `input` on its standard input. Answers why it failed, undefined when it did not; never rejects, and never takes longer than its time. */
export async function runCommand([program = "", ...args]: readonly string[], input: string, limitMs = timeoutMs): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"], timeout: limitMs, killSignal: "SIGKILL" });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => { said = (said + chunk.toString("utf8")).slice(0, keptBytes); });
    // One that does not read its input is no failure: its exit code says what is.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => { resolve(printable(error.message)); });
    child.on("exit", (code, signal) => {
      const how = signal === null ? `it ended with ${String(code)}` : `it was ended by ${signal}, after ${String(limitMs / 1000)} s at most`;
      resolve(code === 0 ? undefined : `${how}${said === "" ? "" : `: ${printable(said.trim())}`}`);
      // What it left running in the background must not hold this process.
      child.stderr.destroy();
    });
    child.stdin.end(input);
  });
}
