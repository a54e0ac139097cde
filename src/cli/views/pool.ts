import type { PoolInfo } from "../../operations/index.ts";
import { type Column, count, type Fact, name, plural, type Units } from "./column.ts";
import type { JsonObject } from "./document.ts";

export function poolDocument(pool: PoolInfo): JsonObject {
  return {
    name: pool.name,
    kind: pool.kind,
    library: pool.library ?? null,
    folders: pool.folders ?? [],
    block_size_bytes: pool.blockSizeBytes,
    verify_every_days: pool.verifyEveryDays ?? null,
    volume_count: pool.volumeCount,
    bytes_written: pool.bytesWritten,
    copies_written: pool.copies.written,
    copies_verified: pool.copies.verified,
    copies_doubted: pool.copies.doubted,
    copies_missing: pool.copies.missing,
    copies_bad: pool.copies.bad,
  };
}

export const poolColumns: readonly Column<PoolInfo>[] = [
  { title: "pool", cell: (pool) => name(pool.name) },
  { title: "kind", cell: ({ kind }) => kind },
  { title: "library", cell: ({ library }) => name(library) },
  { title: "volumes", right: true, cell: ({ volumeCount }) => count(volumeCount) },
  { title: "written", right: true, cell: ({ bytesWritten }, units) => units.bytes(bytesWritten) },
  { title: "verified", right: true, cell: ({ copies }) => count(copies.verified) },
  { title: "unverified", right: true, cell: ({ copies }) => count(copies.written) },
  { title: "in doubt", right: true, cell: ({ copies }) => count(copies.doubted + copies.missing) },
  { title: "bad", right: true, cell: ({ copies }) => count(copies.bad) },
];

export function poolFacts(pool: PoolInfo, units: Units): readonly Fact[] {
  const { copies } = pool;
  return [
    ["pool", name(pool.name)],
    ["kind", pool.kind],
    ["library", pool.library === undefined ? undefined : name(pool.library)],
    ["folders", pool.folders === undefined || pool.folders.length === 0 ? undefined : pool.folders.map((folder) => name(folder)).join(", ")],
    ["block size", units.bytes(pool.blockSizeBytes)],
    ["verify", pool.verifyEveryDays === undefined ? "when asked to" : `every ${plural(pool.verifyEveryDays, "day")}`],
    ["volumes", count(pool.volumeCount)],
    ["written", units.bytes(pool.bytesWritten)],
    ["copies", `${count(copies.verified)} verified, ${count(copies.written)} not yet verified, ${count(copies.doubted)} in doubt, ${count(copies.missing)} not in place, ${count(copies.bad)} bad`],
  ];
}
