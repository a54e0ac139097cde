/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type RandomBytes, StrongroomError, uuid } from "../../src/words/index.ts";
import { usedBytes } from "../storage/index.ts";
import { undamaged } from "./cartridge-damage.ts";
import {
  changeDamageIn, createCartridgeFolder, hasFolder, listCartridgeFolders, openCartridgeFolder, readFacts, writeFacts,
} from "./cartridge-folder.ts";
import type { Cartridge, CartridgeFacts, LibraryHome, LibraryState, Release } from "./contract.ts";
import { cartridgeExists, driveHeld, libraryBusy } from "./failures.ts";
import { faultShelf } from "./fault-shelf.ts";
import { lockNote, takeLock } from "./file-lock.ts";
import { renewState } from "./first-format.ts";
import { isLibraryState } from "./guards.ts";
import { readJson, replaceJson } from "./json-file.ts";
import { awaitsMeasuring } from "./measuring.ts";
import { rosterReader, writeRoster } from "./roster.ts";

const stateName = "library.json";
const cartridgesName = "cartridges";
const holdsName = "mail-slot-holds";
const rosterName = "cartridges.json";
const madeAtOnce = 64;
const lockWaitMs = 10_000;
const lockPollMs = 2;

/** Makes the folders of an empty library. Refuses a folder that has anything in it. */
export async function createHomeFolder(folder: string, state: LibraryState, cartridges: readonly CartridgeFacts[]): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) {
    const hint = "name a folder that does not exist yet";
    throw new StrongroomError("usage", "FOLDER_NOT_EMPTY", `${folder} is not empty; no library was made there`, { hint });
  }
  mkdirSync(join(folder, cartridgesName), { mode: 0o700 });
  mkdirSync(join(folder, holdsName), { mode: 0o700 });
  // What is made at once can be looked at and copied by hands; of many, a person looks at few.
  if (cartridges.length > madeAtOnce) writeRoster(join(folder, rosterName), cartridges);
  else for (const facts of cartridges) await createCartridgeFolder(join(folder, cartridgesName), facts);
  replaceJson(join(folder, stateName), state);
}

export function openHomeFolder(folder: string, clock: Clock, random: RandomBytes, processId: number): LibraryHome {
  if (!existsSync(join(folder, stateName))) {
    const hint = "make one with `strongroom simulator create`";
    throw new StrongroomError("missing", "LIBRARY_MISSING", `${folder} is not a simulated library`, { hint });
  }
  const root = realpathSync(folder);
  const name = `simulator ${root}`;
  const cartridges = join(root, cartridgesName);
  const { state, close } = stateReader(join(root, stateName));
  const holder = `process ${String(processId)}`;
  const locked = async <T>(work: () => T | Promise<T>): Promise<T> => {
    const release = await waitForLock(join(root, "library.lock"), holder, clock, name);
    try {
      return await work();
    } finally {
      release();
    }
  };
  return {
    name,
    state,
    change: (edit) =>
      locked(() => {
        const before = state();
        const { state: after, result } = edit(before);
        if (after !== before) replaceJson(join(root, stateName), after);
        return result;
      }),
    holdDrive: async (number) => {
      const path = join(root, `drive-${String(number)}.lock`);
      const release = takeLock(path, holder);
      if (release === undefined) throw driveHeld(name, number, lockNote(path));
      return async () => { release(); };
    },
    holdMailSlots: async () => holdIn(join(root, holdsName), uuid(random), holder),
    mailSlotsHeld: async () => anyHeld(join(root, holdsName)),
    ...cartridgesIn(cartridges, rosterReader(join(root, rosterName)), locked),
    faults: faultShelf(root, random),
    close,
  };
}

type CartridgeKeeping = Pick<LibraryHome, "barcodes" | "facts" | "addCartridge" | "conditionOf" | "setWriteProtected" | "changeDamage" | "openCartridge">;

/** Cartridges of the roster are made when they are first used, under the lock: two processes may come to it at once. */
function cartridgesIn(
  parent: string,
  roster: () => ReadonlyMap<string, CartridgeFacts>,
  locked: <T>(work: () => T | Promise<T>) => Promise<T>,
): CartridgeKeeping {
  const untouched = (barcode: string): CartridgeFacts | undefined => (hasFolder(parent, barcode) ? undefined : roster().get(barcode));
  const make = async (barcode: string): Promise<void> => {
    const facts = untouched(barcode);
    if (facts !== undefined) await createCartridgeFolder(parent, facts);
  };
  const open = async (barcode: string, access: "read" | "write"): Promise<Cartridge> => {
    if (untouched(barcode) !== undefined) await locked(() => make(barcode));
    return await openCartridgeFolder(parent, barcode, access);
  };
  return {
    barcodes: async () => [...new Set([...(await listCartridgeFolders(parent)), ...roster().keys()])].sort(),
    facts: async (barcode) => untouched(barcode) ?? readFacts(parent, barcode),
    addCartridge: (facts) =>
      locked(async () => {
        if (untouched(facts.barcode) !== undefined) throw cartridgeExists(facts.barcode);
        await createCartridgeFolder(parent, facts);
      }),
    conditionOf: async (barcode) => {
      const facts = untouched(barcode);
      if (facts !== undefined) return { usedBytes: 0, damage: undamaged, awaitsMeasuring: awaitsMeasuring(facts, new Map()) };
      const cartridge = await open(barcode, "read");
      try {
        return { usedBytes: usedBytes(cartridge.store), damage: cartridge.damage(), awaitsMeasuring: awaitsMeasuring(cartridge.facts, cartridge.memory()) };
      } finally {
        await cartridge.close();
      }
    },
    setWriteProtected: (barcode, writeProtected) =>
      locked(async () => {
        await make(barcode);
        writeFacts(parent, { ...readFacts(parent, barcode), writeProtected });
      }),
    changeDamage: (barcode, edit) =>
      locked(async () => {
        const facts = untouched(barcode);
        if (facts !== undefined && edit(undamaged) === undamaged) return undamaged;
        await make(barcode);
        return changeDamageIn(parent, barcode, edit);
      }),
    openCartridge: open,
  };
}

/**
 * Reads the state again only when the file was replaced, because drives look at it before each command. The file that was
 * read stays open, so
 * that its inode number cannot come back for another one.
 */
function stateReader(path: string): { readonly state: () => LibraryState; readonly close: () => void } {
  let known: { readonly fd: number; readonly inode: bigint; readonly state: LibraryState } | undefined;
  const close = (): void => {
    if (known !== undefined) closeSync(known.fd);
    known = undefined;
  };
  const state = (): LibraryState => {
    if (known?.inode === statSync(path, { bigint: true }).ino) return known.state;
    close();
    const fd = openSync(path, "r");
    try {
      known = { fd, inode: fstatSync(fd, { bigint: true }).ino, state: readJson(path, fd, isLibraryState, renewState) };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return known.state;
  };
  return { state, close };
}

async function waitForLock(path: string, holder: string, clock: Clock, name: string): Promise<() => void> {
  const giveUpAtMs = clock.monotonicMs() + lockWaitMs;
  for (;;) {
    const release = takeLock(path, holder);
    if (release !== undefined) return release;
    if (clock.monotonicMs() >= giveUpAtMs) throw libraryBusy(name);
    await clock.sleep(lockPollMs);
  }
}

function holdIn(folder: string, id: string, holder: string): Release {
  const path = join(folder, id);
  const release = takeLock(path, holder);
  return async () => {
    release?.();
    if (existsSync(path)) unlinkSync(path);
  };
}

/** Files whose lock is free were left by processes that ended; they are cleared away. */
function anyHeld(folder: string): boolean {
  return readdirSync(folder).some((id) => {
    const path = join(folder, id);
    const release = takeLock(path, "");
    if (release === undefined) return true;
    release();
    if (existsSync(path)) unlinkSync(path);
    return false;
  });
}
