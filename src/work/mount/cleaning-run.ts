import type { Element, LibraryInventory, MediaChanger } from "../../devices/changer/index.ts";
import { senseOf, type TapeDrive } from "../../devices/tape/index.ts";
import type { CleaningRecord } from "../../records/index.ts";
import { attributeId, numberOf, senseCode } from "../../scsi/index.ts";
import { asStrongroomError, type Clock, StrongroomError } from "../../words/index.ts";

/** An empty drive of a library, and the way to its parts. */
export interface CleaningStage {
  readonly changer: MediaChanger;
  readonly inventory: LibraryInventory;
  readonly element: Element;
  openDrive(): Promise<TapeDrive>;
}

/** How a cleaning ended. */
export interface CleaningEnd {
  readonly outcome: CleaningRecord["outcome"];
  readonly driveSerial: string;
  /** What the drive said of the cleaning cartridge. */
  readonly cartridge: "usable" | "spent" | "refused";
  /** What the memory of the cleaning cartridge says; undefined where it is silent. */
  readonly memory: { readonly uses: number | undefined; readonly maxUses: number | undefined };
  /** False: the cleaning cartridge is still in it. */
  readonly isDriveFree: boolean;
  readonly detail: string | undefined;
}

/** Drives take two to five minutes; an LTO-9 half-height drive in bad shape may run three passes. */
const limitMs = 20 * 60_000;
const pauseMs = 2000;
const expiredAlert = 22;
const invalidAlert = 23;

/** Brings the cartridge into the drive, waits until it has done its work, brings it back, and asks the drive again. */
export async function runCleaning(stage: CleaningStage, from: Element, clock: Clock): Promise<CleaningEnd> {
  const { changer, element } = stage;
  let drive: TapeDrive | undefined;
  const run: Run = { stage, from, clock, driveSerial: "", verdict: "usable", memory: { uses: undefined, maxUses: undefined }, isDriveFree: true };
  try {
    await changer.move(from, element);
    run.isDriveFree = false;
    drive = await stage.openDrive();
    run.driveSerial = (await drive.identity()).serial;
    await waitUntilBack(run, drive);
    if (run.verdict !== "usable") return endOf(run, "refused");
    await drive.ready(0).catch(() => undefined);
    const { cleaning } = await drive.health({ withCartridge: false, mayClearAlerts: false });
    return endOf(run, cleaning === "needed" || cleaning === "wanted" ? "still-dirty" : "cleaned");
  } catch (thrown) {
    const error = asStrongroomError(thrown);
    if (error.kind === "internal") throw thrown;
    return endOf(run, run.verdict === "usable" ? "failed" : "refused", error.message);
  } finally {
    await drive?.close();
  }
}

interface Run {
  readonly stage: CleaningStage;
  readonly from: Element;
  readonly clock: Clock;
  driveSerial: string;
  verdict: CleaningEnd["cartridge"];
  memory: CleaningEnd["memory"];
  isDriveFree: boolean;
}

function endOf({ driveSerial, verdict, memory, isDriveFree }: Run, outcome: CleaningEnd["outcome"], detail?: string): CleaningEnd {
  return { outcome, driveSerial, cartridge: verdict, memory, isDriveFree, detail };
}

/**
 * Some drives say that there is no medium when they are done, others go on saying that a cleaning cartridge is in them until it is taken: so
 * the changer is asked whether it could take it, and a drive that is not done yet does not let go.
 */
async function waitUntilBack(run: Run, drive: TapeDrive): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const state = await stateOf(drive);
    if ((state !== "cleaning" || (await isInReach(run))) && (await takeBack(run, drive, state))) return;
    if (waitedMs >= limitMs) {
      throw new StrongroomError("failed", "CLEANING_STUCK", `the cleaning cartridge did not come out of drive ${String(run.stage.element.number)} within 20 minutes`, {
        hint: "look at the drive; take the cartridge out by hand if it cannot be unloaded",
      });
    }
    await run.clock.sleep(pauseMs);
  }
}

/** `done`: the drive has let go of it. `data`: the drive takes it for a data cartridge. */
type DriveState = "cleaning" | "done" | "data" | "failed";

async function stateOf(drive: TapeDrive): Promise<DriveState> {
  try {
    return (await drive.ready(0)) === "no-medium" ? "done" : "data";
  } catch (error) {
    const sense = senseOf(error);
    if (sense === undefined) throw error;
    // 30/07 cleaning failure; other 30/xx than 30/03: a cartridge that this drive cannot use.
    return sense.asc === 0x30 && senseCode(sense) !== 0x3003 ? "failed" : "cleaning";
  }
}

async function listen(run: Run, drive: TapeDrive, state: DriveState): Promise<void> {
  const alerts = await drive.tapeAlerts().catch((): readonly number[] => []);
  if (alerts.includes(expiredAlert)) run.verdict = "spent";
  else if (alerts.includes(invalidAlert) || state === "data" || state === "failed") run.verdict = run.verdict === "spent" ? "spent" : "refused";
  const number = async (id: number): Promise<number | undefined> => numberOf(await drive.readAttribute(id).catch(() => undefined));
  if (numberOf(await drive.readAttribute(attributeId.mediumType).catch(() => undefined)) !== cleaningType) return;
  run.memory = { uses: await number(attributeId.loadCount), maxUses: await number(attributeId.mediumTypeInformation) };
}

const cleaningType = 0x01;

async function isInReach({ stage }: Run): Promise<boolean> {
  const { elements } = await stage.changer.inventory();
  const drive = elements.find(({ kind, number }) => kind === "drive" && number === stage.element.number);
  return drive === undefined || !drive.full || drive.accessible;
}

async function takeBack(run: Run, drive: TapeDrive, state: DriveState): Promise<boolean> {
  const { changer, element } = run.stage;
  await listen(run, drive, state);
  // A drive that is not at work has to be told to let go; one that has done so already may refuse, and that is no matter.
  if (state !== "cleaning") await drive.unload().catch(() => undefined);
  try {
    await changer.move(element, run.from);
  } catch (error) {
    if (error instanceof StrongroomError && error.code === "MEDIUM_LOCKED") return false;
    throw error;
  }
  run.isDriveFree = true;
  return true;
}
