import type { DriveDetails, DriveInfo, LibraryElement, LibraryOperations } from "../../operations/index.ts";
import { type Column, type Fact, name, type Units } from "./column.ts";
import type { JsonObject } from "./document.ts";

type ListedLibrary = Awaited<ReturnType<LibraryOperations["list"]>>[number];

export const libraryColumns: readonly Column<ListedLibrary>[] = [
  { title: "library", cell: (library) => name(library.name) },
  { title: "kind", cell: ({ kind }) => kind },
  { title: "place", cell: ({ place }) => name(place) },
];

/** The part of an element that names it: kind and number. */
export type ElementName = Pick<LibraryElement, "kind" | "number">;

/** `slot:3`, `drive:0`, `mail:1`: as people type them. */
export function elementName({ kind, number }: ElementName): string {
  return `${kind === "mail-slot" ? "mail" : kind}:${String(number)}`;
}

export function elementDocument(element: LibraryElement): JsonObject {
  return {
    element: elementName(element),
    kind: element.kind,
    number: element.number,
    address: element.address,
    full: element.full,
    accessible: element.accessible,
    barcode: element.barcode ?? null,
    from: element.source === undefined ? null : elementName(element.source),
    drive_serial: element.driveSerial ?? null,
    cartridge_state: element.cartridge?.state ?? null,
    pool: element.cartridge?.pool ?? null,
    volume_uuid: element.volume?.uuid ?? null,
    volume_state: element.volume?.state ?? null,
    bytes_written: element.volume?.bytesWritten ?? null,
  };
}

export const elementColumns: readonly Column<LibraryElement>[] = [
  { title: "element", cell: (element) => elementName(element) },
  { title: "barcode", cell: ({ barcode, full }) => barcode === undefined ? (full ? "(unreadable)" : "-") : name(barcode) },
  { title: "state", cell: elementState },
  { title: "pool", cell: ({ cartridge }) => name(cartridge?.pool) },
  { title: "written", right: true, cell: ({ volume }, units) => (volume ? units.bytes(volume.bytesWritten) : "-") },
  { title: "from", cell: ({ source }) => (source ? elementName(source) : "-") },
];

function elementState({ kind, full, accessible, exception, cartridge, volume }: LibraryElement): string {
  if (exception !== undefined) return `trouble ${exception.toString(16).padStart(4, "0")}`;
  if (!full) return "empty";
  // A loaded drive keeps its cartridge out of the changer's reach until it ejects it: that is as it should be.
  if (!accessible && kind !== "drive") return "not reachable";
  return volume?.state ?? cartridge?.state ?? "unknown";
}

export function driveDocument(drive: DriveInfo): JsonObject {
  return { library: drive.library, drive: drive.number, barcode: drive.barcode ?? null, state: drive.state, detail: drive.detail };
}

export const driveColumns: readonly Column<DriveInfo>[] = [
  { title: "library", cell: ({ library }) => name(library) },
  { title: "drive", right: true, cell: ({ number }) => String(number) },
  { title: "state", cell: ({ state }) => state },
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "detail", cell: ({ detail }) => name(detail) },
];

export function driveDetailsDocument(drive: DriveDetails): JsonObject {
  return {
    ...driveDocument(drive),
    vendor: drive.vendor,
    product: drive.product,
    revision: drive.revision,
    serial: drive.serial,
    write_protected: drive.writeProtected ?? null,
    remaining_bytes: drive.remainingBytes ?? null,
    total_bytes: drive.totalBytes ?? null,
    alerts: drive.alerts.map(({ flag, name: alert, severity, advice }) => ({ flag, name: alert, severity, advice })),
  };
}

export function driveFacts(drive: DriveDetails, units: Units): readonly Fact[] {
  const { remainingBytes, totalBytes, writeProtected } = drive;
  return [
    ["drive", `${name(drive.library)} drive:${String(drive.number)}`],
    ["state", drive.detail === "" ? drive.state : `${drive.state} (${name(drive.detail)})`],
    ["barcode", drive.barcode === undefined ? undefined : name(drive.barcode)],
    ["write protected", writeProtected === undefined ? undefined : writeProtected ? "yes" : "no"],
    ["remaining", remainingBytes === undefined ? undefined : units.bytes(remainingBytes)],
    ["capacity", totalBytes === undefined ? undefined : units.bytes(totalBytes)],
    ["product", name(`${drive.vendor} ${drive.product} ${drive.revision}`.trim())],
    ["serial", name(drive.serial)],
    ["alerts", drive.alerts.length === 0 ? "none" : String(drive.alerts.length)],
  ];
}

export const alertColumns: readonly Column<DriveDetails["alerts"][number]>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "alert", cell: ({ flag, name: alert }) => `${String(flag)} ${name(alert)}` },
  { title: "what to do", cell: ({ advice }) => name(advice) },
];
