/** TapeAlert flags (SSC-5, annex A; TapeAlert specification 3.0), those that something here raises by their names. */
export const alertFlags = {
  readWarning: 1,
  writeWarning: 2,
  hardError: 3,
  medium: 4,
  readFailure: 5,
  writeFailure: 6,
  mediumLife: 7,
  notDataGrade: 8,
  writeProtect: 9,
  noRemoval: 10,
  cleaningMedium: 11,
  unsupportedFormat: 12,
  snappedTape: 14,
  memoryChipFailure: 15,
  readOnlyFormat: 17,
  directoryCorrupted: 18,
  nearingMediumLife: 19,
  cleanNow: 20,
  cleanPeriodic: 21,
  expiredCleaningMedium: 22,
  invalidCleaningMedium: 23,
  coolingFan: 26,
  hardwareB: 31,
  ejectMedium: 33,
  driveTemperature: 36,
  lostStatistics: 50,
  loadFailure: 55,
  unloadFailure: 56,
  wormIntegrity: 59,
  wormOverwrite: 60,
} as const;

export const flagCount = 64;

/** What tells of the cartridge or of work with it is over when the next one comes; what tells of the drive is not. */
export function endsWithNextLoad(flag: number): boolean {
  const isOfDrive = (flag >= 25 && flag <= 32) || (flag >= 34 && flag <= 39) || flag === 57 || flag === 58;
  return !isOfDrive && flag !== alertFlags.cleanNow && flag !== alertFlags.cleanPeriodic;
}

/** What is so only for as long as the cartridge is in. */
export const endsWithUnload: ReadonlySet<number> = new Set([alertFlags.cleaningMedium, alertFlags.unsupportedFormat, alertFlags.readOnlyFormat]);
