import type { FoundFile, RecallInfo, RestoreResult } from "../../operations/index.ts";
import { type Column, count, type Fact, name, plural, sentence, type Units } from "./column.ts";
import { type JsonObject, nanosecondsDocument, pathDocument } from "./document.ts";
import { entryDocument } from "./snapshot.ts";

export function foundDocument(found: FoundFile): JsonObject {
  return {
    archive: found.archive,
    ...entryDocument(found),
    first_snapshot: found.firstSnapshot,
    gone_since: found.goneSince ?? null,
  };
}

export const foundColumns: readonly Column<FoundFile>[] = [
  { title: "archive", cell: ({ archive }) => name(archive) },
  { title: "snapshots", cell: snapshotsOf },
  { title: "size", right: true, cell: ({ sizeBytes }, units) => units.bytes(sizeBytes) },
  { title: "modified", cell: ({ mtimeNs }) => nanosecondsDocument(mtimeNs).replace(/\.\d+/, "") },
  { title: "condition", cell: ({ condition }) => condition },
  { title: "path", cell: ({ path }) => name(path) },
];

/** `3-`: from snapshot 3 to the newest; `3-5`; `3`. */
function snapshotsOf({ firstSnapshot, goneSince }: FoundFile): string {
  if (goneSince === undefined) return `${count(firstSnapshot)}-`;
  return goneSince - 1 === firstSnapshot ? count(firstSnapshot) : `${count(firstSnapshot)}-${count(goneSince - 1)}`;
}

export function recallDocument(recall: RecallInfo): JsonObject {
  return {
    entries: recall.entries,
    content_bytes: recall.contentBytes,
    lost_segments: recall.lostSegments,
    volumes: recall.volumes.map(({ barcode, pool, place, segments, inReach }) => ({ barcode, pool, place, segments, in_reach: inReach })),
  };
}

export function recallFacts(recall: RecallInfo, units: Units): readonly Fact[] {
  return [
    ["entries", count(recall.entries)],
    ["content", units.bytes(recall.contentBytes)],
    ["volumes", count(recall.volumes.length)],
    ["without a good copy", recall.lostSegments === 0 ? undefined : plural(recall.lostSegments, "segment")],
  ];
}

export const recallColumns: readonly Column<RecallInfo["volumes"][number]>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "segments", right: true, cell: ({ segments }) => count(segments) },
  { title: "in reach", cell: ({ inReach }) => (inReach ? "yes" : "no") },
  { title: "place", cell: ({ place }) => name(place) },
];

export type RestoreProblem = RestoreResult["problems"][number];

export function problemDocument(problem: RestoreProblem): JsonObject {
  return { severity: problem.severity, code: problem.code, ...pathDocument(problem.path), text: problem.text };
}

export const problemColumns: readonly Column<RestoreProblem>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "what", cell: ({ text, code }) => `${sentence(text)} [${code}]` },
  { title: "path", cell: ({ path }) => name(path) },
];
