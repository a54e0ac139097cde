import { viewOf } from "./bytes.ts";

/** What a command has to say besides GOOD (SPC-5, 4.4). */
export interface SenseFields {
  readonly key: number;
  /** Additional sense code and qualifier, `asc << 8 | ascq`. */
  readonly code: number;
  readonly filemark?: boolean;
  readonly endOfMedium?: boolean;
  readonly incorrectLength?: boolean;
  /** Signed: negative for blocks longer than asked for. Present means VALID. */
  readonly information?: number;
  /** The CDB byte at fault, for ILLEGAL REQUEST (SPC-5, 4.4.2.4.2). */
  readonly cdbByte?: number;
  readonly deferred?: boolean;
  /** Of what goes on, 65536 parts of it are all (SPC-5, 4.4.2.4.4). With NO SENSE and NOT READY only. */
  readonly progress?: number;
}

export const senseKey = {
  noSense: 0x0,
  recoveredError: 0x1,
  notReady: 0x2,
  mediumError: 0x3,
  hardwareError: 0x4,
  illegalRequest: 0x5,
  unitAttention: 0x6,
  dataProtect: 0x7,
  blankCheck: 0x8,
  volumeOverflow: 0xd,
  miscompare: 0xe,
} as const;

/** The answers of these devices, named as the standards name them. */
export const senses = {
  none: { key: senseKey.noSense, code: 0x0000 },
  /** What somebody at the machine has to put right. */
  manualIntervention: { key: senseKey.notReady, code: 0x0403 },
  /** A drive that was switched off, seen by its changer. */
  driveOff: { key: senseKey.notReady, code: 0x0412 },
  mailDoorOpen: { key: senseKey.notReady, code: 0x3a02 },
  magazineOut: { key: senseKey.notReady, code: 0x3b11 },
  magazineRemoved: { key: senseKey.unitAttention, code: 0x3b12 },
  magazineInserted: { key: senseKey.unitAttention, code: 0x3b13 },
  elementDisabled: { key: senseKey.illegalRequest, code: 0x3b18 },
  gripperStuck: { key: senseKey.hardwareError, code: 0x1501 },
  becomingReady: { key: senseKey.notReady, code: 0x0401 },
  /** A cartridge that is in and not threaded, until LOAD. */
  notThreaded: { key: senseKey.notReady, code: 0x0402 },
  wantsCleaning: { key: senseKey.noSense, code: 0x0017 },
  cleaningFailed: { key: senseKey.notReady, code: 0x3007 },
  cleaningCartridge: { key: senseKey.notReady, code: 0x3003 },
  incompatibleInstalled: { key: senseKey.notReady, code: 0x3000 },
  cannotWriteFormat: { key: senseKey.dataProtect, code: 0x3005 },
  noMedium: { key: senseKey.notReady, code: 0x3a00 },
  powerOn: { key: senseKey.unitAttention, code: 0x2900 },
  poweredOn: { key: senseKey.unitAttention, code: 0x2901 },
  wasReset: { key: senseKey.unitAttention, code: 0x2903 },
  mediumMayHaveChanged: { key: senseKey.unitAttention, code: 0x2800 },
  mailSlotAccessed: { key: senseKey.unitAttention, code: 0x2801 },
  encryptionChanged: { key: senseKey.unitAttention, code: 0x2a11 },
  modeParametersChanged: { key: senseKey.unitAttention, code: 0x2a01 },
  reservationsPreempted: { key: senseKey.unitAttention, code: 0x2a03 },
  reservationsReleased: { key: senseKey.unitAttention, code: 0x2a04 },
  registrationsPreempted: { key: senseKey.unitAttention, code: 0x2a05 },
  timestampChanged: { key: senseKey.unitAttention, code: 0x2a10 },
  unitsChanged: { key: senseKey.unitAttention, code: 0x3f0e },
  unknownOpcode: { key: senseKey.illegalRequest, code: 0x2000 },
  invalidElement: { key: senseKey.illegalRequest, code: 0x2101 },
  unknownUnit: { key: senseKey.illegalRequest, code: 0x2500 },
  parameterListLength: { key: senseKey.illegalRequest, code: 0x1a00 },
  invalidParameter: { key: senseKey.illegalRequest, code: 0x2600 },
  pastBeginning: { key: senseKey.illegalRequest, code: 0x3b0c },
  notInSequence: { key: senseKey.illegalRequest, code: 0x3b00 },
  formatInProgress: { key: senseKey.notReady, code: 0x0404 },
  operationInProgress: { key: senseKey.notReady, code: 0x0407 },
  erasing: { key: senseKey.noSense, code: 0x0018 },
  miscompare: { key: senseKey.miscompare, code: 0x1d00 },
  commandSequence: { key: senseKey.illegalRequest, code: 0x2c00 },
  invalidRelease: { key: senseKey.illegalRequest, code: 0x2604 },
  tooManyRegistrations: { key: senseKey.illegalRequest, code: 0x5504 },
  savingNotSupported: { key: senseKey.illegalRequest, code: 0x3900 },
  destinationFull: { key: senseKey.illegalRequest, code: 0x3b0d },
  sourceEmpty: { key: senseKey.illegalRequest, code: 0x3b0e },
  removalPrevented: { key: senseKey.illegalRequest, code: 0x5302 },
  heldByDrive: { key: senseKey.illegalRequest, code: 0x5303 },
  incompatibleMedium: { key: senseKey.illegalRequest, code: 0x3000 },
  writeProtected: { key: senseKey.dataProtect, code: 0x2700 },
  wormOverwrite: { key: senseKey.dataProtect, code: 0x300c },
  wormTampered: { key: senseKey.dataProtect, code: 0x300d },
  /** Data that only came at a later try. */
  readAtLast: { key: senseKey.recoveredError, code: 0x1701 },
  endOfDataNotFound: { key: senseKey.mediumError, code: 0x1403 },
  unwritable: { key: senseKey.mediumError, code: 0x0c00 },
  chipUnreadable: { key: senseKey.mediumError, code: 0x1112 },
  chipUnwritable: { key: senseKey.mediumError, code: 0x0c0b },
  loadFailed: { key: senseKey.mediumError, code: 0x5300 },
  ejectFailed: { key: senseKey.hardwareError, code: 0x5300 },
  unreadable: { key: senseKey.mediumError, code: 0x1100 },
  noMemoryAccess: { key: senseKey.illegalRequest, code: 0x2400 },
} as const satisfies Record<string, SenseFields>;

export function invalidField(cdbByte: number): SenseFields {
  return { key: senseKey.illegalRequest, code: 0x2400, cdbByte };
}

/** SPC-5, 4.4.3 (fixed, 18 bytes) or 4.4.2 (descriptor). */
export function encodeSense(sense: SenseFields, descriptorFormat: boolean): Uint8Array {
  return descriptorFormat ? descriptorSense(sense) : fixedSense(sense);
}

function fixedSense(sense: SenseFields): Uint8Array {
  const bytes = new Uint8Array(18);
  // INFORMATION has 32 bits here; what does not fit must not be called valid (SPC-5, 4.4.3).
  const fits = sense.information !== undefined && sense.information >= -(2 ** 31) && sense.information < 2 ** 32;
  bytes[0] = (fits ? 0x80 : 0) | (sense.deferred === true ? 0x71 : 0x70);
  bytes[2] = sense.key | streamBits(sense);
  if (fits) viewOf(bytes).setInt32(3, sense.information | 0);
  bytes[7] = 10;
  bytes[12] = sense.code >> 8;
  bytes[13] = sense.code & 0xff;
  if (sense.cdbByte !== undefined) bytes.set([0xc0, sense.cdbByte >> 8, sense.cdbByte & 0xff], 15);
  if (sense.progress !== undefined) bytes.set([0x80, sense.progress >> 8, sense.progress & 0xff], 15);
  return bytes;
}

function descriptorSense(sense: SenseFields): Uint8Array {
  const descriptors: number[] = [];
  if (sense.information !== undefined) {
    const information = new Uint8Array(8);
    viewOf(information).setBigInt64(0, BigInt(sense.information));
    descriptors.push(0x00, 10, 0x80, 0, ...information);
  }
  if (sense.cdbByte !== undefined) descriptors.push(0x02, 6, 0, 0, 0xc0, sense.cdbByte >> 8, sense.cdbByte & 0xff, 0);
  if (sense.progress !== undefined) descriptors.push(0x02, 6, 0, 0, 0x80, sense.progress >> 8, sense.progress & 0xff, 0);
  if (streamBits(sense) !== 0) descriptors.push(0x04, 2, 0, streamBits(sense));
  const responseCode = sense.deferred === true ? 0x73 : 0x72;
  return Uint8Array.of(responseCode, sense.key, sense.code >> 8, sense.code & 0xff, 0, 0, 0, descriptors.length, ...descriptors);
}

function streamBits(sense: SenseFields): number {
  return (
    (sense.filemark === true ? 0x80 : 0) | (sense.endOfMedium === true ? 0x40 : 0) | (sense.incorrectLength === true ? 0x20 : 0)
  );
}
