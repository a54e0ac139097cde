import { describe, expect, it } from "vitest";
import {
  buildReserveOut, describeTransportId, parseRegistrations, parseReservation, parseReservationCapabilities, parseReservationKeys,
  reservationType, reserveInAction, reserveInCdb, reserveOutAction, reserveOutCdb,
} from "../../src/scsi/index.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const key = bytes("5352 0a0b0c 010203");

describe("persistent reservations (SPC-5, 6.16 and 6.17)", () => {
  it("builds commands and their parameters", () => {
    expect(reserveInCdb(reserveInAction.readFullStatus, 0x1234)).toEqual(bytes("5e03 0000 0000 00 1234 00"));
    expect(reserveOutCdb(reserveOutAction.preemptAndAbort, reservationType.exclusiveAccess)).toEqual(bytes("5f05 03 0000 00000018 00"));
    expect(buildReserveOut(key, bytes("1122334455667788"))).toEqual(bytes("53520a0b0c010203 1122334455667788 0000000000000000"));
    expect(buildReserveOut(key)).toEqual(bytes("53520a0b0c010203 0000000000000000 0000000000000000"));
  });

  it("reads keys, also where the answer was cut or lies about its length", () => {
    const data = bytes("00000007 00000010 53520a0b0c010203 0000000000000001");
    expect(parseReservationKeys(data)).toEqual({ generation: 7, keys: [key, bytes("0000000000000001")] });
    expect(parseReservationKeys(data.subarray(0, 20))?.keys).toEqual([key]);
    expect(parseReservationKeys(bytes("00000007 ffffffff 53520a0b0c010203"))?.keys).toEqual([key]);
    expect(parseReservationKeys(bytes("000000070000"))).toBeUndefined();
  });

  it("reads the reservation, or that there is none", () => {
    expect(parseReservation(bytes("00000007 00000010 53520a0b0c010203 00000000 00 03 0000"))).toEqual({ key, type: 3 });
    expect(parseReservation(bytes("00000007 00000000"))).toBe("none");
    expect(parseReservation(bytes("00000007 00000010 53520a0b"))).toBeUndefined();
  });

  it("reads what a device can do", () => {
    expect(parseReservationCapabilities(bytes("0008 15 80 ea01 0000"))).toEqual({
      survivesPowerLoss: true, keptThroughPowerLoss: false, types: new Set([1, 3, 5, 6, 7, 8]),
    });
    expect(parseReservationCapabilities(bytes("0008 10 01 0000 0000"))).toEqual({
      survivesPowerLoss: false, keptThroughPowerLoss: true, types: undefined,
    });
    expect(parseReservationCapabilities(bytes("0008 10"))).toBeUndefined();
  });

  it("reads who is registered, and from where", () => {
    const name = Buffer.from("iqn.2026-11.example:host,i,0x00023d000001\0\0\0");
    const head = (descriptor: string, transportId: Uint8Array) =>
      Buffer.concat([bytes(descriptor), Buffer.from([0, 0, 0, transportId.length]), transportId]);
    const iscsi = Buffer.concat([Buffer.from([0x45, 0, 0, name.length]), name]);
    const fibre = bytes("00 00 0000 00000000 5001438001234567 0000000000000000");
    const body = Buffer.concat([
      head("53520a0b0c010203 00000000 01 03 00000000 0001", iscsi), head("0000000000000001 00000000 00 00 00000000 0001", fibre),
    ]);
    const data = Buffer.concat([bytes("00000009"), Buffer.from([0, 0, 0, body.length]), body]);
    const registrations = parseRegistrations(data)!;
    expect(registrations.map(({ key: of, holds, type }) => [Buffer.from(of).toString("hex"), holds, type])).toEqual([
      ["53520a0b0c010203", true, 3], ["0000000000000001", false, 0],
    ]);
    expect(registrations.map(({ transportId }) => describeTransportId(transportId))).toEqual([
      "iqn.2026-11.example:host,i,0x00023d000001", "world-wide name 5001438001234567",
    ]);
    expect(parseRegistrations(data.subarray(0, data.length - 1))).toHaveLength(1);
  });

  it("describes other ports, and nothing that is none", () => {
    expect(describeTransportId(bytes("06 00 0000 5000c50012345678 000000000000000000000000"))).toBe("SAS address 5000c50012345678");
    expect(describeTransportId(bytes("04000000"))).toBe("initiator 04000000");
    expect(describeTransportId(bytes("05"))).toBeUndefined();
    expect(describeTransportId(bytes("05 00 ffff"))).toBeUndefined();
  });
});
