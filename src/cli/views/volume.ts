import type { DueVolume, VerifyFinding, VolumeDetails, VolumeIdentity } from "../../operations/index.ts";
import type { MovementRecord, VerificationRecord, VolumeRecord } from "../../records/index.ts";
import { type Column, count, type Fact, name, plural, time, type Units } from "./column.ts";
import { type JsonObject, numbersDocument, timeDocument } from "./document.ts";

/** A volume, and where its cartridge is if that is asked for. */
export type PlacedVolume = VolumeRecord & { readonly place?: string };

export function volumeDocument(volume: PlacedVolume): JsonObject {
  return {
    barcode: volume.barcode,
    uuid: volume.uuid,
    pool: volume.pool,
    state: volume.state,
    place: volume.place,
    objects: volume.objects,
    bytes_written: volume.bytesWritten,
    session_open: volume.sessionOpen,
    block_size_bytes: volume.blockSizeBytes,
    created: timeDocument(volume.createdMs),
    verified: timeDocument(volume.verifiedMs),
  };
}

export const volumeColumns: readonly Column<PlacedVolume>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "state", cell: ({ state }) => state },
  { title: "objects", right: true, cell: ({ objects }) => count(objects) },
  { title: "written", right: true, cell: ({ bytesWritten }, units) => units.bytes(bytesWritten) },
  { title: "verified", cell: ({ verifiedMs }) => (verifiedMs === undefined ? "never" : time(verifiedMs)) },
];

export const placedVolumeColumns: readonly Column<PlacedVolume>[] = [
  ...volumeColumns,
  { title: "place", cell: ({ place }) => name(place) },
];

export function volumeDetailsDocument({ volume, cartridge, objects, copies, movements, verifications, condition }: VolumeDetails): JsonObject {
  return {
    ...volumeDocument({ ...volume, place: cartridge.place }),
    cartridge: {
      kind: cartridge.kind,
      state: cartridge.state,
      capacity_bytes: cartridge.capacityBytes ?? null,
      seen: timeDocument(cartridge.seenMs),
    },
    condition: condition === undefined ? null : { time: timeDocument(condition.timeMs), ...numbersDocument(condition.numbers) },
    object_list: objects.map((object) => ({
      number: object.number,
      role: object.role,
      size_bytes: object.sizeBytes,
      sha256: object.sha256,
      written: timeDocument(object.writtenMs),
    })),
    copies: copies.map((copy) => ({ object: copy.objectNumber, state: copy.state, checked: timeDocument(copy.checkedMs) })),
    verifications: verifications.map(verificationDocument),
    movements: movements.map((step) => ({
      time: timeDocument(step.timeMs),
      from: step.from,
      to: step.to,
      who: step.who,
      why: step.why,
    })),
  };
}

function verificationDocument(verification: VerificationRecord): JsonObject {
  return {
    job: verification.jobId ?? null,
    method: verification.method,
    place: verification.place,
    started: timeDocument(verification.startedMs),
    finished: timeDocument(verification.finishedMs),
    objects: verification.objects,
    read_bytes: verification.readBytes,
    severity: verification.severity ?? null,
  };
}

export const verificationColumns: readonly Column<VerificationRecord>[] = [
  { title: "verified", cell: ({ startedMs }) => time(startedMs) },
  { title: "how", cell: ({ method }) => method },
  { title: "result", cell: ({ severity, finishedMs }) => (finishedMs === undefined ? "not finished" : (severity ?? "-")) },
  { title: "objects", right: true, cell: ({ objects }) => count(objects) },
  { title: "read", right: true, cell: ({ readBytes }, units) => units.bytes(readBytes) },
  { title: "where", cell: ({ place }) => name(place) },
  { title: "job", right: true, cell: ({ jobId }) => (jobId === undefined ? "-" : count(jobId)) },
];

export function dueDocument(due: DueVolume): JsonObject {
  return { barcode: due.barcode, pool: due.pool, oldest_check: timeDocument(due.oldestMs), due: timeDocument(due.dueMs), in_reach: due.inReach };
}

export const dueColumns: readonly Column<DueVolume>[] = [
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "pool", cell: ({ pool }) => name(pool) },
  { title: "not looked at since", cell: ({ oldestMs }) => time(oldestMs) },
  { title: "due since", cell: ({ dueMs }) => time(dueMs) },
  { title: "in reach", cell: ({ inReach }) => (inReach ? "yes" : "no") },
];

export function volumeFacts({ volume, cartridge, copies, condition }: VolumeDetails, units: Units): readonly Fact[] {
  const inState = (state: string): string => count(copies.filter((copy) => copy.state === state).length);
  return [
    ["barcode", name(volume.barcode)],
    ["uuid", volume.uuid],
    ["pool", name(volume.pool)],
    ["state", volume.sessionOpen ? `${volume.state}, last session not closed by a trailer` : volume.state],
    ["place", name(cartridge.place)],
    ["cartridge", `${cartridge.kind}, ${cartridge.state}`],
    ...conditionFacts(condition),
    ["objects", count(volume.objects)],
    ["written", units.bytes(volume.bytesWritten)],
    ["copies", `${inState("verified")} verified, ${inState("written")} not yet verified, ${inState("bad")} bad`],
    ["made", time(volume.createdMs)],
    ["verified", volume.verifiedMs === undefined ? "never" : time(volume.verifiedMs)],
  ];
}

/** The condition of the cartridge as it was told last: wear, and errors that could not be recovered. */
function conditionFacts(condition: VolumeDetails["condition"]): readonly Fact[] {
  if (condition === undefined) return [];
  const { loads, fills, unrecoveredReadErrors, unrecoveredWriteErrors } = condition.numbers;
  const errors = (unrecoveredReadErrors ?? 0) + (unrecoveredWriteErrors ?? 0);
  return [
    ["condition", errors === 0 ? "no errors" : `${plural(errors, "error")} that could not be recovered`],
    ["looked at", time(condition.timeMs)],
    ["loaded", loads === undefined ? undefined : plural(loads, "time")],
    ["filled", fills === undefined ? undefined : `${fills.toFixed(1)} times`],
  ];
}

export const movementColumns: readonly Column<MovementRecord>[] = [
  { title: "time", cell: ({ timeMs }) => time(timeMs) },
  { title: "from", cell: ({ from }) => name(from) },
  { title: "to", cell: ({ to }) => name(to) },
  { title: "who", cell: ({ who }) => name(who) },
  { title: "why", cell: ({ why }) => name(why) },
];

export function identityDocument(identity: VolumeIdentity): JsonObject {
  if (identity.kind === "blank") return { kind: "blank" };
  if (identity.kind === "foreign") return { kind: "foreign", looks_like: identity.looksLike };
  const { kind, uuid, barcode, pool, appliance, ours, signature } = identity;
  return { kind, uuid, barcode, pool, appliance, ours, signature };
}

/** One sentence: what lies there. */
export function identityText(identity: VolumeIdentity): string {
  if (identity.kind === "blank") return "blank: nothing is written on it";
  if (identity.kind === "foreign") return `not a Strongroom volume: looks like ${name(identity.looksLike)}`;
  const whose = identity.ours ? "of this appliance" : `of another appliance (${name(identity.appliance)})`;
  return `volume ${name(identity.barcode)} of pool ${name(identity.pool)} ${whose}, ${identity.uuid}, signature ${identity.signature}`;
}

export function verifyFindingDocument(finding: VerifyFinding): JsonObject {
  const { severity, code, barcode, object, role, text, hint } = finding;
  return { severity, code, barcode, object, role, text, hint };
}

/** The sentence without the place that it begins with: the table has columns for that. */
function whatOf({ barcode, object, role, text }: VerifyFinding): string {
  const place = `cartridge ${barcode}, object ${String(object)} (${role}): `;
  return text.startsWith(place) ? text.slice(place.length) : text;
}

export const verifyFindingColumns: readonly Column<VerifyFinding>[] = [
  { title: "severity", cell: ({ severity }) => severity },
  { title: "barcode", cell: ({ barcode }) => name(barcode) },
  { title: "object", right: true, cell: ({ object }) => count(object) },
  { title: "role", cell: ({ role }) => name(role) },
  { title: "what", cell: (finding) => `${name(whatOf(finding))} [${finding.code}]` },
  { title: "what to do", cell: ({ hint }) => name(hint) },
];
