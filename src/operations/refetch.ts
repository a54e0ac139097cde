import type { SegmentRecord } from "../records/index.ts";
import { fetchSegment, planRecall } from "../work/recall/index.ts";
import { isInReach } from "../work/place/index.ts";
import type { Spool } from "../work/spool/index.ts";
import type { OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Brings a sealed segment back into the spool from one of its copies, so that a copy that went bad can be made again. False when there
 * is no copy in reach that could be good.
 */
export async function refetchSegment(
  parts: OperationParts,
  workshop: Workshop,
  segment: SegmentRecord,
  spool: Spool,
  signal: AbortSignal,
): Promise<boolean> {
  const { inventory } = parts;
  const facts = segment.facts;
  if (!facts) return false;
  const { visits } = planRecall(inventory, [segment.id], ({ barcode }) => isInReach(inventory.cartridge(barcode)));
  const [visit] = visits;
  if (!visit?.inReach) return false;
  await spool.reserve(segment.id, facts.sealedBytes, signal);
  const opened = await (await workshop.mounts()).open(visit.volume);
  try {
    await fetchSegment(opened.medium, {
      objectNumber: visit.copies[0]!.objectNumber,
      sealedBytes: facts.sealedBytes,
      sealedSha256: facts.sealedSha256,
      path: spool.pathOf(segment.id),
      onBytes: () => undefined,
      signal,
    });
    return true;
  } catch (error) {
    spool.release(segment.id);
    throw error;
  } finally {
    await opened.release();
  }
}
