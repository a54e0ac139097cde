import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { countVariable, orderVariable } from "./steps.ts";

const program = new URL("../../../tools/strongroom", import.meta.url).pathname;
const stepsFile = new URL("steps.ts", import.meta.url).href;

export interface Death {
  /** Whether it was killed; false when it had come to its end before. */
  readonly wasKilled: boolean;
  readonly code: number | null;
  readonly said: string;
}

export interface DeathWish {
  /** As steps.ts takes it. */
  readonly order?: string;
  /** Killed after so long, from outside. */
  readonly afterMs?: number;
  readonly countFile?: string;
}

/** Starts the program as an operator does, and kills it as wished. */
export async function startAndKill(line: readonly string[], { order, afterMs, countFile }: DeathWish): Promise<Death> {
  const isWatched = order !== undefined || countFile !== undefined;
  const child = spawn(program, line, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...(isWatched ? { NODE_OPTIONS: `--import=${stepsFile}` } : {}),
      ...(order === undefined ? {} : { [orderVariable]: order }),
      ...(countFile === undefined ? {} : { [countVariable]: countFile }),
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { said += text; });
  const ended = new Promise<Death>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => { resolve({ wasKilled: signal === "SIGKILL", code, said }); });
  });
  if (afterMs !== undefined) {
    await Promise.race([wait(afterMs), ended]);
    child.kill("SIGKILL");
  }
  return await ended;
}
