import { describe, expect, it } from "vitest";
import {
  accessOrderLimitsCdb, buildAccessOrder, generateAccessOrderCdb, parseAccessOrder, parseAccessOrderLimits, receiveAccessOrderCdb,
} from "../../src/scsi/index.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const segments = [
  { name: 0, firstObject: 5, lastObject: 9 },
  { name: 12, firstObject: 0x1_0000_0000, lastObject: 0x1_0000_0007 },
];
const list = bytes(
  "00000000 00000040"
  + "001e 000000 30303030303030303030 00 0000000000000005 0000000000000009"
  + "001e 000000 30303030303030303132 00 0000000100000000 0000000100000007",
);

describe("recommended access order (SSC-5, 7.5 and 7.6)", () => {
  it("is asked for", () => {
    expect(accessOrderLimitsCdb()).toEqual(bytes("a39d 00000000 00000004 0000"));
    expect(receiveAccessOrderCdb(0x1234)).toEqual(bytes("a31d 00000000 00001234 0000"));
    expect(generateAccessOrderCdb(72)).toEqual(bytes("a41d 02 00 0000 00000048 0000"));
    expect(buildAccessOrder(segments)).toEqual(list);
  });

  it("is read, whole or cut, and in spite of lengths that lie", () => {
    expect(parseAccessOrder(list)).toEqual(segments);
    expect(parseAccessOrder(list.subarray(0, 70))).toEqual(segments.slice(0, 1));
    expect(parseAccessOrder(list.subarray(0, 7))).toBeUndefined();
    const lying = Uint8Array.from(list);
    lying.fill(0xff, 4, 8);
    expect(parseAccessOrder(lying)).toEqual(segments);
    const endless = Uint8Array.from(list);
    endless.fill(0, 8, 10);
    expect(parseAccessOrder(endless)).toEqual(segments);
    const named = Uint8Array.from(list);
    named.fill(0x41, 13, 23);
    expect(parseAccessOrder(named)).toEqual(segments.slice(1));
  });

  it("has limits", () => {
    expect(parseAccessOrderLimits(bytes("0aaa 0020"))).toEqual({ segments: 2730, descriptorBytes: 32 });
    expect(parseAccessOrderLimits(bytes("0aaa"))).toBeUndefined();
  });
});
