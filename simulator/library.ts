/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Transport } from "../src/scsi/index.ts";
import { type Clock, type RandomBytes, StrongroomError, systemClock } from "../src/words/index.ts";
import { openChangerUnit } from "./changer/index.ts";
import { type LibraryPort, type Nexus, Port } from "./port/index.ts";
import { DriveClockwork, openDriveUnit } from "./drive/index.ts";
import { blockBytes, Blocks, openDisk } from "./disk/index.ts";
import { createFaultPlan, type FaultPlan, type FaultRule, type Strike } from "./faults/index.ts";
import {
  createHomeFolder,
  createMemoryHome,
  type LibraryDescription,
  type LibraryHome,
  openHomeFolder,
  planLibrary,
  reachOf,
} from "./home/index.ts";
import { driveModel } from "./models/index.ts";
import { operatorHands, type OperatorHands } from "./operator.ts";
import type { CartridgeStore } from "./storage/index.ts";
import { sightOf } from "./sight.ts";
import { type FaultHands, faultHands, standingRules } from "./standing-faults.ts";
import { digestsOfTapeFiles, dumpTapeFiles, findTapeByte } from "./tape-files.ts";
import { type Device, primaryUnit, Reservations } from "./unit/index.ts";
import { type DriveTimes, type MachineTime, noTime, type TimeFigures, timeFigures, type Timeline, UnitTime } from "./time/index.ts";
import { InProcessTransport } from "./transport.ts";
import { senses } from "./wire/index.ts";

/** A virtual tape library: LUN 0 is its changer, LUN 1 to n are its drives. */
export interface VirtualLibrary {
  readonly name: string;
  readonly driveCount: number;
  readonly driveSerials: readonly string[];
  readonly slotCount: number;
  readonly mailSlotCount: number;
  readonly hands: OperatorHands;
  /** What the drive did until now, and for how long; all zero where machines take no time. */
  driveTimes(drive: number): DriveTimes;
  timeline(drive: number): Timeline;
  /**
   * A new path to that unit. A drive is held until its transport is closed or the process ends, and behaves as after power-on;
   * rejects with TRANSPORT_BUSY when somebody holds it.
   */
  transport(lun: number): Promise<Transport>;
  /**
   * Adds a disk in memory behind the other units, for programs that know disks alone; gives its number. Its content ends with this library object.
   * Everybody who is connected hears that there is another unit (3F/0E).
   */
  addDisk(sizeBytes: number): Promise<number>;
  /** Where carriers of commands, such as an iSCSI target, hand them over: any number of initiators share the units. */
  port(): LibraryPort;
  /**
   * Lays a fault in the way of commands through the port and the transports of this library object. Refuses with FAULT_RULE what can strike nowhere.
   * The same seed, rules and commands give the same strikes.
   */
  inject(rule: FaultRule): void;
  /** What probabilities are drawn from, from now on; 0 at first. */
  seedFaults(seed: number): void;
  /** Takes all rules back. */
  clearFaults(): void;
  /** The faults that struck until now, the oldest first; the latest ten thousand. */
  strikes(): readonly Strike[];
  /** Calls back as each further fault strikes. */
  watchStrikes(watch: (strike: Strike) => void): void;
  /** Rules that wait in the library's folder for whatever process carries its commands, and what struck there; undefined for libraries in memory. */
  readonly faultHands: FaultHands | undefined;
  /** Pulls the plug of that unit, and puts it back: what was not synced is lost. */
  dropPower(lun: number): Promise<void>;
  /** Closes all transports. */
  close(): Promise<void>;
}

/** Makes a library in a folder that is empty or does not exist yet. */
export async function createLibrary(
  folder: string,
  description: LibraryDescription,
  random: RandomBytes,
  options: LibraryOptions = {},
): Promise<VirtualLibrary> {
  const { state, cartridges } = planLibrary({ ...modelOf(options.timing), ...description }, random);
  await createHomeFolder(folder, state, cartridges);
  return await openLibrary(folder, random, options);
}

/** Opens the library that is kept in that folder, for as many processes as like to. */
export async function openLibrary(folder: string, random: RandomBytes, { clock = systemClock, timing }: LibraryOptions = {}): Promise<VirtualLibrary> {
  return libraryAt(openHomeFolder(folder, systemClock, random, process.pid), random, clock, timing);
}

/** A library that is in memory and ends with the process. */
export async function createMemoryLibrary(description: LibraryDescription, random: RandomBytes, options: MemoryLibraryOptions = {}): Promise<VirtualLibrary> {
  const { state, cartridges } = planLibrary({ ...modelOf(options.timing), ...description }, random);
  const home = createMemoryHome(state, options.makeStore);
  for (const cartridge of cartridges) await home.addCartridge(cartridge);
  return libraryAt(home, random, options.clock ?? systemClock, options.timing);
}

export interface MemoryLibraryOptions extends LibraryOptions {
  /** Cartridges keep what is written on them, in memory, unless another store is given for each. */
  readonly makeStore?: () => CartridgeStore;
}

export interface LibraryOptions {
  /** Machines take no time unless given. */
  readonly timing?: LibraryTiming;
  /** For the timestamps that units keep; that of the system when not said. */
  readonly clock?: Clock;
}

export interface LibraryTiming {
  readonly time: MachineTime;
  /** What its drives take, instead of what their models do. Where the library's description names no model, that of these figures. */
  readonly figures?: TimeFigures;
}

const untimed: LibraryTiming = { time: noTime() };

function modelOf(timing: LibraryTiming | undefined): { readonly model?: string } {
  const model = timing?.figures === undefined ? undefined : driveModel(timing.figures.generation);
  return model === undefined ? {} : { model: model.name };
}

/** Where half height has no figures of its own it takes what full height takes. */
function figuresOf(model: string): TimeFigures {
  const full = model.replace(" half height", "");
  return timeFigures.find(({ generation }) => generation === model) ?? timeFigures.find(({ generation }) => generation === full)!;
}

function libraryAt(home: LibraryHome, random: RandomBytes, clock: Clock, { time, figures }: LibraryTiming = untimed): VirtualLibrary {
  const { plan: faults, watch: watchStrikes } = faultsOf(home, clock);
  const times = [time, ...home.state().drives.map(() => time)].map((one) => new UnitTime(one));
  const transports = new Set<InProcessTransport>();
  const { drives, slots, mailSlots } = home.state();
  const clockworks = drives.map(({ model }, number) => new DriveClockwork(times[number + 1]!, figures ?? figuresOf(model)));
  const { units, port, addDisk } = openUnits(home, clock, faults, times, clockworks);
  let opened = 0;
  return {
    name: home.name,
    driveCount: drives.length,
    driveSerials: drives.map((drive) => drive.serial),
    slotCount: slots.length,
    mailSlotCount: mailSlots.length,
    hands: operatorHands(home, random),
    driveTimes: (drive) => clockworks[drive]!.times(),
    timeline: (drive) => clockworks[drive]!.timeline(),
    transport: async (lun) => {
      if (!Number.isInteger(lun) || lun < 0 || lun >= units.length) {
        throw new StrongroomError("missing", "UNIT_MISSING", `${home.name} has no logical unit ${lun}`, {
          hint: `ask for 0 to ${units.length - 1}`,
        });
      }
      opened += 1;
      const nexus: Nexus = { name: `path ${opened} of process ${process.pid}`, transportId: pathId(opened) };
      port.connect(nexus);
      try {
        await port.use(lun, nexus, lun !== 0);
      } catch (error) {
        await port.disconnect(nexus);
        throw error;
      }
      const kind = lun === 0 ? "changer" : lun <= drives.length ? `drive-${lun - 1}` : `disk-${lun - 1 - drives.length}`;
      const name = `${kind} of ${home.name}`;
      const transport = new InProcessTransport(name, port, lun, nexus, () => {
        transports.delete(transport);
      });
      transports.add(transport);
      return transport;
    },
    port: () => port,
    addDisk,
    inject: (rule) => { faults.add(rule); },
    seedFaults: (seed) => { faults.seed(seed); },
    clearFaults: () => { faults.clear(); },
    strikes: () => faults.strikes(),
    watchStrikes,
    faultHands: home.faults === undefined ? undefined : faultHands(home.faults),
    dropPower: async (lun) => {
      await port.powerCycle(lun);
    },
    close: async () => {
      for (const transport of [...transports]) await transport.close();
      await port.close();
      home.close();
    },
  };
}

/** Disks take no time. */
const untimedUnit = new UnitTime(noTime());

/** The rules of this object and those that wait in its folder; what strikes is written down there. */
function faultsOf(home: LibraryHome, clock: Clock): { readonly plan: FaultPlan; readonly watch: (watch: (strike: Strike) => void) => void } {
  const watchers: ((strike: Strike) => void)[] = [];
  const struck = (strike: Strike): void => {
    home.faults?.note(JSON.stringify({ ...strike, timeMs: clock.nowMs(), processId: process.pid }));
    for (const tell of watchers) tell(strike);
  };
  const standing = home.faults === undefined ? {} : { standing: standingRules(home.faults) };
  return { plan: createFaultPlan(() => clock.monotonicMs(), 0, { ...standing, struck }), watch: (tell) => { watchers.push(tell); } };
}

interface Units {
  readonly units: readonly number[];
  readonly port: Port;
  readonly addDisk: (sizeBytes: number) => Promise<number>;
}

/** Changer, drives and disks at one port, each switched on when somebody first uses it. */
function openUnits(home: LibraryHome, clock: Clock, faults: FaultPlan, times: readonly UnitTime[], clockworks: readonly DriveClockwork[]): Units {
  const units = Array.from({ length: clockworks.length + 1 }, (_, lun) => lun);
  const reservations = units.map((lun) => new Reservations(lun === 0 ? 0x08 : 0x01));
  const disks: Blocks[] = [];
  const openDevice = async (lun: number): Promise<Device> => {
    if (lun === 0) return openChangerUnit(home, times[0]!);
    if (lun <= clockworks.length) return await openDriveUnit(home, lun - 1, clockworks[lun - 1]!);
    return openDisk(disks[lun - 1 - clockworks.length]!, `${home.state().serial}D${lun}`);
  };
  const port = new Port({
    units,
    faults,
    clock,
    timeOf: (lun) => times[lun] ?? untimedUnit,
    reach: (lun) => reachOf(home.state(), lun),
    sight: (lun, { cdb }, position) => sightOf(home.state(), lun, cdb, position),
    open: async (lun) => primaryUnit({ device: await openDevice(lun), reservations: reservations[lun]!, units, clock }),
  });
  const addDisk = async (sizeBytes: number): Promise<number> => {
    const lun = units.length;
    disks.push(new Blocks(diskSize(sizeBytes)));
    reservations.push(new Reservations(0x00));
    units.push(lun);
    await port.tellAll(senses.unitsChanged);
    return lun;
  };
  return { units, port, addDisk };
}

const maxDiskBytes = 2 ** 31;

function diskSize(sizeBytes: number): number {
  if (Number.isInteger(sizeBytes) && sizeBytes >= blockBytes && sizeBytes <= maxDiskBytes) return sizeBytes;
  throw new StrongroomError("usage", "LIBRARY_DESCRIPTION", `a disk in memory has ${blockBytes} to ${maxDiskBytes} bytes, not ${sizeBytes}`);
}

/** A path within this process is named as a SAS port would be (SPC-5, 7.6.4.6): 24 bytes, the address in 4 to 11. */
function pathId(number: number): Uint8Array {
  const id = new Uint8Array(24);
  id[0] = 0x06;
  id[4] = 0x50;
  new DataView(id.buffer).setUint32(8, number);
  return id;
}

/**
 * Writes every tape file of a cartridge to `targetFolder` as 000000, 000001 …, as `dd if=/dev/nst0` one after the other
 * would; those of further partitions in `partition-1` … there. Gives how many.
 * What a drive has not synced yet is not among it.
 */
export async function dumpCartridge(folder: string, barcode: string, targetFolder: string): Promise<number> {
  const cartridge = await homeToRead(folder).openCartridge(barcode, "read");
  try {
    const { store } = cartridge;
    if (cartridge.facts.content === "refused") throw contentForgotten(barcode);
    let count = 0;
    for (const partition of store.indexes.keys()) {
      store.enter(partition);
      count += await dumpTapeFiles(store, partition === 0 ? targetFolder : join(targetFolder, `partition-${partition}`));
    }
    return count;
  } finally {
    await cartridge.close();
  }
}

/** SHA-256 of each tape file in order: of its bytes, or as it was kept where they were not; undefined where it cannot be told. Of the first partition. */
export async function tapeFileDigests(folder: string, barcode: string): Promise<readonly (string | undefined)[]> {
  const cartridge = await homeToRead(folder).openCartridge(barcode, "read");
  try {
    return await digestsOfTapeFiles(cartridge.store, (cartridge.facts.content ?? "kept") === "kept");
  } finally {
    await cartridge.close();
  }
}

function contentForgotten(barcode: string): StrongroomError {
  return new StrongroomError("usage", "CONTENT_DISCARDED", `${barcode} does not keep what is written on it; nothing was changed`, {
    hint: "use a library that keeps its content: strongroom simulator create without --content",
  });
}

/** Flips one bit (0 is the lowest) of a byte of a tape file, as age or a magnet does to media that cannot tell. */
export async function flipBit(
  folder: string,
  barcode: string,
  fileNumber: number,
  offsetBytes: number,
  bit: number,
): Promise<void> {
  const cartridge = await homeToRead(folder).openCartridge(barcode, "read");
  try {
    const at = findTapeByte(cartridge.store, fileNumber, offsetBytes);
    if ((cartridge.facts.content ?? "kept") !== "kept") throw contentForgotten(barcode);
    const file = await open(join(folder, "cartridges", barcode, "data"), "r+");
    try {
      const byte = new Uint8Array(1);
      await file.read(byte, 0, 1, at);
      byte[0] = byte[0]! ^ (1 << (bit & 7));
      await file.write(byte, 0, 1, at);
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await cartridge.close();
  }
}

function homeToRead(folder: string): LibraryHome {
  return openHomeFolder(folder, systemClock, () => undefined, process.pid);
}
