import {
  accessOrderBytes, accessOrderLimitsBytes, accessOrderLimitsCdb, buildAccessOrder, generateAccessOrderCdb, parseAccessOrder,
  parseAccessOrderLimits, receiveAccessOrderCdb, senseKey,
} from "../../../scsi/index.ts";
import { type DriveChannel, isRemark } from "../channel.ts";
import { timeoutMs } from "../timeouts/index.ts";

/** Blocks and filemarks by their numbers, both ends included. */
export interface TapeRange {
  readonly firstObject: number;
  readonly lastObject: number;
}

const doing = "asking in which order to read";

/** Whether the drive knows these commands at all. */
export async function hasAccessOrder(channel: DriveChannel): Promise<boolean> {
  const limits = await channel.question(accessOrderLimitsCdb(), accessOrderLimitsBytes, doing);
  return limits !== undefined && (parseAccessOrderLimits(limits)?.segments ?? 0) > 0;
}

/**
 * In which order the drive recommends to read these ranges: indices into `ranges`, each once. Undefined where it has no such order: it
 * does not know the commands, takes fewer ranges at once, does not know some block, or its answer is no order of what was asked.
 */
export async function askAccessOrder(channel: DriveChannel, ranges: readonly TapeRange[]): Promise<readonly number[] | undefined> {
  const limits = await channel.question(accessOrderLimitsCdb(), accessOrderLimitsBytes, doing);
  const most = limits === undefined ? undefined : parseAccessOrderLimits(limits)?.segments;
  if (most === undefined || ranges.length > most) return undefined;
  const dataOut = buildAccessOrder(ranges.map((range, name) => ({ name, ...range })));
  const { sense } = await channel.ask({ cdb: generateAccessOrderCdb(dataOut.length), dataOut, timeoutMs: timeoutMs.locate }, doing);
  if (sense !== undefined && !isRemark(sense)) {
    // A block behind the end of data, or no medium that it could tell of: the order of the numbers is as good then.
    if (sense.key === senseKey.illegalRequest || sense.key === senseKey.blankCheck) return undefined;
    throw channel.failure(sense, doing);
  }
  const roomBytes = accessOrderBytes(ranges.length);
  const data = await channel.question(receiveAccessOrderCdb(roomBytes), roomBytes, doing);
  const order = (data === undefined ? undefined : parseAccessOrder(data))?.map(({ name }) => name);
  return order !== undefined && isOrderOf(order, ranges.length) ? order : undefined;
}

function isOrderOf(order: readonly number[], count: number): boolean {
  return order.length === count && new Set(order).size === count && order.every((index) => index < count);
}
