import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolderMedium, openTapeMedium } from "../../src/media/index.ts";
import { createOperations, type ExistingOperations, type JobObserver, type OperationParts } from "../../src/operations/index.ts";
import {
  createState,
  openCatalog,
  openConfig,
  openInventory,
  openJournal,
  openKeyRing,
  openState,
  openStore, openUpkeep, openVerifications,
  processOwners,
} from "../../src/records/index.ts";
import { systemClock, systemRandom, uuid } from "../../src/words/index.ts";

/** An appliance of its own in a temporary folder, with keys, without a library. */
export interface TestAppliance {
  readonly folder: string;
  readonly parts: OperationParts;
  readonly operations: ExistingOperations;
  readonly keyFile: string;
  readonly recoveryKeyFile: string;
  close(): Promise<void>;
}

export const testPassphrase = "a passphrase for tests";
export const passphraseBytes = async (): Promise<Uint8Array> => Promise.resolve(Buffer.from(testPassphrase));

export const silentObserver: JobObserver = { progress: () => undefined, event: () => undefined };
export const quietly = { observer: silentObserver, signal: new AbortController().signal };

export async function makeAppliance(change: Partial<OperationParts> = {}): Promise<TestAppliance> {
  const folder = mkdtempSync(join(tmpdir(), "strongroom-test-"));
  const appliance = applianceOn(folder, createState(join(folder, "state")), change);
  appliance.parts.configStore.create({ uuid: uuid(systemRandom), name: "test", contacts: [] });
  await appliance.operations.key.init({ exportFolder: join(folder, "keys"), passphrase: passphraseBytes });
  return appliance;
}

/** The same in a folder that was copied from another one's, which spares the making of keys. It is removed by `close`. */
export function openAppliance(folder: string, change: Partial<OperationParts> = {}): TestAppliance {
  return applianceOn(folder, openState(join(folder, "state")), change);
}

function applianceOn(folder: string, state: ReturnType<typeof createState>, change: Partial<OperationParts>): TestAppliance {
  const store = openStore(state.databasePath);
  const configStore = openConfig(state.configPath, () => state.lock("config", "test"));
  const owners = processOwners();
  const parts: OperationParts = {
    state,
    configStore,
    catalog: openCatalog(store),
    inventory: openInventory(store),
    upkeep: openUpkeep(store),
    verifications: openVerifications(store),
    journal: openJournal(store, (owner) => owners.lives(owner)),
    checkStore: () => store.check(),
    keys: openKeyRing(state.keysPath),
    clock: systemClock,
    random: systemRandom,
    owner: owners.current(),
    requestedBy: "tester",
    sealThreads: 2,
    openLibrary: () => { throw new Error("this appliance has no library"); },
    localDrives: () => [],
    deviceReference: () => { throw new Error("this appliance has no devices"); },
    networkLibraries: {
      targets: () => Promise.reject(new Error("this appliance has no network")),
      units: () => Promise.reject(new Error("this appliance has no network")),
    },
    runCommand: () => Promise.reject(new Error("this appliance notifies nobody")),
    openTape: async (drive, barcode, blockSizeBytes) => await openTapeMedium(drive, barcode, { blockSizeBytes }),
    openFolder: async (path, barcode, capacityBytes) => await openFolderMedium(path, barcode, capacityBytes === undefined ? {} : { capacityBytes }),
    ...change,
  };
  const operations = createOperations(parts);
  return {
    folder,
    parts,
    operations,
    keyFile: join(folder, "keys", "operations-private-key.asc"),
    recoveryKeyFile: join(folder, "keys", "recovery-private-key.asc"),
    close: async () => {
      await operations.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
