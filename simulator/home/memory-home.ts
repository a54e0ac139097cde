/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { type CartridgeStore, createMemoryStore, createMemoryTape, type Tape, usedBytes } from "../storage/index.ts";
import { type CartridgeDamage, undamaged } from "./cartridge-damage.ts";
import type { Cartridge, CartridgeFacts, LibraryHome, LibraryState, MemoryAttribute } from "./contract.ts";
import { cartridgeExists, driveHeld, noSuchCartridge } from "./failures.ts";
import { awaitsMeasuring } from "./measuring.ts";

/** A library that lives as long as this object, for measurements and tests. */
export function createMemoryHome(initial: LibraryState, makeStore: () => CartridgeStore = createMemoryStore): LibraryHome {
  let state = initial;
  let mailSlotHolds = 0;
  const damages = new Map<string, CartridgeDamage>();
  const heldDrives = new Set<number>();
  const cartridges = new Map<string, Cartridge & { facts: CartridgeFacts }>();
  const cartridge = (barcode: string): Cartridge & { facts: CartridgeFacts } => {
    const known = cartridges.get(barcode);
    if (known === undefined) throw noSuchCartridge(barcode);
    return known;
  };
  return {
    name: "simulator in memory",
    state: () => state,
    change: async (edit) => {
      const { state: after, result } = edit(state);
      state = after;
      return result;
    },
    holdDrive: async (number) => {
      if (heldDrives.has(number)) throw driveHeld("the simulator in memory", number, "this process");
      heldDrives.add(number);
      return async () => { heldDrives.delete(number); };
    },
    holdMailSlots: async () => {
      mailSlotHolds += 1;
      let held = true;
      return async () => {
        if (held) mailSlotHolds -= 1;
        held = false;
      };
    },
    mailSlotsHeld: async () => mailSlotHolds > 0,
    barcodes: async () => [...cartridges.keys()].sort(),
    facts: async (barcode) => cartridge(barcode).facts,
    addCartridge: async (facts) => {
      if (cartridges.has(facts.barcode)) throw cartridgeExists(facts.barcode);
      cartridges.set(facts.barcode, memoryCartridge(facts, createMemoryTape(facts.capacityBytes, makeStore), () => damages.get(facts.barcode) ?? undamaged));
    },
    conditionOf: async (barcode) => {
      const { facts, store, memory, damage } = cartridge(barcode);
      return { usedBytes: usedBytes(store), damage: damage(), awaitsMeasuring: awaitsMeasuring(facts, memory()) };
    },
    setWriteProtected: async (barcode, writeProtected) => {
      const known = cartridge(barcode);
      known.facts = { ...known.facts, writeProtected };
    },
    changeDamage: async (barcode, edit) => {
      const after = edit(cartridge(barcode).damage());
      damages.set(barcode, after);
      return after;
    },
    openCartridge: async (barcode) => cartridge(barcode),
    faults: undefined,
    close: () => undefined,
  };
}

function memoryCartridge(facts: CartridgeFacts, store: Tape, damage: () => CartridgeDamage): Cartridge & { facts: CartridgeFacts } {
  let memory: ReadonlyMap<number, MemoryAttribute> = new Map();
  return {
    facts,
    store,
    memory: () => memory,
    writeMemory: async (attributes) => { memory = attributes; },
    damage,
    close: () => store.close(),
  };
}
