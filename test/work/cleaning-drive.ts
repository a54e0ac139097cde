import {
  attributeId, buildAttributes, buildInquiry, buildLogPage, buildSense, logPage, opcode, type ScsiCommand, type ScsiCompletion, status, type Transport,
} from "../../src/scsi/index.ts";
import type { Clock } from "../../src/words/index.ts";

/** How a drive goes through a cleaning, as its clock goes on: what it answers to TEST UNIT READY from that second on. */
export interface CleaningCourse {
  readonly stages: readonly { readonly fromMs: number; readonly sense: readonly [key: number, asc: number, ascq: number] }[];
  readonly letsGoMs: number;
  readonly cleans: boolean;
  readonly alerts: readonly number[];
}

/** Stages as drives go through them: a cleaning cartridge is in, it works, it has ejected itself. */
export const usualCourse: CleaningCourse = {
  stages: [{ fromMs: 0, sense: [2, 0x30, 0x03] }, { fromMs: 30_000, sense: [2, 0x04, 0x00] }, { fromMs: 120_000, sense: [2, 0x3a, 0x00] }],
  letsGoMs: 120_000,
  cleans: true,
  alerts: [],
};

/** A drive on the wire that is dirty until it was cleaned: log pages, sense and cartridge memory as real ones have them. */
export class CleaningDrive implements Transport {
  readonly name = "drive on the wire";
  readonly maxTransferBytes = 1 << 20;
  course = usualCourse;
  dirty = true;
  readonly #clock: Clock;
  #sinceMs: number | undefined;
  #attention: readonly [number, number, number] | undefined = [6, 0x29, 0x00];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the gripper does. */
  insert(): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#attention = [6, 0x28, 0x00];
  }

  take(): boolean {
    if (this.#sinceMs === undefined || this.#elapsedMs() < this.course.letsGoMs) return false;
    if (this.course.cleans) this.dirty = false;
    this.#sinceMs = undefined;
    return true;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  execute(command: ScsiCommand): Promise<ScsiCompletion> {
    return Promise.resolve(this.#answer(command));
  }

  #elapsedMs(): number {
    return this.#clock.nowMs() - (this.#sinceMs ?? this.#clock.nowMs());
  }

  #answer(command: ScsiCommand): ScsiCompletion {
    const code = command.cdb[0];
    if (code === opcode.inquiry) return give(command, this.#inquiry(command));
    if (this.#attention !== undefined) {
      const attention = this.#attention;
      this.#attention = undefined;
      return check(attention);
    }
    if (code === opcode.logSense) return this.#log(command);
    if (this.#sinceMs === undefined) return check([2, 0x3a, 0x00]);
    const stage = this.course.stages.findLast(({ fromMs }) => fromMs <= this.#elapsedMs())!.sense;
    const hasMemory = code === opcode.readAttribute && this.#elapsedMs() >= this.course.letsGoMs;
    return hasMemory ? give(command, memory) : check(stage);
  }

  #inquiry({ cdb }: ScsiCommand): Uint8Array {
    const serial = Uint8Array.from([1, 0x80, 0, 6, ...Buffer.from("WIRE01")]);
    return (cdb[1]! & 1) === 1 ? serial : buildInquiry({ deviceType: 1, removable: true, vendor: "WIRE", product: "DRIVE", revision: "1" });
  }

  #log(command: ScsiCommand): ScsiCompletion {
    const dirt = this.dirty ? 0x03 : 0x01;
    const bits = new Uint8Array(8);
    if (this.#sinceMs !== undefined) for (const flag of this.course.alerts) bits[(flag - 1) >> 3]! |= 0x80 >> ((flag - 1) & 7);
    const pages = new Map<number, Uint8Array>([
      [logPage.supported, Uint8Array.of(0, 0, 0, 3, 0, logPage.deviceStatus, logPage.tapeAlertResponse)],
      [logPage.deviceStatus, buildLogPage(logPage.deviceStatus, 0, new Map([[0, Uint8Array.of(dirt, 0, 0, 0)]]))],
      [logPage.tapeAlertResponse, buildLogPage(logPage.tapeAlertResponse, 0, new Map([[0, bits]]))],
    ]);
    const page = pages.get(command.cdb[2]! & 0x3f);
    return page === undefined ? check([5, 0x24, 0x00]) : give(command, page);
  }
}

const memory = buildAttributes([
  { id: attributeId.loadCount, readOnly: true, format: 0, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 12) },
  { id: attributeId.mediumType, readOnly: true, format: 0, value: Uint8Array.of(1) },
  { id: attributeId.mediumTypeInformation, readOnly: true, format: 0, value: Uint8Array.of(0, 50) },
]);

function give({ dataIn, cdb }: ScsiCommand, data: Uint8Array): ScsiCompletion {
  // READ ATTRIBUTE gives what lies from that identifier on.
  const from = cdb[0] === opcode.readAttribute ? fromAttribute(data, (cdb[8]! << 8) | cdb[9]!) : data;
  const part = from.subarray(0, dataIn?.length ?? 0);
  dataIn?.set(part);
  return { status: status.good, sense: new Uint8Array(0), transferredBytes: part.length };
}

function fromAttribute(data: Uint8Array, id: number): Uint8Array {
  const entries: number[] = [];
  for (let at = 4; at < data.length; ) {
    const next = at + 5 + ((data[at + 3]! << 8) | data[at + 4]!);
    if (((data[at]! << 8) | data[at + 1]!) >= id) entries.push(...data.subarray(at, next));
    at = next;
  }
  return Uint8Array.of(0, 0, entries.length >> 8, entries.length & 0xff, ...entries);
}

function check([key, asc, ascq]: readonly [number, number, number]): ScsiCompletion {
  const sense = buildSense({ deferred: false, key, asc, ascq, filemark: false, endOfMedium: false, incorrectLength: false }, "fixed");
  return { status: status.checkCondition, sense, transferredBytes: 0 };
}
