import { expect, it } from "vitest";
import type { AppliancePicture } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { needs, shownRows } from "../../src/console/views/index.ts";
import { epochMs } from "../cli/sample-appliance.ts";
import { picture, stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const alert = (flag: number, acknowledged?: { readonly who: string; readonly timeMs: number }) =>
  ({ flag, name: `alert ${String(flag)}`, severity: "err" as const, blames: "drive" as const, advice: "have the drive serviced", ...(acknowledged === undefined ? {} : { acknowledged }) });
const withAlerts = (...alerts: AppliancePicture["drives"][number]["alerts"][number][]): AppliancePicture =>
  ({ ...picture, drives: [{ ...picture.drives[0]!, cleaning: "none", alerts }] });
const rows = (appliance: AppliancePicture) => shownRows({ appliance, state: stateAt(80, 24, { view: "health", appliance }), words });
const needed = (appliance: AppliancePicture) => needs({ appliance, state: stateAt(80, 24, { appliance }), words }).map(({ key }) => key).filter((key) => key.includes("alert"));

it("shows what nobody knows of first, and what is acknowledged below everything, with who and when", () => {
  const shown = rows(withAlerts(alert(3), alert(30, { who: "operator", timeMs: epochMs })));
  expect(shown[0]!.key).toBe("alert vtl 0 3");
  expect(shown[0]!.style).toBe("err");
  expect(shown.at(-1)!.key).toBe("alert vtl 0 30");
  expect(shown.at(-1)!.cells[2]).toBe("alert 30; known to operator since 2026-01-02 03:04");
  expect(shown.at(-1)!.style).toBe("dim");
});

it("wants somebody for it until it is acknowledged, and again when it is raised anew", () => {
  expect(needed(withAlerts(alert(3)))).toEqual(["need alert vtl 0 3"]);
  expect(needed(withAlerts(alert(3, { who: "operator", timeMs: epochMs })))).toEqual([]);
  expect(needed(withAlerts(alert(3)))).toHaveLength(1);
});

it("is acknowledged by a command that names the alert, once", () => {
  const [first] = rows(withAlerts(alert(3)))[0]!.actions;
  expect(first!.words({})).toEqual(["drive", "acknowledge", "vtl", "0", "--alert", "3"]);
  expect(rows(withAlerts(alert(3, { who: "operator", timeMs: epochMs }))).at(-1)!.actions[0]!.refused).toContain("operator");
});
