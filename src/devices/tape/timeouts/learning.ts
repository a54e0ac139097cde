import { ltoGeneration, parseDensities, parseSupportedOpcodes, reportDensityCdb, reportOpcodesCdb } from "../../../scsi/index.ts";
import type { DriveChannel } from "../channel.ts";
import { youngestGeneration } from "./generations.ts";
import { chooseLimits, type OperationLimits } from "./limits.ts";

/** Some sixty commands of twenty bytes each. */
const opcodesBytes = 8 * 1024;
const densityBytes = 8 * 1024;

/** Asks the drive how long its operations take, and of which generation it is. Moves nothing. */
export async function learnLimits(channel: DriveChannel): Promise<OperationLimits> {
  const opcodes = await channel.question(reportOpcodesCdb(opcodesBytes), opcodesBytes, "asking how long its commands take");
  const densities = await channel.question(reportDensityCdb(densityBytes, false), densityBytes, "asking what cartridges it takes");
  const written = densities === undefined ? [] : parseDensities(densities).filter((density) => density.writable);
  return chooseLimits(
    opcodes === undefined ? [] : parseSupportedOpcodes(opcodes),
    youngestGeneration(written.map((density) => ltoGeneration(density.primaryCode))),
  );
}
