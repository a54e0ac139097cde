import { existsSync } from "node:fs";
import { availableParallelism, userInfo } from "node:os";
import { openFolderMedium, openTapeMedium } from "../media/index.ts";
import { type ApplianceInfo, createOperations, type ExistingOperations, type OperationParts, type Operations } from "../operations/index.ts";
import {
  adoptState,
  createState,
  type Machine,
  openCatalog,
  openConfig,
  openInventory,
  openJournal,
  openKeyRing,
  openState,
  openStore, openUpkeep, openVerifications,
  processOwners,
  refuseOtherMachine,
  type StateFolder,
  type Store,
} from "../records/index.ts";
import { printable, StrongroomError, systemClock, systemRandom, uuid } from "../words/index.ts";
import { driveKey, thisMachine } from "./drive-key.ts";
import { drivesOfMachine, machine, openLibrary } from "./libraries.ts";
import { machineDevices } from "./machine-devices.ts";
import { networkLibraries } from "./network-libraries.ts";
import { runCommand } from "./run-command.ts";
import { rebuild } from "./rebuild-records.ts";

/** More threads than this only wait for memory. */
const sealThreadsMax = 8;

/** The operations on a state folder, opened when the first of them is asked for: `appliance init` is for a folder that is not there yet. */
export function openOperations(stateFolder: string, machineHere: Machine | "nameless" = thisMachine()): { readonly operations: Operations; close(): Promise<void> } {
  let existing: { readonly operations: ExistingOperations; close(): Promise<void> } | undefined;
  const open = (): ExistingOperations => {
    existing ??= openExisting(openState(stateFolder), machineHere);
    return existing.operations;
  };
  const operations: Operations = {
    appliance: {
      init: async (request) => await initAppliance(stateFolder, request, machineHere),
      show: async () => await open().appliance.show(),
      check: async () => await open().appliance.check(),
      notify: async () => { await open().appliance.notify(); },
      status: async () => await open().appliance.status(),
      writeMetrics: async (path) => await open().appliance.writeMetrics(path),
      adopt: async () => {
        if (machineHere !== "nameless") adoptState(openState(stateFolder).path, machineHere);
        return await open().appliance.show();
      },
      rebuild: async (request, options) => {
        const state = openState(stateFolder);
        refuseMissingConfig(state);
        refuseOtherMachine(state.path, machineHere);
        return await rebuild(state, (store) => partsOver(state, store), request, options);
      },
    },
    get key() { return open().key; },
    get library() { return open().library; },
    get drive() { return open().drive; },
    device: machineDevices(machine),
    get pool() { return open().pool; },
    get volume() { return open().volume; },
    get archive() { return open().archive; },
    get snapshot() { return open().snapshot; },
    get file() { return open().file; },
    get job() { return open().job; },
    close: async () => { await existing?.close(); },
  };
  return { operations, close: async () => { await existing?.close(); } };
}

async function initAppliance(
  stateFolder: string,
  request: { readonly name: string; readonly organisation?: string; readonly contacts: readonly string[] },
  machineHere: Machine | "nameless",
): Promise<ApplianceInfo> {
  const state = createState(stateFolder);
  // Records before the configuration: an appliance with a configuration and no records has lost them.
  makeRecords(state);
  configOf(state).create({ uuid: uuid(systemRandom), ...request });
  const opened = openExisting(state, machineHere);
  try {
    return await opened.operations.appliance.show();
  } finally {
    await opened.close();
  }
}

/** Also where an attempt was interrupted before there was a configuration; but records of anything are somebody's. */
function makeRecords(state: StateFolder): void {
  const store = openStore(state.databasePath);
  try {
    if (openCatalog(store).archives().length === 0 && openInventory(store).cartridges().length === 0 && openJournal(store, () => false).jobs(1).length === 0) return;
  } finally {
    store.close();
  }
  throw new StrongroomError("usage", "STATE_NOT_EMPTY", `${printable(state.path)} holds the records of an appliance whose config.json is gone; nothing was changed`, {
    hint: "put its config.json back from a backup, or name a folder that does not exist yet",
  });
}

function configOf(state: StateFolder): ReturnType<typeof openConfig> {
  return openConfig(state.configPath, () => state.lock("config", "editing the configuration"));
}

function refuseMissingConfig(state: StateFolder): void {
  if (existsSync(state.configPath)) return;
  throw new StrongroomError("missing", "CONFIG_MISSING", `there is no config.json in ${printable(state.path)}`, {
    severity: "fatal",
    hint: "make the appliance first: strongroom appliance init; or put its config.json back from a backup",
  });
}

function openExisting(state: StateFolder, machineHere: Machine | "nameless"): { readonly operations: ExistingOperations; close(): Promise<void> } {
  refuseMissingConfig(state);
  refuseOtherMachine(state.path, machineHere);
  const store = openStore(state.databasePath, { mustExist: true });
  const operations = createOperations(partsOver(state, store));
  return {
    operations,
    close: async () => {
      await operations.close();
      store.close();
    },
  };
}

function partsOver(state: StateFolder, store: Store): OperationParts {
  const owners = processOwners();
  const configStore = configOf(state);
  return {
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
    requestedBy: userInfo().username,
    sealThreads: Math.min(availableParallelism(), sealThreadsMax),
    openLibrary: (config) => openLibrary(config, state.lock, machine, driveKey(configStore.load().appliance.uuid)),
    deviceReference: (named, kind) => machine.reference(named, kind),
    localDrives: () => drivesOfMachine(machine),
    networkLibraries,
    runCommand,
    openTape: async (drive, barcode, blockSizeBytes) => await openTapeMedium(drive, barcode, { blockSizeBytes }),
    openFolder: async (path, barcode, capacityBytes) => await openFolderMedium(path, barcode, capacityBytes === undefined ? {} : { capacityBytes }),
  };
}
