import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import { decodeLogLine, type LogLine, parseTrailerMemberName } from "../../formats/volume/index.ts";
import type { LeftOut } from "../../records/index.ts";
import { asStrongroomError } from "../../words/index.ts";
import { readSealedLines } from "./sealed-lines.ts";

/** What the walks of snapshots left out, by archive and snapshot. */
export type LeftOutBySnapshot = (archiveUuid: string, snapshot: number) => Iterable<LeftOut>;

/** More of one snapshot no log was ever given. */
const linesMax = 100_000;

/** Reads it from the logs of all sessions: lines that name a path. A log that is damaged says nothing at all. */
export async function gatherLeftOut(sessionsPath: string, keys: readonly UnlockedKey[], onProblem: (text: string) => void): Promise<LeftOutBySnapshot> {
  const known = new Map<string, Map<string, LeftOut>>();
  for (const name of readdirSync(sessionsPath).sort()) {
    if (parseTrailerMemberName(name)?.kind !== "log") continue;
    try {
      for (const line of await linesWithPath(join(sessionsPath, name), keys)) add(known, line);
    } catch (error) {
      if (asStrongroomError(error).kind === "denied") throw error;
      onProblem(`${name} cannot be used: ${asStrongroomError(error).message}`);
    }
  }
  return (archiveUuid, snapshot) => known.get(keyOf(archiveUuid, snapshot))?.values() ?? [];
}

async function linesWithPath(path: string, keys: readonly UnlockedKey[]): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  await readSealedLines(path, keys, (text) => {
    const line = decodeLogLine(text);
    if (line.path && lines.length < linesMax) lines.push(line);
  });
  return lines;
}

function add(known: Map<string, Map<string, LeftOut>>, { archiveUuid, snapshot, path, severity, code, text }: LogLine): void {
  if (archiveUuid === undefined || snapshot === undefined || !path) return;
  const key = keyOf(archiveUuid, snapshot);
  const ofSnapshot = known.get(key) ?? new Map<string, LeftOut>();
  known.set(key, ofSnapshot);
  if (ofSnapshot.size < linesMax) ofSnapshot.set(`${code} ${Buffer.from(path).toString("latin1")}`, { path, severity, code, text });
}

function keyOf(archiveUuid: string, snapshot: number): string {
  return `${archiveUuid} ${String(snapshot)}`;
}
