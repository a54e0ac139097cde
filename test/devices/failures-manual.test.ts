import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { failureOf as failureOfLibrary } from "../../src/devices/changer/failures.ts";
import { failureOf as failureOfDrive } from "../../src/devices/tape/failures.ts";
import { keyRows, type Sense, senseMeaning } from "../../src/scsi/index.ts";
import { assignedCodes } from "../scsi/sense-assignments.ts";

const manual = readFileSync(new URL("../../docs/OPERATING.md", import.meta.url), "utf8");
const section = manual.slice(manual.indexOf("## What a drive or a library says"), manual.indexOf("## When something fails"));
const firstCells = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = ""]) => cell);

/** Every answer of every device that has a meaning, and one that has none. */
function* senses(): Generator<Sense> {
  for (const key of keyRows.keys()) {
    for (const code of [...assignedCodes, 0x9999]) {
      yield { deferred: false, key, asc: code >> 8, ascq: code & 0xff, filemark: false, endOfMedium: false, incorrectLength: false };
    }
  }
}

describe("what the manual says of drives and libraries", () => {
  const told = new Set(firstCells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code)));
  const given = new Set([...senses()].flatMap((sense) => [
    failureOfDrive("d", sense, "x").code, failureOfLibrary("l", sense, "x").code, failureOfLibrary("l", sense, "x", true).code,
  ]));

  it("names every error, and none that there is not", () => {
    expect([...given].filter((code) => !told.has(code))).toEqual([]);
    const others = new Set(["MEDIUM_PARTITIONED", "OPERATION_ENDLESS"]);
    expect([...told].filter((code) => code !== undefined && !given.has(code) && !others.has(code))).toEqual([]);
    expect(given.size).toBeGreaterThan(25);
  });

  it("names every class", () => {
    const classes = new Set([...senses()].map((sense) => senseMeaning(sense).senseClass));
    expect([...classes].filter((each) => !firstCells.includes(each))).toEqual([]);
    expect(classes.size).toBe(8);
  });

  it("shows a message as it is", () => {
    const sense: Sense = { deferred: false, key: 3, asc: 0x11, ascq: 0, filemark: false, endOfMedium: false, incorrectLength: false };
    expect(section).toContain(failureOfDrive("/dev/sg3", sense, "reading a block").message);
  });
});
