import type { Element, ElementReference } from "../devices/changer/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import { senseKey, senseMeaning } from "../scsi/index.ts";
import { cartridgeIn, duplicatesIn, elementWords, isLabelledCleaning, lookForDrives, type TapeLibrary } from "../work/mount/index.ts";
import type { CleaningCartridge, LibraryConfig } from "../records/index.ts";
import type { LibraryOperations, ListedLibrary, NewLibrary, NewNetworkLibrary, ShownLibrary } from "./contract.ts";
import { namedLibrary } from "./named.ts";
import { networkLibraryOf, placeOfAccess } from "./network-library.ts";
import { configOf, type OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

export function libraryOperations(parts: OperationParts, workshop: Workshop): LibraryOperations {
  const { inventory } = parts;
  const moveAndRecord: MoveAndRecord = async (library, from, to, why) => {
    await workshop.library(library).move(from, to);
    // A cleaning cartridge, or one nobody took stock of yet, has no record to follow it.
    if (from.barcode === undefined || !inventory.cartridge(from.barcode)) return;
    const place = placeOf(library, to);
    inventory.recordMovement({
      barcode: from.barcode,
      timeMs: parts.clock.nowMs(),
      from: placeOf(library, from),
      to: place,
      who: parts.requestedBy,
      why,
    });
  };
  const elementsOf = async (library: string): Promise<readonly Element[]> => {
    namedLibrary(configOf(parts), library);
    return (await workshop.library(library).inventory()).elements;
  };
  const takeStock = async (): Promise<void> => {
    if (parts.keys.current("signing")) await (await workshop.mounts()).takeStock();
  };

  return {
    add: async (request) => {
      const library = "portal" in request ? await networkLibraryOf(parts, request) : await configOfNew(parts, request);
      // A library that does not answer would stand in the way of every command.
      const changer = await parts.openLibrary(library).openChanger();
      await changer.close();
      parts.configStore.addLibrary(library);
      await takeStock();
      return listed(library);
    },
    discover: async (access) => await parts.networkLibraries.targets(placeOfAccess(parts, access)),
    remove: async (name) => {
      namedLibrary(configOf(parts), name);
      parts.configStore.removeLibrary(name);
      await workshop.forgetLibrary(name);
    },
    list: async () => Promise.resolve(configOf(parts).libraries.map(listed)),
    show: async (name) => await shownLibrary(parts, workshop, name, takeStock),
    move: async ({ library, from, to, why }) => {
      await moveAndRecord(library, found(await elementsOf(library), from, library), to, why);
    },
    ...mailSlotOperations(elementsOf, moveAndRecord, takeStock),
    mailSlots: async (library, action) => {
      namedLibrary(configOf(parts), library);
      await workshop.library(library).mailSlots(action);
    },
    audit: async (library) => {
      namedLibrary(configOf(parts), library);
      await workshop.library(library).audit();
      await takeStock();
    },
  };
}

async function shownLibrary(parts: OperationParts, workshop: Workshop, name: string, takeStock: () => Promise<void>): Promise<ShownLibrary> {
  namedLibrary(configOf(parts), name);
  const { inventory } = parts;
  const library = workshop.library(name);
  const condition = await library.condition();
  const { elements } = await library.inventory();
  await takeStock();
  const duplicates = duplicatesIn(elements);
  return {
    name,
    product: await library.product(),
    condition,
    elements: elements.map((element) => ({
      ...element,
      trouble: element.exception === undefined ? undefined : troubleOf(element.exception),
      duplicate: element.barcode !== undefined && duplicates.has(element.barcode),
      cartridge: element.barcode === undefined ? undefined : inventory.cartridge(element.barcode),
      volume: element.barcode === undefined ? undefined : inventory.volumeOn(element.barcode),
      cleaning: cleaningOf(parts, library, element.barcode),
    })),
  };
}

function cleaningOf(parts: OperationParts, library: TapeLibrary, barcode: string | undefined): CleaningCartridge | undefined {
  if (barcode === undefined || !library.isCleaning(barcode)) return undefined;
  return parts.upkeep.cleaningCartridge(barcode) ?? { barcode, uses: 0, maxUses: undefined, state: "usable", seenMs: parts.clock.nowMs() };
}

/** Elements have no sense key; the codes are those of sense data (SMC-3, 6.11.5). */
function troubleOf(exception: number): { readonly sentence: string; readonly advice: string } {
  const { sentence, advice } = senseMeaning({ deferred: false, key: senseKey.hardwareError, asc: exception >> 8, ascq: exception & 0xff });
  return { sentence, advice };
}

async function configOfNew(parts: OperationParts, request: Exclude<NewLibrary, NewNetworkLibrary>): Promise<LibraryConfig> {
  const { name } = request;
  if ("simulatorFolder" in request) return { name, kind: "simulator", folder: request.simulatorFolder };
  const library = { name, kind: "sg", changer: parts.deviceReference(request.changer, "changer") } as const;
  const drives = request.look === undefined ? request.drives?.map((drive) => parts.deviceReference(drive, "drive")) : await drivesSeen(parts, library, request.look);
  return { ...library, ...(drives === undefined ? {} : { drives }) };
}

async function drivesSeen(parts: OperationParts, library: LibraryConfig, barcode: string): Promise<readonly string[]> {
  if (isLabelledCleaning(barcode)) {
    throw new StrongroomError("usage", "CLEANING_CARTRIDGE", `${printable(barcode)} is a cleaning cartridge; nothing was moved`, { hint: "name any other cartridge" });
  }
  const changer = await parts.openLibrary(library).openChanger();
  try {
    return await lookForDrives({ changer, barcode, drives: parts.localDrives(), clock: parts.clock });
  } finally {
    await changer.close();
  }
}

function listed(library: LibraryConfig): ListedLibrary {
  const { name, kind } = library;
  switch (library.kind) {
    case "simulator":
      return { name, kind, place: library.folder };
    case "sg":
      return { name, kind, place: library.changer };
    case "iscsi":
      return { name, kind, place: `${library.target} at ${library.portal}` };
  }
}

type MoveAndRecord = (library: string, from: Element, to: ElementReference, why: string) => Promise<void>;

/** Cartridges in and out through the mail slots. */
function mailSlotOperations(
  elementsOf: (library: string) => Promise<readonly Element[]>,
  moveAndRecord: MoveAndRecord,
  takeStock: () => Promise<void>,
): Pick<LibraryOperations, "import" | "export"> {
  return {
    import: async (library, why) => {
      const elements = await elementsOf(library);
      const waiting = elements.filter(({ kind, full }) => kind === "mail-slot" && full);
      const empty = elements.filter(({ kind, full, accessible }) => kind === "slot" && !full && accessible);
      if (waiting.length > empty.length) {
        throw new StrongroomError("operator", "NO_EMPTY_SLOT", `${String(waiting.length)} cartridges wait in mail slots, ${String(empty.length)} slots are empty; nothing was moved`, {
          hint: "export cartridges that are not needed now, then import again",
        });
      }
      const barcodes: string[] = [];
      for (const [index, element] of waiting.entries()) {
        await moveAndRecord(library, element, empty[index]!, why);
        barcodes.push(element.barcode ?? "unlabelled");
      }
      await takeStock();
      return barcodes;
    },
    export: async (library, barcodes, why) => {
      const elements = await elementsOf(library);
      const cartridges = barcodes.map((barcode) => elementWith(elements, barcode, library));
      const empty = elements.filter(({ kind, full, accessible }) => kind === "mail-slot" && !full && accessible);
      if (cartridges.length > empty.length) {
        throw new StrongroomError("operator", "MAIL_SLOTS_FULL", `${String(cartridges.length)} cartridges are to leave, ${String(empty.length)} mail slots are empty; nothing was moved`, {
          hint: "empty the mail slots, or export fewer at a time",
        });
      }
      const moved: { barcode: string; mailSlot: number }[] = [];
      for (const [index, element] of cartridges.entries()) {
        await moveAndRecord(library, element, empty[index]!, why);
        moved.push({ barcode: barcodes[index]!, mailSlot: empty[index]!.number });
      }
      await takeStock();
      return moved;
    },
  };
}

export function placeOf(library: string, { kind, number }: ElementReference): string {
  return `library ${library} ${elementWords(kind)} ${String(number)}`;
}

function found(elements: readonly Element[], wanted: ElementReference, library: string): Element {
  const element = elements.find(({ kind, number }) => kind === wanted.kind && number === wanted.number);
  if (element?.full) return element;
  const what = `${elementWords(wanted.kind)} ${String(wanted.number)} of library ${library}`;
  throw new StrongroomError("missing", "ELEMENT_EMPTY", element ? `${what} is empty; nothing was moved` : `there is no ${what}`, {
    hint: `see: strongroom library show ${library}`,
  });
}

function elementWith(elements: readonly Element[], barcode: string, library: string): Element {
  const element = cartridgeIn(elements, barcode, library);
  if (element && element.kind !== "mail-slot") return element;
  const why = element?.kind === "mail-slot" ? `${barcode} is in mail slot ${String(element.number)} already` : `cartridge ${barcode} is not in library ${library}`;
  throw new StrongroomError("missing", "CARTRIDGE_NOT_IN_LIBRARY", `${why}; nothing was moved`, { hint: `see: strongroom library show ${library}` });
}
