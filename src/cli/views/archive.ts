import type { ArchiveInfo, ArchivePlan, ArchiveTroubles, TroubledEntry } from "../../operations/index.ts";
import type { SourceConfig } from "../../records/index.ts";
import { type Column, count, type Fact, name, plural, time, type Units } from "./column.ts";
import { type JsonObject, pathDocument } from "./document.ts";
import { snapshotDocument } from "./snapshot.ts";

export function archiveDocument(archive: ArchiveInfo): JsonObject {
  return {
    name: archive.name,
    uuid: archive.uuid,
    sources: archive.sources.map(sourceDocument),
    pools: archive.pools,
    cipher: archive.cipher,
    compression: archive.compression,
    segment_size_bytes: archive.segmentSizeBytes,
    verify: archive.verify,
    snapshots: archive.snapshots,
    last: archive.last ? snapshotDocument(archive.last) : null,
    unfinished: archive.unfinished ? snapshotDocument(archive.unfinished) : null,
  };
}

function sourceDocument(source: SourceConfig): JsonObject {
  return { name: source.name, path: source.path, exclude: source.exclude, one_file_system: source.oneFileSystem };
}

export const archiveColumns: readonly Column<ArchiveInfo>[] = [
  { title: "archive", cell: (archive) => name(archive.name) },
  { title: "pools", cell: ({ pools }) => pools.map((pool) => name(pool)).join(", ") },
  { title: "snapshots", right: true, cell: ({ snapshots }) => count(snapshots) },
  { title: "entries", right: true, cell: ({ last }) => (last?.totals ? count(last.totals.entries) : "-") },
  { title: "content", right: true, cell: ({ last }, units) => (last?.totals ? units.bytes(last.totals.contentBytes) : "-") },
  { title: "last", cell: ({ last }) => time(last?.finishedMs) },
  { title: "state", cell: ({ unfinished }) => (unfinished ? `snapshot ${count(unfinished.number)} unfinished` : "-") },
];

export function archiveFacts(archive: ArchiveInfo, units: Units): readonly Fact[] {
  const { last, unfinished } = archive;
  return [
    ["archive", name(archive.name)],
    ["uuid", archive.uuid],
    ["pools", archive.pools.map((pool) => name(pool)).join(", ")],
    ["cipher", archive.cipher],
    ["compression", archive.compression],
    ["segment size", units.bytes(archive.segmentSizeBytes)],
    ["verify", archive.verify ? "in the same run" : "not in the same run"],
    ["snapshots", count(archive.snapshots)],
    ["last", last ? `snapshot ${count(last.number)}, ${time(last.finishedMs)}` : "never"],
    ["unfinished", unfinished ? `snapshot ${count(unfinished.number)}, begun ${time(unfinished.startedMs)}` : undefined],
  ];
}

export const sourceColumns: readonly Column<SourceConfig>[] = [
  { title: "source", cell: (source) => name(source.name) },
  { title: "path", cell: ({ path }) => name(path) },
  { title: "file systems", cell: ({ oneFileSystem }) => (oneFileSystem ? "one" : "all below") },
  { title: "left out", cell: ({ exclude }) => (exclude.length === 0 ? "-" : exclude.map((pattern) => name(pattern)).join(" ")) },
];

export function planDocument(archive: string, plan: ArchivePlan): JsonObject {
  return {
    archive,
    entries: plan.entries,
    new_entries: plan.newEntries,
    gone_entries: plan.goneEntries,
    new_content_bytes: plan.newContentBytes,
    segments: plan.segments,
    planned_bytes: plan.plannedBytes,
    pools: plan.pools.map(({ pool, freeBytes, blankCartridges }) => ({
      pool,
      free_bytes: freeBytes,
      blank_cartridges: blankCartridges,
      enough: poolIsEnough(plan, freeBytes, blankCartridges),
    })),
  };
}

export function planFacts(plan: ArchivePlan, units: Units): readonly Fact[] {
  return [
    ["entries", count(plan.entries)],
    ["new or changed", `${plural(plan.newEntries, "entry", "entries")}, ${units.bytes(plan.newContentBytes)}`],
    ["gone", plural(plan.goneEntries, "entry", "entries")],
    ["would write", `${plural(plan.segments, "segment")}, about ${units.bytes(plan.plannedBytes)} for each pool before compression`],
  ];
}

export function planPoolColumns(plan: ArchivePlan): readonly Column<ArchivePlan["pools"][number]>[] {
  return [
    { title: "pool", cell: ({ pool }) => name(pool) },
    { title: "free", right: true, cell: ({ freeBytes }, units) => units.bytes(freeBytes) },
    { title: "blank cartridges", right: true, cell: ({ blankCartridges }) => count(blankCartridges) },
    { title: "enough", cell: ({ freeBytes, blankCartridges }) => poolIsEnough(plan, freeBytes, blankCartridges) },
  ];
}

/** `yes` only where the volumes that are there hold it all; how much a blank cartridge takes is not known before it is loaded. */
function poolIsEnough(plan: ArchivePlan, freeBytes: number, blankCartridges: number): "yes" | "no" | "maybe" {
  if (freeBytes >= plan.plannedBytes) return "yes";
  return blankCartridges > 0 ? "maybe" : "no";
}

export function troublesDocument({ archive, snapshot, count: all, troubles }: ArchiveTroubles): JsonObject {
  return {
    archive,
    snapshot: snapshot ?? null,
    count: all,
    troubles: troubles.map(({ path, severity, code, text, condition, since }) => ({ ...pathDocument(path), severity, code, text, condition, since_snapshot: since })),
  };
}

export const troubleColumns: readonly Column<TroubledEntry>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "condition", cell: ({ condition }) => condition },
  { title: "since", right: true, cell: ({ since }) => count(since) },
  { title: "path", cell: ({ path }) => name(path) },
  { title: "why", cell: ({ code }) => code },
];
