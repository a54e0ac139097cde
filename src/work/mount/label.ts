import { createHash } from "node:crypto";
import {
  makeBootstrap,
  makeVolumeTexts,
  type ObjectStream,
  type VolumeDescription,
  type VolumeFacts,
  type VolumeMedium,
} from "../../formats/volume/index.ts";
import type { CartridgeRecord, Inventory, VolumeRecord } from "../../records/index.ts";
import { type Clock, type RandomBytes, StrongroomError, uuid } from "../../words/index.ts";
import { identify, type Identity } from "./identify.ts";
import type { ApplianceIdentity } from "./identity.ts";

export interface LabelParts {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly identity: ApplianceIdentity;
}

export interface LabelRequest {
  readonly cartridge: CartridgeRecord;
  readonly pool: string;
  /** The barcode, typed by a person who was shown what will be lost; undefined: only a blank medium is taken. */
  readonly overwrite: string | undefined;
}

/**
 * Makes a volume: writes the bootstrap on a medium and records it. A medium that is not blank is refused with `MEDIUM_NOT_BLANK` and not touched, unless
 * its barcode was typed. A volume of this appliance that holds nothing but a bootstrap and is not recorded is what an interrupted run left behind: blank.
 */
export async function labelVolume(parts: LabelParts, medium: VolumeMedium, request: LabelRequest): Promise<VolumeRecord> {
  const { cartridge, pool } = request;
  if (medium.writeProtected) throw writeProtected(cartridge.barcode);
  await refuseUnlessBlank(parts, medium, request);
  const createdMs = parts.clock.nowMs();
  const facts = volumeFactsOf(parts.identity, parts.inventory, {
    volumeUuid: uuid(parts.random),
    barcode: medium.barcode,
    pool,
    medium: medium.kind,
    blockSizeBytes: medium.blockSizeBytes,
    createdAtMs: createdMs,
  });
  const texts = await makeVolumeTexts(facts, parts.identity.sign);
  const { certificates, lockedRecoveryKey } = parts.identity;
  const { inventory } = parts;
  // Before the first byte: a copy that is being written over must not count as safe, whatever happens next.
  const before = inventory.volumeOn(cartridge.barcode);
  if (before) inventory.updateVolume(before.uuid, { state: "retired" });
  const { sizeBytes, sha256 } = await write(medium, makeBootstrap({ facts, texts, certificates, lockedRecoveryKey }));
  const { volumeUuid } = facts.description;
  const capacityBytes = cartridge.kind === "tape" ? (await medium.capacity()).totalBytes : cartridge.capacityBytes;
  inventory.atomically(() => {
    inventory.putCartridge({ ...cartridge, pool, state: "in-use", capacityBytes, seenMs: createdMs });
    inventory.addVolume({ uuid: volumeUuid, barcode: cartridge.barcode, pool, blockSizeBytes: medium.blockSizeBytes, createdMs });
    inventory.addObject({ volumeUuid, number: 0, role: "bootstrap", sizeBytes, sha256, writtenMs: createdMs });
    inventory.updateVolume(volumeUuid, { objects: 1, bytesWritten: sizeBytes });
  });
  await medium.writeNote({ volumeUuid, pool, writtenAtMs: createdMs });
  return inventory.volume(volumeUuid)!;
}

/** True for a medium that may be labelled without asking. */
export async function isAsGoodAsBlank(parts: Pick<LabelParts, "inventory" | "identity">, medium: VolumeMedium, found: Identity): Promise<boolean> {
  if (found.kind === "blank") return true;
  if (found.kind === "foreign" || found.signature !== "good") return false;
  const { appliance, volumeUuid } = found.description;
  if (appliance.uuid !== parts.identity.uuid || parts.inventory.volume(volumeUuid)) return false;
  return (await medium.countObjects()) === 1;
}

async function refuseUnlessBlank(parts: LabelParts, medium: VolumeMedium, request: LabelRequest): Promise<void> {
  const { barcode } = request.cartridge;
  if (request.overwrite === barcode) return;
  const found = await identify(medium, parts.identity.verify);
  if (await isAsGoodAsBlank(parts, medium, found)) return;
  throw new StrongroomError("denied", "MEDIUM_NOT_BLANK", `cartridge ${barcode} is not blank: ${wordsFor(found)}; nothing was written`, {
    hint: `to lose what is on it, type its barcode: strongroom volume init ${barcode} --pool ${request.pool} --overwrite ${barcode}`,
  });
}

export function wordsFor(found: Identity): string {
  if (found.kind === "blank") return "nothing is on it";
  if (found.kind === "foreign") return `it holds ${found.looksLike}`;
  const { barcode, pool, appliance, createdAtMs } = found.description;
  return `it holds volume ${barcode} of pool ${pool}, written by appliance ${appliance.name} since ${new Date(createdAtMs).toISOString().slice(0, 10)}`;
}

/** What a volume says of itself and of the rest of its pool, as things stand now. */
export function volumeFactsOf(
  identity: ApplianceIdentity,
  inventory: Inventory,
  volume: Pick<VolumeDescription, "volumeUuid" | "barcode" | "pool" | "medium" | "blockSizeBytes" | "createdAtMs">,
): VolumeFacts {
  const others = inventory.volumesOfPool(volume.pool).filter(({ state, uuid: other }) => state !== "retired" && other !== volume.volumeUuid);
  const before = others.filter(({ createdMs }) => createdMs <= volume.createdAtMs);
  return {
    description: {
      ...volume,
      appliance: { uuid: identity.uuid, name: identity.name },
      recipients: identity.recipients,
      signer: identity.signer,
      previousVolumes: before.map(({ uuid: volumeUuid, barcode }) => ({ volumeUuid, barcode })),
    },
    siblings: others
      .map(({ uuid: volumeUuid, barcode }) => ({ volumeUuid, barcode, place: inventory.cartridge(barcode)?.place ?? "unknown" }))
      .reverse(),
    custody: identity.custody,
    hasLockedRecoveryKey: identity.lockedRecoveryKey !== undefined,
  };
}

async function write(medium: VolumeMedium, bootstrap: ObjectStream): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash("sha256");
  const writer = await medium.writeObject(0, "bootstrap");
  try {
    for await (const chunk of bootstrap.chunks()) {
      hash.update(chunk);
      if ((await writer.write(chunk)) === "full") throw tooSmall(medium.barcode);
    }
    if ((await writer.finish()) === "full") throw tooSmall(medium.barcode);
    await medium.sync();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return { sizeBytes: bootstrap.sizeBytes, sha256: hash.digest("hex") };
}

function tooSmall(barcode: string): StrongroomError {
  return new StrongroomError("failed", "MEDIUM_TOO_SMALL", `cartridge ${barcode} has no room for the texts that begin a volume`, {
    hint: "use a larger one",
  });
}

function writeProtected(barcode: string): StrongroomError {
  return new StrongroomError("operator", "WRITE_PROTECTED", `cartridge ${barcode} is write-protected; nothing was written`, {
    hint: "slide its tab to the open position if it may be written, and run the same command again",
  });
}
