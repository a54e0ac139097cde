import type { JobRecord, VolumeStanding } from "../records/index.ts";
import { severities, type Severity, worst } from "../words/index.ts";
import type { Spool } from "../work/spool/index.ts";
import type { ArchiveStatus, PoolStatus, StatusReport, UnfinishedJob } from "./contract.ts";
import { copyCounts, standingRemarks } from "./copy-standing.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { countTroubles } from "./troubles.ts";
import { dueVolumes } from "./verifying.ts";

type Remark = StatusReport["remarks"][number];

/** Jobs that are looked at; one that nobody repeated since a thousand others is history. */
const jobsLooked = 1000;

/** How everything stands, by the records alone. `known`: what else is known to be wrong. */
export function statusOf(parts: OperationParts, spool: Spool, known: readonly Remark[]): StatusReport {
  const looked = parts.journal.jobs(jobsLooked);
  const jobs = looked.filter(({ state }) => state !== "finished").map(unfinishedJob);
  const standings = parts.inventory.standings();
  const pools = poolsOf(parts, standings);
  const archives = archivesOf(parts);
  const remarks = [
    ...known,
    ...jobs.flatMap(jobRemark),
    ...failedRemarks(looked),
    ...standingRemarks(standings, configOf(parts).archives),
    ...pools.flatMap(dueRemark),
    ...archives.flatMap((archive) => [...copyRemarks(archive), ...troubleRemark(archive)]),
    ...cleaningRemark(parts),
  ];
  remarks.sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  return {
    severity: remarks.reduce<Severity>((before, remark) => worst(before, remark.severity), "ok"),
    remarks,
    jobs,
    pools,
    archives,
    spoolUsedBytes: spool.usedBytes,
    spoolMaxBytes: spool.maxBytes,
    atMs: parts.clock.nowMs(),
  };
}

function unfinishedJob({ id, kind, subject, startedMs, state, progress }: JobRecord): UnfinishedJob {
  const requests = (progress["requests"] ?? []) as readonly { readonly needs: string; readonly hint?: string }[];
  const needs = requests.map(({ needs: what, hint }) => (hint === undefined ? what : `${what}; ${hint}`));
  return { id, kind, subject, startedMs, needs, state: state === "interrupted" ? "interrupted" : needs.length > 0 ? "waiting" : "running" };
}

function jobRemark({ id, kind, subject, state, needs }: UnfinishedJob): readonly Remark[] {
  const which = `job ${String(id)} (${kind} ${subject})`;
  if (state === "running") return [];
  if (state === "waiting") return needs.map((what) => ({ severity: "warn", code: "OPERATOR_NEEDED", text: `${which} waits: ${what}`, hint: undefined }));
  const hint = `why is told by: strongroom job show ${String(id)}; the same command goes on with it`;
  return [{ severity: "warn", code: "JOB_UNFINISHED", text: `${which} stopped before its end`, hint }];
}

/** The last job about something stands for it: one that went well since makes good what failed before. */
function failedRemarks(looked: readonly JobRecord[]): readonly Remark[] {
  const seen = new Set<string>();
  return looked.flatMap(({ id, kind, subject, state, severity, summary }) => {
    const key = JSON.stringify([kind, subject]);
    if (seen.has(key)) return [];
    seen.add(key);
    if (state !== "finished" || (severity !== "err" && severity !== "fatal")) return [];
    const hint = `see: strongroom job show ${String(id)}`;
    return [{ severity, code: "JOB_FAILED", text: `job ${String(id)} (${kind} ${subject}): ${summary ?? "no summary"}`, hint }];
  });
}

function poolsOf(parts: OperationParts, standings: readonly VolumeStanding[]): StatusReport["pools"] {
  const due = dueVolumes(parts, undefined);
  return configOf(parts).pools.map(({ name }) => {
    const volumes = parts.inventory.volumesOfPool(name).filter(({ state }) => state !== "retired");
    return { pool: name, volumes: volumes.length, ...copyCounts(standings, name), due: due.filter(({ pool }) => pool === name).length };
  });
}

function dueRemark({ pool, due }: PoolStatus): readonly Remark[] {
  if (due === 0) return [];
  const text = `${String(due)} ${due === 1 ? "volume" : "volumes"} of pool ${pool} should be verified by now`;
  return [{ severity: "warn", code: "VERIFY_DUE", text, hint: `read what is due: strongroom volume verify --due --pool ${pool}` }];
}

function archivesOf(parts: OperationParts): StatusReport["archives"] {
  return configOf(parts).archives.map(({ name, pools }) => {
    const record = parts.catalog.archive(name);
    if (!record) return { archive: name, snapshots: 0, lastMs: undefined, missing: 0, lost: 0, troubled: 0 };
    const complete = parts.catalog.snapshots(record).filter(({ state }) => state === "complete");
    const lacking = pools.map((pool) => parts.inventory.lacking(record.id, pool));
    const missing = lacking.reduce((sum, { inPool }) => sum + inPool, 0);
    return { archive: name, snapshots: complete.length, lastMs: complete.at(-1)?.finishedMs, missing, lost: lacking[0]?.anywhere ?? 0, ...countTroubles(parts, record) };
  });
}

function* copyRemarks({ archive, missing, lost }: ArchiveStatus): Generator<Remark> {
  if (lost > 0) {
    const text = `${String(lost)} ${lost === 1 ? "segment" : "segments"} of archive ${archive} have no good copy anywhere`;
    yield { severity: "err", code: "SEGMENTS_LOST", text, hint: `take everything anew while the source is there: strongroom archive run ${archive} --full` };
  }
  if (missing > lost) {
    const text = `archive ${archive} lacks ${String(missing)} ${missing === 1 ? "copy" : "copies"} that its pools should have`;
    yield { severity: "warn", code: "COPIES_MISSING", text, hint: `make them from good ones: strongroom archive mend ${archive}` };
  }
}

function troubleRemark({ archive, troubled }: ArchiveStatus): readonly Remark[] {
  if (troubled === 0) return [];
  const text = `${String(troubled)} ${troubled === 1 ? "entry" : "entries"} of archive ${archive} ${troubled === 1 ? "is" : "are"} not stored as in the source`;
  return [{ severity: "warn", code: "ENTRIES_TROUBLED", text, hint: `which, and why: strongroom archive troubles ${archive}` }];
}

function cleaningRemark({ upkeep }: OperationParts): readonly Remark[] {
  const cartridges = upkeep.cleaningCartridges();
  if (cartridges.length === 0 || cartridges.some(({ state }) => state === "usable")) return [];
  const text = "no cleaning cartridge that is known has uses left: drives that ask for cleaning will not be cleaned";
  return [{ severity: "warn", code: "CLEANING_CARTRIDGES_SPENT", text, hint: "put a new cleaning cartridge into a mail slot, and run: strongroom library import" }];
}
