import type { CopyRecord, SnapshotRecord } from "../records/index.ts";
import type { SnapshotDetails, SnapshotOperations } from "./contract.ts";
import { namedSnapshot, recordedArchive } from "./named.ts";
import type { OperationParts } from "./parts.ts";

/** As the catalog names it. */
const treeTop = Buffer.from(".");

export function snapshotOperations(parts: OperationParts): SnapshotOperations {
  return {
    list: async (archive) => Promise.resolve(parts.catalog.snapshots(recordedArchive(parts, archive))),
    show: async (archive, number) => {
      const record = recordedArchive(parts, archive);
      return Promise.resolve(detailsOf(parts, record, namedSnapshot(parts, record, number)));
    },
    children: async (archive, number, directory, limit) => {
      const record = recordedArchive(parts, archive);
      return Promise.resolve(parts.catalog.children(record, namedSnapshot(parts, record, number).number, directory.length === 0 ? treeTop : directory, limit));
    },
    entries: (archive, number, prefix) => {
      const record = recordedArchive(parts, archive);
      return parts.catalog.entries(record, namedSnapshot(parts, record, number).number, prefix);
    },
  };
}

function detailsOf(parts: OperationParts, archive: SnapshotDetails["archive"], snapshot: SnapshotRecord): SnapshotDetails {
  const segments = parts.catalog.segments(snapshot);
  const byPool = new Map<string, PoolCounts>();
  const barcodes = new Map<string, { pool: string; place: string }>();
  for (const segment of segments) {
    for (const copy of parts.inventory.copiesOfSegment(segment.id)) count(parts, copy, byPool, barcodes);
  }
  return {
    archive,
    snapshot,
    segments: segments.length,
    copies: [...byPool].map(([pool, counts]) => ({ pool, ...counts, missing: segments.length - counts.written - counts.verified - counts.doubted - counts.bad })),
    volumes: [...barcodes].map(([barcode, { pool, place }]) => ({ barcode, pool, place })),
  };
}

type PoolCounts = Record<"written" | "verified" | "doubted" | "bad", number>;

function count(
  parts: OperationParts,
  copy: CopyRecord,
  byPool: Map<string, PoolCounts>,
  barcodes: Map<string, { pool: string; place: string }>,
): void {
  const volume = parts.inventory.volume(copy.volumeUuid);
  if (!volume) return;
  const counts = byPool.get(volume.pool) ?? { written: 0, verified: 0, doubted: 0, bad: 0 };
  counts[copy.doubted && copy.state !== "bad" ? "doubted" : copy.state] += 1;
  byPool.set(volume.pool, counts);
  barcodes.set(volume.barcode, { pool: volume.pool, place: parts.inventory.cartridge(volume.barcode)?.place ?? "unknown" });
}
