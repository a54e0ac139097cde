import { describe, expect, it } from "vitest";
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

describe("drive clean", () => {
  it.each([["still-dirty", 3], ["refused", 1], ["failed", 1]] as const)("%s ends with %d", async (outcome, code) => {
    const clean = () => Promise.resolve({ barcode: "CLN001CU", outcome, news: [{ severity: "warn" as const, code: "X", text: "it did not go well" }] });
    const ran = await strongroom(["drive", "clean", "0"], { instead: { drive: { clean } } });
    expect(ran.code).toBe(code);
    expect(ran.out).toContain("it did not go well");
  });
});
