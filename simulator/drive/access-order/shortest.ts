/** What it costs to get from the end of one stretch to the start of another; -1 is where the head is now. */
export type Cost = (before: number, after: number) => number;

/** Moving stretches about is worth its time up to here; beyond, the nearest next must do. */
const mostMoved = 300;

/** An order of `count` stretches that costs little: the nearest next, then single ones where they cost less. */
export function shortestOrder(count: number, cost: Cost): readonly number[] {
  const order = nearestNext(count, cost);
  if (count <= mostMoved) while (moveOne(order, cost));
  return order;
}

export function totalCost(order: readonly number[], cost: Cost): number {
  return order.reduce((sum, index, at) => sum + cost(at === 0 ? -1 : order[at - 1]!, index), 0);
}

function nearestNext(count: number, cost: Cost): number[] {
  const left = new Set(Array.from({ length: count }, (_, index) => index));
  const order: number[] = [];
  while (left.size > 0) {
    const here = order.at(-1) ?? -1;
    let [nearest, least] = [-1, Infinity];
    for (const index of left) {
      const each = cost(here, index);
      if (each < least) [nearest, least] = [index, each];
    }
    left.delete(nearest);
    order.push(nearest);
  }
  return order;
}

/** Makes the best of all moves of one stretch; false when none gains. Each move makes the order cheaper, so there is an end. */
function moveOne(order: number[], cost: Cost): boolean {
  const step = (before: number | undefined, after: number | undefined): number => (after === undefined ? 0 : cost(before ?? -1, after));
  let [gain, from, to] = [1e-6, -1, -1];
  for (let at = 0; at < order.length; at += 1) {
    const saved = step(order[at - 1], order[at]) + step(order[at], order[at + 1]) - step(order[at - 1], order[at + 1]);
    for (let place = 0; place <= order.length; place += 1) {
      if (place === at || place === at + 1) continue;
      const spent = step(order[place - 1], order[at]) + step(order[at], order[place]) - step(order[place - 1], order[place]);
      if (saved - spent > gain) [gain, from, to] = [saved - spent, at, place];
    }
  }
  if (from < 0) return false;
  const [moved] = order.splice(from, 1);
  order.splice(to > from ? to - 1 : to, 0, moved!);
  return true;
}
