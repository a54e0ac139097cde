import type { CopyState, VolumeRecord } from "../../../src/records/index.ts";
import type { ProofAppliance } from "../../support/proof-appliance.ts";

/** A copy as the records have it. */
export interface RecordedCopy {
  readonly segmentId: number;
  readonly pool: string;
  readonly barcode: string;
  readonly volume: VolumeRecord["state"];
  readonly state: CopyState;
}

export interface RecordedCopies {
  readonly segments: readonly number[];
  readonly copies: readonly RecordedCopy[];
}

export function recordedCopies(appliance: ProofAppliance, archive: string, number: number): RecordedCopies {
  return appliance.records(({ catalog, inventory }) => {
    const segments = catalog.segments(catalog.snapshot(catalog.archive(archive)!, number)!).map(({ id }) => id);
    const copies = segments.flatMap((segmentId) => inventory.copiesOfSegment(segmentId).map(({ volumeUuid, state }): RecordedCopy => {
      const { pool, barcode, state: volume } = inventory.volume(volumeUuid)!;
      return { segmentId, pool, barcode, volume, state };
    }));
    return { segments, copies };
  });
}

/**
 * What must not be when a command says that it is done: a segment without a verified copy in a pool, or a copy that nobody has read. A bad copy on a volume that
 * was closed is what the appliance promises when the end of a medium is in doubt: the records say that it does not count, nothing more is written behind it, and
 * another one was made. On a volume that is written on further it would be a lie waiting to be told.
 */
export function unkept({ segments, copies }: RecordedCopies, pools: readonly string[]): readonly string[] {
  const lacking = segments.flatMap((id) =>
    pools.filter((pool) => !copies.some((copy) => copy.segmentId === id && copy.pool === pool && copy.state === "verified"))
      .map((pool) => `segment ${String(id)} has no verified copy in ${pool}`));
  const odd = copies.filter(({ state, volume }) => state !== "verified" && !(state === "bad" && volume === "closed"))
    .map(({ segmentId, barcode, volume, state }) => `segment ${String(segmentId)} is ${state} on ${barcode}, which is ${volume}`);
  return segments.length === 0 ? ["the snapshot has no segments"] : [...lacking, ...odd];
}

/**
 * What a volume that was read shows to have been recorded wrongly. `code` is how reading ended. Where the records knew of bad copies, reading finds them again;
 * whatever they called good must still be.
 */
export function untrueOf(barcode: string, code: number, before: RecordedCopies, after: RecordedCopies): readonly string[] {
  const on = ({ copies }: RecordedCopies): readonly RecordedCopy[] => copies.filter((copy) => copy.barcode === barcode);
  const lost = on(before).filter(({ state }) => state !== "bad")
    .filter(({ segmentId }) => !on(after).some((copy) => copy.segmentId === segmentId && copy.state === "verified"))
    .map(({ segmentId }) => `segment ${String(segmentId)} was recorded as good on ${barcode}, and is not`);
  const isKnown = on(before).some(({ state }) => state === "bad");
  return code === 0 || isKnown ? lost : [`${barcode} is not as recorded (exit code ${String(code)})`, ...lost];
}
