import { join } from "node:path";
import { makeSeal } from "../formats/volume/index.ts";
import type { ArchiveRunParts, OperatorRequests, RunningJob } from "../jobs/index.ts";
import { type ArchiveConfig, type ArchiveRecord, makeFolder, type SnapshotRecord } from "../records/index.ts";
import type { StrongroomError } from "../words/index.ts";
import { jobLines, nextVolume, PoolWriter, recordsLines, type Remedy, reopenVolume, type SmallSealing, type TellQuarantine, TrailerMaker, unclosedVolume } from "../work/place/index.ts";
import { SealCrew } from "../work/seal/index.ts";
import type { Spool } from "../work/spool/index.ts";
import { checkNewCopies } from "./checking.ts";
import { namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { refetchSegment } from "./refetch.ts";
import { planSources } from "./sources.ts";
import { poolFacts, type Workshop } from "./workshop.ts";

/** Everything a run of this archive works with. */
export async function archiveRunParts(
  parts: OperationParts,
  workshop: Workshop,
  config: ArchiveConfig,
  archive: ArchiveRecord,
  job: RunningJob,
  requests: OperatorRequests,
): Promise<{ readonly runParts: ArchiveRunParts; readonly spool: Spool }> {
  const keys = await workshop.keys();
  const identity = await workshop.identity();
  const spool = workshop.spool();
  const applianceUuid = configOf(parts).appliance.uuid;
  const runParts: ArchiveRunParts = {
    archive,
    sources: planSources(config),
    pools: config.pools,
    cipher: config.cipher,
    compression: config.compression,
    segmentSizeBytes: config.segmentSizeBytes,
    verify: config.verify,
    catalog: parts.catalog,
    inventory: parts.inventory,
    clock: parts.clock,
    spool,
    planFolder: parts.state.jobsPath,
    hireCrew: () => new SealCrew(parts.sealThreads),
    makeSessionKey: () => keys.makeSessionKey(),
    makeSeal: async ({ number, facts }, snapshot, { tarOffsetBytes, previousSealSha256, segments }) =>
      await makeSeal(
        {
          archiveUuid: archive.uuid,
          snapshot: snapshot.number,
          baseSnapshot: snapshot.base,
          segment: number,
          segments,
          sealedBytes: facts!.sealedBytes,
          sealedSha256: facts!.sealedSha256,
          tarOffsetBytes,
          tarBytes: facts!.tarBytes,
          firstMemberOffsetBytes: facts!.firstMemberOffset < facts!.tarBytes ? facts!.firstMemberOffset : undefined,
          previousSealSha256,
          sealedAtMs: facts!.sealedAtMs,
          applianceUuid,
        },
        identity.sign,
      ),
    poolWriter: (pool, snapshot, onLeft, signal) =>
      poolWriterFor({ parts, workshop, poolName: pool, archive, snapshot, job, sealing: keys, requests, onLeft, signal }),
    isDriveAwaited: () => workshop.libraries().some(({ isAwaited }) => isAwaited),
    refetch: async (segment, signal) => await refetchSegment(parts, workshop, segment, spool, signal),
    verifyCopies: async (barcode, report, signal) => {
      const volume = parts.inventory.volumeOn(barcode)!;
      const opened = await (await workshop.mounts()).open(volume);
      try {
        const findings = await checkNewCopies(parts, workshop, opened.medium, volume, firstUnverified(parts, volume.uuid), report, signal);
        return findings.map(({ severity, code, text, hint }) => ({ severity, code, text: `${text}; ${hint}` }));
      } finally {
        await opened.release();
      }
    },
  };
  return { runParts, spool };
}

/** Reading begins at the first copy that was not read back yet; what lies before it was. */
function firstUnverified(parts: OperationParts, volumeUuid: string): number {
  const unverified = parts.inventory.copiesOnVolume(volumeUuid).find(({ state }) => state === "written");
  const hasVerified = parts.inventory.copiesOnVolume(volumeUuid).some(({ state }) => state === "verified");
  return hasVerified ? (unverified?.objectNumber ?? 0) : 0;
}

interface PoolWork {
  readonly parts: OperationParts;
  readonly workshop: Workshop;
  readonly poolName: string;
  readonly archive: ArchiveRecord;
  readonly snapshot: SnapshotRecord;
  readonly job: RunningJob;
  readonly sealing: Pick<SmallSealing, "makeSessionKey">;
  readonly requests: OperatorRequests;
  readonly onLeft: (barcode: string) => void;
  readonly signal: AbortSignal;
}

function poolWriterFor({ parts, workshop, poolName, archive, snapshot, job, sealing, requests, onLeft, signal }: PoolWork): PoolWriter {
  const { catalog, inventory, clock, random, journal } = parts;
  const pool = namedPool(configOf(parts), poolName);
  const folder = join(parts.state.path, "sessions");
  makeFolder(folder);
  const trailerMaker = async (): Promise<TrailerMaker> =>
    new TrailerMaker({
      catalog,
      inventory,
      clock,
      identity: await workshop.identity(),
      sealing: { random, makeSessionKey: () => sealing.makeSessionKey() },
      folder,
      archive,
      snapshot,
      events: () => journal.events(job.id),
      records: () => recordsLines(catalog, inventory, configOf(parts)),
      jobs: () => jobLines(journal),
    });
  const maker = trailerMaker();
  const quarantined: TellQuarantine = ({ barcode }, { code, message, hint }: StrongroomError): void => {
    job.note("err", code, `cartridge ${barcode} is put aside, and the work goes on with another one: ${message}; ${hint ?? ""}`);
  };
  return new PoolWriter({
    pool: poolName,
    inventory,
    clock,
    signal,
    nextVolume: async (exhausted) =>
      await nextVolume(poolFacts(pool), exhausted, await workshop.mounts(pool), await workshop.labelParts(), workshop.claims, quarantined),
    reopen: async (volume) => await reopenVolume(poolFacts(pool), volume, await workshop.mounts(pool), inventory, quarantined),
    unclosedVolume: async (exhausted) => await unclosedVolume(poolFacts(pool), exhausted, await workshop.mounts(pool), inventory, quarantined),
    unsyncedBytes: workshop.spool().unsyncedBytes,
    trailerReserveBytes: async (volume, unrecorded) => (await maker).reserveBytes(volume, unrecorded),
    makeTrailer: async (volume, remainingBytes) => await (await maker).make(volume, remainingBytes),
    left: ({ barcode }) => { onLeft(barcode); },
    failed: ({ barcode }, { code, message }) => {
      job.note("err", code, `cartridge ${barcode} is closed for writing, what is on it stays in use, and its last segment goes to another one: ${message}`);
    },
    recovering: (remedy, volume, { code, message }) => {
      if (remedy !== "ask") job.note("warn", code, `pool ${poolName} ${recoveryWords(remedy, volume?.barcode)}: ${message}`);
    },
    request: async (error) => { await requests.wait(`pool ${poolName}`, error, signal); },
    requestMet: () => { requests.met(`pool ${poolName}`); },
  });
}

const recoveryWords = (remedy: Remedy, barcode: string | undefined): string => {
  const cartridge = barcode === undefined ? "its cartridge" : `cartridge ${barcode}`;
  if (remedy === "other-drive") return `tries ${cartridge} in another drive`;
  if (remedy === "leave-volume") return `leaves ${cartridge} alone and goes on with another one`;
  return `tries again with ${cartridge}, after a look at what is on it`;
};
