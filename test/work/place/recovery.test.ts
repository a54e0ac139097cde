import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { StrongroomError } from "../../../src/words/index.ts";
import { recoveryRules, type Remedy, volumesFailedAtMost } from "../../../src/work/place/index.ts";
import { Recoveries } from "../../../src/work/place/recovery.ts";

const manual = new URL("../../../docs/RELIABILITY.md", import.meta.url);

function table(): string {
  const rows = recoveryRules.map(({ failure, codes, steps, pauseMs }) => {
    const done = steps.map(([remedy, times]) => `${remedy}${Number.isFinite(times) && times > 1 ? ` × ${String(times)}` : ""}`).join(", then ");
    const pause = pauseMs === 0 ? "" : `, each after ${String(pauseMs / 1000)} s`;
    return `| ${failure} | ${done}${pause} | ${codes.map((code) => `\`${code}\``).join(" ")} |`;
  });
  return ["| what fails | what is done | codes |", "|---|---|---|", ...rows].join("\n");
}

it("is in the manual as it is in the program", () => {
  const text = readFileSync(manual, "utf8");
  const [before, rest = ""] = text.split("<!-- recovery table -->\n");
  const after = rest.slice(rest.indexOf("<!-- end of the recovery table -->"));
  const wanted = `${before!}<!-- recovery table -->\n${table()}\n${after}`;
  expect(readFileSync(manual, "utf8")).toBe(wanted);
});

it("has every code once, and bounds everything but asking", () => {
  const codes = recoveryRules.flatMap((rule) => rule.codes);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { steps, failure } of recoveryRules) {
    const unbounded = steps.filter(([remedy, times]) => !Number.isFinite(times) && remedy !== "ask");
    expect(unbounded, failure).toEqual([]);
  }
});

const error = (code: string) => new StrongroomError("failed", code, "something failed");
const remedies = (recoveries: Recoveries, code: string, times: number): Remedy[] => Array.from({ length: times }, () => recoveries.next(error(code)).remedy);

it("goes from one remedy to the next while nothing is placed, and begins anew once something was", () => {
  const recoveries = new Recoveries();
  expect(remedies(recoveries, "TRANSPORT_LOST", 7)).toEqual(["again", "again", "again", "other-drive", "leave-volume", "ask", "ask"]);
  recoveries.placed();
  expect(remedies(recoveries, "TRANSPORT_LOST", 1)).toEqual(["again"]);
});

it("takes dirt for the cause before the cartridge, where the drive wants cleaning", () => {
  const recoveries = new Recoveries();
  expect(recoveries.next(error("MEDIUM_ERROR"), true).remedy).toBe("again");
  expect(recoveries.next(error("MEDIUM_ERROR"), true).remedy).toBe("other-volume");
  expect(new Recoveries().next(error("MEDIUM_ERROR"), false).remedy).toBe("other-volume");
});

it("stops when volume after volume fails, whatever they fail with, and at what it does not know", () => {
  const recoveries = new Recoveries();
  const done = ["MEDIUM_ERROR", "WRITE_PROTECTED", "MEDIUM_ERROR", "WORM_OVERWRITE", "DATA_PROTECTED"].map((code) => recoveries.next(error(code)).remedy);
  expect(done).toEqual([...Array.from({ length: volumesFailedAtMost }, () => "other-volume"), "stop"]);
  expect(new Recoveries().next(error("NEVER_HEARD_OF")).remedy).toBe("stop");
});
