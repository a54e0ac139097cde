import {
  locate10Cdb, locate16Cdb, locateTarget, longPositionBytes, parseLongPosition, parseShortPosition, type PositionAnswer, readPositionCdb,
  rewindCdb, type Sense, senseKey, shortPositionBytes, space16Cdb, space6Cdb, space6Limit, spaceCode,
} from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { type DriveChannel, isEndOfData, isRemark, isUnsupported } from "./channel.ts";
import type { TapePosition } from "./contract.ts";

const largestInteger32 = 0xffff_ffff;

/** Moves the tape, with the best commands that this drive takes; what it refused once it is not asked again. */
export class Positioning {
  readonly #channel: DriveChannel;
  readonly #refused = new Set<"locate16" | "locate10" | "locate-file" | "space16" | "long-position">();

  constructor(channel: DriveChannel) {
    this.#channel = channel;
  }

  async position(): Promise<TapePosition> {
    const answer = (await this.#longPosition()) ?? (await this.#shortPosition());
    if (answer?.objectNumber === undefined) {
      throw new StrongroomError("failed", "POSITION_UNKNOWN", `drive ${this.#channel.name} does not know where its tape stands`, {
        hint: "rewind the tape, or go to its end of data, and ask again",
      });
    }
    this.#channel.written.standsAt(answer.objectNumber);
    return { objectNumber: answer.objectNumber, fileNumber: countedFiles(answer), beginningOfPartition: answer.beginningOfPartition };
  }

  async rewind(): Promise<void> {
    this.#channel.written.lost();
    await this.#channel.demand({ cdb: rewindCdb(), timeoutMs: this.#channel.limitMs("rewind") }, "rewinding");
    this.#placed(0);
  }

  async locate(objectNumber: number): Promise<void> {
    const doing = `locating object ${String(objectNumber)}`;
    this.#channel.written.lost();
    const sense = await this.#locateDirectly(objectNumber, doing);
    if (sense === "unsupported") {
      await this.#spaceToObject(objectNumber, doing);
      this.#channel.written.placedAt(objectNumber);
      return;
    }
    if (sense !== undefined && !isRemark(sense)) throw this.#channel.failure(sense, doing);
    this.#placed(objectNumber);
  }

  async locateFile(fileNumber: number): Promise<"there" | "end-of-data"> {
    if (fileNumber === 0) {
      await this.rewind();
      return "there";
    }
    const doing = `locating file ${String(fileNumber)}`;
    this.#channel.written.lost();
    if (!this.#refused.has("locate-file")) {
      const { sense } = await this.#channel.ask({ cdb: locate16Cdb(locateTarget.file, fileNumber), timeoutMs: this.#channel.limitMs("locate") }, doing);
      if (sense !== undefined && isEndOfData(sense)) return await this.#endOfData();
      if (sense !== undefined && !isRemark(sense) && !isUnsupported(sense)) throw this.#channel.failure(sense, doing);
      if (sense === undefined || isRemark(sense)) {
        // Drives are known that count files from one: believe the count of filemarks alone.
        const reached = await this.#longPosition();
        if (reached?.fileNumber === fileNumber) {
          this.#placed(reached.objectNumber);
          return "there";
        }
      }
      this.#refused.add("locate-file");
    }
    await this.rewind();
    const stop = await this.#space(spaceCode.filemarks, fileNumber, doing);
    this.#channel.written.placedAt(undefined);
    if (stop === undefined) return "there";
    if (isEndOfData(stop)) return await this.#endOfData();
    throw this.#channel.failure(stop, doing);
  }

  async spaceToEndOfData(): Promise<TapePosition> {
    await this.#endOfData();
    const reached = await this.position();
    this.#channel.written.placedAt(reached.objectNumber);
    return reached;
  }

  async #endOfData(): Promise<"end-of-data"> {
    const doing = "looking for the end of data";
    this.#channel.written.lost();
    const command = { cdb: space6Cdb(spaceCode.endOfData, 0), timeoutMs: this.#channel.limitMs("space") };
    const { sense } = await this.#channel.ask(command, doing);
    if (sense !== undefined && !isEndOfData(sense) && !isRemark(sense)) throw this.#channel.failure(sense, doing);
    this.#placed(undefined);
    return "end-of-data";
  }

  /** The position is known again; its number as well, where it was counted. */
  #placed(objectNumber: number | undefined): void {
    this.#channel.found();
    this.#channel.written.placedAt(objectNumber);
  }

  async #locateDirectly(objectNumber: number, doing: string): Promise<Sense | undefined | "unsupported"> {
    const ways = [
      { name: "locate16", cdb: (): Uint8Array => locate16Cdb(locateTarget.object, objectNumber) },
      { name: "locate10", cdb: (): Uint8Array => locate10Cdb(objectNumber) },
    ] as const;
    for (const { name, cdb } of ways) {
      if (this.#refused.has(name) || (name === "locate10" && objectNumber > largestInteger32)) continue;
      const { sense } = await this.#channel.ask({ cdb: cdb(), timeoutMs: this.#channel.limitMs("locate") }, doing);
      if (sense === undefined || !isUnsupported(sense)) return sense;
      this.#refused.add(name);
    }
    return "unsupported";
  }

  /** SPACE over blocks stops behind each filemark, which is an object too (SSC-5, 6.10). */
  async #spaceToObject(objectNumber: number, doing: string): Promise<void> {
    await this.rewind();
    for (let left = objectNumber; left > 0; ) {
      const stop = await this.#space(spaceCode.blocks, left, doing);
      if (stop === undefined) return;
      const residual = stop.information;
      if (!stop.filemark || residual === undefined || residual < 1 || residual > left) throw this.#channel.failure(stop, doing);
      left = residual - 1;
    }
  }

  /** Undefined when all was spaced over, else what stopped it, with the residual of the whole count. */
  async #space(code: number, count: number, doing: string): Promise<Sense | undefined> {
    if (!this.#refused.has("space16")) {
      const { sense } = await this.#channel.askInPlace({ cdb: space16Cdb(code, count), timeoutMs: this.#channel.limitMs("space") }, doing);
      if (sense === undefined || !isUnsupported(sense)) return stopOf(sense);
      this.#refused.add("space16");
    }
    for (let left = count; left > 0; ) {
      const step = Math.min(left, space6Limit);
      const { sense } = await this.#channel.askInPlace({ cdb: space6Cdb(code, step), timeoutMs: this.#channel.limitMs("space") }, doing);
      const stop = stopOf(sense);
      left -= step;
      if (stop !== undefined) return stop.information === undefined ? stop : { ...stop, information: stop.information + left };
    }
    return undefined;
  }

  async #longPosition(): Promise<PositionAnswer | undefined> {
    if (this.#refused.has("long-position")) return undefined;
    const data = await this.#channel.question(readPositionCdb("long"), longPositionBytes, "reading the position");
    const answer = data === undefined ? undefined : parseLongPosition(data);
    if (answer === undefined) this.#refused.add("long-position");
    return answer;
  }

  async #shortPosition(): Promise<PositionAnswer | undefined> {
    const data = await this.#channel.question(readPositionCdb("short"), shortPositionBytes, "reading the position");
    return data === undefined ? undefined : parseShortPosition(data);
  }
}

/** Zeros that do not even claim the beginning (SSC-5: BOP is one there) are those of a device that does not count. tgt answers so everywhere. */
function countedFiles({ objectNumber, fileNumber, beginningOfPartition }: PositionAnswer): number | undefined {
  return objectNumber === 0 && !beginningOfPartition ? undefined : fileNumber;
}

function stopOf(sense: Sense | undefined): Sense | undefined {
  if (sense === undefined || sense.key === senseKey.recoveredError) return undefined;
  return isRemark(sense) && !isEndOfData(sense) && !sense.endOfMedium ? undefined : sense;
}
