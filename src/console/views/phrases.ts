import { formatDuration, printable, printableSentence, rfc3339 } from "../../words/index.ts";
import { type Line, span, type Style } from "../picture/index.ts";

/** `3 min`, `2 h`, `5 d`: how long ago, in the one unit that says it. Short words that both languages have. */
export function ago(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - thenMs) / 1000));
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min`;
  if (seconds < 172_800) return `${String(Math.floor(seconds / 3600))} h`;
  return `${String(Math.floor(seconds / 86_400))} d`;
}

/** `2026-11-21 09:30`: ISO 8601 in UTC, as wide in every language. */
export function moment(timeMs: number | undefined): string {
  return timeMs === undefined ? "-" : rfc3339(timeMs).slice(0, 16).replace("T", " ");
}

export function duration(seconds: number): string {
  return formatDuration(seconds);
}

/** `label  value` as a line of a detail; values that are undefined make none. */
export function fact(label: string, value: string | undefined, style: Style = "plain"): readonly Line[] {
  return value === undefined || value === "" ? [] : [[span(`${label}: `, "dim"), span(value, style)]];
}

export function name(text: Uint8Array | string): string {
  return printable(text);
}

/** A sentence in which names are safe already. */
export function sentence(text: string): string {
  return printableSentence(text);
}
