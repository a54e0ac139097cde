/** Operation codes of PDUs (RFC 7143, 11.2.1.2): those below 0x20 go to the target. */
export const opcode = {
  nopOut: 0x00,
  scsiCommand: 0x01,
  taskManagement: 0x02,
  loginRequest: 0x03,
  textRequest: 0x04,
  dataOut: 0x05,
  logoutRequest: 0x06,
  snack: 0x10,
  nopIn: 0x20,
  scsiResponse: 0x21,
  taskManagementResponse: 0x22,
  loginResponse: 0x23,
  textResponse: 0x24,
  dataIn: 0x25,
  logoutResponse: 0x26,
  readyToTransfer: 0x31,
  asyncMessage: 0x32,
  reject: 0x3f,
} as const;

/** Tags that stand for "none" (RFC 7143, 11.2.1.8). */
export const noTag = 0xffff_ffff;

/** Stages of a login (RFC 7143, 11.12.3). */
export const stage = { security: 0, operational: 1, fullFeature: 3 } as const;

/** RFC 7143, 11.5.1. */
export const taskFunction = {
  abortTask: 1, abortTaskSet: 2, clearAca: 3, clearTaskSet: 4, logicalUnitReset: 5, targetWarmReset: 6, targetColdReset: 7, taskReassign: 8,
} as const;
/** RFC 7143, 11.6.1. */
export const taskResponse = { complete: 0, noSuchTask: 1, noSuchLun: 2, stillAllegiant: 3, reassignmentNotSupported: 4, notSupported: 5, notAuthorized: 6, rejected: 255 } as const;

/** RFC 7143, 11.14.1. */
export const logoutReason = { closeSession: 0, closeConnection: 1, removeForRecovery: 2 } as const;

/** RFC 7143, 11.15.1. */
export const logoutResponse = { closed: 0, noSuchConnection: 1, recoveryNotSupported: 2, cleanupFailed: 3 } as const;

/** RFC 7143, 11.9.1. */
export const asyncEvent = { scsi: 0, logoutWanted: 1, connectionEnds: 2, sessionEnds: 3, negotiationWanted: 4, taskSetAborted: 5 } as const;

/** Task attributes (RFC 7143, 11.3.1). */
export const taskAttribute = { untagged: 0, simple: 1, ordered: 2, headOfQueue: 3, aca: 4 } as const;

/** Why a PDU was rejected (RFC 7143, 11.17.1). */
export const rejectReason = {
  dataDigest: 0x02,
  snack: 0x03,
  protocol: 0x04,
  notSupported: 0x05,
  immediateCommand: 0x06,
  taskInProgress: 0x07,
  invalidAck: 0x08,
  invalidField: 0x09,
  longOperation: 0x0a,
  waitingForLogout: 0x0c,
} as const;

/** RFC 7143, 11.17.1, as words that follow "because of". */
export const rejectWords: Readonly<Partial<Record<number, string>>> = {
  0x02: "a damaged data digest",
  0x03: "a selective acknowledgement",
  0x04: "a breach of the protocol",
  0x05: "a command that it does not know",
  0x06: "too many immediate commands",
  0x07: "a task that is under way",
  0x08: "an invalid acknowledgement",
  0x09: "an invalid field",
  0x0a: "a lack of resources for a long operation",
  0x0c: "a logout that it waits for",
};

/** Status-Class << 8 | Status-Detail of a login response (RFC 7143, 11.13.5). */
export const loginStatus = {
  success: 0x0000,
  movedTemporarily: 0x0101,
  movedPermanently: 0x0102,
  initiatorError: 0x0200,
  authenticationFailed: 0x0201,
  notAuthorized: 0x0202,
  targetMissing: 0x0203,
  targetRemoved: 0x0204,
  unsupportedVersion: 0x0205,
  tooManyConnections: 0x0206,
  missingParameter: 0x0207,
  cannotJoinSession: 0x0208,
  sessionTypeNotSupported: 0x0209,
  sessionMissing: 0x020a,
  invalidDuringLogin: 0x020b,
  targetError: 0x0300,
  serviceUnavailable: 0x0301,
  outOfResources: 0x0302,
} as const;
