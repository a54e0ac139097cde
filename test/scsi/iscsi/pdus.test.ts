import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iscsi } from "../../../src/scsi/index.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The command of RFC 7143, appendix A.4: READ(10) of two blocks. */
const readCommand = hex(
  "01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018 28000000 00000000 02000000 00000000",
);

describe("digests", () => {
  it.each([
    ["32 bytes of zeros", new Uint8Array(32), "aa36918a"],
    ["32 bytes of ones", new Uint8Array(32).fill(0xff), "43aba862"],
    ["32 incrementing bytes", Uint8Array.from({ length: 32 }, (_, at) => at), "4e79dd46"],
    ["32 decrementing bytes", Uint8Array.from({ length: 32 }, (_, at) => 31 - at), "5cdb3f11"],
    ["a READ(10) PDU", readCommand, "563a96d9"],
  ])("is CRC32C over %s, as the RFC prints it", (_name, bytes, digest) => expect(hexOf(iscsi.digestOf(bytes))).toBe(digest));

  it("goes over pieces as over the whole", () => {
    expect(hexOf(iscsi.digestOf(readCommand.subarray(0, 7), readCommand.subarray(7)))).toBe("563a96d9");
  });
});

describe("headers", () => {
  const { layout } = iscsi;
  const { sequence: _sequence, sequenceAndTag: _tagged, start: _start, ...pduLayouts } = layout;
  const layouts = Object.entries(pduLayouts);

  it("reads and builds the command that the RFC prints", () => {
    const values = iscsi.parse(layout.scsiCommand, readCommand);
    expect(values).toMatchObject({
      immediate: false, final: true, read: true, write: false, attribute: 0, taskTag: 0x1400_0000, expectedBytes: 1024, cmdSn: 0x14, expStatSn: 0x18,
    });
    expect(hexOf(values.cdb)).toBe(`28${"00".repeat(7)}02${"00".repeat(7)}`);
    expect(hexOf(iscsi.build(iscsi.opcode.scsiCommand, layout.scsiCommand, values))).toBe(hexOf(readCommand));
  });

  // Written down byte by byte from the figures of RFC 7143, 11.3 to 11.19.
  it.each([
    ["login request", 0x03, layout.loginRequest,
      "43 87 02 01 00 00 00 00 80 aa bb cc dd ee 12 34 00 00 00 07 00 09 00 00 00 00 00 05 00 00 00 06",
      { immediate: true, transit: true, more: false, currentStage: 1, nextStage: 3, versionMax: 2, versionMin: 1, tsih: 0x1234, taskTag: 7, connectionId: 9, cmdSn: 5, expStatSn: 6 }],
    ["login response", 0x23, layout.loginResponse,
      "23 41 00 00 00 00 00 00 80 aa bb cc dd ee 12 34 00 00 00 07 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 03 02 01",
      { transit: false, more: true, currentStage: 0, nextStage: 1, tsih: 0x1234, statSn: 1, expCmdSn: 2, maxCmdSn: 3, status: 0x0201 }],
    ["SCSI response", 0x21, layout.scsiResponse,
      "21 82 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 00 00 00 00 09",
      { residualUnderflow: true, residualOverflow: false, response: 1, status: 2, taskTag: 7, expDataSn: 4, residualBytes: 9 }],
    ["Data-In", 0x25, layout.dataIn,
      "25 c5 00 18 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 07 ff ff ff ff 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 20 00 00 00 00 09",
      { final: true, acknowledge: true, residualOverflow: true, residualUnderflow: false, hasStatus: true, status: 0x18, transferTag: 0xffff_ffff, dataSn: 4, offsetBytes: 8192, residualBytes: 9 }],
    ["Data-Out", 0x05, layout.dataOut,
      "05 80 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 07 00 00 00 11 00 00 00 00 00 00 00 06 00 00 00 00 00 00 00 04 00 00 20 00",
      { final: true, taskTag: 7, transferTag: 0x11, expStatSn: 6, dataSn: 4, offsetBytes: 8192 }],
    ["R2T", 0x31, layout.readyToTransfer,
      "31 80 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 07 00 00 00 11 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 20 00 00 01 00 00",
      { taskTag: 7, transferTag: 0x11, r2tSn: 4, offsetBytes: 8192, wantedBytes: 65536 }],
    ["task management request", 0x02, layout.taskManagement,
      "42 85 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 07 00 00 00 11 00 00 00 05 00 00 00 06 00 00 00 08 00 00 00 0a",
      { immediate: true, final: true, taskFunction: 5, taskTag: 7, referencedTag: 0x11, cmdSn: 5, refCmdSn: 8, expDataSn: 10 }],
    ["asynchronous message", 0x32, layout.asyncMessage,
      "32 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ff ff ff ff 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 03 01 aa 00 01 00 02 00 03",
      { event: 1, vendorCode: 0xaa, parameter1: 1, parameter2: 2, parameter3: 3 }],
    ["logout response", 0x26, layout.logoutResponse,
      "26 80 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 00 00 05 00 06",
      { response: 2, waitSeconds: 5, retainSeconds: 6 }],
    ["SNACK", 0x10, layout.snack,
      "10 83 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 07 ff ff ff ff 00 00 00 00 00 00 00 06 00 00 00 00 00 00 00 00 00 00 00 08 00 00 00 09",
      { snackType: 3, begin: 8, length: 9 }],
  ])("agrees with the figure of the %s", (_name, opcode, table, text, expected) => {
    const header = new Uint8Array(iscsi.headerBytes);
    header.set(hex(text));
    expect(header[0]! & 0x3f).toBe(opcode);
    expect(iscsi.parse(table as iscsi.Layout, header)).toMatchObject(expected);
  });

  it.each(layouts)("has no two fields of a %s in one place, and keeps clear of the lengths", (_name, table) => {
    const used = new Uint8Array(iscsi.headerBytes);
    for (const field of Object.values(table) as iscsi.Field[]) {
      const masks = field.kind === "flag" || field.kind === "bits" ? [field.mask] : new Array<number>(field.width).fill(0xff);
      for (const [index, mask] of masks.entries()) {
        const at = field.at + index;
        expect(used[at]! & mask & ~(field.kind === "bits" ? 0x80 : 0)).toBe(0);
        expect(at >= 4 && at < 8).toBe(false);
        used[at] = used[at]! | mask;
      }
    }
  });

  it.each(layouts)("builds what it parses: %s", (_name, table) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
        const values = iscsi.parse(table, bytes);
        const built = iscsi.build(bytes[0]! & 0x3f, table, values);
        expect(iscsi.parse(table as iscsi.Layout, built)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });
});
