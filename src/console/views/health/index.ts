import type { ListedDrive } from "../../../operations/index.ts";
import type { Style } from "../../picture/index.ts";
import type { Check } from "../../state/index.ts";
import type { Action, Row, Scene, View } from "../contract.ts";
import { alertRows } from "./alerts.ts";
import { fact, name, sentence } from "../phrases.ts";
import { remember } from "../remember.ts";

export { alertRows, isPressing } from "./alerts.ts";

export const health: View = {
  id: "health",
  columns: ({ columns }) => [
    { title: columns.what, cells: 24, rank: 0 },
    { title: columns.state, cells: 8, rank: 0 },
    { title: columns.condition, cells: 0, rank: 0 },
  ],
  rows: (scene) => remember(scene, "health", () => [
    ...alertRows(scene, false), ...scene.appliance.drives.map((drive) => driveRow(drive, scene)), ...scene.appliance.checks.map((check, at) => checkRow(check, at, scene)),
    ...alertRows(scene, true),
  ]),
  empty: ({ views }) => views.health.empty,
};

function driveRow(drive: ListedDrive, { words }: Scene): Row {
  const alerts = drive.alerts.filter(({ acknowledged }) => acknowledged === undefined).map(({ name: alert }) => alert).join(", ");
  const wants = drive.cleaning === "wanted" || drive.cleaning === "needed" ? `${words.facts.cleaning}: ${drive.cleaning}` : "";
  return {
    key: `drive ${drive.library} ${String(drive.number)}`,
    cells: [`${name(drive.library)} ${words.elements.drive} ${String(drive.number)}`, words.states[drive.state], [wants, alerts, sentence(drive.detail)].filter(Boolean).join("; ")],
    style: styleOf(drive),
    ...(drive.barcode === undefined ? {} : { barcode: drive.barcode }),
    detail: [
      ...fact(words.facts.serial, drive.serial === undefined ? undefined : name(drive.serial)),
      ...drive.alerts.flatMap(({ name: alert, severity, advice }) => fact(alert, advice, severity)),
    ],
    actions: driveActions(drive, words),
  };
}

function styleOf(drive: ListedDrive): Style {
  const grades = drive.alerts.filter(({ acknowledged }) => acknowledged === undefined).map(({ severity }) => severity);
  if (drive.state === "failed" || grades.includes("fatal") || grades.includes("err")) return "err";
  return drive.cleaning === "wanted" || drive.cleaning === "needed" || grades.includes("warn") ? "warn" : "plain";
}

export function driveActions(drive: ListedDrive, { actions, refusals }: Scene["words"]): readonly Action[] {
  const number = String(drive.number);
  const busy = drive.state === "busy" ? { refused: refusals.driveBusy(drive.number, sentence(drive.detail)) } : {};
  return [
    { id: "healthOf", ...actions.healthOf, ...busy, words: () => ["drive", "health", drive.library, number] },
    { id: "clean", ...actions.clean, ...busy, isJob: true, words: () => ["drive", "clean", drive.library, number] },
    { id: "showDrive", ...actions.showDrive, ...busy, words: () => ["drive", "show", drive.library, number] },
  ];
}

function checkRow({ severity, code, text, hint }: Check, at: number, { words }: Scene): Row {
  return {
    key: `check ${code} ${String(at)}`,
    cells: [name(code), severity, sentence(text)],
    style: severity === "ok" ? "plain" : severity,
    detail: fact(words.facts.advice, hint === undefined ? undefined : sentence(hint)),
    actions: [{ id: "checkAppliance", ...words.actions.checkAppliance, words: () => ["appliance", "check"] }],
  };
}
