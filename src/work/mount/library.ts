import type { ChangerCondition, Element, ElementReference, LibraryInventory, MediaChanger } from "../../devices/changer/index.ts";
import type { CleaningNeed, LongWork, TapeDrive } from "../../devices/tape/index.ts";
import { StrongroomError } from "../../words/index.ts";
import { type CleaningReport, type DriveCleaner, isLabelledCleaning, noCleaningCartridge } from "./cleaning.ts";
import { cartridgeIn } from "./labels.ts";
import { Turn } from "./turn.ts";

/** How to reach the parts of one library. Opening a drive that somebody else holds rejects with kind `busy`. */
export interface LibraryAccess {
  readonly name: string;
  openChanger(): Promise<MediaChanger>;
  openDrive(element: Element): Promise<TapeDrive>;
}

/** A cartridge in a drive, ready to be read or written. */
export interface LoadedCartridge {
  readonly drive: TapeDrive;
  readonly driveNumber: number;
  /** Gives the drive back; the cartridge stays in it until somebody needs the drive. */
  release(): Promise<void>;
  /** From now on this drive is used only where no other one can be; a cartridge in it goes to another one when it is loaded again. */
  leaveOut(): void;
  /** Before the cartridge is used again, it leaves the drive, so that the drive can be cleaned where it asks for it. */
  cleanBeforeNextUse(): void;
}

/** Who looks after the drives. */
export interface LibraryCare {
  readonly cleaner?: DriveCleaner;
  /** Called when somebody has done with a cartridge, before its drive is given back; tells whether the drive wants cleaning, if it is known. */
  readonly released?: (drive: TapeDrive, driveNumber: number, barcode: string) => Promise<CleaningNeed | undefined>;
  /** Who hears what a drive is at while a cartridge becomes ready in it; asked once for each load. */
  readonly waiting?: (driveNumber: number, barcode: string) => (work: LongWork) => void;
}

/** A drive that this process holds, with a cartridge on its way in. */
interface OpenedDrive {
  readonly element: Element;
  readonly drive: TapeDrive;
}

const readyTimeoutMs = 15 * 60_000;
/** After these the connection is of no more use. */
const lostCodes: ReadonlySet<string> = new Set(["TRANSPORT_LOST", "TRANSPORT_CLOSED"]);

/**
 * One tape library: brings cartridges into drives and back.
 *
 * - Moves of this process happen one at a time; a drive is held by one user at a time, in this process and in any other.
 * - A cartridge that is in a drive already is used there. Otherwise an empty drive is taken, else one whose cartridge nobody uses: that
 *   cartridge goes back to where it came from, else to the first empty slot.
 * - A drive that asks for cleaning is cleaned before the next cartridge comes into it, where a cleaner was given.
 * - When every drive is in use by this process, `load` waits for the next one to be released. When others hold them: `DRIVES_BUSY`.
 * - A drive in which a cartridge did not become ready, or that its user had trouble with, is left out while there is another one.
 */
export class TapeLibrary {
  readonly #access: LibraryAccess;
  readonly #turn = new Turn();
  readonly #care: LibraryCare;
  readonly #held = new Set<number>();
  /** Drives that did not give a cleaning cartridge back. */
  readonly #stuck = new Set<number>();
  /** Drives that somebody had trouble with. */
  readonly #leftOut = new Set<number>();
  /** Drives whose cartridge is to leave them once, for their cleaning. */
  readonly #cleanFirst = new Set<number>();
  #awaiting = 0;
  #changer: MediaChanger | undefined;
  #released = Promise.withResolvers<undefined>();

  constructor(access: LibraryAccess, care: LibraryCare = {}) {
    this.#access = access;
    this.#care = care;
  }

  get name(): string {
    return this.#access.name;
  }

  /** Somebody of this process waits for a drive that is in use. */
  get isAwaited(): boolean {
    return this.#awaiting > 0;
  }

  /** Whether that is a cleaning cartridge, by its label or because the configuration says so. */
  isCleaning(barcode: string): boolean {
    return this.#care.cleaner?.isCleaning(barcode) ?? isLabelledCleaning(barcode);
  }

  async inventory(): Promise<LibraryInventory> {
    return await this.#withChanger(async (changer) => await changer.inventory());
  }

  /** What the changer says it is: vendor, product and revision. */
  async product(): Promise<string> {
    const { vendor, product, revision } = await this.#withChanger(async (changer) => await changer.identity());
    return `${vendor} ${product} ${revision}`;
  }

  /** Makes the changer look at every element again. */
  async audit(): Promise<void> {
    await this.#withChanger(async (changer) => { await changer.audit(); });
  }

  /** How the changer is now: ready, or what stands in the way. */
  async condition(): Promise<ChangerCondition> {
    return await this.#withChanger(async (changer) => await changer.condition());
  }

  /** `MAIL_SLOTS_BY_HAND` (operator) when the library has no motor or lock for that. */
  async mailSlots(action: "open" | "close"): Promise<void> {
    if ((await this.#withChanger(async (changer) => await changer.mailSlots(action))) === "done") return;
    throw new StrongroomError("operator", "MAIL_SLOTS_BY_HAND", `library ${this.name} does not ${action} its mail slots by command`, {
      hint: `${action} them at the library itself`,
    });
  }

  /** A drive by itself, whatever is in it; whoever opens it closes it. */
  async openDrive(element: Element): Promise<TapeDrive> {
    return await this.#access.openDrive(element);
  }

  async move(from: ElementReference, to: ElementReference): Promise<void> {
    await this.#withChanger(async (changer) => {
      if (from.kind === "drive") await this.#eject(await changer.inventory(), from.number);
      await changer.move(from, to);
    });
  }

  async load(barcode: string): Promise<LoadedCartridge> {
    for (;;) {
      const released = this.#released.promise;
      const opened = await this.#turn.take(() => this.#tryLoad(barcode));
      // Outside the turn: a drive that measures a new cartridge for two hours must not keep the others waiting.
      if (opened) return await this.#settle(opened, barcode);
      this.#awaiting += 1;
      await released.finally(() => { this.#awaiting -= 1; });
    }
  }

  /** Takes the medium out of a drive, back to a slot. */
  async unload(driveNumber: number): Promise<ElementReference> {
    return await this.#withChanger(async (changer) => await this.#putBack(await changer.inventory(), driveNumber));
  }

  /** Cleans a drive that nobody uses, whether it asks for it or not; a cartridge in it goes back to its slot first. */
  async clean(driveNumber: number, why: string): Promise<CleaningReport & { readonly kind: "done" }> {
    return await this.#withChanger(async (changer) => {
      const inventory = await changer.inventory();
      const element = inventory.elements.find(({ kind, number }) => kind === "drive" && number === driveNumber);
      if (!element) throw new StrongroomError("missing", "DRIVE_UNKNOWN", `library ${this.name} has no drive ${String(driveNumber)}`);
      if (this.#held.has(driveNumber)) throw new StrongroomError("busy", "DRIVE_BUSY", `drive ${String(driveNumber)} of library ${this.name} is at work`);
      if (this.#care.cleaner?.isPossible(inventory) !== true) throw noCleaningCartridge(this.name);
      if (element.full) await this.#putBack(inventory, driveNumber);
      const report = await this.#clean(element, why);
      if (report.kind === "no-cartridge") throw noCleaningCartridge(this.name);
      return report;
    });
  }

  async close(): Promise<void> {
    const changer = this.#changer;
    this.#changer = undefined;
    await changer?.close();
  }

  /** One at a time. A changer whose connection is lost is forgotten, so that the next work opens it anew: nothing is done twice by itself. */
  async #withChanger<T>(work: (changer: MediaChanger) => Promise<T>): Promise<T> {
    return await this.#turn.take(async () => {
      try {
        return await work(await this.#openChanger());
      } catch (error) {
        if (error instanceof StrongroomError && lostCodes.has(error.code)) await this.close().catch(() => undefined);
        throw error;
      }
    });
  }

  async #openChanger(): Promise<MediaChanger> {
    this.#changer ??= await this.#access.openChanger();
    return this.#changer;
  }

  /** Undefined: every drive that could serve is in use by this process. */
  async #tryLoad(barcode: string): Promise<OpenedDrive | undefined> {
    const changer = await this.#openChanger();
    const inventory = await changer.inventory();
    const where = cartridgeIn(inventory.elements, barcode, this.name);
    if (!where) throw notInLibrary(barcode, this.name);
    if (where.kind === "drive" && this.#held.has(where.number)) return undefined;
    if (where.kind === "drive" && !this.#mustLeave(where, inventory)) return await this.#open(where);
    if (where.kind === "drive") {
      await this.#putBack(inventory, where.number);
      return await this.#tryLoad(barcode);
    }
    const choice = await this.#chooseDrive(inventory);
    if (!choice) return undefined;
    const isDirty = (await this.#care.cleaner?.isDue(choice.drive, choice.element.number)) ?? false;
    await choice.drive.close();
    if (choice.element.full && !isDirty && (await this.#exchange(inventory, choice.element, where))) return await this.#open(choice.element);
    if (choice.element.full) await this.#putBack(inventory, choice.element.number);
    // A drive that keeps the cleaning cartridge is left out, and another one chosen.
    if (isDirty && !(await this.#clean(choice.element, "the drive asked for it")).isDriveFree) return await this.#tryLoad(barcode);
    await changer.move(where, choice.element);
    return await this.#open(choice.element);
  }

  /** A cartridge that lies in a drive is used there, unless the drive is left out and there is another one, or it is to be cleaned first. */
  #mustLeave(where: Element, { elements }: LibraryInventory): boolean {
    if (this.#cleanFirst.delete(where.number)) return true;
    if (!this.#leftOut.has(where.number)) return false;
    return elements.some(({ kind, number }) => kind === "drive" && !this.#leftOut.has(number) && !this.#stuck.has(number));
  }

  /** The drive must be empty and in nobody's hands. */
  async #clean(element: Element, why: string): Promise<CleaningReport> {
    const changer = await this.#openChanger();
    const stage = { changer, inventory: await changer.inventory(), element, openDrive: () => this.#access.openDrive(element) };
    const report = (await this.#care.cleaner?.clean(stage, why)) ?? { kind: "no-cartridge", isDriveFree: true };
    if (!report.isDriveFree) this.#stuck.add(element.number);
    return report;
  }

  async #open(element: Element): Promise<OpenedDrive> {
    const drive = await this.#access.openDrive(element);
    this.#held.add(element.number);
    return { element, drive };
  }

  /** The drive is held from the moment it was opened. */
  async #settle({ element, drive }: OpenedDrive, barcode: string): Promise<LoadedCartridge> {
    // Somebody listens always: a drive that gets on is waited for to the end.
    const patience = { onProgress: this.#care.waiting?.(element.number, barcode) ?? (() => undefined) };
    try {
      if ((await drive.ready(readyTimeoutMs, patience)) === "no-medium") {
        // An ejected cartridge that still lies in the drive: pull it in again.
        await drive.load(patience);
        if ((await drive.ready(readyTimeoutMs, patience)) === "no-medium") throw notReady(this.name, element.number);
      }
    } catch (error) {
      this.#leftOut.add(element.number);
      await drive.close();
      this.#letGo(element.number);
      throw error;
    }
    return {
      drive,
      driveNumber: element.number,
      leaveOut: () => { this.#leftOut.add(element.number); },
      cleanBeforeNextUse: () => { this.#cleanFirst.add(element.number); },
      release: async () => {
        try {
          const need = await this.#care.released?.(drive, element.number, barcode);
          if (drive.asksForCleaning || need === "needed" || need === "wanted") this.#care.cleaner?.noteAsking(element.number);
        } finally {
          await drive.close();
          this.#letGo(element.number);
        }
      },
    };
  }

  #letGo(driveNumber: number): void {
    this.#held.delete(driveNumber);
    this.#released.resolve(undefined);
    this.#released = Promise.withResolvers();
  }

  async #chooseDrive(inventory: LibraryInventory): Promise<{ element: Element; drive: TapeDrive } | undefined> {
    // A drive that has not let go of its cartridge cannot be reached by the gripper, but can be made to let go.
    const drives = inventory.elements.filter(({ kind, accessible, full }) => kind === "drive" && (accessible || full));
    const free = drives.filter(({ number }) => !this.#held.has(number) && !this.#stuck.has(number)).sort((a, b) => Number(a.full) - Number(b.full));
    const trusted = free.filter(({ number }) => !this.#leftOut.has(number));
    // While this process works with a drive that nobody had trouble with, that one is waited for.
    const isWorthWaiting = [...this.#held].some((number) => !this.#leftOut.has(number));
    const candidates = isWorthWaiting ? trusted : [...trusted, ...free.filter(({ number }) => this.#leftOut.has(number))];
    let busy: unknown;
    let broken: StrongroomError | undefined;
    for (const element of candidates) {
      try {
        return { element, drive: await this.#access.openDrive(element) };
      } catch (error) {
        if (!(error instanceof StrongroomError) || error.kind === "internal") throw error;
        // A drive that is switched off, or that nobody can tell, is no reason to leave the others alone.
        if (error.kind === "busy") busy = error;
        else broken ??= error;
      }
    }
    if (this.#held.size > 0) return undefined;
    if (busy === undefined && broken) throw broken;
    if (busy === undefined && this.#stuck.size > 0) throw keepsCleaning(this.name, [...this.#stuck]);
    throw new StrongroomError("busy", "DRIVES_BUSY", `no drive of library ${this.name} is free; nothing was moved`, {
      hint: "wait until another job has finished, or see who holds the drives with: strongroom drive list",
      cause: busy,
    });
  }

  async #putBack(inventory: LibraryInventory, driveNumber: number): Promise<ElementReference> {
    const element = inventory.elements.find(({ kind, number }) => kind === "drive" && number === driveNumber);
    if (!element?.full) {
      throw new StrongroomError("missing", "DRIVE_EMPTY", `there is no cartridge in drive ${String(driveNumber)} of library ${this.name}`);
    }
    const home = homeOf(element, inventory);
    if (!home) {
      throw new StrongroomError("operator", "NO_EMPTY_SLOT", `library ${this.name} has no empty slot for the cartridge in drive ${String(driveNumber)}`, {
        hint: "take a cartridge out of the library",
      });
    }
    // A drive that has cleaned itself lets go by itself, and says "not ready" for as long as the cleaning cartridge lies in it.
    const hasLetGo = element.barcode !== undefined && this.isCleaning(element.barcode) && element.accessible;
    if (!hasLetGo) await this.#eject(inventory, driveNumber);
    await (await this.#openChanger()).move(element, home);
    this.#stuck.delete(driveNumber);
    return home;
  }

  /** Swaps what is in the drive for what is in that slot by one command, where the changer has it; false: nothing was moved. */
  async #exchange(inventory: LibraryInventory, drive: Element, incoming: Element): Promise<boolean> {
    const home = homeOf(drive, inventory);
    if (!home || incoming.kind !== "slot" || this.#mayKeep(drive)) return false;
    await this.#eject(inventory, drive.number);
    return (await (await this.#openChanger()).exchange(incoming, drive, home)) === "done";
  }

  /** A cleaning cartridge is taken out with the care that it needs. */
  #mayKeep({ barcode }: Element): boolean {
    return barcode !== undefined && this.isCleaning(barcode);
  }

  async #eject(inventory: LibraryInventory, driveNumber: number): Promise<void> {
    const element = inventory.elements.find(({ kind, number }) => kind === "drive" && number === driveNumber);
    if (!element) throw new StrongroomError("missing", "DRIVE_UNKNOWN", `library ${this.name} has no drive ${String(driveNumber)}`);
    const drive = await this.#access.openDrive(element);
    try {
      if ((await drive.ready(readyTimeoutMs)) === "ready") await drive.unload();
    } finally {
      await drive.close();
    }
  }
}

function homeOf(drive: Element, inventory: LibraryInventory): Element | undefined {
  const emptySlots = inventory.elements.filter(({ kind, full, accessible }) => kind === "slot" && !full && accessible);
  const source = drive.source;
  return emptySlots.find(({ number }) => source?.kind === "slot" && number === source.number) ?? emptySlots[0];
}

function notInLibrary(barcode: string, library: string): StrongroomError {
  return new StrongroomError("operator", "CARTRIDGE_NOT_IN_LIBRARY", `cartridge ${barcode} is not in library ${library}; nothing was changed`, {
    hint: `put ${barcode} into a mail slot, run: strongroom library import ${library}, and run the same command again`,
  });
}

function keepsCleaning(library: string, drives: readonly number[]): StrongroomError {
  const what = drives.length === 1 ? `drive ${String(drives[0])} keeps` : `drives ${drives.join(", ")} keep`;
  return new StrongroomError("operator", "CLEANING_STUCK", `${what} a cleaning cartridge in library ${library}, and no other drive can be used`, {
    hint: `take it out with: strongroom drive unload ${library} ${String(drives[0])}; by hand if the drive does not let go`,
  });
}

function notReady(library: string, driveNumber: number): StrongroomError {
  return new StrongroomError("failed", "DRIVE_NOT_READY", `drive ${String(driveNumber)} of library ${library} did not take its cartridge`, {
    hint: `look at the drive, then run: strongroom drive unload ${library} ${String(driveNumber)}`,
  });
}
