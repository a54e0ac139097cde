import type { ScsiCommand } from "../../src/scsi/index.ts";
import { markMeasured, type PlacedCartridge } from "../home/index.ts";
import { accessTo, mediaModel } from "../models/index.ts";
import { check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { alertFlags } from "./alerts/index.ts";
import { firstLoadMs } from "./care/index.ts";
import { throughItsChip } from "./broken-chip.ts";
import { cleanWith, endCleaning } from "./cleaning.ts";
import { setEjected } from "./ejecting.ts";
import { noticeStates } from "./lasting-alerts.ts";
import { type Drive, goTo, type Medium, notReady } from "./model.ts";
import { ReadTries } from "./read-tries.ts";
import { isTamperedWith, keepWormEnd } from "./volume-memory.ts";
import { ageOf, countLoad, isLoadCounted, keepWear } from "./wear.ts";

const answersWithoutChip = 2;

/** Looks whether a gripper or a hand changed what is in the drive, threads what came in, and ends what went on by itself. */
export async function noticeCartridge(drive: Drive): Promise<void> {
  await followCartridge(drive);
  noticeStates(drive);
}

async function followCartridge(drive: Drive): Promise<void> {
  const { cartridge, insertions } = drive.home.state().drives[drive.number]!;
  if (insertions === drive.insertionsSeen) {
    if (cartridge === null && drive.occupant !== undefined) await unthread(drive);
    if (drive.occupant === "cleaning" && cartridge?.ejected === false) await endCleaning(drive);
    if (drive.medium !== undefined) await noticeEndOfFirstLoad(drive, drive.medium);
    if (drive.medium !== undefined) await noticeDamage(drive, drive.medium);
    return;
  }
  drive.insertionsSeen = insertions;
  await unthread(drive);
  if (cartridge !== null && !cartridge.ejected) await thread(drive, cartridge, "loaded");
}

async function noticeEndOfFirstLoad(drive: Drive, medium: Medium): Promise<void> {
  if (medium.isMeasured || drive.clockwork.isThreading()) return;
  medium.isMeasured = true;
  await markMeasured(medium.cartridge);
}

/** What hands broke since the last command. A tape that snaps stays in the drive, and nothing reads it any more. */
async function noticeDamage(drive: Drive, medium: Medium): Promise<void> {
  medium.damage = medium.cartridge.damage();
  if (!medium.damage.isTapeSnapped) return;
  await unthread(drive);
  drive.occupant = "snapped";
}

/** The state of the drive as it is found at power-on: a cartridge that is in stays in, at its beginning. */
export async function threadAtPowerOn(drive: Drive): Promise<void> {
  const { cartridge, insertions } = drive.home.state().drives[drive.number]!;
  drive.insertionsSeen = insertions;
  if (cartridge !== null && !cartridge.ejected) await thread(drive, cartridge, "found");
  drive.becomingReadyLeft = 0;
}

/** A drive that was switched on with a tape in it does not load that tape again. */
async function thread(drive: Drive, placed: PlacedCartridge, how: "loaded" | "found"): Promise<void> {
  const cartridge = throughItsChip(await drive.home.openCartridge(placed.barcode, "write"));
  const damage = cartridge.damage();
  drive.counters.loads += 1;
  if (how === "loaded") drive.alerts.loaded();
  if (cartridge.facts.kind === "cleaning") {
    try {
      await cleanWith(drive, cartridge);
    } finally {
      await cartridge.close();
    }
    return;
  }
  if (accessTo(drive.model, cartridge.facts.generation) === "refuses") {
    await cartridge.close();
    drive.occupant = "incompatible";
    return;
  }
  if (damage.isTapeSnapped) {
    await cartridge.close();
    drive.occupant = "snapped";
    return;
  }
  const tries = new ReadTries();
  cartridge.store.enter(0);
  const asLoaded = { position: 0, partitionPlan: undefined, mayOverwrite: undefined, isChangeCounted: false, warnedEarly: false };
  const measuringMs = firstLoadMs(cartridge);
  drive.medium = { cartridge, damage, tries, media: mediaModel(cartridge.facts.generation)!, countersAtLoad: { ...drive.counters }, ...asLoaded, isMeasured: measuringMs === 0 };
  if (how === "loaded" || !isLoadCounted(drive, drive.medium)) {
    await countLoad(drive, drive.medium);
    await drive.life.keep((care) => ({ ...care, loads: care.loads + 1 }));
  }
  drive.clockwork.loaded(drive.medium, drive.insertionsSeen, measuringMs);
  drive.errors.loaded();
  if (accessTo(drive.model, cartridge.facts.generation) === "reads") drive.alerts.raise(alertFlags.readOnlyFormat);
  if (isTamperedWith(drive.medium)) drive.alerts.raise(alertFlags.wormIntegrity);
  const age = ageOf(drive, drive.medium);
  if (age !== undefined) drive.alerts.raise(age);
  drive.occupant = "data";
  // Without the chip it looks on the tape for what the chip would have told.
  drive.becomingReadyLeft = drive.home.state().becomingReadyAnswers + (damage.isChipUnreadable ? answersWithoutChip : 0);
  drive.attentions.raise(senses.mediumMayHaveChanged);
}

/** Lets go of the tape; what was written is on it then. */
export async function unthread(drive: Drive): Promise<void> {
  const { medium } = drive;
  drive.medium = undefined;
  drive.occupant = undefined;
  drive.alerts.unloaded();
  if (medium === undefined) return;
  drive.encryption.demounted();
  drive.accessOrder.clear();
  try {
    await medium.cartridge.store.sync();
    await keepWear(drive, medium);
    await keepWormEnd(medium);
    await drive.life.keep();
  } finally {
    await medium.cartridge.close();
  }
}

/** LOAD UNLOAD (SSC-5, 6.1): load threads again what was let go of, unload flushes and lets go. */
export async function loadUnload(drive: Drive, command: ScsiCommand): Promise<Outcome> {
  const flags = command.cdb[4]!;
  const isLoad = (flags & 0x01) !== 0;
  const isHeld = (flags & 0x08) !== 0;
  // EOT asks for the end of the tape: where a cartridge is loaded it means nothing, and one that is held is not moved.
  if ((flags & 0x04) !== 0 && (isLoad || isHeld)) return check(invalidField(4));
  const placed = drive.home.state().drives[drive.number]!.cartridge;
  if (placed === null) return check(senses.noMedium);
  if (drive.occupant === "snapped") return check(isLoad ? senses.loadFailed : senses.ejectFailed);
  if (!isLoad) return await unload(drive, isHeld);
  return isHeld ? await hold(drive) : await load(drive, placed);
}

async function load(drive: Drive, placed: PlacedCartridge): Promise<Outcome> {
  if (drive.medium !== undefined) {
    const wait = notReady(drive);
    if (wait === undefined) goTo(drive.medium, 0, 0);
    return wait ?? good;
  }
  await setEjected(drive, false);
  await thread(drive, placed, "loaded");
  if (isSnapped(drive)) return check(senses.loadFailed);
  if (!isThreaded(drive)) return notReady(drive) ?? good;
  await drive.clockwork.threaded();
  // The initiator that asked for it is not told (SPC-5, 5.14: others are).
  drive.attentions.drop(drive.caller, senses.mediumMayHaveChanged.code);
  return good;
}

async function unload(drive: Drive, isHeld: boolean): Promise<Outcome> {
  if (drive.occupant === "cleaning" && drive.clockwork.work() !== undefined) return notReady(drive)!;
  if (drive.removalPreventedBy.size > 0) return check(senses.removalPrevented);
  if (drive.home.state().drives[drive.number]!.ailments?.includes("eject") === true) return check(senses.ejectFailed);
  const hadTape = drive.medium !== undefined;
  if (drive.medium?.isMeasured === false) {
    await drive.clockwork.threaded();
    await noticeEndOfFirstLoad(drive, drive.medium);
  }
  await unthread(drive);
  if (hadTape) await drive.clockwork.unloaded();
  if (isHeld) drive.occupant = "held";
  else await setEjected(drive, true);
  return good;
}

function isThreaded({ medium }: Drive): boolean {
  return medium !== undefined;
}

function isSnapped({ occupant }: Drive): boolean {
  return occupant === "snapped";
}

/** LOAD with HOLD: the cartridge is taken in and not threaded (SSC-5, 7.2); one that is threaded stays so. */
async function hold(drive: Drive): Promise<Outcome> {
  if (drive.occupant !== undefined && drive.occupant !== "held") return good;
  await setEjected(drive, false);
  drive.occupant = "held";
  return good;
}
