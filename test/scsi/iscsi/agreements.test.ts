import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iscsi } from "../../../src/scsi/index.ts";

describe("text", () => {
  it("keeps pairs in their order", () => {
    const pairs: iscsi.Pair[] = [["TargetName", "iqn.2001-04.com.example:a"], ["TargetAddress", "10.0.0.1:3260,1"], ["TargetName", "x=y"]];
    expect(iscsi.decodeText(iscsi.encodeText(pairs))).toEqual(pairs);
  });

  it.each([["no sign of equality", "Key"], ["no key", "=value"], ["a key with a blank", "A B=c"], ["bytes that are no UTF-8", "A=\xff"]])(
    "refuses %s",
    (_what, line) => expect(iscsi.decodeText(Buffer.from(`${line}\0`, "latin1"))).toBeUndefined(),
  );

  it("never does more than refuse", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { expect(iscsi.decodeText(bytes)?.length ?? 0).toBeLessThan(301); }));
  });

  it("gathers pieces up to its limit, and begins anew", () => {
    const text = new iscsi.TextGatherer(16);
    expect([text.add(Buffer.from("Key=va")), text.add(Buffer.from("lue\0"))]).toEqual([true, true]);
    expect(text.take()).toEqual([["Key", "value"]]);
    expect([text.add(Buffer.from("A=b\0")), text.take(), text.add(new Uint8Array(17))]).toEqual([true, [["A", "b"]], false]);
  });

  it.each([
    ["0x0102", [1, 2]], ["0X102", [1, 2]], ["0bAQI=", [1, 2]], ["0BAQI", [1, 2]], ["0x", undefined], ["0xzz", undefined], ["1234", undefined], [`0x${"00".repeat(5)}`, undefined],
  ])("takes %s as large binary value", (value, expected) => {
    expect(iscsi.decodeBinary(value, 4)).toEqual(expected === undefined ? undefined : Uint8Array.from(expected));
  });
});

describe("negotiation", () => {
  // RFC 7143, 13: key, what the originator offers, what the responder would like, what both then use.
  it.each([
    ["HeaderDigest", "CRC32C,None", "None,CRC32C", "CRC32C"],
    ["HeaderDigest", "CRC32C", "None", "Reject"],
    ["InitialR2T", "No", "Yes", "Yes"],
    ["InitialR2T", "No", "No", "No"],
    ["ImmediateData", "Yes", "No", "No"],
    ["MaxBurstLength", "0x10000", "262144", "65536"],
    ["FirstBurstLength", "100", "65536", "Reject"],
    ["MaxBurstLength", "16777216", "262144", "Reject"],
    ["DefaultTime2Wait", "2", "20", "20"],
    ["DefaultTime2Retain", "20", "0", "0"],
    ["ErrorRecoveryLevel", "2", "0", "0"],
    ["MaxRecvDataSegmentLength", "8192", "262144", "262144"],
    ["ImmediateData", "yes", "Yes", "Reject"],
    ["IFMarker", "Yes", "No", "Reject"],
    ["X-com.example.wish", "1", "1", "NotUnderstood"],
  ])("%s=%s meets %s: %s", (key, offered, own, outcome) => expect(iscsi.answerTo(key, offered, own)).toBe(outcome));

  it("accepts every answer that its own rule gives, whatever is offered and liked", () => {
    const wishes = (rule: iscsi.KeyRule): fc.Arbitrary<string> | undefined => {
      switch (rule.rule) {
        case "list":
          return fc.subarray(["CRC32C", "None", "CHAP"], { minLength: 1 }).map((items) => items.join(","));
        case "or":
        case "and":
          return fc.constantFrom("Yes", "No");
        case "text":
          return undefined;
        default:
          return fc.integer({ min: rule.from, max: rule.to }).map(String);
      }
    };
    for (const [key, rule] of Object.entries(iscsi.keys)) {
      const arbitrary = rule === undefined ? undefined : wishes(rule);
      if (arbitrary === undefined) continue;
      fc.assert(
        fc.property(arbitrary, arbitrary, (offered, own) => {
          const answer = iscsi.answerTo(key, offered, own);
          if (answer !== "Reject") expect([key, iscsi.isOutcome(key, offered, answer)]).toEqual([key, true]);
        }),
        { numRuns: 30 },
      );
    }
  });

  it.each([
    ["MaxBurstLength", "65536", "65537"], ["DefaultTime2Wait", "5", "2"], ["InitialR2T", "Yes", "No"], ["ImmediateData", "No", "Yes"],
    ["HeaderDigest", "None", "CRC32C"], ["MaxBurstLength", "65536", "many"], ["MaxOutstandingR2T", "8", "0"], ["Unknown", "1", "1"],
  ])("does not accept as outcome of %s=%s: %s", (key, offered, answered) => expect(iscsi.isOutcome(key, offered, answered)).toBe(false));

  it("has initial values that its own rules allow", () => {
    for (const key of Object.keys(iscsi.keys)) {
      const value = iscsi.initialValue(key);
      if (value !== undefined) expect([key, iscsi.isWellFormed(key, value)]).toEqual([key, true]);
    }
  });
});

describe("CHAP", () => {
  const challenge = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  // printf '\027twelve-bytes\000\001\002\003\004\005\006\007' | md5sum, sha256sum
  it.each([
    ["sha256", "d85efc7cc5e9753184c6a471bf068f3aa03801cc67414c24872b4720a089b46e"],
    ["md5", "62ab4760f621fb1539bffe3584b50e4e"],
  ])("responds with %s as coreutils compute it", (hash, expected) => {
    const algorithm = iscsi.chapAlgorithms.find((each) => each.hash === hash)!;
    const response = iscsi.chapResponse(algorithm, 0x17, Buffer.from("twelve-bytes"), challenge);
    expect([Buffer.from(response).toString("hex"), response.length]).toEqual([expected, algorithm.bytes]);
  });

  it("offers the strongest first, and SHA-1 not at all", () => expect(iscsi.chapAlgorithms.map(({ number }) => number)).toEqual([7, 5]));

  it("compares", () => {
    expect(iscsi.isSameResponse(challenge, challenge.slice())).toBe(true);
    expect(iscsi.isSameResponse(challenge, challenge.subarray(1))).toBe(false);
  });
});

describe("numbers and names", () => {
  it("compares serial numbers across their end", () => {
    expect([iscsi.isBefore(0xffff_ffff, 0), iscsi.isBefore(0, 0xffff_ffff), iscsi.isBefore(5, 5)]).toEqual([true, false, false]);
    expect(iscsi.next(0xffff_ffff)).toBe(0);
  });

  it.each([0, 1, 255, 256, 16_383])("encodes unit %i so that it is found again", (lun) => expect(iscsi.decodeLun(iscsi.encodeLun(lun))).toBe(lun));

  it("reads lists of units, whatever their length says", () => {
    const data = new Uint8Array(32);
    data[3] = 16;
    data.set(iscsi.encodeLun(3), 8);
    data.set(iscsi.encodeLun(300), 16);
    data.set(iscsi.encodeLun(9), 24);
    expect(iscsi.parseReportedLuns(data)).toEqual([3, 300]);
    data.fill(0xff, 0, 4);
    expect(iscsi.parseReportedLuns(data)).toEqual([3, 300, 9]);
    data[8] = 0xc1;
    expect(iscsi.parseReportedLuns(data)).toEqual([300, 9]);
    expect(iscsi.parseReportedLuns(new Uint8Array(3))).toEqual([]);
  });

  it.each([
    ["host", "host:3260"], ["10.0.0.1:860,1", "10.0.0.1:860"], ["[fe80::1]", "[fe80::1]:3260"], ["[::1]:99,65535", "[::1]:99"],
    ["", undefined], ["::1", undefined], ["host:0", undefined], ["host:65536", undefined], ["a b", undefined], ["host:", undefined], ["-h", undefined],
  ])("takes %s as portal", (text, expected) => {
    const portal = iscsi.parsePortal(text);
    expect(portal === undefined ? undefined : iscsi.formatPortal(portal)).toBe(expected);
  });

  it.each([
    ["iqn.2001-04.com.example:storage.disk1", true], ["iqn.2001-04.com.example", true], ["eui.02004567A425678D", true], ["naa.52004567BA64678D", true],
    ["iqn.2001-13.com.example", false], ["iqn.2001-04.com.example:a b", false], ["disk", false], ["naa.5", false], [`iqn.2001-04.com.example:${"a".repeat(230)}`, false],
  ])("knows whether %s is a name", (name, isName) => expect(iscsi.isIscsiName(name)).toBe(isName));

  it("cuts sense data out of a response, also where the length lies", () => {
    expect(iscsi.senseInResponse(Uint8Array.of(0, 2, 0x70, 0, 9))).toEqual(Uint8Array.of(0x70, 0));
    expect(iscsi.senseInResponse(Uint8Array.of(0xff, 0xff, 0x70))).toEqual(Uint8Array.of(0x70));
    expect(iscsi.senseInResponse(Uint8Array.of(0))).toEqual(new Uint8Array(0));
  });
});
