/**
 * The way to carry one SCSI command to one logical unit and bring back its answer (SAM-5, 4.2: I_T_L nexus).
 *
 * Guarantees of every implementation:
 * - Commands of one transport run one at a time, in the order of the calls; a caller need not wait for the last one.
 * - `execute` resolves with whatever the device answered, CHECK CONDITION included: a status is a result. It rejects only
 *   when no answer can be had, with a StrongroomError: `TRANSPORT_TIMEOUT`, `TRANSPORT_LOST`, `TRANSPORT_CLOSED`,
 *   `TRANSPORT_BUSY` (somebody else holds the device), `TRANSPORT_REFUSED` (this system did not take the command: nothing was
 *   sent). After `TRANSPORT_LOST` the transport is dead and must be opened anew.
 * - Nothing is ever retried here. What was sent may have taken effect although the answer was lost.
 * - Buffers belong to the transport from the call until the promise settles; it neither copies nor keeps them afterwards. Only
 *   after `TRANSPORT_CLOSED` the device may still fill the buffer of the command that it had: do not use that one again.
 */
export interface Transport {
  /** What people would call this path: `drive-0 of simulator /srv/library`, `/dev/sg3`. */
  readonly name: string;
  /** The largest data transfer of one command, in bytes. */
  readonly maxTransferBytes: number;
  execute(command: ScsiCommand): Promise<ScsiCompletion>;
  /** Aborts what is under way (it rejects with `TRANSPORT_CLOSED`) and gives the device back. Closing twice is fine. */
  close(): Promise<void>;
}

export interface ScsiCommand {
  /** 6 to 16 bytes. */
  readonly cdb: Uint8Array;
  /** Data to the device. At most one of dataOut and dataIn. */
  readonly dataOut?: Uint8Array;
  /** Room for data from the device; filled from its start. Behind `transferredBytes` it may hold anything. */
  readonly dataIn?: Uint8Array;
  readonly timeoutMs: number;
}

export interface ScsiCompletion {
  /** SAM-5, 5.3: see `status`. */
  readonly status: number;
  /** Empty unless the status is CHECK CONDITION. Fixed or descriptor format. */
  readonly sense: Uint8Array;
  /** Bytes really moved: the length of the buffer less the residual. */
  readonly transferredBytes: number;
}

/** SAM-5, table 48. */
export const status = {
  good: 0x00,
  checkCondition: 0x02,
  conditionMet: 0x04,
  busy: 0x08,
  reservationConflict: 0x18,
  taskSetFull: 0x28,
  acaActive: 0x30,
  taskAborted: 0x40,
} as const;
