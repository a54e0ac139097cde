import type { ChangerCounters, LibraryState } from "../home/index.ts";

export function counting(state: LibraryState, more: Partial<ChangerCounters>): LibraryState {
  const counters: Record<string, number> = { ...state.changer.counters };
  for (const [name, count] of Object.entries(more)) counters[name] = (counters[name] ?? 0) + count;
  return { ...state, changer: { ...state.changer, counters: counters as unknown as ChangerCounters } };
}

/** Something that every initiator hears of as a unit attention of that code. */
export function withNews(state: LibraryState, code: number): LibraryState {
  const key = code.toString(16).padStart(4, "0");
  return { ...state, changer: { ...state.changer, news: { ...state.changer.news, [key]: (state.changer.news[key] ?? 0) + 1 } } };
}
