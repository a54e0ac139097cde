import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attribute, attributeFormat, attributeId, buildAttributes, cartridgeMemory, parseAttributes } from "../../src/scsi/index.ts";

const attribute = (id: number, format: number, value: Uint8Array): Attribute => ({ id, readOnly: id < 0x0800, format, value });
const binary = (id: number, width: number, value: number): Attribute => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, Math.max(0, width - 6), Math.min(6, width));
  return attribute(id, attributeFormat.binary, bytes);
};
const ascii = (id: number, width: number, value: string): Attribute => attribute(id, attributeFormat.ascii, Buffer.from(value.padEnd(width)));
const text = (id: number, width: number, value: string): Attribute => attribute(id, attributeFormat.text, Buffer.concat([Buffer.from(value), Buffer.alloc(width)]).subarray(0, width));

const sample: readonly Attribute[] = [
  binary(attributeId.remainingCapacity, 8, 1000), binary(attributeId.maximumCapacity, 8, 2000),
  attribute(attributeId.tapeAlerts, attributeFormat.binary, Uint8Array.of(0x01, 0, 0, 0, 0, 0, 0, 0x01)),
  binary(attributeId.loadCount, 8, 42), binary(attributeId.freeMemory, 8, 900), binary(attributeId.formattedDensity, 1, 0x5e),
  binary(attributeId.initializations, 2, 3), ascii(attributeId.lastDrives, 40, "IBM     1013000ABC"), ascii(attributeId.lastDrives + 2, 40, ""),
  binary(attributeId.lifetimeMegabytesWritten, 8, 7), binary(attributeId.lifetimeMegabytesRead, 8, 8),
  ascii(attributeId.mediumManufacturer, 8, "FUJIFILM"), ascii(attributeId.mediumSerialNumber, 32, "H123456789"),
  binary(attributeId.mediumLength, 4, 960), binary(attributeId.mediumWidth, 4, 127), binary(attributeId.mediumDensity, 1, 0x5e),
  ascii(attributeId.manufactureDate, 8, "20190731"), binary(attributeId.memoryCapacity, 8, 16384), binary(attributeId.mediumType, 1, 0),
  binary(attributeId.mediumTypeInformation, 2, 50), ascii(attributeId.applicationVendor, 8, "SOMEBODY"), ascii(attributeId.applicationName, 32, "Program"),
  text(attributeId.userMediumText, 160, "Größe 1"), ascii(attributeId.barcode, 32, "SR0001L8"),
];

describe("cartridge memory", () => {
  it("under the names of people, with units", () => {
    expect(cartridgeMemory(parseAttributes(buildAttributes(sample)))).toEqual({
      kind: "data", manufacturer: "FUJIFILM", serialNumber: "H123456789", manufactured: "2019-07-31", lengthMetres: 960, widthMillimetres: 12.7,
      densityCode: 0x5e, formattedDensityCode: 0x5e, loads: 42, initializations: 3, maxCleanings: undefined, totalBytes: 2000 * 2 ** 20,
      remainingBytes: 1000 * 2 ** 20, lifetimeWrittenBytes: 7 * 2 ** 20, lifetimeReadBytes: 8 * 2 ** 20, memoryBytes: 16384, freeMemoryBytes: 900,
      alerts: [8, 64], lastDrives: [{ vendor: "IBM", serial: "1013000ABC" }],
      application: { vendor: "SOMEBODY", name: "Program", version: undefined }, barcode: "SR0001L8", userText: "Größe 1",
      lastWritten: undefined, owningHost: undefined, mediaPool: undefined,
    });
  });

  it("a cleaning cartridge says how often it may be used", () => {
    const memory = cartridgeMemory([binary(attributeId.mediumType, 1, 1), binary(attributeId.mediumTypeInformation, 2, 50), binary(attributeId.loadCount, 8, 7)]);
    expect(memory).toMatchObject({ kind: "cleaning", maxCleanings: 50, loads: 7 });
  });

  const isInstalled = spawnSync("sg_read_attr", ["--version"]).error === undefined;
  it.skipIf(!isInstalled)(`sg_read_attr reads the same${isInstalled ? "" : " (skipped: sg3-utils is not installed)"}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "memory-"));
    try {
      const file = join(folder, "attributes.hex");
      writeFileSync(file, [...buildAttributes(sample)].map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
      const { stdout } = spawnSync("sg_read_attr", [`--in=${file}`], { encoding: "utf8" });
      for (const words of [
        /Remaining capacity in partition \[MiB\]: 1000/, /Maximum capacity in partition \[MiB\]: 2000/, /Load count: 42/, /MAM space remaining \[B\]: 900/,
        /Format density code: 0x5e/, /Initialization count: 3/, /Total MiB written in medium life: 7/,
        /Total MiB read in medium life: 8/, /at last load: IBM +1013000ABC/, /Medium manufacturer: FUJIFILM/, /Medium serial number: H123456789/,
        /Medium length \[m\]: 960/, /Medium width \[0\.1 mm\]: 127/, /Medium manufacture date: 20190731/, /MAM capacity \[B\]: 16384/,
        /Application vendor: SOMEBODY/, /Application name: Program/, /Barcode: SR0001L8/,
      ]) expect(stdout).toMatch(words);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("any bytes give a memory of bounded size, without control characters", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...Object.values(attributeId)), fc.nat(2), fc.uint8Array({ maxLength: 400 }))), (list) => {
      const memory = cartridgeMemory(list.map(([id, format, value]) => attribute(id, format, value)));
      expect(JSON.stringify(memory).length).toBeLessThan(20_000);
      expect(memory.barcode ?? "").not.toMatch(/\0/);
    }), { numRuns: 100 });
  });
});
