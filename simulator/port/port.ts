import { type ScsiCommand, type ScsiCompletion, status } from "../../src/scsi/index.ts";
import { type Clock, StrongroomError } from "../../src/words/index.ts";
import { check, encodeSense, type LogicalUnit, type Outcome, type SenseFields, senses } from "../wire/index.ts";
import { type FaultEffect, type FaultPlan, faultyOutcome, type PlannedFault, type Sight, type WireFault } from "../faults/index.ts";
import type { UnitTime } from "../time/index.ts";
import type { Reach } from "../home/index.ts";
import type { Delivery, LibraryPort, Nexus, ResetScope } from "./contract.ts";

export interface PortParts {
  readonly units: readonly number[];
  readonly faults: FaultPlan;
  /** For delays that faults make, where machines take no time. */
  readonly clock: Clock;
  /** The machine that a unit is. */
  timeOf(lun: number): UnitTime;
  /** What a command is about that comes while the unit stands at that object. */
  sight(lun: number, command: ScsiCommand, position: number | undefined): Sight;
  /** Whether commands come to that unit now, and how often it has lost its power. */
  reach(lun: number): Reach;
  /** Switches a unit on. Rejects with TRANSPORT_BUSY when another process has it. */
  open(lun: number): Promise<LogicalUnit>;
}

/** How a command ended at its unit. */
interface Done {
  readonly outcome: Outcome;
  readonly descriptorSense: boolean;
}

/** A unit that is switched on, and who uses it. */
interface Running {
  readonly unit: LogicalUnit;
  readonly users: Set<string>;
}

const noSense = new Uint8Array(0);
const busy: ScsiCompletion = { status: status.busy, sense: noSense, transferredBytes: 0 };

export class Port implements LibraryPort {
  readonly #parts: PortParts;
  readonly #nexuses = new Map<string, Nexus>();
  readonly #running = new Map<number, Running>();
  /** Losses of power that each unit went through already. */
  readonly #lossesSeen = new Map<number, number>();
  #kept = 0;
  /** The end of the last command of each unit. */
  readonly #turns = new Map<number, Promise<unknown>>();

  constructor(parts: PortParts) {
    this.#parts = parts;
  }

  units(): readonly number[] {
    return this.#parts.units;
  }

  connect(nexus: Nexus): void {
    if (this.#nexuses.has(nexus.name)) throw new TypeError(`${nexus.name} is connected already`);
    this.#nexuses.set(nexus.name, nexus);
    for (const { unit } of this.#running.values()) unit.connect(nexus);
  }

  async keepOn(): Promise<() => Promise<void>> {
    this.#kept += 1;
    const nexus: Nexus = { name: `mains switch ${String(this.#kept)}`, transportId: new Uint8Array(24) };
    this.connect(nexus);
    try {
      for (const lun of this.#parts.units) await this.use(lun, nexus, false);
    } catch (error) {
      await this.disconnect(nexus);
      throw error;
    }
    return () => this.disconnect(nexus);
  }

  async disconnect({ name }: Nexus): Promise<void> {
    if (!this.#nexuses.delete(name)) return;
    const failures: unknown[] = [];
    for (const lun of [...this.#running.keys()]) await this.#inTurn(lun, () => this.#leave(lun, name)).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Switches a unit on for a nexus before its first command. `alone`: rejects with TRANSPORT_BUSY when another nexus uses it; what another process
   * holds rejects so in any case.
   */
  async use(lun: number, nexus: Nexus, alone: boolean): Promise<void> {
    await this.#inTurn(lun, async () => {
      const users = this.#running.get(lun)?.users;
      if (alone && users !== undefined && users.size > 0 && !users.has(nexus.name)) throw inUse(lun);
      await this.#enter(lun, nexus);
    });
  }

  async deliver(lun: number, nexus: Nexus, command: ScsiCommand, signal?: AbortSignal): Promise<Delivery> {
    if (!this.#parts.units.includes(lun)) return answered(complete(unknownUnit(command), false));
    return await this.#inTurn(lun, async () => {
      if (signal?.aborted === true) return { kind: "aborted" };
      const time = this.#parts.timeOf(lun);
      time.signal = signal;
      try {
        return await this.#execute(lun, nexus, command);
      } finally {
        time.signal = undefined;
      }
    });
  }

  withholdsData(lun: number, command: ScsiCommand): boolean {
    const position = this.#running.get(lun)?.unit.position();
    return this.#parts.faults.strikeAsking(lun, command, () => this.#parts.sight(lun, command, position));
  }

  async reset(scope: ResetScope): Promise<void> {
    for (const lun of scope === "all" ? [...this.#running.keys()] : [scope]) {
      await this.#inTurn(lun, async () => { await this.#running.get(lun)?.unit.reset(); });
    }
  }

  async loseReservations(lun: number): Promise<void> {
    await this.#inTurn(lun, () => {
      this.#running.get(lun)?.unit.loseReservations();
      return Promise.resolve();
    });
  }

  async powerCycle(lun: number): Promise<void> {
    await this.#inTurn(lun, async () => { await this.#running.get(lun)?.unit.powerCycle(); });
  }

  /** An attention for everybody who is connected, from every unit that is switched on. */
  async tellAll(attention: SenseFields): Promise<void> {
    for (const lun of [...this.#running.keys()]) {
      await this.#inTurn(lun, () => {
        this.#running.get(lun)?.unit.tell(attention);
        return Promise.resolve();
      });
    }
  }

  async close(): Promise<void> {
    for (const nexus of [...this.#nexuses.values()]) await this.disconnect(nexus);
  }

  async #execute(lun: number, nexus: Nexus, command: ScsiCommand): Promise<Delivery> {
    if (!this.#nexuses.has(nexus.name)) return { kind: "dropped" };
    const isReached = await this.#look(lun);
    if (!isReached) return { kind: "unreachable" };
    let unit: LogicalUnit;
    try {
      unit = await this.#enter(lun, nexus);
    } catch (error) {
      if (error instanceof StrongroomError && error.code === "TRANSPORT_BUSY") return answered(busy);
      throw error;
    }
    const fault = this.#parts.faults.strike(lun, command, () => this.#parts.sight(lun, command, unit.position()));
    if (fault?.phase === "before") {
      const end = await this.#strike(lun, unit, fault, command, undefined);
      if (end !== undefined) return end;
    }
    const { outcome, descriptorSense } = await unit.execute(command, nexus.name);
    if (fault?.phase === "after") {
      const end = await this.#strike(lun, unit, fault, command, { outcome, descriptorSense });
      if (end !== undefined) return end;
    }
    const delivery = answered(complete(outcome, descriptorSense), outcome.overflowBytes);
    const wire = fault === undefined ? undefined : wireFault(fault.effect);
    return wire === undefined ? delivery : { ...delivery, wire };
  }

  /** How the command ends by the fault; undefined where it goes on as if nothing were. */
  async #strike(lun: number, unit: LogicalUnit, { effect, phase }: PlannedFault, command: ScsiCommand, done: Done | undefined): Promise<Delivery | undefined> {
    switch (effect.kind) {
      case "delay":
        await this.#delay(this.#parts.timeOf(lun), effect.delayMs);
        return undefined;
      case "wire-cut":
      case "wire-header-digest":
      case "wire-data-digest":
      case "wire-deaf":
      case "wire-logout":
      case "wire-no-r2t":
        return undefined;
      case "hang":
        return { kind: "hanging" };
      case "drop":
        return { kind: "dropped" };
      case "power-cycle":
        await unit.powerCycle();
        return phase === "after" ? { kind: "dropped" } : undefined;
      case "reset":
        await unit.reset();
        return phase === "after" ? answered({ status: status.taskAborted, sense: noSense, transferredBytes: 0 }) : undefined;
      case "deferred-sense":
        await unit.loseBuffer();
        return undefined;
      case "reservation-loss":
        unit.loseReservations();
        return undefined;
      default: {
        const faulty = faultyOutcome(effect, done?.outcome, command);
        return faulty === undefined ? undefined : answered(complete(faulty, done?.descriptorSense ?? unit.descriptorSense()), faulty.overflowBytes);
      }
    }
  }

  /** By the machine's time where it takes any. */
  async #delay(time: UnitTime, delayMs: number): Promise<void> {
    if (time.kind !== "none") {
      await time.pass(delayMs);
      return;
    }
    const { signal } = time;
    try {
      await this.#parts.clock.sleep(delayMs, signal);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  }

  /** Hands may have been at the unit since, in any process: what lost its power forgets what a power cycle takes, switched on again or not. */
  async #look(lun: number): Promise<boolean> {
    const { isReached, powerLosses } = this.#parts.reach(lun);
    const seen = this.#lossesSeen.get(lun);
    const running = this.#running.get(lun);
    if (seen === undefined) this.#lossesSeen.set(lun, powerLosses);
    else if (seen !== powerLosses && running !== undefined) {
      this.#lossesSeen.set(lun, powerLosses);
      await running.unit.powerCycle();
    }
    return isReached;
  }

  async #enter(lun: number, nexus: Nexus): Promise<LogicalUnit> {
    let running = this.#running.get(lun);
    if (running === undefined) {
      running = { unit: await this.#parts.open(lun), users: new Set() };
      this.#running.set(lun, running);
      await this.#look(lun);
    }
    if (!running.users.has(nexus.name)) {
      running.unit.connect(nexus);
      running.users.add(nexus.name);
    }
    return running.unit;
  }

  async #leave(lun: number, name: string): Promise<void> {
    const running = this.#running.get(lun);
    if (running === undefined) return;
    await this.#look(lun);
    await running.unit.disconnect(name);
    running.users.delete(name);
    if (running.users.size > 0) return;
    this.#running.delete(lun);
    await running.unit.close();
  }

  #inTurn<T>(lun: number, act: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(lun) ?? Promise.resolve()).then(act);
    this.#turns.set(lun, turn.catch(() => undefined));
    return turn;
  }
}

function wireFault({ kind }: FaultEffect): WireFault | undefined {
  return kind === "wire-no-r2t" || !kind.startsWith("wire-") ? undefined : (kind as WireFault);
}

function answered(completion: ScsiCompletion, overflowBytes = 0): Delivery & { readonly kind: "completion" } {
  return { kind: "completion", completion, ...(overflowBytes > 0 ? { overflowBytes } : {}) };
}

/** SPC-5, 6.6.2: INQUIRY is answered where no unit is, with a peripheral qualifier that says so. */
function unknownUnit({ cdb, dataIn }: ScsiCommand): Outcome {
  if (cdb[0] !== 0x12 || (cdb[1]! & 0x01) !== 0 || dataIn === undefined) return check(senses.unknownUnit);
  const data = new Uint8Array(36);
  data.set([0x7f, 0, 0x06, 0x02, 31]);
  const allocationBytes = (cdb[3]! << 8) | cdb[4]!;
  const length = Math.min(data.length, allocationBytes, dataIn.length);
  dataIn.set(data.subarray(0, length));
  return { status: status.good, transferredBytes: length };
}

function complete({ status: code, sense, transferredBytes }: Outcome, descriptorSense: boolean): ScsiCompletion {
  const isSense = code === status.checkCondition && sense !== undefined;
  return { status: code, sense: isSense ? encodeSense(sense, descriptorSense) : noSense, transferredBytes };
}

function inUse(lun: number): StrongroomError {
  return new StrongroomError("busy", "TRANSPORT_BUSY", `unit ${String(lun)} of this library is in use already in this process`, {
    hint: "close what uses it, then try again",
  });
}
