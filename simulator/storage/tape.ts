import type { CartridgeStore, ReadonlyBlockIndex } from "./contract.ts";

/** Where a partition lies, in bytes of the whole tape. */
export interface PartitionPlace {
  readonly startBytes: number;
  readonly capacityBytes: number;
}

/** How a tape is divided. What lies between two partitions, and behind the last, is recorded by nobody. */
export interface TapeLayout {
  /** What SET CAPACITY left of the tape: partitions end before it. */
  readonly usableBytes: number;
  /** One to four, in the order of their numbers. */
  readonly partitions: readonly PartitionPlace[];
}

/**
 * The tape of a cartridge: one to four partitions, each a sequence of objects of its own (SSC-5, 4.2.7). As a store it is the partition that was entered
 * last, the first one to begin with; `sync`, `dropUnsynced` and `close` are of all of them.
 */
export interface Tape extends CartridgeStore {
  readonly layout: TapeLayout;
  /** The number of the partition that was entered. */
  readonly partition: number;
  /** Of each partition. */
  readonly indexes: readonly ReadonlyBlockIndex[];
  enter(partition: number): void;
  /** Forgets everything and divides the tape anew; the first partition is entered. Durable when it resolves: before that, what was there may be gone. */
  divide(layout: TapeLayout): Promise<void>;
}

/** Bytes of all blocks of all partitions. */
export function usedBytes({ indexes }: Tape): number {
  return indexes.reduce((sum, { dataBytes }) => sum + dataBytes, 0);
}

export const maxPartitions = 4;

export function wholeTape(capacityBytes: number): TapeLayout {
  return { usableBytes: capacityBytes, partitions: [{ startBytes: 0, capacityBytes }] };
}

/** Where the partitions of a tape are kept. */
export interface TapeKeeper {
  readonly layout: TapeLayout;
  readonly stores: readonly CartridgeStore[];
  /** Makes the stores of the new partitions, all blank; takes the old ones over, or closes them. */
  readonly divide: (layout: TapeLayout, stores: readonly CartridgeStore[]) => Promise<readonly CartridgeStore[]>;
}

export function createTape(keeper: TapeKeeper): Tape {
  let { layout, stores } = keeper;
  let entered = 0;
  const all = async (work: (store: CartridgeStore) => Promise<void>): Promise<void> => {
    for (const store of stores) await work(store);
  };
  const store = (): CartridgeStore => stores[entered]!;
  return {
    get layout() { return layout; },
    get partition() { return entered; },
    get index() { return store().index; },
    get indexes() { return stores.map(({ index }) => index); },
    get syncedObjects() { return store().syncedObjects; },
    enter: (partition) => {
      if (stores[partition] === undefined) throw new RangeError(`there is no partition ${partition}`);
      entered = partition;
    },
    divide: async (wanted) => {
      stores = await keeper.divide(wanted, stores);
      layout = wanted;
      entered = 0;
    },
    append: (block) => store().append(block),
    appendFilemarks: (count) => store().appendFilemarks(count),
    read: (objectNumber, target) => store().read(objectNumber, target),
    digestOf: async (file) => await store().digestOf?.(file),
    truncate: (objectNumber) => store().truncate(objectNumber),
    sync: () => all((one) => one.sync()),
    dropUnsynced: () => all((one) => one.dropUnsynced()),
    close: () => all((one) => one.close()),
  };
}

/** A tape whose partitions are made by `makeStore`, and are forgotten with it. */
export function createMemoryTape(capacityBytes: number, makeStore: () => CartridgeStore): Tape {
  return createTape({
    layout: wholeTape(capacityBytes),
    stores: [makeStore()],
    divide: async ({ partitions }, [first, ...others]) => {
      for (const store of others) await store.close();
      await first!.truncate(0);
      return [first!, ...partitions.slice(1).map(makeStore)];
    },
  });
}

/** Whether a file of unknown origin says how a tape of that capacity is divided. */
export function isLayoutOf(value: unknown, capacityBytes: number): value is TapeLayout {
  if (typeof value !== "object" || value === null) return false;
  const { usableBytes, partitions } = value as Record<string, unknown>;
  if (!isCount(usableBytes) || usableBytes > capacityBytes || !Array.isArray(partitions)) return false;
  if (partitions.length === 0 || partitions.length > maxPartitions) return false;
  let endBytes = 0;
  return partitions.every((one: unknown) => {
    if (typeof one !== "object" || one === null) return false;
    const place = one as Record<string, unknown>;
    if (!isCount(place["startBytes"]) || !isCount(place["capacityBytes"]) || place["startBytes"] < endBytes) return false;
    endBytes = place["startBytes"] + place["capacityBytes"];
    return endBytes <= usableBytes;
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
