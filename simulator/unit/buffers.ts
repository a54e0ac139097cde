import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be24, check, field, good, invalidField, type Outcome, senses } from "../wire/index.ts";

/** SPC-5, table 279 and 392: what tools that test a path use. Firmware is not among it. */
const mode = { combined: 0x00, data: 0x02, descriptor: 0x03, echo: 0x0a, echoDescriptor: 0x0b } as const;
const dataBytes = 64 * 1024;
const echoBytes = 4096;

/** The buffers of READ BUFFER and WRITE BUFFER. What is echoed is each path's own (SPC-5, 6.20.9). */
export class DataBuffers {
  #data: Uint8Array | undefined;
  readonly #echoes = new Map<string, Uint8Array>();

  read(nexus: string, command: ScsiCommand): Outcome {
    const { cdb } = command;
    const allocationBytes = be24(cdb, 6);
    const offset = be24(cdb, 3);
    const wanted = cdb[1]! & 0x1f;
    if (wanted === mode.echoDescriptor) return answer(command, [0, 0, ...field(echoBytes, 2)], allocationBytes);
    if (wanted === mode.echo) {
      const echo = this.#echoes.get(nexus);
      return echo === undefined ? check(senses.commandSequence) : answer(command, echo, allocationBytes);
    }
    // A descriptor of all zeros says that there is no buffer of that number.
    if (wanted === mode.descriptor) return answer(command, cdb[2] === 0 ? [2, ...field(dataBytes, 3)] : [0, 0, 0, 0], allocationBytes);
    if (wanted !== mode.data && wanted !== mode.combined) return check(invalidField(1));
    if (cdb[2] !== 0) return check(invalidField(2));
    if (offset > dataBytes || (wanted === mode.combined && offset !== 0)) return check(invalidField(3));
    this.#data ??= new Uint8Array(dataBytes);
    return wanted === mode.data
      ? answer(command, this.#data.subarray(offset), allocationBytes)
      : answer(command, Uint8Array.of(0, ...field(dataBytes, 3), ...this.#data), allocationBytes);
  }

  write(nexus: string, { cdb, dataOut = new Uint8Array(0) }: ScsiCommand): Outcome {
    const wanted = cdb[1]! & 0x1f;
    const offset = be24(cdb, 3);
    const list = dataOut.subarray(0, be24(cdb, 6));
    if (wanted === mode.echo) {
      if (list.length > echoBytes) return check(invalidField(6));
      this.#echoes.set(nexus, list.slice());
      return good;
    }
    if (wanted !== mode.data && wanted !== mode.combined) return check(invalidField(1));
    if (cdb[2] !== 0) return check(invalidField(2));
    const content = wanted === mode.combined ? list.subarray(4) : list;
    if (offset + content.length > dataBytes || (wanted === mode.combined && offset !== 0)) return check(invalidField(3));
    this.#data ??= new Uint8Array(dataBytes);
    this.#data.set(content, offset);
    return good;
  }

  departed(nexus: string): void {
    this.#echoes.delete(nexus);
  }

  powerLost(): void {
    this.#data = undefined;
    this.#echoes.clear();
  }
}
