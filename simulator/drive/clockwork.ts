import type { ScsiCommand } from "../../src/scsi/index.ts";
import { createMechanism, type DriveTimes, type MachineTime, type Mechanism, type TimeFigures, type Timeline } from "../time/index.ts";
import { type Medium, tapeBytes, usedOf } from "./model.ts";

/** What moves the tape: a command's opcode says how (SSC-5, table 24). */
const reads: ReadonlySet<number> = new Set([0x08, 0x13]);
const positions: ReadonlySet<number> = new Set([0x11, 0x2b, 0x91, 0x92]);
const rewind = 0x01;
const write = 0x0a;
const writeFilemarks = 0x10;

/** What goes on behind the answers of the drive. */
type Work = "erasing" | "formatting" | "cleaning" | "measuring";

/**
 * Accounts what a drive's commands take and lets that time pass. It looks at where the tape stood before a command and where it stands behind it, so that
 * no command needs to know of time. Where machines take no time it does nothing at all.
 */
export class DriveClockwork {
  readonly figures: TimeFigures;
  readonly #time: MachineTime;
  readonly #mechanism: Mechanism;
  /** Until then a cartridge that came in is threaded. */
  #readyAtMs = 0;
  #threaded: string | undefined;
  #work: { readonly what: Work; readonly startMs: number; readonly endMs: number } | undefined;

  constructor(time: MachineTime, figures: TimeFigures) {
    this.figures = figures;
    this.#time = time;
    this.#mechanism = createMechanism(figures);
  }

  /**
   * A cartridge is threaded; what the drive answers meanwhile is `isThreading`. `insertion` is another one each time that a cartridge came in: where it
   * is the same, the drive was only switched on with the tape that it had, and goes back to its beginning. `firstLoadMs`: it measures the tape.
   */
  loaded({ cartridge: { facts } }: Medium, insertion: number, firstLoadMs: number): void {
    this.#work = undefined;
    if (this.#time.kind === "none") return;
    const nowMs = this.#time.machineMs();
    const what = `${facts.barcode} ${insertion}`;
    const isStillIn = this.#threaded === what && firstLoadMs === 0;
    const tookMs = isStillIn ? this.#mechanism.rewind(nowMs) : this.#mechanism.load(nowMs, facts.capacityBytes, firstLoadMs);
    this.#threaded = what;
    this.#readyAtMs = nowMs + tookMs;
    if (firstLoadMs > 0) this.#work = { what: "measuring", startMs: nowMs, endMs: nowMs + tookMs };
  }

  /** A cleaning cartridge runs over the head. */
  cleans(durationMs: number): void {
    this.#threaded = undefined;
    if (this.#time.kind === "none") return;
    const startMs = this.#time.machineMs();
    this.#work = { what: "cleaning", startMs, endMs: startMs + durationMs };
  }

  isThreading(): boolean {
    return this.#time.kind !== "none" && this.#time.machineMs() < this.#readyAtMs;
  }

  /** Waits for a cartridge that is being threaded, as LOAD does. */
  async threaded(): Promise<void> {
    if (this.isThreading()) await this.#time.pass(this.#readyAtMs - this.#time.machineMs());
  }

  /** The cartridge is let go of, when what goes on is done: rewound, unthreaded, ejected. */
  async unloaded(): Promise<void> {
    if (this.#time.kind === "none") return;
    this.#threaded = undefined;
    if (this.#work !== undefined) await this.#time.pass(this.#work.endMs - this.#time.machineMs());
    this.#work = undefined;
    await this.#time.pass(this.#mechanism.unload(this.#time.machineMs()));
  }

  /** All of the tape was divided anew. `goesOn`: it does so while the drive answers already. */
  async formatted(goesOn: boolean): Promise<void> {
    await this.#occupy("formatting", goesOn, (nowMs) => this.#mechanism.format(nowMs));
  }

  /** What lay between these places of the tape was written over with nothing. */
  async erased(fromBytes: number, toBytes: number, goesOn: boolean): Promise<void> {
    await this.#occupy("erasing", goesOn, (nowMs) => this.#mechanism.erase(nowMs, fromBytes, toBytes));
  }

  /** What goes on while the drive answers, and how much of it is done, of 65536 parts. */
  work(): { readonly what: Work; readonly progress: number } | undefined {
    if (this.#work === undefined) return undefined;
    const { what, startMs, endMs } = this.#work;
    const nowMs = this.#time.machineMs();
    if (nowMs >= endMs) this.#work = undefined;
    return nowMs >= endMs ? undefined : { what, progress: Math.floor(((nowMs - startMs) / (endMs - startMs)) * 65536) };
  }

  /** For sense, where there is something to wait for whose end is known. */
  progress(): { readonly progress?: number } {
    const work = this.work();
    return work === undefined ? {} : { progress: work.progress };
  }

  /** Runs a command on the medium and lets pass what it takes. */
  async during<T>(medium: Medium | undefined, command: ScsiCommand, run: () => Promise<T>): Promise<T> {
    if (this.#time.kind === "none" || medium === undefined) return await run();
    const before = tapeBytes(medium);
    const result = await run();
    const tookMs = this.#take(medium, command, before);
    if (tookMs > 0) await this.#time.pass(tookMs);
    return result;
  }

  async #occupy(what: Work, goesOn: boolean, take: (nowMs: number) => number): Promise<void> {
    if (this.#time.kind === "none") return;
    const startMs = this.#time.machineMs();
    const tookMs = take(startMs);
    if (goesOn) this.#work = { what, startMs, endMs: startMs + tookMs };
    else await this.#time.pass(tookMs);
  }

  times(): DriveTimes {
    return this.#mechanism.times(this.#time.machineMs());
  }

  timeline(): Timeline {
    return this.#mechanism.timeline();
  }

  #take(medium: Medium, { cdb }: ScsiCommand, before: number): number {
    const opcode = cdb[0]!;
    const nowMs = this.#time.machineMs();
    const behind = tapeBytes(medium);
    if (reads.has(opcode) && behind > before) return this.#mechanism.read(nowMs, before, behind - before, tapeBytes(medium, 0) + usedOf(medium));
    if (opcode === write && behind > before) return this.#mechanism.write(nowMs, before, behind - before);
    if (opcode === writeFilemarks) return this.#marks(nowMs, before, behind, (cdb[1]! & 0x01) !== 0);
    // The beginning of another partition is a place on the tape like any other.
    if (opcode === rewind) return behind === 0 ? this.#mechanism.rewind(nowMs) : this.#mechanism.search(nowMs, behind);
    return positions.has(opcode) && behind !== before ? this.#mechanism.search(nowMs, behind) : 0;
  }

  /** Without IMMED a filemark is on the tape, and all before it, when the command ends. */
  #marks(nowMs: number, before: number, behind: number, isImmediate: boolean): number {
    const takenMs = behind > before ? this.#mechanism.write(nowMs, before, behind - before) : 0;
    return takenMs + (isImmediate ? 0 : this.#mechanism.flush(nowMs + takenMs));
  }
}
