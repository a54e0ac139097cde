import type { DriveDetails, DriveInfo, LibraryElement, LibraryOperations, ListedDrive } from "../../operations/index.ts";
import { rfc3339 } from "../../words/index.ts";
import { type Column, type Fact, name, plural, sentence, type Units } from "./column.ts";
import type { JsonObject } from "./document.ts";

type ListedLibrary = Awaited<ReturnType<LibraryOperations["list"]>>[number];

export const libraryColumns: readonly Column<ListedLibrary>[] = [
  { title: "library", cell: (library) => name(library.name) },
  { title: "kind", cell: ({ kind }) => kind },
  { title: "place", cell: ({ place }) => name(place) },
];

type ShownLibrary = Awaited<ReturnType<LibraryOperations["show"]>>;
type Target = Awaited<ReturnType<LibraryOperations["discover"]>>[number];

export const targetColumns: readonly Column<Target>[] = [
  { title: "target", cell: (target) => name(target.name) },
  { title: "portals", cell: ({ portals }) => portals.map((portal) => name(portal)).join(", ") },
];

export function conditionDocument({ ready, code, sentence: says }: ShownLibrary["condition"]): JsonObject {
  return { ready, code: code ?? null, sentence: says };
}

/** What an operator should know before the table: doors, magazines, troubles, labels. */
export function libraryRemarks({ condition, elements }: ShownLibrary): readonly string[] {
  const state = condition.ready ? [] : [`not ready: ${sentence(condition.sentence)}; ${condition.advice ?? "wait"}`];
  const troubles = elements.flatMap((element) => element.trouble === undefined ? [] :
    [`${elementName(element)}: ${sentence(element.trouble.sentence)}; ${element.trouble.advice}`]);
  const twice = [...new Set(elements.filter(({ duplicate }) => duplicate).map(({ barcode }) => barcode ?? ""))];
  const labels = twice.map((barcode) => `${name(barcode)} is on more than one cartridge: put another label on one of them`);
  const mail = elements.filter(({ kind }) => kind === "mail-slot");
  const shut = mail.length > 0 && mail.every(({ accessible, trouble }) => !accessible && trouble === undefined);
  return [...state, ...troubles, ...labels, ...(shut ? ["mail slots: out of the gripper's reach, so open or taken out"] : [])];
}

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
    trouble: element.trouble?.sentence ?? null,
    duplicate: element.duplicate,
    cleaning_uses: element.cleaning?.uses ?? null,
    cleaning_uses_max: element.cleaning?.maxUses ?? null,
    ...recordsDocument(element),
  };
}

function recordsDocument({ cartridge, cleaning, volume }: LibraryElement): JsonObject {
  return {
    cartridge_state: cartridge?.state ?? cleaning?.state ?? null,
    pool: cartridge?.pool ?? null,
    volume_uuid: volume?.uuid ?? null,
    volume_state: volume?.state ?? null,
    bytes_written: volume?.bytesWritten ?? null,
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

function elementState({ kind, full, accessible, exception, cartridge, volume, cleaning, duplicate }: LibraryElement): string {
  if (exception !== undefined) return `trouble ${exception.toString(16).padStart(4, "0")}`;
  if (!full) return "empty";
  if (duplicate) return "two labels alike";
  // A loaded drive keeps its cartridge out of the changer's reach until it ejects it: that is as it should be.
  if (!accessible && kind !== "drive") return "not reachable";
  if (cleaning !== undefined) return cleaningState(cleaning);
  return volume?.state ?? cartridge?.state ?? "unknown";
}

/** `cleaning, 44 uses left`; a cartridge that says nothing of itself has at least been counted. */
function cleaningState(cleaning: NonNullable<LibraryElement["cleaning"]>): string {
  if (cleaning.state === "spent") return "cleaning, spent: take it out";
  if (cleaning.state === "refused") return "cleaning, of a wrong kind";
  if (cleaning.maxUses === undefined) return cleaning.uses === 0 ? "cleaning, not used yet" : `cleaning, used ${plural(cleaning.uses, "time")}`;
  return `cleaning, ${plural(Math.max(0, cleaning.maxUses - cleaning.uses), "use")} left`;
}

export function driveDocument(drive: DriveInfo): JsonObject {
  return { library: drive.library, drive: drive.number, barcode: drive.barcode ?? null, state: drive.state, detail: drive.detail };
}

export function listedDriveDocument(drive: ListedDrive): JsonObject {
  return {
    ...driveDocument(drive),
    serial: drive.serial ?? null,
    cleaning: drive.cleaning,
    alerts: drive.alerts.map(({ flag, name: alert, severity, acknowledged }) => ({
      flag, name: alert, severity, acknowledged_by: acknowledged?.who ?? null, acknowledged_at: acknowledged === undefined ? null : rfc3339(acknowledged.timeMs),
    })),
  };
}

/** What keeps it, or what it wants. */
function driveWants({ detail, cleaning, alerts }: ListedDrive): string {
  if (detail !== "") return sentence(detail);
  const cleans = cleaning === "needed" ? ["clean it now"] : cleaning === "wanted" ? ["clean it soon"] : [];
  const asksToClean = ({ flag }: { readonly flag: number }): boolean => flag === 20 || flag === 21;
  const told = ({ name: alert, acknowledged }: ListedDrive["alerts"][number]): string =>
    acknowledged === undefined ? name(alert) : `${name(alert)} (known to ${name(acknowledged.who)})`;
  const wants = [...cleans, ...alerts.filter((alert) => !asksToClean(alert)).map(told)];
  return wants.length === 0 ? "-" : wants.join(", ");
}

export const driveColumns: readonly Column<ListedDrive>[] = [
  { title: "library", cell: ({ library }) => name(library) },
  { title: "drive", right: true, cell: ({ number }) => String(number) },
  { title: "state", cell: ({ state }) => state },
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "detail", cell: driveWants },
];

export function driveDetailsDocument(drive: DriveDetails): JsonObject {
  return {
    ...driveDocument(drive),
    vendor: drive.vendor,
    product: drive.product,
    revision: drive.revision,
    serial: drive.serial,
    activity: drive.activity ?? null,
    cleaning: drive.cleaning,
    medium_kind: drive.medium?.kind ?? null,
    generation: drive.generation ?? null,
    worm: drive.medium?.worm ?? null,
    write_protected: drive.writeProtected ?? null,
    remaining_bytes: drive.remainingBytes ?? null,
    total_bytes: drive.totalBytes ?? null,
    takes: drive.takes.map(({ name: generation, writes }) => ({ generation, writes })),
    reservation: drive.reservation,
    encryption: encryptionDocument(drive.encryption),
    protects_blocks: drive.protectsBlocks,
    recommends_order: drive.recommendsOrder,
    alerts: drive.alerts.map(({ flag, name: alert, severity, blames, advice }) => ({ flag, name: alert, severity, blames, advice })),
  };
}

export function driveFacts(drive: DriveDetails, units: Units): readonly Fact[] {
  const { remainingBytes, totalBytes, writeProtected } = drive;
  return [
    ["drive", `${name(drive.library)} drive:${String(drive.number)}`],
    ["state", drive.detail === "" ? drive.state : `${drive.state} (${name(drive.detail)})`],
    ["barcode", drive.barcode === undefined ? undefined : name(drive.barcode)],
    ["doing", drive.activity],
    ["cartridge", cartridgeWords(drive)],
    ["write protected", writeProtected === undefined ? undefined : writeProtected ? "yes" : "no"],
    ["remaining", remainingBytes === undefined ? undefined : units.bytes(remainingBytes)],
    ["capacity", totalBytes === undefined ? undefined : units.bytes(totalBytes)],
    ["product", name(`${drive.vendor} ${drive.product} ${drive.revision}`.trim())],
    ["serial", name(drive.serial)],
    ["takes", takesWords(drive.takes)],
    ["other hosts", { held: "kept away by a reservation", unsupported: "not kept away: no reservations", "not-asked": undefined }[drive.reservation]],
    ["hardware key", encryptionWords(drive.encryption)],
    ["block CRC", drive.protectsBlocks ? "offered" : "not offered"],
    ["reading order", drive.recommendsOrder ? "recommended by the drive" : "estimated"],
    ["cleaning", { none: "not needed", wanted: "wanted soon", needed: "needed now", unknown: undefined }[drive.cleaning]],
    ["alerts", drive.alerts.length === 0 ? "none" : String(drive.alerts.length)],
  ];
}

function cartridgeWords({ medium, generation }: DriveDetails): string | undefined {
  if (medium === undefined) return undefined;
  const kind = medium.kind === "unknown" ? "of a kind that the drive does not tell" : medium.kind;
  return [generation, kind, medium.worm ? "WORM" : undefined].filter((part) => part !== undefined).join(", ");
}

function takesWords(takes: DriveDetails["takes"]): string | undefined {
  if (takes.length === 0) return undefined;
  return takes.map(({ name: generation, writes }) => (writes ? name(generation) : `${name(generation)} to read`)).join(", ");
}

function encryptionWords(encryption: DriveDetails["encryption"]): string | undefined {
  if (encryption.kind === "unsupported") return undefined;
  if (encryption.kind === "off") return "none set";
  const key = encryption.keyName === undefined ? "a key" : `key ${name(encryption.keyName)}`;
  return `${encryption.encrypts ? "encrypts" : "decrypts"} with ${key}, set by ${encryption.setBy}`;
}

function encryptionDocument(encryption: DriveDetails["encryption"]): JsonObject {
  if (encryption.kind === "unsupported") return { kind: encryption.kind };
  const { kind, encrypts, decrypts, scope, setBy, keyName, nextBlock } = encryption;
  return { kind, encrypts, decrypts, scope, set_by: setBy, key_name: keyName ?? null, next_block: nextBlock };
}

export const alertColumns: readonly Column<DriveDetails["alerts"][number]>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "alert", cell: ({ flag, name: alert }) => `${String(flag)} ${name(alert)}` },
  { title: "what to do", cell: ({ advice }) => name(advice) },
];
