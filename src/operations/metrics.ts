import { severities } from "../words/index.ts";
import type { StatusReport } from "./contract.ts";

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/**
 * A status report in the text format of Prometheus, version 0.0.4: what node_exporter's textfile collector takes. Labels are names of pools, archives,
 * states and severities alone, so there are never more series than the configuration has names.
 */
export function metricsText(report: StatusReport): string {
  const { remarks, jobs, pools, archives } = report;
  const families = [
    family("strongroom_severity", "Worst thing known: 0 ok, 1 note, 2 warn, 3 err, 4 fatal.", [[{}, severities.indexOf(report.severity)]]),
    family("strongroom_remarks", "Things that want a look.", severities.map((severity) => [{ severity }, countOf(remarks, (one) => one.severity === severity)])),
    family("strongroom_jobs", "Jobs that are not finished.", (["running", "waiting", "interrupted"] as const).map((state) =>
      [{ state }, countOf(jobs, (one) => one.state === state)])),
    family("strongroom_volumes", "Volumes of a pool.", pools.map(({ pool, volumes }) => [{ pool }, volumes])),
    family("strongroom_volumes_due", "Volumes that their pool wants verified by now.", pools.map(({ pool, due }) => [{ pool }, due])),
    family("strongroom_copies", "Copies of segments, by what is known of them.", pools.flatMap((pool) =>
      (["written", "verified", "doubted", "missing", "bad"] as const).map((state): Sample => [{ pool: pool.pool, state }, pool[state]]))),
    family("strongroom_copies_missing", "Copies that pools should have and have not.", archives.map(({ archive, missing }) => [{ archive }, missing])),
    family("strongroom_segments_lost", "Segments without any good copy.", archives.map(({ archive, lost }) => [{ archive }, lost])),
    family("strongroom_entries_troubled", "Entries that the newest snapshot does not have as in the source.", archives.map(({ archive, troubled }) => [{ archive }, troubled])),
    family("strongroom_snapshots", "Complete snapshots.", archives.map(({ archive, snapshots }) => [{ archive }, snapshots])),
    family("strongroom_last_snapshot_timestamp_seconds", "When the newest snapshot was complete.", archives.flatMap(({ archive, lastMs }) =>
      (lastMs === undefined ? [] : [[{ archive }, lastMs / 1000] as const]))),
    family("strongroom_spool_used_bytes", "Bytes in the spool.", [[{}, report.spoolUsedBytes]]),
    family("strongroom_spool_max_bytes", "Bytes that the spool may take.", [[{}, report.spoolMaxBytes]]),
    family("strongroom_status_timestamp_seconds", "When this was written.", [[{}, report.atMs / 1000]]),
  ];
  return families.join("");
}

function countOf<Item>(items: readonly Item[], wanted: (item: Item) => boolean): number {
  return items.filter(wanted).length;
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelsText(labels)} ${String(value)}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\"", "\\\"").replaceAll("\n", "\\n");
}
