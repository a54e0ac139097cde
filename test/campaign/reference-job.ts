import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryLibrary, type FaultRule, type Strike, type VirtualLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import type { JobEvent } from "../../src/records/index.ts";
import type { OperatorRequest } from "../../src/operations/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { type Clock, StrongroomError, systemClock, systemRandom } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

/** How a reference job ended. */
export interface ReferenceOutcome {
  /** How many times the command was given: until it was done, or nobody can do more than the text of the last error says. */
  readonly runs: number;
  /** The codes of the errors that ended runs, in order. */
  readonly errors: readonly string[];
  readonly isDone: boolean;
  readonly strikes: readonly Strike[];
  readonly events: readonly JobEvent[];
  /** What is recorded as safe and is not on the tapes: must be empty, whatever happened. */
  readonly untrue: readonly string[];
}

export interface ReferenceShape {
  readonly drives: number;
  readonly cartridges: number;
  readonly capacityBytes: number;
  readonly contentBytes: number;
}

const usualShape: ReferenceShape = { drives: 2, cartridges: 8, capacityBytes: 6 * 2 ** 20, contentBytes: 1_200_000 };
const segmentSizeBytes = 512 * 1024;
const runsAtMost = 4;

/** Time as the appliance takes it: waits are short, and count as long as they were meant. */
export function hastyClock(): Clock {
  let skippedMs = 0;
  return {
    nowMs: () => systemClock.nowMs() + skippedMs,
    monotonicMs: () => systemClock.monotonicMs() + skippedMs,
    sleep: async (durationMs, signal) => {
      if (durationMs > 0) skippedMs += durationMs;
      await systemClock.sleep(Math.min(durationMs, 1), signal);
    },
  };
}

/** The state of one case; what a case is made of can be looked at while it runs. */
export interface ReferenceCase {
  readonly name: string;
  readonly library: VirtualLibrary;
  readonly pools: readonly [string, string];
  /** Commands that units were sent until now, by unit. */
  readonly commands: readonly number[];
  run(waitMs?: number): Promise<void>;
  isDone(): boolean;
  /** Codes of what the job says, in its record, that it waits or stopped for. */
  requests(): readonly string[];
  /** How many copies each of its pools has on its volumes. */
  copies(): readonly number[];
  outcome(): Promise<ReferenceOutcome>;
}

/**
 * An appliance that takes the same job again and again, each time in a library of its own: one archive, two copies in two pools, read back. Keys are made once,
 * because that takes longer than a job.
 */
export class ReferenceBench {
  readonly #appliance: TestAppliance;
  readonly #libraries: Map<string, { library: VirtualLibrary; commands: number[] }>;
  #cases = 0;

  constructor(appliance: TestAppliance, libraries: Map<string, { library: VirtualLibrary; commands: number[] }>) {
    this.#appliance = appliance;
    this.#libraries = libraries;
  }

  async close(): Promise<void> {
    await this.#appliance.close();
    for (const { library } of this.#libraries.values()) await library.close();
  }

  /** A new library with empty cartridges, two pools and an archive whose content follows from the seed alone. */
  async begin(seed: number, shape: Partial<ReferenceShape> = {}): Promise<ReferenceCase> {
    const { drives, cartridges, capacityBytes, contentBytes } = { ...usualShape, ...shape };
    const { operations, parts, folder } = this.#appliance;
    this.#cases += 1;
    const name = `case${String(this.#cases)}`;
    const barcodes = Array.from({ length: cartridges }, (_, index) => `C${String(this.#cases).padStart(3, "0")}${String(index).padStart(2, "0")}L8`);
    const library = await createMemoryLibrary(
      { drives, slots: cartridges + 2, mailSlots: 1, cartridges: barcodes.map((barcode) => ({ barcode, capacityBytes })) },
      systemRandom,
      { clock: parts.clock },
    );
    const commands: number[] = [];
    this.#libraries.set(name, { library, commands });
    const source = join(folder, name);
    mkdirSync(source);
    for (let file = 0; file < 4; file += 1) writeFileSync(join(source, `file-${String(file)}`), pseudorandom(`${String(seed)} ${String(file)}`, contentBytes / 4));
    await operations.library.add({ name, simulatorFolder: "/nowhere" });
    const pools = [`${name}-a`, `${name}-b`] as const;
    for (const pool of pools) await operations.pool.create({ name: pool, kind: "tape", library: name });
    await operations.archive.create({ name, sources: [{ name: "source", path: source }], pools: [...pools], segmentSizeBytes, compression: "off" });
    return this.#caseOf(name, library, pools, commands);
  }

  #caseOf(name: string, library: VirtualLibrary, pools: readonly [string, string], commands: readonly number[]): ReferenceCase {
    const { operations, parts } = this.#appliance;
    const errors: string[] = [];
    let runs = 0;
    let isDone = false;
    return {
      name,
      library,
      pools,
      commands,
      run: async (waitMs = 0) => {
        runs += 1;
        try {
          await operations.archive.run(name, { full: false, waitMs }, quietly);
          isDone = true;
        } catch (error) {
          if (!(error instanceof StrongroomError)) throw error;
          errors.push(error.code);
        }
      },
      isDone: () => isDone,
      requests: () => {
        const requests = parts.journal.jobs(1000).find(({ subject }) => subject === name)?.progress["requests"] ?? [];
        return (requests as readonly OperatorRequest[]).map(({ code }) => code);
      },
      copies: () => pools.map((pool) => parts.inventory.volumesOfPool(pool).reduce((sum, { uuid }) => sum + parts.inventory.copiesOnVolume(uuid).length, 0)),
      outcome: async () => {
        const job = parts.journal.jobs(1000).find(({ subject }) => subject === name);
        library.clearFaults();
        return {
          runs, errors: [...errors], isDone, strikes: library.strikes(), events: job ? parts.journal.events(job.id) : [], untrue: await this.#untrue(name, pools, isDone),
        };
      },
    };
  }

  /** Reads every volume whole and compares; what is recorded as a good copy must be on it, and a snapshot that is complete must have all of them. */
  async #untrue(name: string, pools: readonly string[], isDone: boolean): Promise<readonly string[]> {
    const { operations, parts } = this.#appliance;
    const untrue: string[] = [];
    for (const pool of pools) {
      for (const { barcode, uuid, state } of parts.inventory.volumesOfPool(pool)) {
        if (state === "retired") continue;
        const before = parts.inventory.copiesOnVolume(uuid).filter((copy) => copy.state !== "bad");
        await operations.volume.verify({ barcode }, quietly).catch((error: unknown) => { untrue.push(`${barcode}: ${String(error)}`); });
        const after = new Map(parts.inventory.copiesOnVolume(uuid).map((copy) => [copy.segmentId, copy.state]));
        for (const { segmentId } of before) {
          if (after.get(segmentId) !== "verified") untrue.push(`segment ${String(segmentId)} on ${barcode} is ${String(after.get(segmentId))}`);
        }
      }
    }
    const archive = parts.catalog.archive(name)!;
    for (const snapshot of parts.catalog.snapshots(archive)) {
      if (snapshot.state !== "complete") continue;
      for (const pool of pools) {
        for (const id of parts.inventory.segmentsWithoutCopy(snapshot.id, pool, ["verified"])) untrue.push(`segment ${String(id)} of a complete snapshot is not in ${pool}`);
      }
    }
    if (isDone && !parts.catalog.snapshots(archive).some(({ state }) => state === "complete")) untrue.push("the run said that it was done, and no snapshot is complete");
    return untrue;
  }

  /** Runs one case to its end: until it is done, or a person is needed for more than giving the command again. */
  async play(seed: number, rules: readonly FaultRule[], shape: Partial<ReferenceShape> = {}): Promise<ReferenceOutcome> {
    const one = await this.begin(seed, shape);
    for (const rule of rules) one.library.inject(rule);
    for (let run = 0; run < runsAtMost; run += 1) {
      await one.run();
      if (one.isDone()) break;
    }
    return await one.outcome();
  }
}

/** `clock`: the appliance's; drives and libraries of the bench keep to it. `spoolBytes`: the size of its spool, when not the usual one. */
export async function openReferenceBench(clock: Clock = hastyClock(), spoolBytes?: number): Promise<ReferenceBench> {
  const libraries = new Map<string, { library: VirtualLibrary; commands: number[] }>();
  const appliance = await makeAppliance({
    clock,
    sealThreads: 1,
    openLibrary: ({ name }) => {
      const { library, commands } = libraries.get(name)!;
      const path = async (lun: number): Promise<Transport> => counted(await library.transport(lun), () => { commands[lun] = (commands[lun] ?? 0) + 1; });
      return {
        name,
        openChanger: async () => openMediaChanger(await path(0), clock),
        openDrive: async ({ number }) => openTapeDrive(await path(number + 1), clock),
      };
    },
  });
  if (spoolBytes !== undefined) appliance.parts.configStore.setSpool({ maxBytes: spoolBytes });
  return new ReferenceBench(appliance, libraries);
}

function counted(transport: Transport, sent: () => void): Transport {
  return {
    name: transport.name,
    maxTransferBytes: transport.maxTransferBytes,
    execute: async (command) => {
      sent();
      return await transport.execute(command);
    },
    close: async () => { await transport.close(); },
  };
}

/** Bytes that follow from the words alone, and that do not compress. */
function pseudorandom(words: string, sizeBytes: number): Buffer {
  return createHash("shake256", { outputLength: sizeBytes }).update(words).digest();
}
