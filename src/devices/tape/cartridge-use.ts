import { type Density, ltoGeneration, modePage, modeSense6Cdb, parseMode6 } from "../../scsi/index.ts";
import type { DriveChannel } from "./channel.ts";

/** What a drive can do with a cartridge: `unknown` where it does not tell its densities or that of the cartridge. */
export type CartridgeUse = "writes" | "reads" | "refuses" | "unknown";

/** By what the drive tells of the densities that it takes (REPORT DENSITY SUPPORT, WRTOK); a blank cartridge has no density yet. */
export function cartridgeUse(densities: readonly Density[], densityCode: number): CartridgeUse {
  if (densities.length === 0 || densityCode === 0) return "unknown";
  const known = densities.filter(({ primaryCode, secondaryCode }) => primaryCode === densityCode || secondaryCode === densityCode);
  if (known.length === 0) return "refuses";
  return known.some(({ writable }) => writable) ? "writes" : "reads";
}

/** `an LTO-7 cartridge can be read but not written by an LTO-9 drive`; undefined where it can be written, or nobody knows. */
export function misfitOf(densities: readonly Density[], densityCode: number): string | undefined {
  const use = cartridgeUse(densities, densityCode);
  if (use === "writes" || use === "unknown") return undefined;
  const cartridge = ltoGeneration(densityCode) ?? `density 0x${densityCode.toString(16).padStart(2, "0")}`;
  const drive = youngest(densities);
  const verdict = use === "reads" ? "can be read but not written" : "can be neither read nor written";
  return `an ${cartridge} cartridge ${verdict} by ${drive === undefined ? "this" : `an ${drive}`} drive`;
}

function youngest(densities: readonly Density[]): string | undefined {
  const names = densities.filter(({ writable }) => writable).map(({ primaryCode }) => ltoGeneration(primaryCode));
  return names.findLast((name) => name !== undefined);
}

const partitionBytes = 255;

/** How many partitions the cartridge has (mode page 11, SSC-5, 8.3.4); undefined where the drive does not tell. */
export async function readPartitionCount(channel: DriveChannel): Promise<number | undefined> {
  const data = await channel.question(modeSense6Cdb(modePage.mediumPartition, 0, partitionBytes), partitionBytes, "asking for its partitions");
  const mode = data === undefined ? undefined : parseMode6(data);
  const body = mode?.pages.find((page) => page.page === modePage.mediumPartition && page.subpage === 0)?.body;
  return body === undefined || body.length < 2 ? undefined : (body[1] ?? 0) + 1;
}
