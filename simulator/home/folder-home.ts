/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type RandomBytes, StrongroomError, uuid } from "../../src/words/index.ts";
import { changeDamageIn, createCartridgeFolder, listCartridgeFolders, openCartridgeFolder, readFacts, writeFacts } from "./cartridge-folder.ts";
import type { LibraryHome, LibraryState, Release } from "./contract.ts";
import { driveHeld, libraryBusy } from "./failures.ts";
import { lockNote, takeLock } from "./file-lock.ts";
import { renewState } from "./first-format.ts";
import { isLibraryState } from "./guards.ts";
import { readJson, replaceJson } from "./json-file.ts";

const stateName = "library.json";
const cartridgesName = "cartridges";
const holdsName = "mail-slot-holds";
const lockWaitMs = 10_000;
const lockPollMs = 2;

/** Makes the folders of an empty library. Refuses a folder that has anything in it. */
export function createHomeFolder(folder: string, state: LibraryState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) {
    const hint = "name a folder that does not exist yet";
    throw new StrongroomError("usage", "FOLDER_NOT_EMPTY", `${folder} is not empty; no library was made there`, { hint });
  }
  mkdirSync(join(folder, cartridgesName), { mode: 0o700 });
  mkdirSync(join(folder, holdsName), { mode: 0o700 });
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
    barcodes: () => listCartridgeFolders(cartridges),
    facts: async (barcode) => readFacts(cartridges, barcode),
    addCartridge: (facts) => locked(() => createCartridgeFolder(cartridges, facts)),
    setWriteProtected: (barcode, writeProtected) =>
      locked(() => { writeFacts(cartridges, { ...readFacts(cartridges, barcode), writeProtected }); }),
    changeDamage: (barcode, edit) => locked(() => changeDamageIn(cartridges, barcode, edit)),
    openCartridge: (barcode, access) => openCartridgeFolder(cartridges, barcode, access),
    close,
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
