import { misfitOf, type TapeDrive } from "../devices/tape/index.ts";
import { StrongroomError } from "../words/index.ts";

/**
 * A volume is one partition from the beginning of the tape. A cartridge with more holds something else, and only part of what it could
 * take would be seen here. Rejects with `MEDIUM_PARTITIONED`.
 */
export async function refusePartitions(drive: TapeDrive, barcode: string): Promise<void> {
  const count = await drive.partitions();
  if (count === undefined || count === 1) return;
  throw new StrongroomError(
    "operator", "MEDIUM_PARTITIONED", `cartridge ${barcode} has ${String(count)} partitions, as LTFS makes them; nothing was written`,
    { hint: "read it with the program that wrote it; or, to use it here and lose what is on it: mt -f /dev/nstN mkpartition 0" },
  );
}

/** Rejects with `MEDIUM_INCOMPATIBLE` where the drive can read the cartridge but not write it, or neither, as far as it tells. */
export async function refuseMisfit(drive: TapeDrive, barcode: string): Promise<void> {
  const { densityCode } = await drive.medium();
  const misfit = misfitOf(await drive.densities(), densityCode);
  if (misfit === undefined) return;
  throw new StrongroomError("operator", "MEDIUM_INCOMPATIBLE", `${misfit}: nothing was written to ${barcode} in ${drive.name}`, {
    hint: "use a cartridge of the drive's own generation, or an older drive",
  });
}
