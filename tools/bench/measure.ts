import { spawnSync } from "node:child_process";

/** What one run of something cost. */
export interface Cost {
  readonly seconds: number;
  /** User and system time of all its processes and threads. */
  readonly cpuSeconds: number;
}

/** Runs a shell pipeline and measures it whole, children included. */
export function measureShell(script: string, environment: Readonly<Record<string, string>> = {}): Cost {
  const run = spawnSync("bash", ["-c", `set -o pipefail; TIMEFORMAT='%R %U %S'; time { ${script}; }`], {
    env: { ...process.env, LC_ALL: "C", ...environment },
    encoding: "utf8",
    maxBuffer: 1024 * 1024,
  });
  const times = run.stderr.trim().split("\n").at(-1)?.trim().split(" ").map(Number);
  if (run.status !== 0 || times?.length !== 3 || times.some(Number.isNaN)) {
    throw new Error(`a measured command failed (${String(run.status)}): ${script}\n${run.stderr}`);
  }
  return { seconds: times[0]!, cpuSeconds: times[1]! + times[2]! };
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
  ways: Readonly<Record<string, () => Cost | Promise<Cost>>>,
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
