import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildAttributes, buildInquiry, buildLogPage, buildSense } from "../../src/scsi/index.ts";

const isInstalled = spawnSync("sg_decode_sense", ["--version"]).error === undefined;

describe.skipIf(!isInstalled)(`what we build, read by sg3-utils${isInstalled ? "" : " (skipped: sg3-utils is not installed)"}`, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "scsi-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const hexOf = (data: Uint8Array): string[] => [...data].map((byte) => byte.toString(16).padStart(2, "0"));
  const decode = (tool: string, args: (file: string) => readonly string[], data: Uint8Array): string => {
    const file = join(folder, "answer.hex");
    writeFileSync(file, hexOf(data).join(" "));
    const { stdout, stderr } = spawnSync(tool, args(file), { encoding: "utf8", env: { PATH: "/usr/bin:/usr/local/bin:/bin" } });
    return stdout + stderr;
  };
  const none = { deferred: false, filemark: false, endOfMedium: false, incorrectLength: false };

  it.each(["fixed", "descriptor"] as const)("sense data in %s format", (format) => {
    const sense = buildSense({ ...none, key: 0, asc: 0, ascq: 1, filemark: true, information: 4096 }, format);
    const { stdout } = spawnSync("sg_decode_sense", hexOf(sense), { encoding: "utf8" });
    expect(stdout).toMatch(/Filemark detected/);
    expect(stdout).toMatch(/FM=1|[Ff]ilemark/);
    expect(stdout).toMatch(/1000/);
  });

  it("standard inquiry data", () => {
    const inquiry = buildInquiry({ deviceType: 1, removable: true, vendor: "VENDOR", product: "PRODUCT", revision: "R123" });
    const text = decode("sg_inq", (file) => [`--inhex=${file}`], inquiry);
    expect(text).toMatch(/Vendor identification: VENDOR\s/);
    expect(text).toMatch(/Product revision level: R123/);
  });

  it("TapeAlert flags", () => {
    const flags = new Map(Array.from({ length: 64 }, (_, index) => [index + 1, Uint8Array.of(index === 19 ? 1 : 0)]));
    const text = decode("sg_logs", (file) => ["--pdt=1", `--in=${file}`], buildLogPage(0x2e, 0, flags));
    expect(text).toMatch(/Cleaning required: 1/);
    expect(text).not.toMatch(/Hard error: 1/);
  });

  it("attributes of the cartridge memory", () => {
    const attribute = { id: 0x0806, readOnly: false, format: 1, value: Buffer.from("ABC001L8".padEnd(32)) };
    expect(decode("sg_read_attr", (file) => [`--in=${file}`], buildAttributes([attribute]))).toMatch(/[Bb]arcode: ABC001L8/);
  });
});
