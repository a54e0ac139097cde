import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { PlacedCartridge } from "../home/index.ts";
import { accessTo, mediaModel } from "../models/index.ts";
import { check, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { throughItsChip } from "./broken-chip.ts";
import { type Drive, goTo, type Medium, notReady } from "./model.ts";
import { ReadTries } from "./read-tries.ts";
import { keepWormEnd } from "./volume-memory.ts";
import { countLoad, isLoadCounted, keepWear } from "./wear.ts";

const answersWithoutChip = 2;

/** Looks whether a gripper or a hand changed what is in the drive, and threads what came in. */
export async function noticeCartridge(drive: Drive): Promise<void> {
  const { cartridge, insertions } = drive.home.state().drives[drive.number]!;
  if (insertions === drive.insertionsSeen) {
    if (cartridge === null && drive.occupant !== undefined) await unthread(drive);
    if (drive.medium !== undefined) await noticeDamage(drive, drive.medium);
    return;
  }
  drive.insertionsSeen = insertions;
  await unthread(drive);
  if (cartridge !== null && !cartridge.ejected) await thread(drive, cartridge, "loaded");
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
  if (cartridge.facts.kind === "cleaning") {
    // Without a model of time a cleaning is over at once, and the drive lets go of the cartridge by itself.
    await cartridge.close();
    drive.counters.cleanings += 1;
    await setEjected(drive, true);
    drive.occupant = "cleaning";
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
  drive.medium = { cartridge, damage, tries, media: mediaModel(cartridge.facts.generation)!, countersAtLoad: { ...drive.counters }, ...asLoaded };
  if (how === "loaded" || !isLoadCounted(drive, drive.medium)) await countLoad(drive, drive.medium);
  drive.clockwork.loaded(drive.medium, drive.insertionsSeen);
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
  if (medium === undefined) return;
  drive.encryption.demounted();
  drive.accessOrder.clear();
  try {
    await medium.cartridge.store.sync();
    await keepWear(drive, medium);
    await keepWormEnd(medium);
  } finally {
    await medium.cartridge.close();
  }
}

/** LOAD UNLOAD (SSC-5, 6.1): load threads again what was let go of, unload flushes and lets go. */
export async function loadUnload(drive: Drive, command: ScsiCommand): Promise<Outcome> {
  const flags = command.cdb[4]!;
  const isLoad = (flags & 0x01) !== 0;
  if ((flags & 0x08) !== 0 || (isLoad && (flags & 0x04) !== 0)) return check(invalidField(4));
  const placed = drive.home.state().drives[drive.number]!.cartridge;
  if (placed === null) return check(senses.noMedium);
  if (drive.occupant === "snapped") return check(isLoad ? senses.loadFailed : senses.ejectFailed);
  if (isLoad) {
    if (drive.medium !== undefined) {
      const wait = notReady(drive);
      if (wait === undefined) goTo(drive.medium, 0, 0);
      return wait ?? good;
    }
    await setEjected(drive, false);
    await thread(drive, placed, "loaded");
    if (isSnapped(drive)) return check(senses.loadFailed);
    await drive.clockwork.threaded();
    // The initiator that asked for it is not told (SPC-5, 5.14: others are).
    drive.attentions.drop(drive.caller, senses.mediumMayHaveChanged.code);
    return good;
  }
  if (drive.removalPreventedBy.size > 0) return check(senses.removalPrevented);
  if (drive.home.state().drives[drive.number]!.ailments?.includes("eject") === true) return check(senses.ejectFailed);
  const hadTape = drive.medium !== undefined;
  await unthread(drive);
  if (hadTape) await drive.clockwork.unloaded();
  await setEjected(drive, true);
  return good;
}

function isSnapped({ occupant }: Drive): boolean {
  return occupant === "snapped";
}

async function setEjected(drive: Drive, ejected: boolean): Promise<void> {
  await drive.home.change((state) => {
    const drives = state.drives.map((one, number) =>
      number === drive.number && one.cartridge !== null ? { ...one, cartridge: { ...one.cartridge, ejected } } : one,
    );
    return { state: { ...state, drives }, result: undefined };
  });
}
