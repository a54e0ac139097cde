import { type Sense, senseCode, senseKey, senseMeaning } from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { type DriveChannel, isRemark } from "./channel.ts";

/** What a drive is at while it lets wait. */
export interface LongWork {
  /** `the device is becoming ready`. */
  readonly what: string;
  /** Part done, 0 to 1; undefined where the drive does not tell. */
  readonly part: number | undefined;
  readonly waitedMs: number;
}

export interface LongWorkOptions {
  /**
   * Hears of the work each time the drive is asked, every second at first, every minute later. Whoever listens is patient: while the part
   * done grows, the wait goes on to the longest time that the drive may take at all (a first load of an LTO-9 cartridge: two hours).
   */
  readonly onProgress?: (work: LongWork) => void;
}

const shortestPauseMs = 1000;
const longestPauseMs = 60_000;

/** The next pause: short work is noticed soon, long work costs few questions. */
function pauseAfter(waitedMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, Math.floor(waitedMs / 20)));
}

/** As `ready` of the contract. */
export async function waitUntilReady(channel: DriveChannel, limitMs: number, { onProgress }: LongWorkOptions): Promise<"ready" | "no-medium"> {
  let furthest = 0;
  let patienceEndsMs = limitMs;
  for (let waitedMs = 0; ;) {
    const sense = await channel.testReady();
    if (sense === undefined || isRemark(sense)) {
      channel.found();
      return "ready";
    }
    // 04/02: a cartridge is there, but nobody has loaded it.
    if (sense.key === senseKey.notReady && (sense.asc === 0x3a || senseCode(sense) === 0x0402)) return "no-medium";
    const { senseClass, sentence } = senseMeaning(sense);
    const mayPass = sense.key === senseKey.unitAttention || (sense.key === senseKey.notReady && senseClass === "wait");
    if (onProgress !== undefined && mayPass) {
      onProgress({ what: sentence, part: sense.progress, waitedMs });
      if ((sense.progress ?? 0) > furthest) patienceEndsMs = Math.max(limitMs, Math.min(channel.limitMs("load"), waitedMs + limitMs));
      furthest = Math.max(furthest, sense.progress ?? 0);
    }
    if (!mayPass || waitedMs >= patienceEndsMs) throw channel.failure(sense, "waiting for it to become ready");
    const pauseMs = Math.min(pauseAfter(waitedMs), Math.max(shortestPauseMs, patienceEndsMs - waitedMs));
    await channel.sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

/**
 * Waits for what a command with IMMED began, by asking for sense data until it speaks of no work any more (SSC-5, IMMED). Rejects with what
 * ended the work, or with `OPERATION_ENDLESS` after `limitMs`.
 */
export async function waitForEnd(channel: DriveChannel, limitMs: number, doing: string, { onProgress }: LongWorkOptions): Promise<void> {
  for (let waitedMs = 0; waitedMs < limitMs;) {
    const pauseMs = pauseAfter(waitedMs);
    await channel.sleep(pauseMs);
    waitedMs += pauseMs;
    const sense = await channel.requestSense(doing);
    if (sense === undefined || !isAtWork(sense)) {
      if (sense === undefined || isRemark(sense)) return;
      throw channel.failure(sense, doing);
    }
    onProgress?.({ what: senseMeaning(sense).sentence, part: sense.progress, waitedMs });
  }
  throw new StrongroomError("failed", "OPERATION_ENDLESS", `drive ${channel.name} is still at work long after it should have ended, while ${doing}`, {
    hint: "look at the drive's display, and switch the drive off and on if it does not end",
  });
}

function isAtWork(sense: Sense): boolean {
  const maySay = sense.key === senseKey.noSense || sense.key === senseKey.notReady;
  return maySay && senseMeaning(sense).senseClass === "wait";
}
