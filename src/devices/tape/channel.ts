import {
  type Answer, converse, parseSense, type Patience, requestSenseBytes, requestSenseCdb, type ScsiCommand, type Sense, senseCode, senseKey, senseMeaning, type Transport,
} from "../../scsi/index.ts";
import type { Clock, StrongroomError } from "../../words/index.ts";
import { failureOf } from "./failures.ts";
import { WrittenObjects } from "./written-objects.ts";
import { defaultLimits, type OperationKind, type OperationLimits, timeoutMs } from "./timeouts/index.ts";

const cleaningRequested = 0x0017;

/** After these nobody knows what is loaded or where it stands (SPC-5, 5.14); news that nobody can read may be such news. */
export function losesPosition(sense: Sense): boolean {
  if (sense.key !== senseKey.unitAttention) return false;
  return sense.asc === 0x29 || (sense.asc === 0x28 && sense.ascq === 0) || senseMeaning(sense).senseClass === "unsafe";
}

/** Conditions of NOT READY that end by themselves and say which they are: becoming ready, operation in progress, self-test. */
function passes(sense: Sense): boolean {
  const isNamed = (sense.asc === 0x04 && sense.ascq !== 0) || sense.asc === 0x3e;
  return isNamed && senseMeaning(sense).senseClass === "wait";
}

/** After these the drive may have settings of its own again, or those of somebody else (SPC-5, 5.14). */
function changesSettings({ key, asc, ascq }: Sense): boolean {
  return key === senseKey.unitAttention && (asc === 0x29 || (asc === 0x2a && ascq === 0x01));
}

/** Settings that are changed again and again while a block is to be moved are a quarrel that nobody here can settle. */
const renewalLimit = 4;

/** The drive has no such command, page or field. */
export function isUnsupported(sense: Sense): boolean {
  return sense.key === senseKey.illegalRequest && (sense.asc === 0x20 || sense.asc === 0x24 || sense.asc === 0x26);
}

export function isEndOfData(sense: Sense): boolean {
  // Some devices report the code without the key.
  return sense.key === senseKey.blankCheck || (sense.key === senseKey.noSense && senseCode(sense) === 0x0005);
}

/** RECOVERED ERROR, and NO SENSE with a remark: the command did its work. A remark that nobody can read is none. */
export function isRemark(sense: Sense): boolean {
  const isOne = sense.key === senseKey.recoveredError || (sense.key === senseKey.noSense && !sense.filemark && !sense.incorrectLength);
  return isOne && senseMeaning(sense).senseClass !== "unsafe";
}

/**
 * The one way to the drive. Remembers when the position was lost, and from then on refuses what depends on it: a write after a reset
 * would land at the beginning of the tape.
 */
export class DriveChannel {
  readonly name: string;
  readonly maxTransferBytes: number;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #patience: Patience;
  /** As the other one, but a change of settings is an answer: the block that it came with must not be sent before they are renewed. */
  readonly #strictPatience: Patience;
  #lost: Sense | undefined;
  #renewSettings: (() => Promise<void>) | undefined;
  #hasDoubts = false;
  #underWay = 0;
  #asksForCleaning = false;
  #limits: OperationLimits = defaultLimits;
  /** Kept by whoever writes and positions; told with errors about earlier data. */
  readonly written = new WrittenObjects();

  constructor(transport: Transport, clock: Clock, waitMs: number) {
    this.name = transport.name;
    this.maxTransferBytes = transport.maxTransferBytes;
    this.#transport = transport;
    this.#clock = clock;
    this.#patience = { absorbs: (sense) => this.#noticed(sense) && !losesPosition(sense), waitsFor: passes, waitMs };
    const absorbs = (sense: Sense): boolean => this.#noticed(sense) && !losesPosition(sense) && !changesSettings(sense);
    this.#strictPatience = { absorbs, waitsFor: passes, waitMs };
  }

  /** It said so with some answer (00/17) since it was opened: most drives say it once, and go on. */
  get asksForCleaning(): boolean {
    return this.#asksForCleaning;
  }

  /** Sends the command; sense data of any meaning comes back, except that of a lost position, which throws. */
  async ask(command: ScsiCommand, doing: string): Promise<Answer> {
    return await this.#converse(command, doing, this.#patience);
  }

  /** As `ask`, where a drive that is at work is an answer: whoever asks waits in a better way. */
  async askWithoutWaiting(command: ScsiCommand, doing: string): Promise<Answer> {
    return await this.#converse(command, doing, { ...this.#patience, waitsFor: () => false });
  }

  async #converse(command: ScsiCommand, doing: string, patience: Patience): Promise<Answer> {
    this.#underWay += 1;
    const answer = await converse(this.#transport, this.#clock, command, patience).finally(() => { this.#underWay -= 1; });
    if (answer.sense !== undefined && senseCode(answer.sense) === cleaningRequested) this.#asksForCleaning = true;
    if (answer.sense !== undefined && (answer.sense.deferred || losesPosition(answer.sense))) this.#remember(answer.sense, doing);
    return answer;
  }

  /** As `ask`, for what starts from the present position. */
  async askInPlace(command: ScsiCommand, doing: string): Promise<Answer> {
    if (this.#lost !== undefined) throw this.failure(this.#lost, doing);
    if (this.#renewSettings === undefined) return await this.ask(command, doing);
    for (let turn = 0; ; turn += 1) {
      if (this.#hasDoubts) {
        await this.#renewSettings();
        this.#hasDoubts = false;
      }
      const answer = await this.#converse(command, doing, this.#strictPatience);
      if (turn === renewalLimit || answer.sense === undefined || !changesSettings(answer.sense)) return answer;
    }
  }

  /** How long an operation of that kind may take before the drive counts as lost. */
  limitMs(kind: OperationKind): number {
    return this.#limits.limitMs[kind];
  }

  /** What is known better of this drive than of drives at large. */
  adoptLimits(limits: OperationLimits): void {
    this.#limits = limits;
  }

  /** No command is under way. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** What `askInPlace` has to do before it moves anything, once the drive said that its settings may be others. */
  keepSettings(renew: (() => Promise<void>) | undefined): void {
    this.#renewSettings = renew;
    this.#hasDoubts = false;
  }

  /** Always true: every unit attention passes by here, absorbed or not. */
  #noticed(sense: Sense): boolean {
    this.#hasDoubts ||= changesSettings(sense);
    return true;
  }

  /** Absorbs every unit attention, also those of a lost position, and waits for nothing. */
  async testReady(): Promise<Sense | undefined> {
    const patience: Patience = { absorbs: (sense) => this.#noticed(sense), waitsFor: () => false, waitMs: 0 };
    const command = { cdb: new Uint8Array(6), timeoutMs: timeoutMs.question };
    return (await converse(this.#transport, this.#clock, command, patience)).sense;
  }

  /** The position is known again: a command that does not depend on it has placed the tape. */
  found(): void {
    this.#lost = undefined;
  }

  async sleep(durationMs: number): Promise<void> {
    await this.#clock.sleep(durationMs);
  }

  failure(sense: Sense, doing: string): StrongroomError {
    return failureOf(this.name, sense, doing, this.written.confirmed);
  }

  /**
   * What the drive says of itself when asked for it: undefined for nothing. News that only inform are passed over; a lost position throws.
   */
  async requestSense(doing: string): Promise<Sense | undefined> {
    for (let turn = 0; ; turn += 1) {
      const dataIn = new Uint8Array(requestSenseBytes);
      const length = await this.demand({ cdb: requestSenseCdb(), dataIn, timeoutMs: timeoutMs.question }, doing);
      const sense = parseSense(dataIn.subarray(0, length));
      if (sense === undefined) return undefined;
      if (sense.deferred || losesPosition(sense)) this.#remember(sense, doing);
      if (sense.key !== senseKey.unitAttention || turn === renewalLimit) return sense;
      this.#noticed(sense);
    }
  }

  /** As `ask`, where anything but success is a failure. */
  async demand(command: ScsiCommand, doing: string): Promise<number> {
    const { sense, transferredBytes } = await this.ask(command, doing);
    if (sense !== undefined && !isRemark(sense)) throw this.failure(sense, doing);
    return transferredBytes;
  }

  /** As `demand`, for an answer in data: what came of it, undefined where the drive does not know the command. */
  async question(cdb: Uint8Array, roomBytes: number, doing: string, limitMs: number = timeoutMs.question): Promise<Uint8Array | undefined> {
    const dataIn = new Uint8Array(roomBytes);
    const { sense, transferredBytes } = await this.ask({ cdb, dataIn, timeoutMs: limitMs }, doing);
    if (sense !== undefined && isUnsupported(sense)) return undefined;
    if (sense !== undefined && !isRemark(sense)) throw this.failure(sense, doing);
    return dataIn.subarray(0, transferredBytes);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #remember(sense: Sense, doing: string): void {
    this.#lost = sense;
    if (sense.key === senseKey.volumeOverflow) return;
    this.written.lost();
    throw this.failure(sense, doing);
  }
}
