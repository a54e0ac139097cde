import { openMediaChanger } from "../devices/changer/index.ts";
import type { NetworkLibraries, NetworkUnits } from "../operations/index.ts";
import { deviceType, inquiryBytes, inquiryCdb, parseInquiry, parseSerialNumber, status, type Transport, vitalPage } from "../scsi/index.ts";
import { discoverIscsiTargets, type IscsiTransports, openIscsiTransports } from "../transports/iscsi/index.ts";
import { printable, StrongroomError, systemClock, systemRandom } from "../words/index.ts";

/** Libraries behind iSCSI targets: which targets a portal shows, and which of a target's units are what. */
export const networkLibraries: NetworkLibraries = {
  targets: async (place) => await discoverIscsiTargets({ ...place, ...context }),
  units: async (place, target) => {
    const session = openIscsiTransports({ ...place, ...context, target });
    try {
      return await unitsOf(session, target);
    } finally {
      await session.close();
    }
  },
};

const context = { clock: systemClock, random: systemRandom };
/** More units than this are not asked what they are. */
const unitLimit = 512;
const questionTimeoutMs = 30_000;
const serialPageBytes = 255;

interface Unit {
  readonly lun: number;
  readonly type: number;
  readonly serial: string | undefined;
}

async function unitsOf(session: IscsiTransports, target: string): Promise<NetworkUnits> {
  const units: Unit[] = [];
  for (const lun of (await session.reportLuns()).slice(0, unitLimit)) units.push(await asked(session, lun));
  const changers = units.filter(({ type }) => type === deviceType.mediaChanger);
  const [changer] = changers;
  if (changer === undefined || changers.length > 1) throw notOneChanger(target, changers.length);
  const drives = units.filter(({ type }) => type === deviceType.tape);
  const serials = await driveSerialsOf(session, changer.lun);
  return { changerLun: changer.lun, driveLuns: lunsByElement(serials, drives, target) };
}

async function asked(session: IscsiTransports, lun: number): Promise<Unit> {
  const transport = await session.transport(lun);
  try {
    const type = parseInquiry(await answer(transport, inquiryCdb(inquiryBytes), inquiryBytes))?.deviceType ?? deviceType.none;
    const serial = parseSerialNumber(await answer(transport, inquiryCdb(serialPageBytes, vitalPage.serialNumber), serialPageBytes));
    return { lun, type, serial: serial === "" ? undefined : serial };
  } finally {
    await transport.close();
  }
}

/** INQUIRY is answered whatever state a unit is in (SPC-5, 6.7); empty when it is refused. */
async function answer(transport: Transport, cdb: Uint8Array, bytes: number): Promise<Uint8Array> {
  const dataIn = new Uint8Array(bytes);
  const completion = await transport.execute({ cdb, dataIn, timeoutMs: questionTimeoutMs });
  return completion.status === status.good ? dataIn.subarray(0, completion.transferredBytes) : new Uint8Array(0);
}

async function driveSerialsOf(session: IscsiTransports, lun: number): Promise<readonly (string | undefined)[]> {
  const changer = openMediaChanger(await session.transport(lun), systemClock);
  try {
    return (await changer.inventory()).elements.filter(({ kind }) => kind === "drive").map(({ driveSerial }) => driveSerial);
  } finally {
    await changer.close();
  }
}

/** By serial number; the only one that is left over on both sides belongs together too. Nothing is guessed beyond that. */
export function lunsByElement(serials: readonly (string | undefined)[], drives: readonly Pick<Unit, "lun" | "serial">[], target: string): readonly number[] {
  const lunOf = (serial: string | undefined): number | undefined => {
    const alike = serial === undefined ? [] : drives.filter((drive) => drive.serial === serial);
    return alike.length === 1 ? alike[0]!.lun : undefined;
  };
  const luns = serials.map(lunOf);
  const spare = drives.filter(({ lun }) => !luns.includes(lun));
  const unknown = luns.filter((lun) => lun === undefined).length;
  const only = spare.length === 1 && unknown === 1 && drives.length === serials.length ? spare[0]!.lun : undefined;
  const whole = luns.map((lun) => lun ?? only);
  if (whole.every((lun) => lun !== undefined) && whole.length > 0) return whole;
  const candidates = drives.map(({ lun, serial }) => `${String(lun)} (${printable(serial ?? "no serial number")})`).join(", ");
  throw new StrongroomError("failed", "DRIVES_UNMAPPED", `target ${printable(target)} does not tell which units are its library's drives`, {
    hint: candidates === "" ? "give this initiator access to the drives at the target" :
      `name them in the order of their elements with --changer-lun and --drive-lun; its tape drives are units ${candidates}`,
  });
}

function notOneChanger(target: string, count: number): StrongroomError {
  const what = count === 0 ? "shows no media changer to this appliance" : `has ${String(count)} media changers`;
  return new StrongroomError(count === 0 ? "missing" : "usage", "CHANGER_UNCLEAR", `target ${printable(target)} ${what}`, {
    hint: count === 0 ? "give this initiator access to the library's units at the target" : "name units with --changer-lun and --drive-lun",
  });
}
