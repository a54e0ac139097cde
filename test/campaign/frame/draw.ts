/** Numbers that follow from the seed alone: a small generator (xorshift128, Marsaglia 2003) that is the same on every machine. */
export interface Draw {
  /** 0 to below `bound`, which is at most 2^32. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
}

export function drawFrom(seed: number | string): Draw {
  let [x, y, z, w] = [1, 2, 3, 4].map((lane) => hashOf(`${String(lane)} ${String(seed)}`)) as [number, number, number, number];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return w;
  };
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound);
  return { below, pick: (from) => from[below(from.length)]! };
}

/** In an order that follows from the seed alone (Fisher and Yates). */
export function shuffled<T>(all: readonly T[], seed: number | string): readonly T[] {
  const order = [...all];
  const { below } = drawFrom(seed);
  for (let left = order.length; left > 1; left -= 1) {
    const at = below(left);
    [order[at], order[left - 1]] = [order[left - 1]!, order[at]!];
  }
  return order;
}

/** The same, one of each kind before a second of any: of a thousand cases that differ little, one shows most. */
export function evenly<T>(all: readonly T[], kindOf: (one: T) => string, seed: number | string): readonly T[] {
  const seen = new Map<string, number>();
  const rounds = shuffled(all, seed).map((one) => {
    const round = seen.get(kindOf(one)) ?? 0;
    seen.set(kindOf(one), round + 1);
    return { one, round };
  });
  return rounds.sort((a, b) => a.round - b.round).map(({ one }) => one);
}

/** FNV-1a of 32 bits, stirred; never 0. */
export function hashOf(words: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) || 1;
}
