import type { StatusReport } from "../../operations/index.ts";
import { type Column, count, type Fact, name, time, type Units } from "./column.ts";
import { type JsonObject, timeDocument } from "./document.ts";

export function statusDocument(report: StatusReport): JsonObject {
  return {
    severity: report.severity,
    time: timeDocument(report.atMs),
    remarks: report.remarks.map(({ severity, code, text, hint }) => ({ severity, code, text, hint: hint ?? null })),
    jobs: report.jobs.map(({ id, kind, subject, state, startedMs, needs }) => ({ id, kind, subject, state, started: timeDocument(startedMs), needs })),
    pools: report.pools.map(({ pool, volumes, written, verified, doubted, missing, bad, due }) => ({ pool, volumes, written, verified, doubted, missing, bad, due })),
    archives: report.archives.map(({ archive, snapshots, lastMs, missing, lost, troubled }) => ({ archive, snapshots, last: timeDocument(lastMs), missing, lost, troubled })),
    spool_used_bytes: report.spoolUsedBytes,
    spool_max_bytes: report.spoolMaxBytes,
  };
}

export function statusFacts(report: StatusReport, units: Units): readonly Fact[] {
  return [
    ["status", report.severity],
    ["spool", `${units.bytes(report.spoolUsedBytes)} of ${units.bytes(report.spoolMaxBytes)} in use`],
  ];
}

export const unfinishedJobColumns: readonly Column<StatusReport["jobs"][number]>[] = [
  { title: "job", right: true, cell: ({ id }) => count(id) },
  { title: "kind", cell: ({ kind }) => name(kind) },
  { title: "subject", cell: ({ subject }) => name(subject) },
  { title: "state", cell: ({ state }) => state },
  { title: "started", cell: ({ startedMs }) => time(startedMs) },
];

export const poolStatusColumns: readonly Column<StatusReport["pools"][number]>[] = [
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "volumes", right: true, cell: ({ volumes }) => count(volumes) },
  { title: "verified", right: true, cell: ({ verified }) => count(verified) },
  { title: "unverified", right: true, cell: ({ written }) => count(written) },
  { title: "in doubt", right: true, cell: ({ doubted }) => count(doubted) },
  { title: "not in place", right: true, cell: ({ missing }) => count(missing) },
  { title: "bad", right: true, cell: ({ bad }) => count(bad) },
  { title: "to verify", right: true, cell: ({ due }) => count(due) },
];

export const archiveStatusColumns: readonly Column<StatusReport["archives"][number]>[] = [
  { title: "archive", cell: ({ archive }) => name(archive) },
  { title: "snapshots", right: true, cell: ({ snapshots }) => count(snapshots) },
  { title: "last", cell: ({ lastMs }) => time(lastMs) },
  { title: "copies missing", right: true, cell: ({ missing }) => count(missing) },
  { title: "lost", right: true, cell: ({ lost }) => count(lost) },
  { title: "troubled", right: true, cell: ({ troubled }) => count(troubled) },
];
