import { describe, expect, it } from "vitest";
import { buildLogPage, tapeAlert } from "../../src/scsi/index.ts";
import { decodedBySgLogs, hasSgLogs } from "./sg-logs.ts";

/** Numbers that the standard leaves open. */
const open = [47, 48, 61, 62, 63, 64];
const meant = Array.from({ length: 64 }, (_, at) => at + 1).filter((flag) => !open.includes(flag));

/** How sg_logs calls some of them where we use another word; 49 is newer than it. */
const otherWords: Readonly<Record<number, RegExp>> = {
  4: /Media:/, 7: /Media life/, 11: /Cleaning media/, 13: /Recoverable mechanical cartridge/, 14: /Unrecoverable mechanical cartridge/, 15: /Memory chip/,
  17: /Read only/, 19: /Nearing media life/, 20: /Cleaning required/, 21: /Cleaning requested/, 22: /Expired cleaning media/, 23: /Invalid cleaning/,
  25: /Dual port/, 26: /Cooling fan/, 27: /Power supply/, 29: /Drive maintenance/, 33: /Eject media/, 34: /Microcode update/, 59: /WORM/, 60: /WORM/,
  49: /31h/, 40: /28h/, 41: /29h/, 42: /2Ah/i, 43: /2Bh/i, 44: /2Ch/i, 45: /2Dh/i, 46: /2Eh/i, 18: /Tape directory/, 51: /Tape directory/,
};

describe("TapeAlert", () => {
  it.each(meant)("flag %d has a name, something to blame and an advice that says what to do", (flag) => {
    const alert = tapeAlert(flag);
    expect(alert.name).not.toBe(`flag ${String(flag)}`);
    expect(["note", "warn", "err"]).toContain(alert.severity);
    expect(alert.advice).toMatch(/^[a-z].{15,130}[^.]$/);
  });

  it.each(open)("flag %d, which means nothing yet, is shown all the same", (flag) => {
    expect(tapeAlert(flag)).toMatchObject({ name: `flag ${String(flag)}`, severity: "warn", blames: "unknown" });
  });

  it.skipIf(!hasSgLogs)(`sg_logs has the same meaning at every number${hasSgLogs ? "" : " (skipped: sg3-utils is not installed)"}`, () => {
    for (const flag of meant) {
      const page = buildLogPage(0x2e, 0, new Map(Array.from({ length: 64 }, (_, at) => [at + 1, Uint8Array.of(at + 1 === flag ? 1 : 0)] as const)));
      const raised = decodedBySgLogs(page).split("\n").filter((line) => line.endsWith(": 1"));
      expect(raised, `flag ${String(flag)}`).toHaveLength(1);
      expect(`${raised[0]!}:`, `flag ${String(flag)}`).toMatch(otherWords[flag] ?? new RegExp(tapeAlert(flag).name, "i"));
    }
  });
});
