import type { VolumeMedium } from "../formats/volume/index.ts";
import { checkVolume, type VerifyParts } from "../jobs/index.ts";
import type { VolumeRecord } from "../records/index.ts";
import { type Severity, worst } from "../words/index.ts";
import { isVolumeAside } from "../work/place/index.ts";
import type { Finding } from "../work/verify/index.ts";
import type { OperationParts } from "./parts.ts";
import type { ProgressMeter } from "./progress.ts";
import { believing } from "./sealing-keys.ts";
import type { Workshop } from "./workshop.ts";

export async function verifyParts(parts: OperationParts, workshop: Workshop): Promise<VerifyParts> {
  const { inventory, verifications, clock } = parts;
  const { verify } = await workshop.identity();
  return { inventory, verifications, clock, verify, believing: async (certificate) => await believing(certificate, clock), isElsewhere: isVolumeAside };
}

/** Reads what a job has just written on a mounted volume, from one object on, and records what became of each copy. */
export async function checkNewCopies(
  parts: OperationParts,
  workshop: Workshop,
  medium: VolumeMedium,
  volume: VolumeRecord,
  fromObject: number,
  meter: Pick<ProgressMeter, "bytes">,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { inventory, verifications, clock } = parts;
  const findings: Finding[] = [];
  const summary = await checkVolume(await verifyParts(parts, workshop), {
    on: { medium, volume, place: placeOf(parts, volume.barcode) },
    method: "new copies",
    jobId: undefined,
    fromObject,
    onBytes: (countBytes) => { meter.bytes(countBytes); },
    onFinding: (finding) => { findings.push(finding); },
    signal,
  });
  const severity = findings.reduce<Severity>((before, finding) => worst(before, finding.severity), "ok");
  if (summary.verificationId !== undefined) verifications.finish(summary.verificationId, { severity, finishedMs: clock.nowMs() });
  const isWhole = fromObject === 0 && (severity === "ok" || severity === "note");
  if (isWhole) inventory.updateVolume(volume.uuid, { verifiedMs: clock.nowMs() });
  return findings;
}

/** Where a mounted cartridge is: the library and drive, or the folder. */
export function placeOf({ inventory }: OperationParts, barcode: string): string {
  return inventory.cartridge(barcode)?.place ?? "unknown";
}
