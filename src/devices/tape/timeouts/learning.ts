import {
  inquiryBytes, inquiryCdb, ltoGeneration, parseInquiry, parseDensities, parseSupportedOpcodes, reportDensityCdb, reportOpcodesCdb,
} from "../../../scsi/index.ts";
import type { DriveChannel } from "../channel.ts";
import { generationOfProduct, youngestGeneration } from "./generations.ts";
import { chooseLimits, type OperationLimits } from "./limits.ts";

/** Some sixty commands of twenty bytes each. */
const opcodesBytes = 8 * 1024;
const densityBytes = 8 * 1024;

/** Asks the drive how long its operations take, and of which generation it is. Moves nothing. */
export async function learnLimits(channel: DriveChannel): Promise<OperationLimits> {
  const opcodes = await channel.question(reportOpcodesCdb(opcodesBytes), opcodesBytes, "asking how long its commands take");
  const densities = await channel.question(reportDensityCdb(densityBytes, false), densityBytes, "asking what cartridges it takes");
  const written = densities === undefined ? [] : parseDensities(densities).filter((density) => density.writable);
  const generation = youngestGeneration(written.map((density) => ltoGeneration(density.primaryCode))) ?? (await generationByName(channel));
  return chooseLimits(opcodes === undefined ? [] : parseSupportedOpcodes(opcodes), generation);
}

async function generationByName(channel: DriveChannel): Promise<string | undefined> {
  const inquiry = await channel.question(inquiryCdb(inquiryBytes), inquiryBytes, "asking who it is");
  return generationOfProduct((inquiry === undefined ? undefined : parseInquiry(inquiry))?.product ?? "");
}
