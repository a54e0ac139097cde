import type { ScsiCommand } from "../../src/scsi/index.ts";
import { dirtOf, type LibraryHome } from "../home/index.ts";
import { driveModel } from "../models/index.ts";
import { Attentions, type Device } from "../unit/index.ts";
import { check, type Outcome, type SenseFields, senseKey, senses } from "../wire/index.ts";
import { alertFlags, DriveAlerts, ExceptionReports, mayCarryReport, noticeOutcome } from "./alerts/index.ts";
import { DriveLife, ErrorCounts, Head, meterOf } from "./care/index.ts";
import { DriveAccessOrder } from "./access-order/index.ts";
import { onBrokenTape } from "./broken-tape.ts";
import { countErrors } from "./counting-errors.ts";
import { loseBuffer, takeDeferred } from "./deferring.ts";
import { DriveEncryption } from "./encryption/index.ts";
import type { DriveClockwork } from "./clockwork.ts";
import { driveCommands, identityOf, knownTo } from "./commands.ts";
import { defaultSettings, type Drive, notReady } from "./model.ts";
import { DriveProtection, protectionMethodsOf } from "./protection/index.ts";
import { wearOf } from "./wear.ts";
import { noticeCartridge, threadAtPowerOn, unthread } from "./mounting.ts";

const writing: ReadonlySet<number> = new Set([0x04, 0x0a, 0x0b, 0x10, 0x19, 0x8d]);

/** Takes a drive and switches it on. Rejects with TRANSPORT_BUSY when somebody has it. */
export async function openDriveUnit(home: LibraryHome, number: number, clockwork: DriveClockwork): Promise<Device> {
  const release = await home.holdDrive(number);
  const drive = newDrive(home, number, clockwork);
  try {
    await switchOn(drive, senses.powerOn);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    attentions: drive.attentions,
    commands: knownTo(drive),
    identity: () => identityOf(drive),
    notice: () => noticeCartridge(drive),
    condition: () => conditionOf(drive),
    descriptorSense: () => drive.settings.descriptorSense,
    position: () => drive.medium?.position,
    disconnect: async (nexus) => {
      drive.removalPreventedBy.delete(nexus);
      drive.encryption.departed(nexus);
      drive.protection.departed(nexus);
      drive.accessOrder.departed(nexus);
      drive.alerts.departed(nexus);
      drive.reports.departed(nexus);
      return Promise.resolve();
    },
    execute: async (command, nexus) => {
      const deferred = takeDeferred(drive, nexus);
      if (deferred !== undefined) return deferred;
      drive.caller = nexus;
      const outcome = await execute(drive, command);
      noticeOutcome(drive.alerts, command, outcome);
      countErrors(drive, command, outcome);
      if (!mayCarryReport(command)) return outcome;
      return drive.reports.after(outcome, drive.settings.exceptions, nexus, (sense) => { drive.attentions.raiseFor(nexus, sense); });
    },
    loseBuffer: () => loseBuffer(drive),
    reset: async () => { await reset(drive); },
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

function newDrive(home: LibraryHome, number: number, clockwork: DriveClockwork): Drive {
  const alerts = new DriveAlerts();
  const counters = { bytesWritten: 0, bytesRead: 0, loads: 0, cleanings: 0 };
  return {
    home,
    number,
    serial: home.state().drives[number]!.serial,
    model: driveModel(home.state().drives[number]!.model)!,
    medium: undefined,
    occupant: undefined,
    attentions: new Attentions(),
    settings: defaultSettings(),
    caller: "",
    encryption: new DriveEncryption(),
    protection: new DriveProtection(protectionMethodsOf(clockwork.figures.generation)),
    accessOrder: new DriveAccessOrder(),
    removalPreventedBy: new Set(),
    clockwork,
    deferred: undefined,
    insertionsSeen: 0,
    becomingReadyLeft: 0,
    alerts,
    reports: new ExceptionReports(alerts),
    life: new DriveLife(home, number, () => meterOf(clockwork.times(), counters.bytesWritten + counters.bytesRead, clockwork.figures)),
    head: new Head(),
    errors: new ErrorCounts(),
    counters,
  };
}

async function execute(drive: Drive, command: ScsiCommand): Promise<Outcome> {
  const opcode = command.cdb[0]!;
  const known = driveCommands.get(opcode)!;
  try {
    return await drive.clockwork.during(drive.medium, command, async () => onBrokenTape(drive.medium, command, await known.run(drive, command)));
  } catch {
    // What the storage cannot do is to the initiator a defect of the medium: write error or unrecovered read error.
    return check({ key: senseKey.mediumError, code: writing.has(opcode) ? 0x0c00 : 0x1100 });
  }
}

/** For REQUEST SENSE: what goes on, what is missing, what should be looked at. */
function conditionOf(drive: Drive): SenseFields | undefined {
  const work = drive.clockwork.work();
  if (work?.what === "erasing") return { ...senses.erasing, progress: work.progress };
  const { caller, settings, reports } = drive;
  return notReady(drive)?.sense ?? reports.whenAsked(settings.exceptions, caller) ?? (dirtOf(drive.life.care()) === "clean" ? undefined : senses.wantsCleaning);
}

async function powerCycle(drive: Drive): Promise<void> {
  const { medium, alerts } = drive;
  const { writtenInThisLoadBytes = 0, readInThisLoadBytes = 0 } = medium === undefined ? {} : wearOf(drive, medium);
  if (medium !== undefined) {
    await medium.cartridge.store.dropUnsynced();
    await medium.cartridge.close();
  }
  drive.medium = undefined;
  drive.occupant = undefined;
  drive.encryption.powerLost();
  alerts.clear();
  // The chip does not know what was moved since the cartridge came in.
  if (writtenInThisLoadBytes + readInThisLoadBytes > 0) alerts.raise(alertFlags.lostStatistics);
  await drive.life.keep((care) => ({ ...care, powerCycles: care.powerCycles + 1 }));
  forgetSettings(drive);
  await switchOn(drive, senses.poweredOn);
}

/** A reset (SAM-5, 6.3.3) rewinds nothing and loses nothing that was taken. */
async function reset(drive: Drive): Promise<void> {
  await drive.medium?.cartridge.store.sync();
  forgetSettings(drive);
}

function forgetSettings(drive: Drive): void {
  drive.deferred = undefined;
  drive.settings = defaultSettings();
  drive.protection.reset();
  drive.accessOrder.clear();
  drive.removalPreventedBy.clear();
}

async function switchOn(drive: Drive, attention: SenseFields): Promise<void> {
  await threadAtPowerOn(drive);
  drive.attentions.restart(attention);
}
