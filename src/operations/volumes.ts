import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { VolumeMedium } from "../formats/volume/index.ts";
import type { CartridgeRecord, CopyRecord, VolumeRecord } from "../records/index.ts";
import { formatBytes, printable, StrongroomError } from "../words/index.ts";
import { type Identity, labelVolume, type MountedMedium } from "../work/mount/index.ts";
import { type Finding, verifyVolume } from "../work/verify/index.ts";
import { LiveProgress } from "./live-progress.ts";
import type { JobOptions, VerifyResult, VolumeIdentity, VolumeOperations, VolumePlace } from "./contract.ts";
import { namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { ProgressMeter } from "./progress.ts";
import { believing } from "./sealing-keys.ts";
import type { Workshop } from "./workshop.ts";

export function volumeOperations(parts: OperationParts, workshop: Workshop): VolumeOperations {
  const { inventory } = parts;
  return {
    init: async (request) => {
      const pool = namedPool(configOf(parts), request.pool);
      refuseWrongOverwrite(request.barcode, request.overwrite);
      if (request.overwrite !== undefined && request.loseOnlyCopies !== true) refuseLoss(parts, request.barcode);
      const cartridge = await cartridgeFor(parts, workshop, request, pool.kind);
      const mounted = await (await workshop.mounts(pool)).mount(cartridge);
      try {
        const labelRequest = { cartridge, pool: pool.name, overwrite: request.overwrite };
        return await labelVolume(await workshop.labelParts(), mounted.medium, labelRequest);
      } finally {
        await mounted.release();
      }
    },
    list: async () => Promise.resolve(allVolumes(parts).map((volume) => ({ ...volume, place: inventory.cartridge(volume.barcode)?.place ?? "unknown" }))),
    show: async (barcode) => {
      const volume = knownVolume(parts, barcode);
      return Promise.resolve({
        volume,
        cartridge: inventory.cartridge(barcode)!,
        objects: inventory.objectsOfVolume(volume.uuid),
        copies: inventory.copiesOnVolume(volume.uuid),
        movements: inventory.movements(barcode),
        condition: parts.upkeep.lastReading(`cartridge ${barcode}`),
      });
    },
    identify: async (where) =>
      await withMedium(parts, workshop, where, async (medium) => {
        const mounts = await workshop.mounts();
        return identityOf(parts, await mounts.identify(medium));
      }),
    verify: async (where, options) => await verifyWhole(parts, workshop, where, options),
    whatIsOn: async (barcode) => Promise.resolve(whatIsOn(parts, barcode)),
  };
}

function refuseWrongOverwrite(barcode: string, typed: string | undefined): void {
  if (typed === undefined || typed === barcode) return;
  throw new StrongroomError("usage", "BARCODE_NOT_TYPED", `${printable(typed)} was typed, the cartridge is ${barcode}; nothing was written`, {
    hint: "look at the label again",
  });
}

function refuseLoss(parts: OperationParts, barcode: string): void {
  const { onlyCopies } = whatIsOn(parts, barcode);
  if (onlyCopies === 0) return;
  const what = `${String(onlyCopies)} ${onlyCopies === 1 ? "segment" : "segments"}`;
  throw new StrongroomError("denied", "ONLY_COPIES", `${printable(barcode)} holds the only good copy of ${what}, nothing was written`, {
    hint: "make another copy first, or add --lose-only-copies to lose them for good",
  });
}

async function cartridgeFor(
  parts: OperationParts,
  workshop: Workshop,
  request: { readonly barcode: string; readonly pool: string; readonly folder?: string; readonly capacityBytes?: number },
  kind: "tape" | "folder",
): Promise<CartridgeRecord> {
  const { barcode } = request;
  if ((kind === "folder") !== (request.folder !== undefined)) {
    const message = kind === "folder" ? `pool ${request.pool} holds folders: name one` : `pool ${request.pool} holds tapes: no folder belongs to it`;
    throw new StrongroomError("usage", "POOL_KIND_DIFFERS", message, { hint: `see: strongroom pool show ${request.pool}` });
  }
  if (request.folder === undefined) {
    await (await workshop.mounts()).takeStock();
    const known = parts.inventory.cartridge(barcode);
    if (known?.kind === "tape") return known;
    throw new StrongroomError("missing", "CARTRIDGE_NOT_IN_LIBRARY", `cartridge ${barcode} is in no library; nothing was written`, {
      hint: "see: strongroom library show",
    });
  }
  const place = resolve(request.folder);
  mkdirSync(place, { recursive: true });
  const known = parts.inventory.cartridge(barcode);
  if (known?.kind === "tape") {
    throw new StrongroomError("usage", "BARCODE_TAKEN", `${barcode} is the label of a tape; nothing was written`, { hint: "choose another label" });
  }
  const cartridge: CartridgeRecord = {
    barcode,
    kind: "folder",
    pool: request.pool,
    state: known?.state ?? "blank",
    place,
    capacityBytes: request.capacityBytes,
    seenMs: parts.clock.nowMs(),
  };
  parts.inventory.putCartridge(cartridge);
  return cartridge;
}

function knownVolume(parts: OperationParts, barcode: string): VolumeRecord {
  const volume = parts.inventory.volumeOn(barcode);
  if (volume) return volume;
  throw new StrongroomError("missing", "VOLUME_UNKNOWN", `the records know no volume on cartridge ${printable(barcode)}`, {
    hint: "see: strongroom volume list",
  });
}

function allVolumes(parts: OperationParts): readonly VolumeRecord[] {
  return parts.inventory
    .cartridges()
    .map(({ barcode }) => parts.inventory.volumeOn(barcode))
    .filter((volume) => volume !== undefined);
}

/** The medium at that place, mounted for the time of the work. */
async function withMedium<T>(parts: OperationParts, workshop: Workshop, where: VolumePlace, work: (medium: VolumeMedium) => Promise<T>): Promise<T> {
  const mounted = await mountAt(parts, workshop, where);
  try {
    return await work(mounted.medium);
  } finally {
    await mounted.release();
  }
}

async function mountAt(parts: OperationParts, workshop: Workshop, where: VolumePlace): Promise<MountedMedium> {
  const mounts = await workshop.mounts();
  if ("folder" in where) {
    const place = resolve(where.folder);
    const known = parts.inventory.cartridges().find((cartridge) => cartridge.kind === "folder" && cartridge.place === place);
    return await mounts.mountFolder(place, known?.barcode ?? "FOLDER");
  }
  await mounts.takeStock();
  const cartridge = parts.inventory.cartridge(where.barcode);
  if (cartridge) return await mounts.mount(cartridge);
  throw new StrongroomError("missing", "CARTRIDGE_UNKNOWN", `cartridge ${printable(where.barcode)} is in no library and not in the records`, {
    hint: "see: strongroom library show, strongroom volume list",
  });
}

function identityOf(parts: OperationParts, found: Identity): VolumeIdentity {
  if (found.kind !== "volume") return found;
  const { description, signature } = found;
  const words = { good: "good", bad: "bad", absent: "bad", "unknown-signer": "unknown signer" } as const;
  return {
    kind: "volume",
    uuid: description.volumeUuid,
    barcode: description.barcode,
    pool: description.pool,
    appliance: description.appliance.name,
    ours: description.appliance.uuid === configOf(parts).appliance.uuid && signature === "good",
    signature: words[signature],
  };
}

async function verifyWhole(parts: OperationParts, workshop: Workshop, where: VolumePlace, options: JobOptions): Promise<VerifyResult> {
  const subject = "folder" in where ? resolve(where.folder) : where.barcode;
  const outcome = await workshop.runJob({ kind: "volume verify", subject, resumable: false }, options.observer, async (job) =>
    await withMedium(parts, workshop, where, async (medium) => {
      const mounts = await workshop.mounts();
      const found = await mounts.identify(medium);
      if (found.kind === "blank") throw new StrongroomError("missing", "MEDIUM_BLANK", `${subject} is blank: there is nothing to verify`);
      const volume = recordedVolume(parts, medium.barcode, found);
      const meter = new ProgressMeter(job.id, parts.clock, new LiveProgress(parts.state.jobsPath).alongside(options.observer, parts.clock));
      meter.stage("verifying", volume?.bytesWritten, undefined);
      const { identity, summary, findings } = await checkMedium(parts, workshop, medium, volume, 0, meter, options.signal);
      for (const one of findings) job.note(one.severity, one.code, `${one.text}; ${one.hint}`);
      const errors = findings.filter(({ severity }) => severity === "err").length;
      const damaged = errors === 1 ? "1 object is damaged" : `${String(errors)} objects are damaged`;
      const verdict = errors === 0 ? "every object is as it was written" : damaged;
      return {
        summary: `${identity}: ${String(summary.objects)} objects, ${formatBytes(summary.readBytes)} read, ${verdict}`,
        value: { ...summary, findings },
      };
    }));
  return { job: outcome.job, severity: outcome.severity, summary: outcome.summary, ...outcome.value };
}

/** The records count only for the very volume that is on the medium. */
function recordedVolume(parts: OperationParts, barcode: string, found: Identity): VolumeRecord | undefined {
  const byLabel = parts.inventory.volumeOn(barcode);
  if (found.kind !== "volume") return byLabel;
  return parts.inventory.volume(found.description.volumeUuid) ?? byLabel;
}

/** Reads a mounted volume from one object on, and records what became of each copy, and of the volume where all of it was read. */
export async function checkMedium(
  parts: OperationParts,
  workshop: Workshop,
  medium: VolumeMedium,
  volume: VolumeRecord | undefined,
  fromObject: number,
  meter: Pick<ProgressMeter, "bytes">,
  signal: AbortSignal,
): Promise<{ identity: string; summary: { objects: number; readBytes: number }; findings: readonly Finding[] }> {
  const identity = await workshop.identity();
  const findings: Finding[] = [];
  const verdicts = new Map<number, boolean>();
  const summary = await verifyVolume({
    medium,
    verify: identity.verify,
    believing: async (certificate) => await believing(certificate, parts.clock),
    recorded: volume ? parts.inventory.objectsOfVolume(volume.uuid) : [],
    volumeUuid: volume?.uuid,
    fromObject,
    onBytes: (countBytes) => { meter.bytes(countBytes); },
    onSegment: (object, isIntact) => verdicts.set(object, isIntact),
    onFinding: (finding) => findings.push(finding),
    signal,
  });
  if (volume) recordVerdicts(parts, volume, verdicts);
  const isWhole = fromObject === 0 && findings.every(({ severity }) => severity === "note");
  if (volume && isWhole) parts.inventory.updateVolume(volume.uuid, { verifiedMs: parts.clock.nowMs() });
  return { identity: `cartridge ${medium.barcode}`, summary, findings };
}

/** A volume with a bad copy is closed: nothing more is written on it. */
function recordVerdicts(parts: OperationParts, volume: VolumeRecord, verdicts: ReadonlyMap<number, boolean>): void {
  const { inventory, clock } = parts;
  const checkedMs = clock.nowMs();
  inventory.atomically(() => {
    let isDamaged = false;
    for (const copy of inventory.copiesOnVolume(volume.uuid)) {
      const verdict = verdicts.get(copy.objectNumber);
      if (verdict === undefined) continue;
      isDamaged ||= !verdict;
      inventory.updateCopy(copy.segmentId, volume.uuid, { state: verdict ? "verified" : "bad", checkedMs });
    }
    if (isDamaged && volume.state === "open") inventory.updateVolume(volume.uuid, { state: "closed" });
  });
}

function whatIsOn(parts: OperationParts, barcode: string): { copies: number; onlyCopies: number; elsewhere: readonly string[] } {
  const volume = parts.inventory.volumeOn(barcode);
  if (!volume) return { copies: 0, onlyCopies: 0, elsewhere: [] };
  const copies = parts.inventory.copiesOnVolume(volume.uuid);
  const elsewhere = new Set<string>();
  let onlyCopies = 0;
  for (const { segmentId } of copies) {
    const others = parts.inventory.copiesOfSegment(segmentId).filter((copy: CopyRecord) => copy.volumeUuid !== volume.uuid && copy.state !== "bad");
    if (others.length === 0) onlyCopies += 1;
    for (const { volumeUuid } of others) elsewhere.add(parts.inventory.volume(volumeUuid)?.barcode ?? volumeUuid);
  }
  return { copies: copies.length, onlyCopies, elsewhere: [...elsewhere] };
}
