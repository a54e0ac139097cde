import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as scsi from "../../src/scsi/index.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hexOf = (data: Uint8Array): string => Buffer.from(data).toString("hex");

describe("commands", () => {
  it.each<[string, Uint8Array, string]>([
    ["READ(6), SSC-5 6.4", scsi.readCdb(0x80000), "080008000000"],
    ["WRITE(6), SSC-5 6.9", scsi.writeCdb(0x80000), "0a0008000000"],
    ["SPACE(6) backwards, SSC-5 6.10", scsi.space6Cdb(scsi.spaceCode.filemarks, -1), "1101ffffff00"],
    ["SPACE(16) backwards, SSC-5 6.11", scsi.space16Cdb(scsi.spaceCode.blocks, -2), "91000000fffffffffffffffe00000000"],
    ["LOCATE(10), SSC-5 6.5", scsi.locate10Cdb(0x01020304), "2b000001020304000000"],
    ["LOCATE(16) to a file, SSC-5 7.4", scsi.locate16Cdb(scsi.locateTarget.file, 2 ** 32), "92080000000000010000000000000000"],
    ["MOVE MEDIUM, SMC-3 6.6", scsi.moveMediumCdb(1, 0x400, 0x100), "a50000010400010000000000"],
    ["LOG SENSE, SPC-5 6.8", scsi.logSenseCdb(0x2e, 0, 0x4000), "4d006e00000000400000"],
    ["READ ATTRIBUTE, SPC-5 6.17", scsi.readAttributeCdb(0x0806, 256), "8c000000000000000806000001000000"],
  ])("%s", (_name, cdb, hex) => expect(hexOf(cdb)).toBe(hex));
});

describe("answers", () => {
  it("standard inquiry data (SPC-5, 6.7.2)", () => {
    const data = bytes("01 80 06 12 5b 00 01 30 49 42 4d 20 20 20 20 20 55 4c 54 33 35 38 30 2d 54 44 38 20 20 20 20 20 4e 39 4d 31");
    expect(scsi.parseInquiry(data)).toEqual({ deviceType: 1, removable: true, vendor: "IBM", product: "ULT3580-TD8", revision: "N9M1" });
  });

  it("mode data of a write-protected LTO-8 WORM cartridge (SSC-5, 8.3)", () => {
    const mode = scsi.parseMode6(bytes("2b 8c 90 08 5e 000000 00 000000 1d 1e 01 00 01 00") );
    expect(mode).toMatchObject({ mediumType: 0x8c, writeProtected: true, bufferedMode: 1, densityCode: 0x5e, blockBytes: 0, pages: [] });
    const whole = scsi.parseMode6(Uint8Array.of(...bytes("2b 8c 90 08 5e 000000 00 000000 1d 1e 01 00 01"), ...new Uint8Array(29)));
    expect(whole?.pages).toMatchObject([{ page: 0x1d, subpage: 0 }]);
  });

  it("long and short position (SSC-5, 7.7)", () => {
    const long = bytes("00 000000 00000001 0000000100000002 0000000000000005 0000000000000000");
    expect(scsi.parseLongPosition(long)).toMatchObject({ partition: 1, objectNumber: 2 ** 32 + 2, fileNumber: 5 });
    expect(scsi.parseLongPosition(Uint8Array.of(0x0c, ...long.subarray(1)))).toMatchObject({ objectNumber: undefined, fileNumber: undefined });
    expect(scsi.parseShortPosition(bytes("80 00 0000 00000000 00000000 00 000000 00000000"))).toMatchObject({ beginningOfPartition: true, objectNumber: 0 });
    expect(scsi.parseShortPosition(bytes("04 00 0000 ffffffff ffffffff 00 000000 00000000"))?.objectNumber).toBeUndefined();
  });

  it("cartridge memory (SPC-5, 6.17.2): an attribute that was cut off is left out", () => {
    const data = bytes("00000019 0806 01 0008 4142433030314c38 0801 01 0020 5374");
    expect(scsi.parseAttributes(data).map(({ id, value }) => [id, Buffer.from(value).toString()])).toEqual([[0x0806, "ABC001L8"]]);
  });

  it("build and parse are inverse", () => {
    const attribute = fc.record({ id: fc.nat(0xffff), readOnly: fc.boolean(), format: fc.nat(2), value: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(fc.property(fc.array(attribute), (list) => {
      expect(scsi.parseAttributes(scsi.buildAttributes(list))).toEqual(list);
    }));
    const values = fc.uniqueArray(fc.tuple(fc.nat(0xffff), fc.uint8Array({ maxLength: 255 })), { selector: ([code]) => code });
    fc.assert(fc.property(fc.nat(0x3f), values, (page, list) => {
      const parameters = new Map(list);
      expect(scsi.parseLogPage(scsi.buildLogPage(page, 0, parameters), page)).toEqual(parameters);
    }));
    const density = { primaryCode: 0x5e, secondaryCode: 0x5e, writable: true, isDefault: true, bitsPerMm: 20669, tracks: 6656,
      capacityMegabytes: 12_000_000, organization: "LTO-CVE", name: "U-832", description: "Ultrium 8/32T" };
    expect(scsi.parseDensities(scsi.buildDensities([density, density]))).toEqual([density, density]);
    expect(scsi.parseBlockLimits(scsi.buildBlockLimits({ maxBlockBytes: 0x80_0000, minBlockBytes: 1 }))).toEqual({ maxBlockBytes: 0x80_0000, minBlockBytes: 1 });
  });
});

describe("hostile answers", () => {
  const parsers: readonly (readonly [string, (data: Uint8Array) => unknown])[] = [
    ["inquiry", scsi.parseInquiry], ["serial number", scsi.parseSerialNumber], ["mode data", scsi.parseMode6], ["long position", scsi.parseLongPosition],
    ["short position", scsi.parseShortPosition], ["block limits", scsi.parseBlockLimits], ["densities", scsi.parseDensities],
    ["attributes", scsi.parseAttributes], ["element status", scsi.parseElementStatus], ["element ranges", scsi.parseElementRanges],
    ["capacity of a volume", (data) => scsi.capacityOfVolume(scsi.parseLogPage(data, 0x17) ?? new Map())],
  ];
  it.each(parsers)("%s of any bytes ends, throws nothing, and keeps to what came", (_name, parse) => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      // The same bytes with others behind them: whoever reads past the end would see a difference.
      const framed = new Uint8Array(data.length + 64).fill(0xa5);
      framed.set(data);
      expect(parse(framed.subarray(0, data.length))).toEqual(parse(data));
    }), { numRuns: 300 });
  });
});
