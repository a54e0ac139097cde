import type { DuplicatePlan, DuplicateRequest } from "./duplicate-contract.ts";
import { type Target, targetPoolOf, targetsFor } from "./duplicate-targets.ts";
import { requestOf, sourceOf } from "./duplicating.ts";
import type { OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

const targetsShown = 5;

/** What copying a volume would do, by the records and a look at which cartridges are where. Nothing is moved or written. */
export async function planDuplicate(parts: OperationParts, workshop: Workshop, asked: DuplicateRequest): Promise<DuplicatePlan> {
  const { inventory, catalog } = parts;
  const source = sourceOf(parts, asked.barcode);
  await (await workshop.mounts()).takeStock();
  const unfinished = ["volume migrate", "volume duplicate"].flatMap((kind) => parts.journal.unfinished(kind, source.barcode) ?? []);
  const request = unfinished[0] === undefined ? asked : requestOf(asked, unfinished[0]);
  const targetPool = targetPoolOf(parts, source, request);
  const copies = inventory.copiesOnVolume(source.uuid);
  const begun = unfinished.flatMap(({ progress }) => (progress["targets"] ?? []) as readonly string[]);
  const isElsewhere = (segmentId: number): boolean =>
    inventory.copiesOfSegment(segmentId).some(({ volumeUuid, state }) => volumeUuid !== source.uuid && state !== "bad");
  const bad = copies.filter(({ state }) => state === "bad");
  const segments = copies.flatMap(({ segmentId }) => catalog.segment(segmentId) ?? []);
  const sizeBytes = segments.reduce((sum, { facts, sealText }) => sum + (facts?.sealedBytes ?? 0) + (sealText?.length ?? 0), 0);
  const isCopied = (segmentId: number): boolean => inventory.copiesOfSegment(segmentId).some(({ volumeUuid, state }) => begun.includes(volumeUuid) && state !== "bad");
  return {
    barcode: source.barcode,
    pool: source.pool,
    targetPool,
    segments: copies.length,
    sizeBytes,
    bad: bad.length,
    lost: bad.filter(({ segmentId }) => !isElsewhere(segmentId)).length,
    copied: copies.filter(({ segmentId }) => isCopied(segmentId)).length,
    archives: [...new Set(segments.flatMap(({ snapshotId }) => catalog.snapshotById(snapshotId)?.archive.name ?? []))],
    targets: targetsFor(parts, source, request, begun, workshop.claims).slice(0, targetsShown).map((target) => targetFacts(parts, target, sizeBytes)),
  };
}

function targetFacts({ inventory }: OperationParts, target: Target, sizeBytes: number): DuplicatePlan["targets"][number] {
  const cartridge = target.kind === "blank" ? target.cartridge : inventory.cartridge(target.volume.barcode);
  const takenBytes = target.kind === "blank" ? 0 : target.volume.bytesWritten;
  const roomBytes = cartridge?.capacityBytes === undefined ? undefined : Math.max(0, cartridge.capacityBytes - takenBytes);
  return {
    barcode: target.kind === "blank" ? target.cartridge.barcode : target.volume.barcode,
    place: cartridge?.place ?? "unknown",
    roomBytes,
    fits: roomBytes === undefined ? undefined : roomBytes >= sizeBytes,
  };
}
