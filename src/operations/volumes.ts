import { resolve } from "node:path";
import type { VolumeMedium } from "../formats/volume/index.ts";
import { type CartridgeRecord, type CopyRecord, makeFolder, type VolumeRecord } from "../records/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import { type Identity, labelVolume, type MountedMedium } from "../work/mount/index.ts";
import type { VolumeIdentity, VolumeOperations, VolumePlace } from "./contract.ts";
import { planDuplicate } from "./duplicate-plan.ts";
import { duplicateVolume } from "./duplicating.ts";
import { migrateVolume } from "./migrating.ts";
import { knownVolume, namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { dueVolumes, verifyMany, verifyOne } from "./verifying.ts";
import type { Workshop } from "./workshop.ts";

/** The newest of them. */
const verificationsShown = 20;

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
      const volume = retiredOn(parts, barcode) ?? knownVolume(parts, barcode);
      return Promise.resolve({
        volume,
        cartridge: inventory.cartridge(barcode)!,
        objects: inventory.objectsOfVolume(volume.uuid),
        copies: inventory.copiesOnVolume(volume.uuid),
        movements: inventory.movements(barcode),
        verifications: parts.verifications.ofVolume(volume.uuid, verificationsShown),
        condition: parts.upkeep.lastReading(`cartridge ${barcode}`),
      });
    },
    identify: async (where) =>
      await withMedium(parts, workshop, where, async (medium) => {
        const mounts = await workshop.mounts();
        return identityOf(parts, await mounts.identify(medium));
      }),
    verify: async (request, options) => await verifyOne(parts, workshop, (where) => mountAt(parts, workshop, where), request, options),
    verifyMany: async (request, options) => await verifyMany(parts, workshop, (where) => mountAt(parts, workshop, where), request, options),
    duplicate: async (request, options) => await duplicateVolume(parts, workshop, request, options),
    planDuplicate: async (request) => await planDuplicate(parts, workshop, request),
    migrate: async (request, options) => await migrateVolume(parts, workshop, request, options),
    due: async (pool) => {
      if (pool !== undefined) namedPool(configOf(parts), pool);
      return Promise.resolve(dueVolumes(parts, pool));
    },
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
  makeFolder(place, 0o777);
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

function allVolumes(parts: OperationParts): readonly VolumeRecord[] {
  return parts.inventory
    .cartridges()
    .map(({ barcode }) => parts.inventory.volumeOn(barcode) ?? retiredOn(parts, barcode))
    .filter((volume) => volume !== undefined);
}

/** What was on a cartridge that was retired with it, and still is. */
function retiredOn({ inventory }: OperationParts, barcode: string): VolumeRecord | undefined {
  const cartridge = inventory.cartridge(barcode);
  if (cartridge?.state !== "retired" || cartridge.pool === undefined) return undefined;
  return inventory.volumesOfPool(cartridge.pool).findLast((volume) => volume.barcode === barcode && volume.state === "retired");
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

function whatIsOn(parts: OperationParts, barcode: string): { copies: number; onlyCopies: number; elsewhere: readonly string[] } {
  const volume = parts.inventory.volumeOn(barcode);
  if (!volume) return { copies: 0, onlyCopies: 0, elsewhere: [] };
  const copies = parts.inventory.copiesOnVolume(volume.uuid);
  const elsewhere = new Set<string>();
  let onlyCopies = 0;
  for (const { segmentId } of copies) {
    const others = parts.inventory.copiesOfSegment(segmentId).filter((copy: CopyRecord) => copy.volumeUuid !== volume.uuid && copy.state !== "bad" && !copy.doubted);
    if (others.length === 0) onlyCopies += 1;
    for (const { volumeUuid } of others) elsewhere.add(parts.inventory.volume(volumeUuid)?.barcode ?? volumeUuid);
  }
  return { copies: copies.length, onlyCopies, elsewhere: [...elsewhere] };
}
