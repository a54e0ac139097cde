import type { VerificationMethod, VolumeRecord } from "../../records/index.ts";
import type { Severity } from "../../words/index.ts";
import { type Finding, type VerifySummary, verifyVolume } from "../../work/verify/index.ts";
import type { ReadableVolume, VerifyParts } from "./parts.ts";

export interface CheckRequest {
  readonly on: Pick<ReadableVolume, "medium" | "volume" | "place" | "drive">;
  readonly method: VerificationMethod;
  readonly jobId: number | undefined;
  /** The verification that this goes on with, as an earlier call left it. */
  readonly verificationId?: number | undefined;
  readonly fromObject: number;
  /** Only these objects. */
  readonly only?: readonly number[] | undefined;
  readonly onBytes: (countBytes: number) => void;
  readonly onFinding: (finding: Finding) => void;
  /** Called in the transaction that records everything before `nextObject`: whoever goes on begins there. */
  readonly onRecorded?: (nextObject: number, verificationId: number | undefined) => void;
  readonly signal: AbortSignal;
}

export interface CheckSummary {
  readonly objects: number;
  readonly readBytes: number;
  readonly findings: readonly Finding[];
  readonly verificationId: number | undefined;
}

/** What was found is written down at least this often, so that little is read twice after a power cut. */
const recordIntervalMs = 5000;

/**
 * Reads a mounted volume back and records, as it goes, what became of each copy, with its history. A copy that is not as sealed is bad from then on and counts no
 * more; its volume is closed: nothing more is written on it.
 */
export async function checkVolume(parts: VerifyParts, request: CheckRequest): Promise<CheckSummary> {
  const { medium, volume, place } = request.on;
  const { verifications, clock } = parts;
  const verificationId =
    request.verificationId ??
    (volume &&
      verifications.begin({
        jobId: request.jobId, volumeUuid: volume.uuid, barcode: medium.barcode, method: request.method, place, startedMs: clock.nowMs(),
      }));
  const findings: Finding[] = [];
  const ledger = volume && verificationId !== undefined ? new Ledger(parts, volume, verificationId, request) : undefined;
  const summary = await readAll(parts, request, findings, ledger);
  ledger?.record("all");
  return { ...summary, findings, verificationId };
}

/** What was seen before the reading broke off is recorded all the same. */
async function readAll(parts: VerifyParts, request: CheckRequest, findings: Finding[], ledger: Ledger | undefined): Promise<VerifySummary> {
  const { medium, volume, drive } = request.on;
  try {
    return await verifyVolume({
      medium,
      verify: parts.verify,
      believing: async (certificate) => await parts.believing(certificate),
      isElsewhere: (error) => parts.isElsewhere(error) || (error.code === "MEDIUM_ERROR" && drive?.asksForCleaning === true),
      recorded: volume ? parts.inventory.objectsOfVolume(volume.uuid) : [],
      volumeUuid: volume?.uuid,
      fromObject: request.fromObject,
      ...(request.only ? { only: request.only } : {}),
      onBytes: (countBytes) => {
        ledger?.bytes(countBytes);
        request.onBytes(countBytes);
      },
      onSegment: (object, isIntact) => { ledger?.segment(object, isIntact); },
      onFinding: (finding) => {
        findings.push(finding);
        ledger?.finding(finding);
        request.onFinding(finding);
      },
      onChecked: (object) => { ledger?.checked(object); },
      signal: request.signal,
    });
  } catch (error) {
    ledger?.record("finished");
    throw error;
  }
}

/** What was seen and is not yet recorded. A segment is recorded with its seal: one without the other decides nothing. */
class Ledger {
  readonly #parts: VerifyParts;
  readonly #volume: VolumeRecord;
  readonly #verificationId: number;
  readonly #request: CheckRequest;
  readonly #segmentOf: ReadonlyMap<number, number>;
  #verdicts = new Map<number, boolean>();
  #findings: Finding[] = [];
  #objects = 0;
  /** Objects behind the last one that is settled. */
  #ahead = 0;
  #readBytes = 0;
  #next: number;
  #recordedMs: number;

  constructor(parts: VerifyParts, volume: VolumeRecord, verificationId: number, request: CheckRequest) {
    this.#parts = parts;
    this.#volume = volume;
    this.#verificationId = verificationId;
    this.#request = request;
    this.#segmentOf = new Map(parts.inventory.copiesOnVolume(volume.uuid).map(({ objectNumber, segmentId }) => [objectNumber, segmentId]));
    this.#next = request.fromObject;
    this.#recordedMs = parts.clock.monotonicMs();
  }

  bytes(countBytes: number): void {
    this.#readBytes += countBytes;
  }

  segment(object: number, isIntact: boolean): void {
    this.#verdicts.set(object, isIntact);
  }

  finding(finding: Finding): void {
    this.#findings.push(finding);
  }

  checked(object: number): void {
    this.#ahead += 1;
    if (this.#segmentOf.has(object)) return;
    this.#next = object + 1;
    this.#objects += this.#ahead;
    this.#ahead = 0;
    if (this.#parts.clock.monotonicMs() - this.#recordedMs >= recordIntervalMs) this.record("finished");
  }

  /** Of a segment whose seal was not read yet nothing is recorded, unless there is nothing more to come: it will be read again. */
  record(what: "finished" | "all"): void {
    const { inventory, verifications, clock } = this.#parts;
    const timeMs = clock.nowMs();
    const isDone = (object: number): boolean => what === "all" || object < this.#next;
    const findings = this.#findings.filter(({ object }) => isDone(object));
    const checks = [...this.#verdicts].filter(([object]) => isDone(object)).flatMap(([objectNumber, isIntact]) => {
      const segmentId = this.#segmentOf.get(objectNumber);
      return segmentId === undefined ? [] : [{ objectNumber, segmentId, timeMs, isIntact }];
    });
    const objects = this.#objects + (what === "all" ? this.#ahead : 0);
    inventory.atomically(() => {
      for (const { segmentId, isIntact } of checks) {
        inventory.updateCopy(segmentId, this.#volume.uuid, { state: isIntact ? "verified" : "bad", checkedMs: timeMs });
      }
      const isOpen = inventory.volume(this.#volume.uuid)?.state === "open";
      if (isOpen && checks.some(({ isIntact }) => !isIntact)) inventory.closeVolume(this.#volume.uuid, verifications.verification(this.#verificationId)?.startedMs);
      verifications.add(this.#verificationId, { objects, readBytes: this.#readBytes, findings, checks });
      this.#request.onRecorded?.(this.#next, this.#verificationId);
    });
    this.#verdicts = new Map([...this.#verdicts].filter(([object]) => !isDone(object)));
    this.#findings = this.#findings.filter(({ object }) => !isDone(object));
    this.#objects = 0;
    this.#readBytes = 0;
    this.#recordedMs = clock.monotonicMs();
  }
}

export const isFault = (severity: Severity): boolean => severity === "err" || severity === "fatal";
