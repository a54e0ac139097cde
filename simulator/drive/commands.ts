import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { CommandTimeouts } from "../models/index.ts";
import { type KnownCommand, logSense, type UnitIdentity } from "../unit/index.ts";
import { answer, be32, check, field, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import { readAttribute, writeAttribute } from "./attributes.ts";
import { lookAtNextBlock } from "./blocks.ts";
import { driveLogPages, driveLogSelect } from "./logs.ts";
import { reportDensity } from "./densities.ts";
import { formatMedium, setCapacity } from "./formatting.ts";
import { driveModeSelect } from "./mode-selecting.ts";
import { blockLimits, driveModeSense } from "./modes.ts";
import { type Drive, type Medium, notReady, profile } from "./model.ts";
import { allowOverwrite } from "./overwriting.ts";
import { loadUnload } from "./mounting.ts";
import { locate, readPosition, rewind, space } from "./positioning.ts";
import { read } from "./reading.ts";
import { generateAccessOrder, receiveAccessOrder, recommendsOrders } from "./recommending.ts";
import { verify } from "./verifying.ts";
import { erase, write, writeFilemarks } from "./writing.ts";

type Reply = Outcome | Promise<Outcome>;

interface DriveCommand {
  readonly usage: string;
  /** Where the first of these bits of the second byte say which of several commands it is. */
  readonly serviceActions?: ReadonlyMap<number, ServiceAction>;
  /** Which of the model's times is its own; all others are short. */
  readonly lasts?: keyof CommandTimeouts;
  readonly run: (drive: Drive, command: ScsiCommand) => Reply;
}

interface ServiceAction {
  readonly usage: string;
  /** Long ones take as long as winding a whole tape. */
  readonly timeoutSeconds?: number;
  /** Missing: every drive has it. */
  readonly isOffered?: (drive: Drive) => boolean;
  readonly run: (drive: Drive, command: ScsiCommand) => Reply;
}

const short = 60;
const winding = 2880;

function onMedium(
  run: (drive: Drive, medium: Medium, command: ScsiCommand) => Reply,
): (drive: Drive, command: ScsiCommand) => Reply {
  return (drive, command) => {
    const refusal = notReady(drive);
    return refusal ?? run(drive, drive.medium!, command);
  };
}

const maintenanceInActions: ReadonlyMap<number, ServiceAction> = new Map<number, ServiceAction>([
  [0x1d, { usage: "a39fffffffffffffffff0700", isOffered: recommendsOrders, run: receiveAccessOrder }],
]);
const maintenanceOutActions: ReadonlyMap<number, ServiceAction> = new Map<number, ServiceAction>([
  [0x1d, { usage: "a41f07070000ffffffff0000", timeoutSeconds: winding, isOffered: recommendsOrders, run: onMedium(generateAccessOrder) }],
]);
const mediaSerialActions: ReadonlyMap<number, ServiceAction> = new Map<number, ServiceAction>([
  [0x01, { usage: "ab0100000000ffffffff0000", run: onMedium(readMediaSerial) }],
]);

/** Opcode → command (SSC-5, table 24). `usage` is what REPORT SUPPORTED OPERATION CODES tells of the CDB. */
export const driveCommands: ReadonlyMap<number, DriveCommand> = new Map<number, DriveCommand>([
  [0x00, { usage: "000000000000", run: (drive) => notReady(drive) ?? good }],
  [0x01, { usage: "010100000000", lasts: "rewind", run: onMedium(rewind) }],
  [0x04, { usage: "04030fffff00", lasts: "format", run: onMedium(formatMedium) }],
  [0x05, { usage: "050100000000", run: (drive, command) => answer(command, blockLimits(drive, command.cdb), 20) }],
  [0x08, { usage: "0803ffffff00", lasts: "read", run: onMedium(read) }],
  [0x0a, { usage: "0a01ffffff00", lasts: "write", run: onMedium(write) }],
  [0x0b, { usage: "0b0100ffff00", lasts: "format", run: onMedium(setCapacity) }],
  [0x10, { usage: "1001ffffff00", lasts: "writeFilemarks", run: onMedium(writeFilemarks) }],
  [0x11, { usage: "110fffffff00", lasts: "space", run: onMedium(space) }],
  [0x13, { usage: "132fffffff00", lasts: "verify", run: onMedium(verify) }],
  [0x15, { usage: "15110000ff00", run: driveModeSelect }],
  [0x19, { usage: "190300000000", lasts: "erase", run: onMedium(erase) }],
  [0x1a, { usage: "1a08ffffff00", run: driveModeSense }],
  [0x1b, { usage: "1b0100000f00", lasts: "load", run: loadUnload }],
  [0x1e, { usage: "1e0000000300", run: preventRemoval }],
  [0x2b, { usage: "2b0600ffffffff00ff00", lasts: "locate", run: onMedium(locate) }],
  [0x34, { usage: "341f0000000000ffff00", run: onMedium(readPosition) }],
  [0x44, { usage: "440300000000" + "00ffff00", run: reportDensity }],
  [0x4c, { usage: "4c03ffff000000ffff00", run: driveLogSelect }],
  [0x4d, { usage: "4d01ffff00ffffffff00", run: (drive, command) => logSense(driveLogPages(drive), command) }],
  [0x55, { usage: "55110000000000ffff00", run: driveModeSelect }],
  [0x5a, { usage: "5a18ffff000000ffff00", run: driveModeSense }],
  [0x82, { usage: "82000fffffffffffffffffff00000000", run: onMedium(allowOverwrite) }],
  [0x8c, { usage: "8c1f000000ff00ffffffffffffff0000", run: onMedium(readAttribute) }],
  [0x8d, { usage: "8d01000000ff00ff0000ffffffff0000", run: onMedium(writeAttribute) }],
  [0x91, { usage: "910f0000ffffffffffffffffffff0000", lasts: "space", run: onMedium(space) }],
  [0x92, { usage: "923b00ffffffffffffffffff00000000", lasts: "locate", run: onMedium(locate) }],
  [0xa2, { usage: "a2ffffff8000ffffffff0000", run: securityIn }],
  [0xa3, withActions("a31f00000000000000000000", maintenanceInActions)],
  [0xa4, withActions("a41f00000000000000000000", maintenanceOutActions)],
  [0xab, withActions("ab1f00000000000000000000", mediaSerialActions)],
  [0xb5, { usage: "b5ffffff8000ffffffff0000", run: securityOut }],
]);

function withActions(usage: string, serviceActions: ReadonlyMap<number, ServiceAction>): DriveCommand {
  return {
    usage,
    serviceActions,
    run: (drive, command) => {
      const offered = [...serviceActions].filter(([, { isOffered }]) => isOffered?.(drive) !== false);
      if (offered.length === 0) return check(senses.unknownOpcode);
      const action = offered.find(([code]) => code === (command.cdb[1]! & 0x1f))?.[1];
      return action === undefined ? check(invalidField(1)) : action.run(drive, command);
    },
  };
}

/** What only drives have. */
export function knownTo(drive: Drive): readonly KnownCommand[] {
  return [...driveCommands].flatMap(([opcode, { usage, serviceActions, lasts }]) =>
    serviceActions === undefined
      ? [{ opcode, usage, timeoutSeconds: lasts === undefined ? short : drive.model.timeoutSeconds[lasts] }]
      : [...serviceActions]
        .filter(([, { isOffered }]) => isOffered?.(drive) !== false)
        .map(([serviceAction, action]) => ({ opcode, serviceAction, usage: action.usage, timeoutSeconds: action.timeoutSeconds ?? short })),
  );
}

function preventRemoval(drive: Drive, { cdb }: ScsiCommand): Outcome {
  if (cdb[4]! > 1) return check(invalidField(4));
  if (cdb[4] === 1) drive.removalPreventedBy.add(drive.caller);
  else drive.removalPreventedBy.delete(drive.caller);
  return good;
}

async function securityIn(drive: Drive, command: ScsiCommand): Promise<Outcome> {
  const { medium } = drive;
  return await drive.encryption.securityIn(drive.caller, command, medium === undefined ? undefined : () => lookAtNextBlock(drive, medium));
}

function securityOut(drive: Drive, command: ScsiCommand): Outcome {
  return drive.encryption.securityOut(drive.caller, command, () => { drive.attentions.raise(senses.encryptionChanged, drive.caller); });
}

/** READ MEDIA SERIAL NUMBER (SPC-5, 6.19): padded to a multiple of four. */
function readMediaSerial(_drive: Drive, medium: Medium, command: ScsiCommand): Outcome {
  const { serial } = medium.cartridge.facts;
  const padded = [...Buffer.from(serial.padEnd(Math.ceil(serial.length / 4) * 4), "latin1")];
  return answer(command, [...field(padded.length, 4), ...padded], be32(command.cdb, 6));
}

/** SSC-5, 8.5: B0 says that WORM is understood, B1 names the manufacturer's serial number. */
export function identityOf(drive: Drive): UnitIdentity {
  const { vendor, revision } = profile;
  const { product } = drive.model;
  const pages = new Map<number, readonly number[]>([
    [0xb0, [0x01, 0, 0]],
    [0xb5, drive.protection.vitalPage()],
    [0xb1, [...Buffer.from(drive.serial, "latin1")]],
  ]);
  return { deviceType: 0x01, vendor, product, revision, serial: drive.serial, versions: [0x00a0, 0x0460, 0x0520], pages };
}
