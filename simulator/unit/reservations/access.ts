import { be24 } from "../../wire/index.ts";

/**
 * What a command does as far as reservations are concerned (SPC-5, table 65; SSC-5, table 23; SMC-3, table 16; SBC-4, table 13):
 * `free` ones are never in the way, `reading` ones only where access is exclusive, `changing` ones wherever somebody else holds the unit.
 * `reserving` ones look at reservations themselves.
 */
export type Access = "free" | "reading" | "changing" | "reserving";

type Rule = Access | ((cdb: Uint8Array) => Access);

const prevent: Rule = (cdb) => ((cdb[4]! & 0x03) === 0 ? "free" : "changing");
const maintenanceIn: Rule = (cdb) => ((cdb[1]! & 0x1f) === 0x0c || (cdb[1]! & 0x1f) === 0x0d ? "reading" : "free");

/** What is missing here and below changes something. */
const primary: readonly (readonly [number, Rule])[] = [
  [0x00, "free"], [0x03, "free"], [0x12, "free"], [0x4d, "free"], [0xa0, "free"], [0x1e, prevent], [0xa3, maintenanceIn],
  [0x16, "reserving"], [0x17, "reserving"], [0x56, "reserving"], [0x57, "reserving"], [0x5e, "reserving"], [0x5f, "reserving"],
  [0x1a, "reading"], [0x5a, "reading"], [0x1c, "reading"], [0x3c, "reading"], [0x8c, "reading"], [0xa2, "reading"], [0xab, "reading"],
];

const tape: readonly (readonly [number, Rule])[] = [
  [0x05, "free"], [0x44, "free"], [0x34, "free"], [0x08, "reading"], [0x88, "reading"], [0x0f, "reading"], [0x13, "reading"], [0x8f, "reading"],
  // Moving the medium is nothing that is recorded on it, but disturbs who is about to: LOCATE, REWIND, SPACE.
  [0x01, "changing"], [0x11, "changing"], [0x2b, "changing"], [0x91, "changing"], [0x92, "changing"],
];

const changer: readonly (readonly [number, Rule])[] = [
  // READ ELEMENT STATUS with CURDATA moves nothing, nor does one that asks for the header alone.
  [0xb8, (cdb) => ((cdb[6]! & 0x02) !== 0 || be24(cdb, 7) <= 8 ? "free" : "reading")],
];

const disk: readonly (readonly [number, Rule])[] = [
  [0x25, "free"], [0x9e, (cdb) => ((cdb[1]! & 0x1f) === 0x10 ? "free" : "reading")],
  [0x08, "reading"], [0x28, "reading"], [0xa8, "reading"], [0x88, "reading"], [0x2f, "reading"], [0xaf, "reading"], [0x8f, "reading"],
  [0x34, "reading"], [0x90, "reading"], [0x37, "reading"], [0xb7, "reading"],
  // To start a unit without a change of its power condition or its medium is no harm.
  [0x1b, (cdb) => ((cdb[4]! & 0xf3) === 0x01 ? "free" : "changing")],
];

const kinds = new Map<number, ReadonlyMap<number, Rule>>([
  [0x00, new Map([...primary, ...disk])],
  [0x01, new Map([...primary, ...tape])],
  [0x08, new Map([...primary, ...changer])],
]);

export function access(deviceType: number, cdb: Uint8Array): Access {
  const rule = kinds.get(deviceType)?.get(cdb[0]!) ?? "changing";
  return typeof rule === "string" ? rule : rule(cdb);
}

/** SPC-2, table 9: what one that is reserved by RESERVE answers to everybody. */
export function isPastReserve(deviceType: number, cdb: Uint8Array): boolean {
  const opcode = cdb[0]!;
  if (deviceType === 0x08 && opcode === 0xb8) return access(deviceType, cdb) === "free";
  if (opcode === 0xa3) return access(deviceType, cdb) === "free";
  return opcode === 0x03 || opcode === 0x12 || opcode === 0x4d || opcode === 0xa0 || (opcode === 0x1e && access(deviceType, cdb) === "free");
}
