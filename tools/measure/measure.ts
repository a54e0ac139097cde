import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** What one run of something cost. */
export interface Cost {
  readonly seconds: number;
  /** User and system time of all its processes and threads. */
  readonly cpuSeconds: number;
  /** Of our own processes, which tell it themselves; unknown of a pipeline of others. */
  readonly peakRssBytes?: number;
}

/** Runs shell commands one at a time and measures each whole, children included. */
export class Shell {
  #running: ChildProcess | undefined;

  /** Rejects when any command of a pipeline fails: what does not work is not fast. */
  async measure(script: string, environment: Readonly<Record<string, string>> = {}): Promise<{ readonly cost: Cost; readonly output: string }> {
    const child = spawn("bash", ["-c", `set -o pipefail; TIMEFORMAT='%R %U %S'; time { ${script}\n}`], {
      env: { ...process.env, LC_ALL: "C", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that all of a pipeline can be ended together.
      detached: true,
    });
    this.#running = child;
    const [output, said, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
    ]);
    this.#running = undefined;
    const times = said.trim().split("\n").at(-1)?.trim().split(" ").map(Number);
    if (status !== 0 || times?.length !== 3 || times.some(Number.isNaN)) {
      throw new Error(`a measured command failed (${String(status)}): ${script}\n${said}`);
    }
    return { cost: { seconds: times[0]!, cpuSeconds: times[1]! + times[2]! }, output };
  }

  /** Ends what is running, with all that it started. */
  stop(): void {
    if (this.#running?.pid !== undefined) process.kill(-this.#running.pid, "SIGTERM");
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Costs of several ways to do one thing, measured in turn, round by round, so that a busy machine hurts them alike. */
export type Rounds = ReadonlyMap<string, readonly Cost[]>;

export async function interleave(
  rounds: number,
  ways: Readonly<Record<string, () => Promise<Cost>>>,
  onCost: (name: string, cost: Cost) => void,
): Promise<Rounds> {
  const costs = new Map<string, Cost[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const cost = await way();
      costs.get(name)!.push(cost);
      onCost(name, cost);
    }
  }
  return costs;
}

/** How many times faster `name` was than `peer`: the median of the ratios round by round. */
export function speedRatio(rounds: Rounds, name: string, peer: string): number {
  const own = rounds.get(name)!;
  const other = rounds.get(peer)!;
  return median(own.map((cost, round) => other[round]!.seconds / cost.seconds));
}
