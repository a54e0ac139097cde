import {
  be16, buildMode6, deviceConfigurationExtension, type ModeData, modePage, modeSelect6Cdb, modeSense6Cdb, type ModePage, parseMode6, putNumber,
  senseKey,
} from "../../scsi/index.ts";
import { type DriveChannel, isRemark } from "./channel.ts";

const doing = "setting where it warns of the end";
const allocationBytes = 255;
/** PEWS counts megabytes; bytes 6 and 7 of the page, 2 and 3 behind its header (SSC-5, 8.3.8). */
const megabyte = 1_000_000;
const sizeAt = 2;
const largestMegabytes = 0xffff;

/** How many bytes before the drive's own early warning it warns; undefined where it has no such setting. */
export async function readEarlyWarning(channel: DriveChannel): Promise<number | undefined> {
  const found = await extensionPage(channel);
  return found === undefined ? undefined : be16(found.page.body, sizeAt) * megabyte;
}

/** Rounded up to whole megabytes, 65 GB at most. Tells what holds then; undefined where the drive has no such setting. */
export async function setEarlyWarning(channel: DriveChannel, sizeBytes: number): Promise<number | undefined> {
  const found = await extensionPage(channel);
  if (found === undefined) return undefined;
  const megabytes = Math.min(largestMegabytes, Math.max(0, Math.ceil(sizeBytes / megabyte)));
  const body = Uint8Array.from(found.page.body);
  if (be16(body, sizeAt) === megabytes) return megabytes * megabyte;
  putNumber(body, sizeAt, 2, megabytes);
  // No block descriptor: density and block size stay as they are.
  const dataOut = buildMode6({ ...found.mode, mediumType: 0, writeProtected: false, densityCode: undefined, pages: [{ ...found.page, body }] });
  dataOut[0] = 0;
  const { sense } = await channel.ask({ cdb: modeSelect6Cdb(dataOut.length), dataOut, timeoutMs: channel.limitMs("question") }, doing);
  if (sense !== undefined && sense.key !== senseKey.illegalRequest && !isRemark(sense)) throw channel.failure(sense, doing);
  // A drive may round, or say GOOD and keep its own: what it reads back holds.
  return await readEarlyWarning(channel);
}

async function extensionPage(channel: DriveChannel): Promise<{ readonly mode: ModeData; readonly page: ModePage } | undefined> {
  const cdb = modeSense6Cdb(modePage.deviceConfiguration, deviceConfigurationExtension, allocationBytes);
  const data = await channel.question(cdb, allocationBytes, doing);
  const mode = data === undefined ? undefined : parseMode6(data);
  const page = mode?.pages.find((each) => each.page === modePage.deviceConfiguration && each.subpage === deviceConfigurationExtension);
  return mode === undefined || page === undefined || page.body.length < sizeAt + 2 ? undefined : { mode, page };
}
