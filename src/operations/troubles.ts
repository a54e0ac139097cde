import type { ArchiveRecord, EntryRecord, LeftOut, SnapshotRecord } from "../records/index.ts";
import { printable } from "../words/index.ts";
import type { ArchiveTroubles, TroubledEntry } from "./contract.ts";
import { recordedArchive } from "./named.ts";
import type { OperationParts } from "./parts.ts";

const texts: Readonly<Record<EntryRecord["condition"], string>> = {
  intact: "as it stood in the source",
  changed: "changed while it was read; what was read is stored",
  shrunk: "became shorter while it was read; zeros stand for what was missing",
  vanished: "was gone when it was to be read; its content is not stored",
  unreadable: "could not be read; its content is not stored",
};

/** What the newest complete snapshot does not have as it stood in the source: until a later one has it whole, or the source has it no more. */
export function archiveTroubles(parts: OperationParts, name: string, limit: number): ArchiveTroubles {
  const archive = recordedArchive(parts, name);
  const snapshot = newestComplete(parts, archive);
  if (!snapshot) return { archive: name, snapshot: undefined, count: 0, troubles: [] };
  const leftOut = parts.catalog.leftOut(snapshot);
  const troubles = leftOut.slice(0, limit).map((entry) => ofLeftOut(entry, snapshot));
  for (const entry of troubles.length < limit ? parts.catalog.troubled(archive, snapshot.number) : []) {
    troubles.push(ofEntry(entry));
    if (troubles.length >= limit) break;
  }
  return { archive: name, snapshot: snapshot.number, count: leftOut.length + parts.catalog.countTroubled(archive, snapshot.number), troubles };
}

/** How many of them want a look, for reports: a socket that is left out is for the record alone. */
export function countTroubles(parts: OperationParts, archive: ArchiveRecord): { readonly troubled: number } {
  const snapshot = newestComplete(parts, archive);
  if (!snapshot) return { troubled: 0 };
  const leftOut = parts.catalog.leftOut(snapshot).filter(({ severity }) => severity !== "ok" && severity !== "note");
  return { troubled: leftOut.length + parts.catalog.countTroubled(archive, snapshot.number) };
}

function newestComplete({ catalog }: OperationParts, archive: ArchiveRecord): SnapshotRecord | undefined {
  return catalog.snapshots(archive).findLast(({ state }) => state === "complete");
}

function ofLeftOut({ path, severity, code, text }: LeftOut, { number }: SnapshotRecord): TroubledEntry {
  return { path, severity, code, text, condition: "left out", since: number };
}

function ofEntry({ path, condition, firstSnapshot }: EntryRecord): TroubledEntry {
  return { path, severity: "warn", code: `ENTRY_${condition.toUpperCase()}`, text: `${printable(path)}: ${texts[condition]}`, condition, since: firstSnapshot };
}
