import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { LibraryHome } from "../home/index.ts";
import { Attentions } from "../unit/index.ts";
import { check, type LogicalUnit, type Outcome, type SenseFields, senseKey, senses } from "../wire/index.ts";
import { DriveAccessOrder } from "./access-order/index.ts";
import { DriveEncryption } from "./encryption/index.ts";
import type { DriveClockwork } from "./clockwork.ts";
import { driveCommands } from "./commands.ts";
import { defaultSettings, type Drive } from "./model.ts";
import { DriveProtection } from "./protection/index.ts";
import { noticeCartridge, threadAtPowerOn, unthread } from "./mounting.ts";

/**
 * Commands that answer although a unit attention is waiting, and leave it waiting (SAM-5, 5.14): INQUIRY, REQUEST SENSE,
 * REPORT LUNS.
 */
const pastAttention: ReadonlySet<number> = new Set([0x03, 0x12, 0xa0]);
const writing: ReadonlySet<number> = new Set([0x0a, 0x10, 0x19, 0x8d]);

/** Takes a drive and switches it on. Rejects with TRANSPORT_BUSY when somebody has it. */
export async function openDriveUnit(home: LibraryHome, number: number, clockwork: DriveClockwork): Promise<LogicalUnit> {
  const release = await home.holdDrive(number);
  const drive: Drive = {
    home,
    number,
    serial: home.state().drives[number]!.serial,
    medium: undefined,
    occupant: undefined,
    attentions: new Attentions(),
    settings: defaultSettings(),
    caller: "",
    encryption: new DriveEncryption(),
    protection: new DriveProtection(),
    accessOrder: new DriveAccessOrder(),
    removalPreventedBy: new Set(),
    clockwork,
    insertionsSeen: 0,
    becomingReadyLeft: 0,
    counters: { bytesWritten: 0, bytesRead: 0, loads: 0, cleanings: 0 },
  };
  try {
    await switchOn(drive, senses.powerOn);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    connect: (nexus) => { drive.attentions.connect(nexus); },
    disconnect: async (nexus) => {
      drive.attentions.disconnect(nexus);
      drive.removalPreventedBy.delete(nexus);
      drive.encryption.departed(nexus);
      drive.protection.departed(nexus);
      drive.accessOrder.departed(nexus);
      return Promise.resolve();
    },
    execute: async (command, nexus) => {
      drive.caller = nexus;
      return { outcome: await execute(drive, command), descriptorSense: drive.settings.descriptorSense };
    },
    reset: async (by) => { await reset(drive, by); },
    powerCycle: async () => { await powerCycle(drive); },
    close: async () => {
      try {
        await unthread(drive);
      } finally {
        await release();
      }
    },
  };
}

async function execute(drive: Drive, command: ScsiCommand): Promise<Outcome> {
  await noticeCartridge(drive);
  const opcode = command.cdb[0]!;
  if (!pastAttention.has(opcode)) {
    const attention = drive.attentions.take(drive.caller);
    if (attention !== undefined) return check(attention);
  }
  const known = driveCommands.get(opcode);
  if (known === undefined || command.cdb.length * 2 < known.usage.length) return check(senses.unknownOpcode);
  try {
    return await drive.clockwork.during(drive.medium, command, async () => await known.run(drive, command));
  } catch {
    // What the storage cannot do is to the initiator a defect of the medium: write error or unrecovered read error.
    return check({ key: senseKey.mediumError, code: writing.has(opcode) ? 0x0c00 : 0x1100 });
  }
}

async function powerCycle(drive: Drive): Promise<void> {
  const { medium } = drive;
  if (medium !== undefined) {
    await medium.cartridge.store.dropUnsynced();
    await medium.cartridge.close();
  }
  drive.medium = undefined;
  drive.occupant = undefined;
  drive.encryption.powerLost();
  forgetSettings(drive);
  await switchOn(drive, senses.poweredOn);
}

/** A reset (SAM-5, 6.3.3) rewinds nothing and loses nothing that was taken. */
async function reset(drive: Drive, by: string | undefined): Promise<void> {
  await drive.medium?.cartridge.store.sync();
  forgetSettings(drive);
  drive.attentions.restart(senses.wasReset);
  if (by !== undefined) drive.attentions.drop(by, senses.wasReset.code);
}

function forgetSettings(drive: Drive): void {
  drive.settings = defaultSettings();
  drive.protection.reset();
  drive.accessOrder.clear();
  drive.removalPreventedBy.clear();
}

async function switchOn(drive: Drive, attention: SenseFields): Promise<void> {
  await threadAtPowerOn(drive);
  drive.attentions.restart(attention);
}
