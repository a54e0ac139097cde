import type { VolumeMedium } from "../../formats/volume/index.ts";
import type { CopyRecord, ObjectRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";

export interface OrderRequest {
  /** In the order of their objects. */
  readonly copies: readonly CopyRecord[];
  /** What is on the volume, in order. */
  readonly objects: readonly ObjectRecord[];
  /** The segment that must be opened before this one, because a file goes on from it. */
  before(segmentId: number): number | undefined;
}

/**
 * In which order to read copies from the medium that is mounted. Copies that lie side by side stay together, in their order: winding starts
 * where one of them was left out. A segment that goes on with a file of another one never comes before it: it would wait in the spool, and a
 * spool that is full of waiting segments ends the restore.
 */
export async function orderCopies(medium: VolumeMedium, request: OrderRequest): Promise<readonly CopyRecord[]> {
  const { copies } = request;
  const stretches = stretchesOf(copies);
  if (stretches.length < 3) return copies;
  const order = await askedOrder(medium, request, stretches);
  const ordered = order.flatMap((index) => stretches[index] ?? []);
  return ordered.length === copies.length && keepsFilesInOrder(ordered, request) ? ordered : copies;
}

/** Runs of copies with nothing but their seals between them. */
function stretchesOf(copies: readonly CopyRecord[]): readonly (readonly CopyRecord[])[] {
  const stretches: CopyRecord[][] = [];
  for (const copy of copies) {
    const last = stretches.at(-1);
    if (last !== undefined && copy.objectNumber - last.at(-1)!.objectNumber <= 2) last.push(copy);
    else stretches.push([copy]);
  }
  return stretches;
}

/** A drive that cannot answer this can perhaps still read, and says so better itself. */
async function askedOrder(
  medium: VolumeMedium,
  { objects }: OrderRequest,
  stretches: readonly (readonly CopyRecord[])[],
): Promise<readonly number[]> {
  try {
    const wanted = stretches.map((run) => ({ first: run[0]!.objectNumber, last: run.at(-1)!.objectNumber }));
    return await medium.readOrder(extentsOf(objects), wanted);
  } catch (error) {
    if (!(error instanceof StrongroomError)) throw error;
    return stretches.map((_, index) => index);
  }
}

/** By object number; one that the records do not know counts as empty. */
function extentsOf(objects: readonly ObjectRecord[]): readonly Pick<ObjectRecord, "role" | "sizeBytes">[] {
  const known = new Map(objects.map((object) => [object.number, object]));
  const count = Math.max(0, ...known.keys()) + 1;
  return Array.from({ length: count }, (_, number) => known.get(number) ?? { role: "segment", sizeBytes: 0 });
}

function keepsFilesInOrder(ordered: readonly CopyRecord[], { before }: OrderRequest): boolean {
  const places = new Map(ordered.map(({ segmentId }, index) => [segmentId, index]));
  return ordered.every(({ segmentId }, index) => {
    const needed = before(segmentId);
    const place = needed === undefined ? undefined : places.get(needed);
    return place === undefined || place < index;
  });
}
