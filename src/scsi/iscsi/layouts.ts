import { bits, bytes, flag, number, type Values } from "./fields.ts";

/*
 * The basic header segments of RFC 7143, 11.3 to 11.19, as tables. Every PDU has `final`, which is also the first bit of its flags; the lengths of
 * additional headers and data (bytes 4 to 7) belong to the framing.
 */
const final = flag(1, 0x80);
const immediate = flag(0, 0x40);
const lun = bytes(8, 8);
const taskTag = number(16, 4);
const transferTag = number(20, 4);
const toTarget = { cmdSn: number(24, 4), expStatSn: number(28, 4) };
const toInitiator = { statSn: number(24, 4), expCmdSn: number(28, 4), maxCmdSn: number(32, 4) };

export const nopOut = { immediate, final, lun, taskTag, transferTag, ...toTarget };
export const scsiCommand = {
  immediate, final, read: flag(1, 0x40), write: flag(1, 0x20), attribute: bits(1, 0x07), lun, taskTag,
  expectedBytes: number(20, 4), ...toTarget, cdb: bytes(32, 16),
};
export const taskManagement = {
  immediate, final, taskFunction: bits(1, 0x7f), lun, taskTag, referencedTag: number(20, 4), ...toTarget, refCmdSn: number(32, 4), expDataSn: number(36, 4),
};
export const loginRequest = {
  immediate, transit: final, more: flag(1, 0x40), currentStage: bits(1, 0x0c), nextStage: bits(1, 0x03), versionMax: number(2, 1), versionMin: number(3, 1),
  isid: bytes(8, 6), tsih: number(14, 2), taskTag, connectionId: number(20, 2), ...toTarget,
};
export const textRequest = { immediate, final, more: flag(1, 0x40), lun, taskTag, transferTag, ...toTarget };
export const dataOut = {
  final, lun, taskTag, transferTag, expStatSn: number(28, 4), dataSn: number(36, 4), offsetBytes: number(40, 4),
};
export const logoutRequest = { immediate, final, reason: bits(1, 0x7f), taskTag, connectionId: number(20, 2), ...toTarget };
export const snack = { final, snackType: bits(1, 0x0f), lun, taskTag, transferTag, expStatSn: number(28, 4), begin: number(40, 4), length: number(44, 4) };

export const nopIn = { final, lun, taskTag, transferTag, ...toInitiator };
const residual = { residualOverflow: flag(1, 0x04), residualUnderflow: flag(1, 0x02) };
export const scsiResponse = {
  final, ...residual, response: number(2, 1), status: number(3, 1), taskTag, snackTag: number(20, 4), ...toInitiator, expDataSn: number(36, 4),
  residualBytes: number(44, 4),
};
export const taskManagementResponse = { final, response: number(2, 1), taskTag, ...toInitiator };
export const loginResponse = {
  transit: final, more: flag(1, 0x40), currentStage: bits(1, 0x0c), nextStage: bits(1, 0x03), versionMax: number(2, 1), versionActive: number(3, 1),
  isid: bytes(8, 6), tsih: number(14, 2), taskTag, ...toInitiator, status: number(36, 2),
};
export const textResponse = { final, more: flag(1, 0x40), lun, taskTag, transferTag, ...toInitiator };
export const dataIn = {
  final, acknowledge: flag(1, 0x40), ...residual, hasStatus: flag(1, 0x01), status: number(3, 1), lun, taskTag, transferTag, ...toInitiator,
  dataSn: number(36, 4), offsetBytes: number(40, 4), residualBytes: number(44, 4),
};
export const logoutResponse = { final, response: number(2, 1), taskTag, ...toInitiator, waitSeconds: number(40, 2), retainSeconds: number(42, 2) };
export const readyToTransfer = {
  final, lun, taskTag, transferTag, ...toInitiator, r2tSn: number(36, 4), offsetBytes: number(40, 4), wantedBytes: number(44, 4),
};
export const asyncMessage = {
  final, lun, ...toInitiator, event: number(36, 1), vendorCode: number(37, 1), parameter1: number(38, 2), parameter2: number(40, 2), parameter3: number(42, 2),
};
export const reject = { final, reason: number(2, 1), taskTag, ...toInitiator, dataSn: number(36, 4) };

export type NopIn = Values<typeof nopIn>;
export type ScsiResponse = Values<typeof scsiResponse>;
export type DataIn = Values<typeof dataIn>;
export type ReadyToTransfer = Values<typeof readyToTransfer>;
export type LoginResponse = Values<typeof loginResponse>;
export type AsyncMessage = Values<typeof asyncMessage>;
export type DataOut = Values<typeof dataOut>;
export type LoginRequest = Values<typeof loginRequest>;
export type TaskManagement = Values<typeof taskManagement>;
export type ScsiCommandRequest = Values<typeof scsiCommand>;

/** What every PDU to the initiator tells about the session (RFC 7143, 4.2.2). */
export const sequence = toInitiator;
/** The same, with the request that is answered. */
export const sequenceAndTag = { taskTag, ...toInitiator };
/** What every PDU has. */
export const start = { immediate, opcode: bits(0, 0x3f), final, taskTag };
