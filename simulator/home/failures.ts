import { StrongroomError } from "../../src/words/index.ts";

export function driveHeld(libraryName: string, number: number, holder: string): StrongroomError {
  const hint = "wait until it has finished; if that process was killed, the drive is free already";
  return new StrongroomError("busy", "TRANSPORT_BUSY", `drive ${number} of ${libraryName} is held by ${holder}`, { hint });
}

export function libraryBusy(libraryName: string): StrongroomError {
  return new StrongroomError(
    "busy",
    "LIBRARY_BUSY",
    `${libraryName} is being changed by another process and did not become free; nothing was changed`,
  );
}

export function noSuchCartridge(barcode: string): StrongroomError {
  return new StrongroomError("missing", "CARTRIDGE_UNKNOWN", `no simulated cartridge is called ${barcode}`);
}

export function cartridgeExists(barcode: string): StrongroomError {
  return new StrongroomError(
    "usage",
    "CARTRIDGE_EXISTS",
    `there is a simulated cartridge ${barcode} already; it was left as it is`,
  );
}
