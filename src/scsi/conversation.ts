import { type Clock, StrongroomError } from "../words/index.ts";
import { senseMeaning } from "./sense-codes/index.ts";
import { parseSense, type Sense, senseKey } from "./sense.ts";
import { type ScsiCommand, type ScsiCompletion, status, type Transport } from "./transport.ts";

/** How a command ended: GOOD has no sense. */
export interface Answer {
  readonly sense: Sense | undefined;
  readonly transferredBytes: number;
}

/** What may be waited for or passed over. In both cases the device has not begun the command, so it may be sent again. */
export interface Patience {
  /** Unit attentions that only inform. The others are answers. */
  absorbs(attention: Sense): boolean;
  /** Conditions that pass by themselves. */
  waitsFor(notReady: Sense): boolean;
  /** How long, over all. */
  readonly waitMs: number;
}

/** Devices queue several unit attentions after a reset; more than this in a row is a fault. */
const attentionLimit = 8;
const pauseMs = 1000;

/**
 * Sends a command until it has an answer. Errors: those of the transport, `DEVICE_BUSY`, `DEVICE_RESERVED`, `COMMAND_ABORTED`, and
 * `DEVICE_ANSWER_UNREADABLE`. Sense data of any kind is an answer, not an error.
 */
export async function converse(transport: Transport, clock: Clock, command: ScsiCommand, patience: Patience): Promise<Answer> {
  let attentions = 0;
  let waitedMs = 0;
  for (;;) {
    const completion = await transport.execute(command);
    if (completion.status === status.good) return { sense: undefined, transferredBytes: completion.transferredBytes };
    if (completion.status === status.busy || completion.status === status.taskSetFull) {
      if (waitedMs >= patience.waitMs) throw refusal(transport.name, completion);
    } else {
      const answer = answerOf(transport.name, completion);
      const { key } = answer.sense;
      // A deferred error is about data already taken: never pass over it. The command that it came with was not begun (SPC-5, 4.4).
      if (answer.sense.deferred && !(isEarlierRemark(answer.sense) && attentions < attentionLimit)) return answer;
      if (answer.sense.deferred) {
        attentions += 1;
        continue;
      }
      if (key === senseKey.unitAttention && patience.absorbs(answer.sense) && attentions < attentionLimit) {
        attentions += 1;
        continue;
      }
      if (key !== senseKey.notReady || !patience.waitsFor(answer.sense) || waitedMs >= patience.waitMs) return answer;
    }
    await clock.sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

/** Earlier data was recovered: it is where it should be. */
function isEarlierRemark(sense: Sense): boolean {
  return sense.key === senseKey.recoveredError && senseMeaning(sense).senseClass === "result";
}

function answerOf(name: string, completion: ScsiCompletion): Answer & { readonly sense: Sense } {
  if (completion.status !== status.checkCondition) throw refusal(name, completion);
  const sense = parseSense(completion.sense);
  if (sense !== undefined) return { sense, transferredBytes: completion.transferredBytes };
  throw new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", `${name} reported a condition without readable sense data`, {
    hint: "look into the device's own log, and repeat the work after a reset of the device",
  });
}

function refusal(name: string, { status: code }: ScsiCompletion): StrongroomError {
  switch (code) {
    case status.busy:
    case status.taskSetFull:
      return new StrongroomError("busy", "DEVICE_BUSY", `${name} stays busy; the command was not begun`, {
        hint: "find out which other host uses the device, then repeat the work",
      });
    case status.reservationConflict:
      return new StrongroomError("busy", "DEVICE_RESERVED", `${name} is reserved by another host; the command was not begun`, {
        hint: "release the reservation on the host that holds it",
      });
    case status.taskAborted:
      return new StrongroomError("temporary", "COMMAND_ABORTED", `a command to ${name} was aborted by another host; it may have taken effect`, {
        hint: "find out which other host uses the device, then repeat the work",
      });
    default:
      return new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", `${name} answered with the unknown status ${String(code)}`);
  }
}
