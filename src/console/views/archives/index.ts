import type { ArchiveInfo } from "../../../operations/index.ts";
import { formatBytes } from "../../../words/index.ts";
import type { Action, Column, Row, Scene, View } from "../contract.ts";
import { fact, moment, name } from "../phrases.ts";
import { makeArchive } from "../setup/index.ts";
import { treeAbove, treeColumns, treeRows } from "./tree.ts";

export const archives: View = {
  id: "archives",
  columns: (words, state) => (state?.tree === undefined ? listColumns(words) : treeColumns(words)),
  above: (scene) => (scene.state.tree === undefined ? [] : treeAbove(scene.state.tree, scene)),
  rows: (scene) => (scene.state.tree === undefined ? scene.appliance.archives.map((archive) => rowOf(archive, scene)) : treeRows(scene.state.tree, scene)),
  empty: ({ views }) => views.archives.empty,
};

function listColumns({ columns }: Scene["words"]): readonly Column[] {
  return [
    { title: columns.archive, cells: 0, rank: 0 },
    { title: columns.snapshots, cells: 9, right: true, rank: 0 },
    { title: columns.last, cells: 16, rank: 0 },
    { title: columns.written, cells: 10, right: true, rank: 1 },
    { title: columns.pools, cells: 22, rank: 2 },
  ];
}

function rowOf(archive: ArchiveInfo, scene: Scene): Row {
  const { words } = scene;
  const totals = archive.last?.totals;
  return {
    key: `archive ${archive.name}`,
    cells: [
      name(archive.name),
      String(archive.snapshots),
      archive.last === undefined ? words.states.never : moment(archive.last.startedMs),
      totals === undefined ? "" : formatBytes(totals.contentBytes),
      archive.pools.map(name).join(", "),
    ],
    style: archive.unfinished !== undefined ? "warn" : archive.last === undefined ? "dim" : "plain",
    detail: [
      ...archive.sources.flatMap(({ path }) => fact(words.facts.sources, name(path))),
      ...fact(words.facts.unfinished, archive.unfinished === undefined ? undefined : String(archive.unfinished.number), "warn"),
      ...fact(words.facts.entries, totals === undefined ? undefined : String(totals.entries)),
    ],
    actions: actionsOf(archive, scene),
  };
}

function actionsOf(archive: ArchiveInfo, scene: Scene): readonly Action[] {
  const { appliance, words: { actions, columns, facts, questions, refusals } } = scene;
  const running = appliance.jobs.find(({ kind, subject, state }) => kind === "archive run" && subject === archive.name && state === "running");
  const busy = running === undefined ? {} : { refused: refusals.jobRuns(running.id) };
  const without = archive.snapshots === 0 ? { refused: refusals.noSnapshot() } : {};
  const unfinished = archive.unfinished === undefined ? { refused: refusals.nothingToGoOnWith() } : busy;
  return [
    { id: "run", ...actions.run, ...busy, isJob: true, words: () => ["archive", "run", archive.name, "--wait", "forever"] },
    { id: "runFull", ...actions.runFull, ...busy, isJob: true, words: () => ["archive", "run", archive.name, "--full", "--wait", "forever"] },
    { id: "plan", ...actions.plan, ...busy, words: () => ["archive", "plan", archive.name] },
    {
      id: "restore", ...actions.restore, ...without, isJob: true,
      questions: [
        { name: "paths", prompt: questions.paths, initial: "" },
        { name: "target", prompt: questions.target, initial: "" },
        { name: "key", prompt: questions.key, initial: "" },
        { name: "passphrase", prompt: questions.passphrase, initial: "", isSecret: true },
      ],
      before: ({ paths = "" }) => ["file", "recall", archive.name, ...(paths === "" ? [] : [paths])],
      words: ({ paths = "", target = "", key = "" }) =>
        ["file", "restore", archive.name, ...(paths === "" ? [] : [paths]), "--to", target, "--key", key, "--passphrase-fd", "3", "--wait", "forever"],
    },
    { id: "snapshots", ...actions.snapshots, ...without, opens: { kind: "snapshots", archive: archive.name }, words: () => ["snapshot", "list", archive.name] },
    {
      id: "history", ...actions.history, ...without,
      questions: [{ name: "path", prompt: questions.path, initial: "" }],
      words: ({ path = "" }) => ["file", "history", archive.name, path],
    },
    {
      id: "abandon", ...actions.abandon, ...unfinished,
      danger: { level: "moderate", what: [actions.abandon.tooltip, `${facts.unfinished}: ${String(archive.unfinished?.number ?? "-")}, ${moment(archive.unfinished?.startedMs)}`] },
      words: () => ["archive", "abandon", archive.name, "--yes"],
    },
    {
      id: "removeArchive", ...actions.removeArchive, ...busy,
      danger: {
        level: "moderate",
        what: [
          actions.removeArchive.tooltip, `${columns.snapshots}: ${String(archive.snapshots)}, ${columns.last}: ${moment(archive.last?.startedMs)}`,
          `${columns.pools}: ${archive.pools.map(name).join(", ")}`,
        ],
      },
      words: () => ["archive", "remove", archive.name, "--yes"],
    },
    makeArchive(scene),
  ];
}
