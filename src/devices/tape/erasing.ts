import { eraseCdb, rewindCdb } from "../../scsi/index.ts";
import { type DriveChannel, isRemark, isUnsupported } from "./channel.ts";
import { type LongWorkOptions, waitForEnd } from "./long-work.ts";

const doing = "erasing the tape";

/** Erases the whole tape, in the background where the drive can: then it can be asked how far it is. Ends at the beginning. */
export async function eraseTape(channel: DriveChannel, options: LongWorkOptions): Promise<void> {
  await channel.demand({ cdb: rewindCdb(), timeoutMs: channel.limitMs("rewind") }, doing);
  channel.found();
  channel.written.placedAt(0);
  const { sense } = await channel.askInPlace({ cdb: eraseCdb({ inBackground: true }), timeoutMs: channel.limitMs("question") }, doing);
  if (sense === undefined || isRemark(sense)) {
    await waitForEnd(channel, channel.limitMs("erase"), doing, options);
  } else if (isUnsupported(sense)) {
    const { sense: end } = await channel.askInPlace({ cdb: eraseCdb({ inBackground: false }), timeoutMs: channel.limitMs("erase") }, doing);
    if (end !== undefined && !isRemark(end)) throw channel.failure(end, doing);
  } else {
    throw channel.failure(sense, doing);
  }
  await channel.demand({ cdb: rewindCdb(), timeoutMs: channel.limitMs("rewind") }, doing);
}
