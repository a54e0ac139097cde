import type { ProofAppliance } from "./proof-appliance.ts";

/** Everything that a snapshot's rows say and that does not depend on when and how often it was begun: equal for equal snapshots. */
export function snapshotFacts(appliance: ProofAppliance, archive: string, number: number): { readonly entries: string[]; readonly segments: string[] } {
  return appliance.records(({ catalog }) => {
    const record = catalog.archive(archive)!;
    const segments = catalog.segments(catalog.snapshot(record, number)!);
    const numbers = new Map(segments.map((segment) => [segment.id, segment.number]));
    return {
      segments: segments.map((segment) =>
        told({ number: segment.number, plannedBytes: segment.plannedBytes, tarBytes: segment.facts?.tarBytes, first: segment.facts?.firstMemberOffset })),
      entries: [...catalog.entries(record, number)].map(({ id, segmentId, ...facts }) => {
        const pieces = catalog.pieces(id).map((piece) => ({
          segment: numbers.get(piece.segmentId),
          offset: piece.offsetBytes,
          length: piece.lengthBytes,
          sha256: Buffer.from(piece.sha256).toString("hex"),
        }));
        return told({ ...facts, segment: numbers.get(segmentId), pieces });
      }),
    };
  });
}

/** How many copies of a snapshot's segments are in each state, by pool; `missing` where a segment has none. */
export function copyStates(appliance: ProofAppliance, archive: string, number: number): Record<string, Record<string, number>> {
  return appliance.records(({ catalog, inventory }) => {
    const found: Record<string, Record<string, number>> = {};
    for (const { id } of catalog.segments(catalog.snapshot(catalog.archive(archive)!, number)!)) {
      for (const { volumeUuid, state } of inventory.copiesOfSegment(id)) {
        const pool = (found[inventory.volume(volumeUuid)!.pool] ??= {});
        pool[state] = (pool[state] ?? 0) + 1;
      }
    }
    return found;
  });
}

function told(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return String(member);
    if (member !== null && typeof member === "object" && "type" in member && member.type === "Buffer" && "data" in member) {
      return Buffer.from(member.data as number[]).toString("latin1");
    }
    return member instanceof Uint8Array ? Buffer.from(member).toString("latin1") : member;
  });
}
