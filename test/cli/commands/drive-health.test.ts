import { describe, expect, it } from "vitest";
import { StrongroomError } from "../../../src/words/index.ts";
import { strongroom } from "../command-line.ts";
import * as sample from "../sample-appliance.ts";

const ill = { drive: { health: () => Promise.resolve(sample.illHealth) } };

describe("drive health", () => {
  it("says what is to be done, worst first, within 80 columns, and ends with its severity", async () => {
    const ran = await strongroom(["drive", "health", "0"], { instead: ill });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain("verdict:       needs somebody now");
    expect(ran.out.indexOf("err   drive: the drive must be cleaned")).toBeLessThan(ran.out.indexOf("warn  cartridge: the drive raises TapeAlert 19"));
    expect(ran.out).toContain("      do: put a cleaning cartridge in");
    for (const line of ran.out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("as a document with every number", async () => {
    const ran = await strongroom(["drive", "health", "0", "--json"], { instead: ill });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({
      severity: "err",
      cleaning: "needed",
      findings: [{ code: "CLEANING_NEEDED", blames: "drive" }, { code: "TAPE_ALERT_19" }],
      readings: { statistics: { powered_hours: 12_345, hard_write_errors: 2 }, writing: { counters: { corrected: 84, retries: null } } },
      cartridge: { loads: 42, memory: { manufacturer: "FUJIFILM", length_metres: 960 } },
      since_last_look: { changes: [{ counter: "powered_hours", before: 12_000, now: 12_345 }] },
    });
  });
});

describe("drive health of all drives", () => {
  it("tells of each in a line, and what is to be done; a drive at work is left alone", async () => {
    const ran = await strongroom(["drive", "health"], { instead: ill });
    expect(ran.code).toBe(1);
    const lines = ran.out.split("\n");
    expect(lines[0]).toBe("vtl drive:0 with SR0001L8: needs somebody now");
    expect(lines[1]).toMatch(/^err {3}drive: the drive must be cleaned/);
    expect(lines).toContain("vtl drive:1: busy: drive 1 is held by process 4711");
    expect(ran.seen.filter(({ operation }) => operation === "drive.health")).toHaveLength(1);
  });

  it("is well where every drive that could be asked is", async () => {
    const ran = await strongroom(["drive", "health", "--json"]);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ severity: "ok", drives: [{ severity: "ok", state: "loaded" }, { state: "busy" }] });
  });

  it("leaves a drive alone that went to work meanwhile", async () => {
    const health = () => Promise.reject(new StrongroomError("busy", "DEVICE_BUSY", "drive 0 is held by process 4712"));
    const ran = await strongroom(["drive", "health"], { instead: { drive: { health } } });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("vtl drive:0 with SR0001L8: busy: drive 0 is held by process 4712");
  });

  it("is in trouble where a drive cannot be reached", async () => {
    const list = () => Promise.resolve([{ ...sample.busyDrive, state: "failed" as const, detail: "the drive does not answer" }]);
    const ran = await strongroom(["drive", "health"], { instead: { drive: { list } } });
    expect(ran.code).toBe(1);
    expect(ran.out).toBe("vtl drive:1: failed: the drive does not answer\n");
  });
});

describe("drive clean", () => {
  it.each([["still-dirty", 3], ["refused", 1], ["failed", 1]] as const)("%s ends with %d", async (outcome, code) => {
    const clean = () => Promise.resolve({ barcode: "CLN001CU", outcome, news: [{ severity: "warn" as const, code: "X", text: "it did not go well" }] });
    const ran = await strongroom(["drive", "clean", "0"], { instead: { drive: { clean } } });
    expect(ran.code).toBe(code);
    expect(ran.out).toContain("it did not go well");
  });
});
