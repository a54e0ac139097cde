import type { CartridgeRecord, Inventory, VolumeRecord } from "../../records/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { identify, isAsGoodAsBlank, type LabelParts, labelVolume, type Mounts, type OpenedVolume, refuseOlderRecords } from "../mount/index.ts";
import { isVolumeAtFault } from "./recovery.ts";

export interface PoolFacts {
  readonly name: string;
  readonly kind: "tape" | "folder";
  /** Tape pools: the library whose blank cartridges the pool may take. */
  readonly library: string | undefined;
}

/**
 * The next volume of a pool to write on, mounted: one that was begun, the one with most on it first, so that volumes fill up one after the other;
 * else a new volume on a blank cartridge of the pool's library. What turns out not to be blank is marked as foreign and left alone; what is
 * write-protected or not attached is passed by; what holds another volume than it should, or cannot be read, is put aside, and told.
 * `POOL_NEEDS_CARTRIDGE` (operator) when there is neither.
 */
export async function nextVolume(
  pool: PoolFacts,
  exhausted: ReadonlySet<string>,
  mounts: Mounts,
  parts: LabelParts,
  claims: Set<string>,
  quarantined: TellQuarantine,
): Promise<OpenedVolume> {
  if (pool.kind === "tape") await mounts.takeStock(pool.library);
  const begun = parts.inventory
    .volumesOfPool(pool.name)
    .filter(({ state, uuid }) => state === "open" && !exhausted.has(uuid))
    .sort((a, b) => Number(b.sessionOpen) - Number(a.sessionOpen) || b.bytesWritten - a.bytesWritten);
  const unfit: string[] = [];
  for (const volume of begun) {
    if (!isInReach(parts.inventory.cartridge(volume.barcode))) continue;
    const opened = await openForWriting(volume, mounts, parts.inventory, quarantined);
    if (typeof opened !== "string") return opened;
    unfit.push(opened);
  }
  for (const cartridge of scratchCartridges(pool, parts.inventory, claims)) {
    claims.add(cartridge.barcode);
    try {
      const opened = await labelScratch(pool, cartridge, mounts, parts, quarantined);
      if (opened) return opened;
    } catch (error) {
      // Nothing is wrong with the cartridge: it may be tried again.
      claims.delete(cartridge.barcode);
      throw error;
    }
  }
  throw needsCartridge(pool, begun.map(({ barcode }) => barcode), unfit);
}

/**
 * A volume of the pool whose last session nobody closed, mounted: what a run leaves that dies behind its last segment. Undefined when there is none
 * that can be had now: an open session is a remark, not a loss, and nobody is asked to bring a cartridge for it.
 */
export async function unclosedVolume(
  pool: PoolFacts,
  exhausted: ReadonlySet<string>,
  mounts: Mounts,
  inventory: Inventory,
  quarantined: TellQuarantine,
): Promise<OpenedVolume | undefined> {
  const unclosed = inventory.volumesOfPool(pool.name).filter(({ state, uuid, sessionOpen }) => state === "open" && sessionOpen && !exhausted.has(uuid));
  for (const volume of unclosed) {
    if (!isInReach(inventory.cartridge(volume.barcode))) continue;
    try {
      const opened = await openForWriting(volume, mounts, inventory, quarantined);
      if (typeof opened !== "string") return opened;
    } catch (error) {
      if (!(error instanceof StrongroomError && (error.kind === "busy" || error.kind === "operator"))) throw error;
    }
  }
  return undefined;
}

/** A volume of the pool after trouble with it, mounted again; undefined when it cannot be written on any more. Looks where it is now. */
export async function reopenVolume(
  pool: PoolFacts,
  volume: VolumeRecord,
  mounts: Mounts,
  inventory: Inventory,
  quarantined: TellQuarantine,
): Promise<OpenedVolume | undefined> {
  if (pool.kind === "tape") await mounts.takeStock(pool.library);
  const opened = await openForWriting(volume, mounts, inventory, quarantined);
  return typeof opened === "string" ? undefined : opened;
}

/** A volume that only a person can make fit for writing is passed by, with the reason: another one may do. */
async function openForWriting(
  volume: VolumeRecord,
  mounts: Mounts,
  inventory: Inventory,
  quarantined: TellQuarantine,
): Promise<OpenedVolume | string> {
  let opened: OpenedVolume;
  try {
    opened = await mounts.open(volume);
  } catch (error) {
    if (error instanceof StrongroomError && error.code === "FOLDER_MISSING") return `${volume.barcode} is not attached`;
    if (error instanceof StrongroomError && error.code === "VOLUME_NOT_ON_CARTRIDGE") {
      quarantine(volume, inventory);
      quarantined(volume, error);
      return `${volume.barcode} holds something else than it should`;
    }
    if (error instanceof StrongroomError && isVolumeAtFault(error)) {
      inventory.closeVolume(volume.uuid);
      quarantined(volume, error);
      return `${volume.barcode} cannot be read`;
    }
    throw error;
  }
  if (opened.medium.writeProtected) {
    await opened.release();
    return `${volume.barcode} is write-protected`;
  }
  try {
    await refuseOlderRecords(opened.medium, volume);
    return opened;
  } catch (error) {
    await opened.release();
    throw error;
  }
}

/** Told of each cartridge that a run puts aside because it does not hold what the records say. */
export type TellQuarantine = (cartridge: Pick<VolumeRecord, "barcode">, error: StrongroomError) => void;

/** Neither written on nor taken for blank until a person has looked at it. Its record of copies stays: the tape may be under another label. */
function quarantine(volume: VolumeRecord, inventory: Inventory): void {
  const cartridge = inventory.cartridge(volume.barcode);
  inventory.atomically(() => {
    if (cartridge) inventory.putCartridge({ ...cartridge, state: "foreign" });
    inventory.closeVolume(volume.uuid);
  });
}

/** A library that has it, or a folder, wherever that is: opening tells. */
export function isInReach(cartridge: CartridgeRecord | undefined): boolean {
  return cartridge !== undefined && (cartridge.kind === "folder" || cartridge.place.startsWith("library "));
}

/** Blank cartridges that the pool may take: its own first, then those of nobody. */
export function scratchCartridges(pool: PoolFacts, inventory: Inventory, claims: ReadonlySet<string>): readonly CartridgeRecord[] {
  if (pool.kind === "folder" || pool.library === undefined) return [];
  return inventory
    .cartridges()
    .filter(({ barcode, state, kind, place }) =>
      kind === "tape" && state === "blank" && !claims.has(barcode) && place.startsWith(`library ${pool.library!} `))
    .filter((cartridge) => cartridge.pool === undefined || cartridge.pool === pool.name)
    .sort((a, b) => Number(b.pool === pool.name) - Number(a.pool === pool.name) || a.barcode.localeCompare(b.barcode, "en"));
}

/** A new volume on that cartridge; undefined when it turned out not to be blank, or to be faulty: it is marked so, and left alone. */
export async function labelScratch(pool: PoolFacts, cartridge: CartridgeRecord, mounts: Mounts, parts: LabelParts, quarantined: TellQuarantine): Promise<OpenedVolume | undefined> {
  const mounted = await mounts.mount(cartridge);
  try {
    const found = await identify(mounted.medium, parts.identity.verify);
    if (mounted.medium.writeProtected || !(await isAsGoodAsBlank(parts, mounted.medium, found))) {
      parts.inventory.putCartridge({ ...cartridge, state: found.kind === "blank" ? "blank" : "foreign" });
      await mounted.release();
      return undefined;
    }
    return { ...mounted, volume: await labelVolume(parts, mounted.medium, { cartridge, pool: pool.name, overwrite: undefined }) };
  } catch (error) {
    await mounted.release();
    if (!(error instanceof StrongroomError && isVolumeAtFault(error))) throw error;
    parts.inventory.putCartridge({ ...cartridge, state: error.code === "MEDIUM_ERROR" ? "damaged" : "foreign" });
    quarantined(cartridge, error);
    return undefined;
  }
}

function needsCartridge(pool: PoolFacts, begun: readonly string[], unfit: readonly string[]): StrongroomError {
  const what = pool.kind === "tape" ? "a blank cartridge" : "a volume with room";
  const bring = begun.length === 0 ? "" : ` or bring back ${begun.join(", ")}, which can be written on,`;
  const hint =
    pool.kind === "tape"
      ? `put a blank cartridge into a mail slot${bring} run: strongroom library import ${pool.library ?? ""}, and run the same command again`
      : `make a volume in another folder: strongroom volume init BARCODE --pool ${pool.name} --folder DIR, and run the same command again`;
  const why = unfit.length === 0 ? "" : ` (${unfit.join(", ")})`;
  return new StrongroomError("operator", "POOL_NEEDS_CARTRIDGE", `pool ${pool.name} needs ${what}${why}; what was sealed and placed so far is safe`, { hint });
}
