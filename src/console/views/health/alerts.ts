import type { ListedDrive } from "../../../operations/index.ts";
import type { Action, Row, Scene } from "../contract.ts";
import { fact, moment, name } from "../phrases.ts";

type Alert = ListedDrive["alerts"][number];

/** A row for each alert: those that nobody knows of above the drives, those that were acknowledged below everything, with who and when. */
export function alertRows(scene: Scene, isAcknowledged: boolean): readonly Row[] {
  const { appliance, words } = scene;
  return appliance.drives.flatMap((drive) => drive.alerts.filter(({ acknowledged }) => (acknowledged !== undefined) === isAcknowledged).map((alert): Row => {
    const by = alert.acknowledged === undefined ? undefined : words.frame.acknowledgedBy(name(alert.acknowledged.who), moment(alert.acknowledged.timeMs));
    return {
      key: `alert ${drive.library} ${String(drive.number)} ${String(alert.flag)}`,
      cells: [`${name(drive.library)} ${words.elements.drive} ${String(drive.number)}`, alert.severity, [name(alert.name), by].filter(Boolean).join("; ")],
      style: isAcknowledged ? "dim" : alert.severity === "ok" ? "plain" : alert.severity,
      detail: [...fact(words.facts.alerts, `${name(alert.name)}, TAPE_ALERT_${String(alert.flag)}`), ...fact(words.facts.advice, alert.advice, "strong"), ...fact(words.facts.by, by)],
      actions: alertActions(drive, alert, scene),
    };
  }));
}

/** Worse than a warning, and nobody has said yet to know of it. */
export function isPressing<One extends Alert>(alert: One): alert is One & { readonly severity: "err" | "fatal" } {
  const { severity, acknowledged } = alert;
  return acknowledged === undefined && (severity === "err" || severity === "fatal");
}

function alertActions(drive: ListedDrive, { flag, acknowledged }: Alert, { words: { actions, frame, refusals } }: Scene): readonly Action[] {
  const [number, alert] = [String(drive.number), String(flag)];
  const busy = drive.state === "busy" ? { refused: refusals.driveBusy(drive.number, name(drive.detail)) } : {};
  const known = acknowledged === undefined ? busy : { refused: frame.acknowledgedBy(name(acknowledged.who), moment(acknowledged.timeMs)) };
  return [
    { id: "acknowledge", ...actions.acknowledge, ...known, words: () => ["drive", "acknowledge", drive.library, number, "--alert", alert] },
    { id: "explain", ...actions.explain, words: () => ["explain", `TAPE_ALERT_${alert}`] },
    { id: "healthOf", ...actions.healthOf, ...busy, words: () => ["drive", "health", drive.library, number] },
  ];
}
