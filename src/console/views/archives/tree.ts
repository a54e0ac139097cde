import type { EntryRecord, SnapshotRecord } from "../../../records/index.ts";
import { formatBytes, printable } from "../../../words/index.ts";
import { type Line, span } from "../../picture/index.ts";
import type { TreePlace } from "../../state/index.ts";
import type { Tongue } from "../../tongue/index.ts";
import type { Action, Column, Row, Scene } from "../contract.ts";
import { fact, moment } from "../phrases.ts";

/** Two cells a level, and no more for levels that nobody counts. */
const deepestIndent = 12;

export function treeColumns({ columns }: Tongue): readonly Column[] {
  return [
    { title: columns.what, cells: 0, rank: 0 },
    { title: columns.written, cells: 10, right: true, rank: 0 },
    { title: columns.time, cells: 16, rank: 1 },
  ];
}

export function treeAbove(tree: TreePlace, { words }: Scene): readonly Line[] {
  const where = tree.snapshot === undefined ? printable(tree.archive) : `${printable(tree.archive)}, ${words.columns.snapshots} ${String(tree.snapshot)}`;
  const isReading = tree.snapshots === undefined || [...tree.directories.values()].some(({ entries }) => entries === undefined);
  const told = isReading ? words.tree.reading() : tree.marked.size > 0 ? words.tree.marked(tree.marked.size) : words.tree.back();
  return [[span(where, "strong"), span("   "), span(told, "dim")]];
}

export function treeRows(tree: TreePlace, scene: Scene): readonly Row[] {
  if (tree.snapshot !== undefined) return below("", 0, tree, tree.snapshot, scene);
  return (tree.snapshots ?? []).toReversed().map((snapshot) => snapshotRow(tree.archive, snapshot, scene));
}

function snapshotRow(archive: string, { number, state, startedMs, base, totals }: SnapshotRecord, { words }: Scene): Row {
  const isWhole = state === "complete";
  return {
    key: `snapshot ${String(number)}`,
    cells: [`${String(number)}${isWhole ? "" : `  ${words.facts.unfinished}`}`, totals === undefined ? "" : formatBytes(totals.contentBytes), moment(startedMs)],
    style: isWhole ? "plain" : "warn",
    detail: [
      ...fact(words.facts.entries, totals === undefined ? undefined : `${String(totals.entries)}, +${String(totals.newEntries)}`),
      ...fact(words.tree.base(), base === undefined ? undefined : String(base)),
    ],
    opens: { kind: "tree", archive, snapshot: number },
    actions: [{ id: "showSnapshot", ...words.actions.showSnapshot, words: () => ["snapshot", "show", archive, String(number)] }],
  };
}

function below(directory: string, depth: number, tree: TreePlace, snapshot: number, scene: Scene): readonly Row[] {
  const listing = tree.directories.get(directory);
  const rows = (listing?.entries ?? []).flatMap((entry): readonly Row[] => {
    const path = printable(entry.path);
    return [entryRow(entry, path, depth, tree, snapshot, scene), ...(entry.type === "directory" ? below(path, depth + 1, tree, snapshot, scene) : [])];
  });
  if (listing?.hasMore !== true) return rows;
  const rest = `${indent(depth)}  ${scene.words.tree.more()}`;
  return [...rows, { key: `rest ${directory}`, cells: [rest, "", ""], style: "dim", detail: [], actions: [] }];
}

function entryRow(entry: EntryRecord, path: string, depth: number, tree: TreePlace, snapshot: number, scene: Scene): Row {
  const { words } = scene;
  const isDirectory = entry.type === "directory";
  const sign = isDirectory ? (tree.directories.has(path) ? "-" : "+") : " ";
  const ownName = printable(entry.path.subarray(entry.path.lastIndexOf(0x2f) + 1));
  return {
    key: `entry ${path}`,
    cells: [
      `${tree.marked.has(path) ? "*" : " "}${indent(depth)}${sign} ${ownName}${isDirectory ? "/" : ""}`,
      entry.type === "file" ? formatBytes(entry.sizeBytes) : isDirectory ? "" : entry.type,
      moment(Number(entry.mtimeNs / 1_000_000n)),
    ],
    style: entry.condition === "intact" ? (tree.marked.has(path) ? "note" : "plain") : "warn",
    detail: [
      ...fact(words.tree.path(), path),
      ...fact(words.tree.target(), entry.linkTarget === undefined ? undefined : printable(entry.linkTarget)),
      ...fact(words.tree.condition(), entry.condition === "intact" ? undefined : entry.condition, "warn"),
      ...fact(words.tree.since(), String(entry.firstSnapshot)),
    ],
    mark: path,
    ...(isDirectory ? { opens: { kind: "directory", archive: tree.archive, snapshot, path: entry.path } as const } : {}),
    actions: entryActions(path, tree, snapshot, words),
  };
}

/** Of what is marked; of this row where nothing is. `./` keeps a name that begins with a dash from being an option. */
function entryActions(path: string, tree: TreePlace, snapshot: number, { actions, questions, tree: texts }: Tongue): readonly Action[] {
  const paths = (tree.marked.size > 0 ? [...tree.marked].sort() : [path]).map((one) => `./${one}`);
  const what = tree.marked.size > 0 ? `: ${texts.marked(tree.marked.size)}` : "";
  const number = String(snapshot);
  return [
    { id: "recall", ...actions.recall, text: `${actions.recall.text}${what}`, words: () => ["file", "recall", tree.archive, ...paths, "--snapshot", number] },
    {
      id: "restore", ...actions.restore, text: `${actions.restore.text}${what}`, isJob: true,
      questions: [
        { name: "target", prompt: questions.target, initial: "" },
        { name: "key", prompt: questions.key, initial: "" },
        { name: "passphrase", prompt: questions.passphrase, initial: "", isSecret: true },
      ],
      before: () => ["file", "recall", tree.archive, ...paths, "--snapshot", number],
      words: ({ target = "", key = "" }) =>
        ["file", "restore", tree.archive, ...paths, "--snapshot", number, "--to", target, "--key", key, "--passphrase-fd", "3", "--wait", "forever"],
    },
    { id: "history", ...actions.history, words: () => ["file", "history", tree.archive, `./${path}`] },
  ];
}

function indent(depth: number): string {
  return "  ".repeat(Math.min(depth, deepestIndent));
}
