import type { CartridgeRecord, VolumeRecord } from "../records/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import { isInReach, scratchCartridges } from "../work/place/index.ts";
import type { DuplicateRequest } from "./duplicate-contract.ts";
import { namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { poolFacts } from "./workshop.ts";

/** What the copies of a volume may be written on. */
export type Target =
  | { readonly kind: "volume"; readonly volume: VolumeRecord }
  | { readonly kind: "blank"; readonly cartridge: CartridgeRecord };

export function barcodeOf(target: Target): string {
  return target.kind === "volume" ? target.volume.barcode : target.cartridge.barcode;
}

/** Nothing is on it but copies of what is on the other one. */
export function isDuplicateOf({ inventory }: OperationParts, source: VolumeRecord, volume: VolumeRecord): boolean {
  const there = new Set(inventory.copiesOnVolume(source.uuid).map(({ segmentId }) => segmentId));
  const copies = inventory.copiesOnVolume(volume.uuid);
  return volume.uuid !== source.uuid && copies.length > 0 && copies.every(({ segmentId }) => there.has(segmentId));
}

/** The pool that a duplicate belongs to. */
export function targetPoolOf(parts: OperationParts, source: VolumeRecord, { to, pool }: DuplicateRequest): string {
  const there = to === undefined ? undefined : parts.inventory.volumeOn(to)?.pool;
  if (pool !== undefined && there !== undefined && there !== pool) {
    throw new StrongroomError("usage", "TARGET_OF_OTHER_POOL", `cartridge ${printable(to ?? "")} belongs to pool ${there}, not to ${printable(pool)}; nothing was written`, {
      hint: "leave --pool out, or name another cartridge",
    });
  }
  return namedPool(configOf(parts), pool ?? there ?? source.pool).name;
}

/**
 * What may be written on now, the best first: volumes that the copying has begun with, then empty volumes of the pool, then blank cartridges. With a cartridge named, that one alone,
 * or a refusal that says why not.
 */
export function targetsFor(parts: OperationParts, source: VolumeRecord, request: DuplicateRequest, begun: readonly string[], claims: ReadonlySet<string>): readonly Target[] {
  const { inventory } = parts;
  const pool = targetPoolOf(parts, source, request);
  if (request.to !== undefined) return [namedTarget(parts, source, request.to, pool, begun)];
  const volumes = inventory.volumesOfPool(pool).filter(({ uuid, state, objects, barcode }) =>
    uuid !== source.uuid && state === "open" && (begun.includes(uuid) || objects <= 1) && isInReach(inventory.cartridge(barcode)));
  volumes.sort((a, b) => Number(begun.includes(b.uuid)) - Number(begun.includes(a.uuid)));
  return [
    ...volumes.map((volume) => ({ kind: "volume", volume }) as const),
    ...scratchCartridges(poolFacts(namedPool(configOf(parts), pool)), inventory, claims).map((cartridge) => ({ kind: "blank", cartridge }) as const),
  ];
}

function namedTarget(parts: OperationParts, source: VolumeRecord, to: string, pool: string, begun: readonly string[]): Target {
  const { inventory } = parts;
  if (to === source.barcode) {
    throw new StrongroomError("usage", "TARGET_IS_SOURCE", `cartridge ${to} cannot be copied to itself; nothing was written`, { hint: "name another cartridge, or --pool" });
  }
  refuseSecondTarget(parts, to, begun);
  const volume = inventory.volumeOn(to);
  if (volume) {
    if (volume.state === "open" && (begun.includes(volume.uuid) || volume.objects <= 1 || isDuplicateOf(parts, source, volume))) return { kind: "volume", volume };
    const why = volume.state === "open" ? "other copies are on it" : `it is ${volume.state}`;
    throw new StrongroomError("denied", "TARGET_IN_USE", `cartridge ${to} cannot take a duplicate: ${why}; nothing was written`, {
      hint: "name a blank cartridge, or leave --to out and name a pool",
    });
  }
  const cartridge = inventory.cartridge(to);
  const { kind } = namedPool(configOf(parts), pool);
  if (cartridge?.kind === "tape" && kind === "tape" && cartridge.state === "blank") return { kind: "blank", cartridge };
  if (!cartridge || cartridge.state === "blank") {
    const hint = kind === "folder" ? `make it first: strongroom volume init ${printable(to)} --pool ${pool} --folder DIR` : "see: strongroom library show";
    throw new StrongroomError("missing", "CARTRIDGE_UNKNOWN", `cartridge ${printable(to)} is not there as a blank one of pool ${pool}; nothing was written`, { hint });
  }
  throw new StrongroomError("denied", "TARGET_IN_USE", `cartridge ${to} is ${cartridge.state}, not blank; nothing was written`, { hint: "name a blank cartridge" });
}

/** What was begun on one cartridge is ended there while it can be: two halves are no duplicate. */
function refuseSecondTarget({ inventory }: OperationParts, to: string, begun: readonly string[]): void {
  const open = begun.map((uuid) => inventory.volume(uuid)).find((volume) => volume?.state === "open" && volume.barcode !== to && isInReach(inventory.cartridge(volume.barcode)));
  if (!open) return;
  throw new StrongroomError("denied", "DUPLICATE_BEGUN", `an unfinished duplicate is on cartridge ${open.barcode}; nothing was written`, {
    hint: `go on with it: the same command with --to ${open.barcode}`,
  });
}
