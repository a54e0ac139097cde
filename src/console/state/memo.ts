/**
 * What was worked out of a state, for as long as what it was worked out of is the same. It belongs to one console and is carried along in its states; whoever has another one gets
 * the same answers, only later.
 */
export interface Memo {
  readonly kept: Map<string, Kept>;
  /** How often each was worked out anew. */
  readonly made: Map<string, number>;
}

interface Kept {
  readonly inputs: readonly unknown[];
  readonly value: unknown;
}

export function newMemo(): Memo {
  return { kept: new Map(), made: new Map() };
}

/** One value for each key is kept: the latest. Inputs are compared by identity, so they must be values that are never changed. */
export function remembered<T>({ kept, made }: Memo, key: string, inputs: readonly unknown[], make: () => T): T {
  const known = kept.get(key);
  if (known?.inputs.length === inputs.length && known.inputs.every((one, at) => Object.is(one, inputs[at]))) return known.value as T;
  const value = make();
  kept.set(key, { inputs, value });
  made.set(key, (made.get(key) ?? 0) + 1);
  return value;
}
