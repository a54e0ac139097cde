import { createMemoryLibrary } from "../../../simulator/index.ts";
import {
  accessOrderLimitsBytes, accessOrderLimitsCdb, elementType, encryptionPage, inquiryCdb, logPage, logSenseCdb, modeSense6Cdb, moveMediumCdb, parseElementStatus,
  readAttributeCdb, readBlockLimitsCdb,
  readElementStatusCdb, readPositionCdb, reportDensityCdb, reportOpcodesCdb, requestSenseCdb, reserveInAction, reserveInCdb, rewindCdb, securityProtocol,
  securityProtocolInCdb, testUnitReadyCdb, type Transport, writeCdb,
} from "../../../src/scsi/index.ts";
import { drawFrom } from "../frame/draw.ts";

const answerBytes = 64 * 1024;

/** What the units of a library answer to questions, by what was asked. */
export interface DeviceAnswers {
  readonly sense: readonly Uint8Array[];
  readonly inquiry: readonly Uint8Array[];
  readonly vitalPages: readonly Uint8Array[];
  readonly logPages: readonly Uint8Array[];
  readonly modes: readonly Uint8Array[];
  readonly elements: readonly Uint8Array[];
  readonly attributes: readonly Uint8Array[];
  readonly densities: readonly Uint8Array[];
  readonly positions: readonly Uint8Array[];
  readonly blockLimits: readonly Uint8Array[];
  readonly opcodes: readonly Uint8Array[];
  readonly accessOrder: readonly Uint8Array[];
  readonly reservations: readonly Uint8Array[];
  readonly encryption: readonly Uint8Array[];
  readonly luns: readonly Uint8Array[];
}

/** Asks a library in memory whose serial numbers are always the same: the samples are, too. */
export async function deviceAnswers(): Promise<DeviceAnswers> {
  const { below } = drawFrom("serial numbers");
  const library = await createMemoryLibrary(
    { drives: 2, slots: 6, mailSlots: 2, cartridges: ["SR0001L8", "SR0002L8", "CLN001L1"].map((barcode) => ({ barcode, capacityBytes: 64 << 20 })) },
    (target) => { for (let at = 0; at < target.length; at += 1) target[at] = below(256); },
  );
  try {
    const [changer, drive] = [await library.transport(0), await library.transport(1)];
    await load(changer);
    await ask(drive, rewindCdb());
    await drive.execute({ cdb: writeCdb(4096), dataOut: new Uint8Array(4096), timeoutMs: 60_000 });
    const both = async (cdb: Uint8Array): Promise<Uint8Array[]> => [...await ask(changer, cdb), ...await ask(drive, cdb)];
    const many = async (on: Transport, cdbs: readonly Uint8Array[]): Promise<Uint8Array[]> => (await Promise.all(cdbs.map(async (cdb) => await ask(on, cdb)))).flat();
    const pages = Array.from({ length: 0x40 }, (_, page) => page);
    return {
      sense: [...await both(requestSenseCdb()), ...await refusals(drive)],
      inquiry: await both(inquiryCdb(96)),
      vitalPages: (await Promise.all([0x00, 0x80, 0x83, 0x86, 0xb0, 0xb1, 0xb5].map(async (page) => await both(inquiryCdb(255, page))))).flat(),
      logPages: await many(drive, [...pages, ...Object.values(logPage)].map((page) => logSenseCdb(page, 0, 8192))),
      modes: [...await many(drive, pages.map((page) => modeSense6Cdb(page, 0, 255))), ...await many(changer, pages.map((page) => modeSense6Cdb(page, 0, 255)))],
      elements: await many(changer, [true, false].flatMap((volumeTags) => [true, false].map((deviceIds) =>
        readElementStatusCdb({ type: elementType.all, first: 0, count: 0xffff, volumeTags, deviceIds, allocationBytes: answerBytes })))),
      attributes: await ask(drive, readAttributeCdb(0, answerBytes)),
      densities: await many(drive, [reportDensityCdb(answerBytes, true), reportDensityCdb(answerBytes, false)]),
      positions: await many(drive, [readPositionCdb("short"), readPositionCdb("long")]),
      blockLimits: await ask(drive, readBlockLimitsCdb()),
      opcodes: await both(reportOpcodesCdb(answerBytes)),
      accessOrder: [...await ask(drive, accessOrderLimitsCdb(), accessOrderLimitsBytes), Uint8Array.from({ length: 132 }, (_, at) => (at === 3 ? 128 : at % 32))],
      reservations: (await Promise.all(Object.values(reserveInAction).map(async (action) => await both(reserveInCdb(action, 4096))))).flat(),
      encryption: await many(drive, Object.values(encryptionPage).map((page) => securityProtocolInCdb(securityProtocol.tapeDataEncryption, page, 4096))),
      luns: await both(Uint8Array.of(0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)),
    };
  } finally {
    await library.close();
  }
}

/** The first cartridge into the first drive, all attentions heard. */
async function load(changer: Transport): Promise<void> {
  for (let tries = 0; tries < 8; tries += 1) await ask(changer, testUnitReadyCdb());
  const [status] = await ask(changer, readElementStatusCdb({ type: 0, first: 0, count: 0xffff, volumeTags: true, deviceIds: false, allocationBytes: answerBytes }));
  const { elements } = parseElementStatus(status!)!;
  const from = elements.find(({ type, full }) => type === elementType.slot && full)!;
  const to = elements.find(({ type }) => type === elementType.drive)!;
  await ask(changer, moveMediumCdb(0, from.address, to.address));
}

async function ask(transport: Transport, cdb: Uint8Array, sizeBytes = answerBytes): Promise<Uint8Array[]> {
  for (let tries = 0; tries < 8; tries += 1) {
    const dataIn = new Uint8Array(sizeBytes);
    const { status, transferredBytes } = await transport.execute({ cdb, dataIn, timeoutMs: 60_000 });
    if (status === 0) return transferredBytes === 0 ? [] : [dataIn.slice(0, transferredBytes)];
  }
  return [];
}

/** Senses of commands that a drive does not take. */
async function refusals(drive: Transport): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const cdb of [Uint8Array.of(0x08, 1, 0, 0, 1, 0), Uint8Array.of(0x91, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(0x11, 1, 0, 0, 9, 0)]) {
    const { sense } = await drive.execute({ cdb, timeoutMs: 60_000 });
    if (sense.length > 0) found.push(sense.slice());
  }
  return found;
}
