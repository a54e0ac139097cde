import { driveModels } from "./drives.ts";
import { mediaModels } from "./media.ts";
import type { DriveModel } from "./contract.ts";

/** A model in words, for those who choose one. */
export interface ToldModel {
  readonly name: string;
  readonly product: string;
  readonly densityCode: number;
  readonly nativeBytes: number;
  readonly writes: readonly string[];
  readonly readsOnly: readonly string[];
  readonly recommendsOrders: boolean;
  /** What of it and of its cartridge nobody published. */
  readonly estimated: readonly string[];
}

export function toldModels(): readonly ToldModel[] {
  return driveModels.map((model) => ({
    name: model.name,
    product: model.product,
    densityCode: model.ownMedia.densityCode,
    nativeBytes: model.ownMedia.nativeBytes,
    writes: model.writes.map(({ name }) => name),
    readsOnly: model.readsOnly.map(({ name }) => name),
    recommendsOrders: model.recommendsOrders,
    estimated: [...model.estimated, ...model.ownMedia.estimated.map((field) => `cartridge ${field}`)],
  }));
}

/** The drive, of the newest generation that can, whose own cartridges end their barcodes so; M8 was LTO-8's. Undefined for other endings. */
export function driveForSuffix(suffix: string, height: "full" | "half"): DriveModel | undefined {
  const media = mediaModels.find((one) => one.suffix === suffix || one.wormSuffix === suffix);
  if (media === undefined) return undefined;
  const able = driveModels.filter((model) => model.height === height && model.writes.includes(media));
  return able.find(({ ownMedia }) => ownMedia === media) ?? able[0];
}
