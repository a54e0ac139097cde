import type { TapeDrive } from "../../devices/tape/index.ts";
import type { VolumeMedium } from "../../formats/volume/index.ts";
import type { CartridgeRecord, Inventory, VolumeRecord } from "../../records/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import { identify, type Identity } from "./identify.ts";
import type { ApplianceIdentity } from "./identity.ts";
import { cartridgeIn, duplicatesIn } from "./labels.ts";
import type { LoadedCartridge, TapeLibrary } from "./library.ts";

/** A medium that can be read and written now. */
export interface MountedMedium {
  readonly medium: VolumeMedium;
  /** Gives the drive or folder back. */
  release(): Promise<void>;
  /** The drive that the cartridge is in; folders have none. */
  readonly drive?: MountedDrive;
}

/** What may be known of a drive by whoever works with a cartridge in it. */
export interface MountedDrive {
  /** Some answer since the cartridge came asked for cleaning: what looks like a fault of the medium may be dirt. */
  readonly asksForCleaning: boolean;
  /** From now on this drive is used only where no other one can be. */
  leaveOut(): void;
  /** Before the cartridge is used again, it leaves the drive, so that the drive can be cleaned where it asks for it. */
  cleanBeforeNextUse(): void;
}

/** A mounted medium that holds the volume it should. */
export interface OpenedVolume extends MountedMedium {
  readonly volume: VolumeRecord;
}

export interface MountParts {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly identity: ApplianceIdentity;
  readonly libraries: readonly TapeLibrary[];
  readonly openTape: (drive: TapeDrive, barcode: string) => Promise<VolumeMedium>;
  readonly openFolder: (path: string, barcode: string, capacityBytes: number | undefined) => Promise<VolumeMedium>;
}

/** Brings cartridges, wherever they are, to where their objects can be read and written. */
export class Mounts {
  readonly #parts: MountParts;

  constructor(parts: MountParts) {
    this.#parts = parts;
  }

  /** A cartridge by its label. `CARTRIDGE_NOT_IN_LIBRARY` (operator) when it is in no library; nothing is changed then. */
  async mount(cartridge: CartridgeRecord): Promise<MountedMedium> {
    return cartridge.kind === "folder" ? await this.#mountFolder(cartridge) : await this.#mountTape(cartridge);
  }

  /** A folder that the records do not know. */
  async mountFolder(path: string, barcode: string): Promise<MountedMedium> {
    const medium = await this.#parts.openFolder(path, barcode, undefined);
    return { medium, release: () => medium.close() };
  }

  async identify(medium: VolumeMedium): Promise<Identity> {
    return await identify(medium, this.#parts.identity.verify);
  }

  /**
   * A volume that the records know, after a look at what the medium says. `VOLUME_NOT_ON_CARTRIDGE` (mismatch) when another
   * volume, or none, is on the cartridge: nothing is written then.
   */
  async open(volume: VolumeRecord): Promise<OpenedVolume> {
    const cartridge = this.#parts.inventory.cartridge(volume.barcode);
    if (!cartridge) throw new StrongroomError("missing", "CARTRIDGE_UNKNOWN", `cartridge ${volume.barcode} is not in the records`);
    const mounted = await this.mount(cartridge);
    try {
      const found = await this.identify(mounted.medium);
      if (found.kind !== "volume" || found.description.volumeUuid !== volume.uuid) throw notThere(volume, found);
      return { ...mounted, volume };
    } catch (error) {
      await mounted.release();
      throw error;
    }
  }

  /**
   * Libraries look at their elements; the records learn where each cartridge is now. Cartridges never seen before are added as blank. With `only`, that
   * library alone: one that is out of order is no reason not to work with another.
   */
  async takeStock(only?: string): Promise<void> {
    for (const library of this.#parts.libraries) if (only === undefined || library.name === only) await this.#takeStockOf(library);
  }

  async #takeStockOf(library: TapeLibrary): Promise<void> {
    const { inventory, clock } = this.#parts;
    const { elements } = await library.inventory();
    const seen = new Set<string>();
    const duplicates = duplicatesIn(elements);
    for (const element of elements) {
      if (!element.full || element.barcode === undefined || library.isCleaning(element.barcode)) continue;
      seen.add(element.barcode);
      // Of two with one barcode nobody knows which is the recorded one: the record stays as it is.
      if (duplicates.has(element.barcode)) continue;
      const known = inventory.cartridge(element.barcode);
      const place = `library ${library.name} ${elementWords(element.kind)} ${String(element.number)}`;
      if (known?.place === place) continue;
      inventory.putCartridge({
        barcode: element.barcode,
        kind: "tape",
        pool: known?.pool,
        state: known?.state ?? "blank",
        place,
        capacityBytes: known?.capacityBytes,
        seenMs: clock.nowMs(),
      });
    }
    for (const cartridge of inventory.cartridges()) {
      if (cartridge.place.startsWith(`library ${library.name} `) && !seen.has(cartridge.barcode)) {
        // Through a mail slot somebody took it; from a slot or drive nobody should have.
        const wasInMailSlot = cartridge.place.startsWith(`library ${library.name} ${elementWords("mail-slot")} `);
        inventory.putCartridge({ ...cartridge, place: wasInMailSlot ? `taken out of library ${library.name}` : `not in library ${library.name} any more` });
      }
    }
  }

  async #mountFolder(cartridge: CartridgeRecord): Promise<MountedMedium> {
    const medium = await this.#parts.openFolder(cartridge.place, cartridge.barcode, cartridge.capacityBytes);
    return { medium, release: () => medium.close() };
  }

  async #mountTape(cartridge: CartridgeRecord): Promise<MountedMedium> {
    const library = await this.#libraryOf(cartridge.barcode);
    const loaded = await library.load(cartridge.barcode);
    try {
      await this.#takeStockOf(library);
      const medium = await this.#parts.openTape(loaded.drive, cartridge.barcode);
      return {
        medium,
        drive: mountedDrive(loaded),
        release: async () => {
          try {
            await medium.close();
          } finally {
            await loaded.release();
          }
        },
      };
    } catch (error) {
      await loaded.release();
      throw error;
    }
  }

  async #libraryOf(barcode: string): Promise<TapeLibrary> {
    const holding: TapeLibrary[] = [];
    let lost: StrongroomError | undefined;
    for (const library of this.#parts.libraries) {
      try {
        const { elements } = await library.inventory();
        if (cartridgeIn(elements, barcode, library.name)) holding.push(library);
      } catch (error) {
        // It may be in another one; two of that label in one library are nobody's to choose from.
        if (!(error instanceof StrongroomError) || error.code === "DUPLICATE_BARCODE") throw error;
        lost ??= error;
      }
    }
    if (holding.length > 1) throw inSeveral(barcode, holding);
    if (holding[0]) return holding[0];
    if (lost) throw lost;
    const names = this.#parts.libraries.map(({ name }) => name).join(", ");
    throw new StrongroomError("operator", "CARTRIDGE_NOT_IN_LIBRARY", `cartridge ${barcode} is in no library (${names || "none is configured"}); nothing was changed`, {
      hint: `put ${barcode} into a mail slot, run: strongroom library import, and run the same command again`,
    });
  }
}

function mountedDrive(loaded: LoadedCartridge): MountedDrive {
  return {
    get asksForCleaning() {
      return loaded.drive.asksForCleaning;
    },
    leaveOut: () => { loaded.leaveOut(); },
    cleanBeforeNextUse: () => { loaded.cleanBeforeNextUse(); },
  };
}

function inSeveral(barcode: string, libraries: readonly TapeLibrary[]): StrongroomError {
  const which = libraries.map(({ name }) => name).join(" and ");
  return new StrongroomError("operator", "DUPLICATE_BARCODE", `barcode ${barcode} is on cartridges in libraries ${which}; nothing was moved`, {
    hint: "find out which one the volume is on, and put another label on the other one",
  });
}

export function elementWords(kind: string): string {
  return kind.replace("-", " ");
}

function notThere(volume: VolumeRecord, found: Identity): StrongroomError {
  const is = found.kind === "volume" ? `volume ${found.description.volumeUuid}` : found.kind === "blank" ? "nothing" : found.looksLike;
  return new StrongroomError(
    "mismatch",
    "VOLUME_NOT_ON_CARTRIDGE",
    `cartridge ${volume.barcode} should hold volume ${volume.uuid}, but holds ${is}; nothing was written on it`,
    { hint: "look whether a label was put on another cartridge; take the cartridge out until that is clear" },
  );
}
