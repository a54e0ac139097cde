const second = 1000;
const minute = 60 * second;

/**
 * How long each kind of operation may take before the drive counts as lost, where nothing better is known. The longest figures that LTO
 * drives of any generation give for themselves (REPORT SUPPORTED OPERATION CODES, RCTD), rounded up: too short a time-out breaks a good
 * drive's work.
 */
export const timeoutMs = {
  /** Answers from memory: INQUIRY, MODE SENSE, LOG SENSE, READ POSITION, TEST UNIT READY. */
  question: minute,
  /** The memory of the cartridge is behind a radio link and shared with the drive's own work. */
  attribute: 2 * minute,
  read: 40 * minute,
  write: 30 * minute,
  writeFilemarks: 30 * minute,
  rewind: 15 * minute,
  locate: 50 * minute,
  space: 50 * minute,
  /** A first load of an LTO-9 cartridge measures the tape for up to two hours. */
  load: 150 * minute,
  unload: 20 * minute,
  /** A half-height LTO-9 drive erases for two days. */
  erase: 48 * 60 * minute,
} as const;

export type OperationKind = keyof typeof timeoutMs;

/** What `becoming ready` may take before a command, unless told otherwise. */
export const becomingReadyMs = 15 * minute;
