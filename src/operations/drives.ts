import type { Element } from "../devices/changer/index.ts";
import { StrongroomError } from "../words/index.ts";
import { senseOf, type TapeDrive } from "../devices/tape/index.ts";
import { ltoGeneration, tapeAlert } from "../scsi/index.ts";
import type { CleaningNews } from "../work/mount/index.ts";
import type { DriveDetails, DriveInfo, DriveOperations, ListedDrive } from "./contract.ts";
import { acknowledgeAlert, withAcknowledgements } from "./drive-alerts.ts";
import { driveHealth } from "./drive-health.ts";
import { placeOf } from "./libraries.ts";
import { namedLibrary } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";
import { explainSense } from "./sense-explanation.ts";
import type { Workshop } from "./workshop.ts";

const readyTimeoutMs = 60_000;

export function driveOperations(parts: OperationParts, workshop: Workshop): DriveOperations {
  const drivesOf = async (library: string): Promise<readonly Element[]> => {
    namedLibrary(configOf(parts), library);
    return (await workshop.library(library).inventory()).elements.filter(({ kind }) => kind === "drive");
  };
  const driveOf = async (library: string, number: number): Promise<Element> => {
    const element = (await drivesOf(library)).find((drive) => drive.number === number);
    if (!element) throw unknownDrive(library, number);
    return element;
  };
  const record = (barcode: string | undefined, from: string, to: string, why: string): void => {
    if (barcode === undefined || !parts.inventory.cartridge(barcode)) return;
    parts.inventory.recordMovement({ barcode, timeMs: parts.clock.nowMs(), from, to, who: parts.requestedBy, why });
  };

  return {
    explain: (numbers) => Promise.try(() => explainSense(numbers)),
    list: async () => {
      const all: ListedDrive[] = [];
      for (const { name } of configOf(parts).libraries) {
        for (const drive of await drivesOf(name)) all.push(await listed(parts, workshop, name, drive));
      }
      return all;
    },
    show: async (library, number) => {
      const element = await driveOf(library, number);
      const info = await infoOf(workshop, library, element);
      return await withDrive(workshop, library, element, (drive) => detailsOf(drive, info));
    },
    load: async (library, barcode) => {
      namedLibrary(configOf(parts), library);
      const from = parts.inventory.cartridge(barcode)?.place ?? "unknown";
      const loaded = await workshop.library(library).load(barcode);
      await loaded.release();
      record(barcode, from, placeOf(library, { kind: "drive", number: loaded.driveNumber }), "loaded by hand");
      return { drive: loaded.driveNumber };
    },
    unload: async (library, number) => {
      const element = await driveOf(library, number);
      const to = await workshop.library(library).unload(number);
      record(element.barcode, placeOf(library, element), placeOf(library, to), "unloaded by hand");
      return { to: { kind: to.kind, number: to.number } };
    },
    health: async (library, number) => {
      const element = await driveOf(library, number);
      return await withDrive(workshop, library, element, (drive) => driveHealth(parts, library, element, drive));
    },
    acknowledge: async (library, number, flag) => {
      const element = await driveOf(library, number);
      // A drive that is in use cannot be asked, and says so.
      await (await workshop.library(library).openDrive(element)).close();
      return await acknowledgeAlert(parts, workshop, await listed(parts, workshop, library, element), flag);
    },
    clean: async (library, number) => {
      const element = await driveOf(library, number);
      const news: CleaningNews[] = [];
      const report = await workshop.hearing((one) => news.push(one), () => workshop.library(library).clean(number, "cleaned by hand"));
      const { elements } = await workshop.library(library).inventory();
      const moved = elements.find(({ barcode, kind }) => barcode !== undefined && barcode === element.barcode && kind !== "drive");
      if (moved) record(element.barcode, placeOf(library, element), placeOf(library, moved), "made room for cleaning");
      return { barcode: report.barcode, outcome: report.outcome, news };
    },
  };
}

async function withDrive<T>(workshop: Workshop, library: string, element: Element, work: (drive: TapeDrive) => Promise<T>): Promise<T> {
  const drive = await workshop.library(library).openDrive(element);
  try {
    return await work(drive);
  } finally {
    await drive.close();
  }
}

async function detailsOf(drive: TapeDrive, info: DriveInfo): Promise<DriveDetails> {
  const identity = await drive.identity();
  const { isReady, detail } = await readiness(drive);
  const capacity = isReady ? await drive.capacity() : undefined;
  const medium = isReady ? await drive.medium() : undefined;
  const { cleaning, drive: condition } = await drive.health({ withCartridge: false, mayClearAlerts: true });
  return {
    ...info,
    ...(detail === undefined ? {} : { detail }),
    ...identity,
    activity: condition.status?.activity,
    cleaning,
    medium,
    generation: medium === undefined ? undefined : ltoGeneration(medium.densityCode),
    writeProtected: medium?.writeProtected,
    remainingBytes: capacity?.remainingBytes,
    totalBytes: capacity?.totalBytes,
    alerts: condition.alerts.map(tapeAlert),
    takes: (await drive.densities()).map(({ primaryCode, name, writable }) => ({ name: ltoGeneration(primaryCode) ?? name, writes: writable })),
    reservation: drive.reservation,
    encryption: await drive.encryption(),
    protectsBlocks: await drive.canProtectBlocks(),
    recommendsOrder: await drive.hasAccessOrder(),
  };
}

/** A drive that is not ready can be shown all the same: what it says is a part of what there is to see. */
async function readiness(drive: TapeDrive): Promise<{ readonly isReady: boolean; readonly detail: string | undefined }> {
  try {
    return { isReady: (await drive.ready(readyTimeoutMs)) === "ready", detail: undefined };
  } catch (error) {
    if (!(error instanceof StrongroomError) || senseOf(error) === undefined) throw error;
    return { isReady: false, detail: error.message };
  }
}

async function listed(parts: OperationParts, workshop: Workshop, library: string, element: Element): Promise<ListedDrive> {
  const base = { library, number: element.number, barcode: element.barcode, serial: element.driveSerial };
  try {
    const health = await withDrive(workshop, library, element, async (drive) => {
      // What it says of itself does not depend on whether it is ready.
      await drive.ready(0).catch(() => undefined);
      return await drive.health({ withCartridge: false, mayClearAlerts: false });
    });
    return { ...base, state: element.full ? "loaded" : "empty", detail: "", cleaning: health.cleaning, alerts: withAcknowledgements(parts, base, health.drive.alerts.map(tapeAlert)) };
  } catch (error) {
    return { ...base, ...troubleOf(error), cleaning: "unknown", alerts: [] };
  }
}

async function infoOf(workshop: Workshop, library: string, element: Element): Promise<DriveInfo> {
  const base = { library, number: element.number, barcode: element.barcode };
  try {
    const drive = await workshop.library(library).openDrive(element);
    await drive.close();
    return { ...base, state: element.full ? "loaded" : "empty", detail: "" };
  } catch (error) {
    return { ...base, ...troubleOf(error) };
  }
}

function troubleOf(error: unknown): Pick<DriveInfo, "state" | "detail"> {
  if (!(error instanceof StrongroomError) || error.kind === "internal") throw error;
  return { state: error.kind === "busy" ? "busy" : "failed", detail: error.message };
}

function unknownDrive(library: string, number: number): StrongroomError {
  return new StrongroomError("missing", "DRIVE_UNKNOWN", `library ${library} has no drive ${String(number)}`, { hint: "see: strongroom drive list" });
}
