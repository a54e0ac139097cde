import { printable, StrongroomError } from "../../words/index.ts";

/** The known name that a mistyped one most likely means; undefined where none is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(typed.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** A `missing` error with the name that was probably meant, or else what there is, added to its hint. */
export function withSuggestion(error: StrongroomError, typed: string, known: readonly string[]): StrongroomError {
  const meant = nearest(typed, known);
  if (meant === undefined || meant === typed) return error;
  const question = `did you mean ${printable(meant)}?`;
  return new StrongroomError(error.kind, error.code, error.message, {
    severity: error.severity,
    hint: error.hint === undefined ? question : `${question}\n${error.hint}`,
    cause: error.cause ?? error,
  });
}

/** Optimal string alignment distance (insert, delete, replace, swap of neighbours), given up beyond `limit`. Names are short; longer ones are not near. */
function editDistance(a: string, b: string, limit: number): number {
  if (a.length > 255 || b.length > 255 || Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    [before, last] = [last, current];
  }
  return last[b.length]!;
}
