import { line, span, type Style } from "../../picture/index.ts";
import type { Row, Scene, View } from "../contract.ts";
import { jobActions, jobs, shareOf } from "../jobs/index.ts";
import { alertRows, health, isPressing } from "../health/index.ts";
import { library } from "../library/index.ts";
import { ago, fact, name, sentence } from "../phrases.ts";
import { remember } from "../remember.ts";
import { setupSteps } from "../setup/index.ts";
import { requests } from "./requests.ts";

export { calling } from "./requests.ts";

/** What ended longer ago is in Jobs. */
const recentMs = 48 * 3_600_000;
const recentShown = 20;

/** The first action of a row is the one that it is here for. */
export const today: View = {
  id: "today",
  columns: ({ columns }) => [
    { title: columns.state, cells: 8, rank: 0 },
    { title: columns.what, cells: 0, rank: 0 },
    { title: columns.done, cells: 6, right: true, rank: 1 },
    { title: columns.since, cells: 7, right: true, rank: 1 },
  ],
  above: (scene) => {
    const count = needs(scene).length;
    const { appliance, words } = scene;
    const urgent = count === 0 ? line(words.today.nothing(), "ok") : line(words.today.needs(count), "alarm");
    const share = appliance.spool.maxBytes === 0 ? 0 : appliance.spool.usedBytes / appliance.spool.maxBytes;
    return [[...urgent, span("   "), span(`${words.facts.spool} ${String(Math.round(share * 100))} %`, share > 0.9 ? "warn" : "dim")]];
  },
  rows: (scene) => [...needs(scene), ...setupSteps(scene), ...running(scene), ...due(scene), ...recent(scene)],
  empty: ({ views }) => views.today.empty,
};

/** What cannot go on without a person, the worst first. The bell and the header count these. */
export function needs(scene: Scene): readonly Row[] {
  return remember(scene, "needs", () => [
    ...requests(scene), ...brokenLibraries(scene), ...interrupted(scene), ...elementsInTrouble(scene), ...drivesInTrouble(scene), ...pressingAlerts(scene), ...badCopies(scene), ...badChecks(scene),
    ...waitingCartridges(scene),
  ]);
}

function need(key: string, what: string, style: Style, sinceMs: number | undefined, scene: Scene, rest: Pick<Row, "detail" | "actions">): Row {
  const { words, state } = scene;
  return { key, cells: [words.states.needed, what, "", sinceMs === undefined ? "" : ago(sinceMs, state.nowMs)], style, ...rest };
}

function brokenLibraries(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  return appliance.libraries.flatMap(({ name: library_, trouble, shown }) => {
    const condition = shown?.condition;
    const told = trouble ?? (condition === undefined || condition.ready ? undefined : { sentence: condition.sentence, hint: condition.advice });
    if (told === undefined) return [];
    const detail = [...fact(words.facts.summary, sentence(told.sentence), "err"), ...fact(words.facts.advice, told.hint === undefined ? undefined : sentence(told.hint))];
    const actions = [{ id: "audit", ...words.actions.audit, words: () => ["library", "audit", library_] }];
    return [need(`need library ${library_}`, `${words.today.libraryTrouble(name(library_))}: ${sentence(told.sentence)}`, "err", undefined, scene, { detail, actions })];
  });
}

function interrupted(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  return appliance.jobs.filter(({ state }) => state === "interrupted").map((job) => {
    const detail = jobs.rows(scene).find(({ key }) => key === `job ${String(job.id)}`)?.detail ?? [];
    const what = `${words.today.interrupted(name(job.kind), name(job.subject))}${job.summary === undefined ? "" : `: ${sentence(job.summary)}`}`;
    return need(`need job ${String(job.id)}`, what, "err", job.startedMs, scene, { detail, actions: jobActions(job, scene) });
  });
}

function elementsInTrouble(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  const troubled = appliance.libraries.flatMap(({ name: library_, shown }) => (shown?.elements ?? []).filter(({ trouble }) => trouble !== undefined).map((element) => ({ library_, element })));
  const rows = library.rows(scene);
  return troubled.map(({ library_, element }) => {
    const row = rows.find(({ key }) => key === `${library_} ${element.kind} ${String(element.number)}`);
    const what = `${words.today.element(name(library_), `${words.elements[element.kind]} ${String(element.number)}`)}: ${sentence(element.trouble!.sentence)}`;
    return need(`need ${library_} ${element.kind} ${String(element.number)}`, what, "err", undefined, scene, { detail: row?.detail ?? [], actions: row?.actions ?? [] });
  });
}

function drivesInTrouble(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  const rows = health.rows(scene);
  return appliance.drives.filter(({ state, cleaning }) => state === "failed" || cleaning === "needed").map((drive) => {
    const row = rows.find(({ key }) => key === `drive ${drive.library} ${String(drive.number)}`)!;
    const what = drive.state === "failed" ? words.today.driveFailed(name(drive.library), drive.number) : words.today.driveCleaning(name(drive.library), drive.number);
    const [clean, ...others] = [...row.actions].sort((a, b) => Number(b.id === "clean") - Number(a.id === "clean"));
    const actions = drive.state === "failed" ? row.actions : [clean!, ...others];
    return need(`need drive ${drive.library} ${String(drive.number)}`, what, drive.state === "failed" ? "err" : "warn", undefined, scene, { detail: row.detail, actions });
  });
}

/** Until somebody says to know of it, or it is over. */
function pressingAlerts(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  const rows = alertRows(scene, false);
  return appliance.drives.flatMap((drive) => drive.alerts.filter(isPressing).map((alert) => {
    const row = rows.find(({ key }) => key === `alert ${drive.library} ${String(drive.number)} ${String(alert.flag)}`)!;
    return need(`need ${row.key}`, `${words.today.driveAlert(name(drive.library), drive.number)}: ${name(alert.name)}`, alert.severity, undefined, scene, { detail: row.detail, actions: row.actions });
  }));
}

function badCopies(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  return appliance.pools.filter(({ copies }) => copies.bad > 0).map(({ name: pool, copies }) =>
    need(`need pool ${pool}`, words.today.copiesBad(name(pool), copies.bad), "err", undefined, scene, {
      detail: [],
      actions: [
        ...appliance.archives.filter(({ pools }) => pools.includes(pool)).map((archive) => ({
          id: `run ${archive.name}`, text: `${words.actions.run.text}: ${name(archive.name)}`, tooltip: words.actions.run.tooltip, isJob: true as const,
          words: () => ["archive", "run", archive.name, "--wait", "forever"],
        })),
        { id: "showPool", ...words.actions.showPool, words: () => ["pool", "show", pool] },
      ],
    }),
  );
}

function badChecks(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  return appliance.checks.filter(({ severity }) => severity === "err" || severity === "fatal").map((check, at) =>
    need(`need check ${check.code} ${String(at)}`, `${words.today.check(name(check.code))}: ${sentence(check.text)}`, check.severity, undefined, scene, {
      detail: fact(words.facts.advice, check.hint === undefined ? undefined : sentence(check.hint)),
      actions: [{ id: "checkAppliance", ...words.actions.checkAppliance, words: () => ["appliance", "check"] }],
    }),
  );
}

function waitingCartridges(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  const rows = library.rows(scene);
  return appliance.libraries.flatMap(({ name: library_, shown }) =>
    (shown?.elements ?? []).filter(({ kind, full }) => kind === "mail-slot" && full).map((element) => {
      const row = rows.find(({ key }) => key === `${library_} mail-slot ${String(element.number)}`)!;
      const what = `${words.today.mailSlotFull(name(library_), element.number)}${element.barcode === undefined ? "" : `: ${name(element.barcode)}`}`;
      const { detail, actions } = row;
      const waiting = need(`need ${library_} mail-slot ${String(element.number)}`, what, "note", undefined, scene, { detail, actions });
      return element.barcode === undefined ? waiting : { ...waiting, barcode: element.barcode };
    }),
  );
}

function running(scene: Scene): readonly Row[] {
  const { words, appliance, state } = scene;
  const rows = jobs.rows(scene);
  return appliance.jobs.filter((job) => job.state === "running").map((job) => {
    const row = rows.find(({ key }) => key === `job ${String(job.id)}`)!;
    const progress = appliance.progress.find(({ jobId }) => jobId === job.id);
    const what = `${words.today.running(name(job.kind), name(job.subject))}${progress === undefined ? "" : `: ${progress.stage}`}`;
    return { ...row, key: `now ${row.key}`, cells: [words.states.running, what, progress === undefined ? "" : shareOf(progress), ago(job.startedMs, state.nowMs)] };
  });
}

function due(scene: Scene): readonly Row[] {
  const { words, appliance } = scene;
  const cleaning: readonly Row[] = appliance.drives.filter(({ cleaning: need_ }) => need_ === "wanted").map((drive) => {
    const row = health.rows(scene).find(({ key }) => key === `drive ${drive.library} ${String(drive.number)}`)!;
    return { ...row, key: `due ${row.key}`, cells: [words.states.due, words.today.driveCleaning(name(drive.library), drive.number), "", ""], style: "warn" };
  });
  const unread: readonly Row[] = appliance.pools.filter(({ copies }) => copies.written > 0).map(({ name: pool, copies }) => ({
    key: `due pool ${pool}`,
    cells: [words.states.due, words.today.copiesUnread(name(pool), copies.written), "", ""],
    style: "warn",
    detail: [],
    actions: [{ id: "showPool", ...words.actions.showPool, words: () => ["pool", "show", pool] }],
  }));
  return [...cleaning, ...unread];
}

function recent(scene: Scene): readonly Row[] {
  const { words, appliance, state } = scene;
  const rows = jobs.rows(scene);
  return appliance.jobs
    .filter(({ finishedMs }) => finishedMs !== undefined && state.nowMs - finishedMs < recentMs)
    .slice(0, recentShown)
    .map((job) => {
      const row = rows.find(({ key }) => key === `job ${String(job.id)}`)!;
      const what = `${words.today.ended(name(job.kind), name(job.subject))}${job.summary === undefined ? "" : `: ${sentence(job.summary)}`}`;
      return { ...row, key: `then ${row.key}`, cells: [job.severity ?? words.states.finished, what, "", ago(job.finishedMs!, state.nowMs)] };
    });
}
