import type { DiskEvent } from "./log.ts";

/** The files of a path that differ in nothing but numbers and hashes, in words that stay the same from run to run: `state:spool:#.pgp.tmp`. */
export function classOf(path: string): string {
  const words = path.replace(/[0-9a-f-]{32,}|[0-9]+/g, "#").replaceAll("/", ":");
  return words === "" ? "root" : words;
}

/** The pattern (fnmatch) for all files of a class. */
export function patternOf(kind: string): string {
  return kind.replaceAll("#", "*").replaceAll(":", "/");
}

/** One event of a log, named so that another recording of the same step has the same name for it. */
export interface Place {
  readonly operation: DiskEvent["kind"];
  readonly class: string;
  /** The nth of this operation and class, from 1. */
  readonly nth: number;
  /** Its number in the log. */
  readonly at: number;
}

/** The events from number `from` to below `to`. */
export function placesOf(events: readonly DiskEvent[], from: number, to: number): readonly Place[] {
  const counts = new Map<string, number>();
  return events.slice(from, to).map((event, index) => {
    const of = classOf(event.kind === "rename" ? event.to : event.path);
    const key = `${event.kind} ${of}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return { operation: event.kind, class: of, nth, at: from + index };
  });
}

/** What places have in common that differ in their number alone. */
export function kindOf({ operation, class: of }: Place): string {
  return `${operation}/${of}`;
}

export function nameOf(place: Place): string {
  return `${kindOf(place)}/${String(place.nth).padStart(3, "0")}`;
}
