import { describe, expect, it } from "vitest";
import { screenLines } from "../../src/console/frame/index.ts";
import { look } from "../../src/console/picture/index.ts";
import { type ConsoleState, mostMarked } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../../src/console/update/index.ts";
import { shownRows } from "../../src/console/views/index.ts";
import type { EntryRecord, SnapshotRecord } from "../../src/records/index.ts";
import { pathBytes } from "../../src/cli/reading/index.ts";
import { epochMs } from "../cli/sample-appliance.ts";
import { picture, stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const totals = { entries: 3, contentBytes: 2048, newEntries: 1, newContentBytes: 1024, sealedBytes: 900, troubledEntries: 0 };
const snapshot = (number: number, change: Partial<SnapshotRecord> = {}): SnapshotRecord =>
  ({ id: number, archiveId: 1, number, state: "complete", startedMs: epochMs, finishedMs: epochMs, base: undefined, totals, ...change });
const entry = (path: string, change: Partial<EntryRecord> = {}): EntryRecord => ({
  id: 1, path: pathBytes(path), type: "file", mode: 0o644, uid: 0, gid: 0, sizeBytes: 1024, mtimeNs: BigInt(epochMs) * 1_000_000n, ctimeNs: 0n, inode: 1n, condition: "intact",
  firstSnapshot: 1, segmentId: 1, ...change,
});

const top = [entry("2026", { type: "directory" }), entry("-rf"), entry(String.raw`a\x1b[2J\xff`), entry("b", { condition: "changed" })];
const directory = (path: string, entries: readonly EntryRecord[], hasMore = false): ConsoleEvent =>
  ({ kind: "directory", archive: "photos", snapshot: 2, path: pathBytes(path), entries, hasMore });
const keys = (...names: readonly string[]): readonly ConsoleEvent[] => names.map((key) => ({ kind: "key", key }));

function play(state: ConsoleState, ...events: readonly ConsoleEvent[]): { readonly state: ConsoleState; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  for (const event of events) {
    const next = update(state, event, words);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}
const rowsOf = (state: ConsoleState) => shownRows({ appliance: picture, state, words });
const keysOf = (state: ConsoleState): readonly string[] => rowsOf(state).map(({ key }) => key);

const start = stateAt(80, 24, { view: "archives" });
const browse = rowsOf(start)[0]!.actions.findIndex(({ id }) => id === "snapshots");
const toSnapshots = [...keys("enter", ...Array<string>(browse).fill("down"), "enter"), { kind: "snapshots", archive: "photos", snapshots: [snapshot(1), snapshot(2, { base: 1 })] }] as const;
const inTree = (): ConsoleState => play(start, ...toSnapshots, ...keys("enter"), directory("", top)).state;

describe("below an archive", () => {
  it("are its snapshots, the newest first, read when they are asked for", () => {
    const { state, effects } = play(start, ...toSnapshots);
    expect(effects).toEqual([{ kind: "read-snapshots", archive: "photos" }]);
    expect(keysOf(state)).toEqual(["snapshot 2", "snapshot 1"]);
  });

  it("opens and closes directories, each read when it is opened and kept from places that were left", () => {
    const opened = play(inTree(), ...keys("enter"), directory("2026", [entry("2026/a.jpg"), entry("2026/deep", { type: "directory" })], true));
    expect(opened.effects).toEqual([{ kind: "read-directory", archive: "photos", snapshot: 2, path: top[0]!.path }]);
    expect(keysOf(opened.state).slice(0, 4)).toEqual(["entry 2026", "entry 2026/a.jpg", "entry 2026/deep", "rest 2026"]);
    expect(keysOf(play(opened.state, ...keys("enter")).state)).toHaveLength(top.length);
    const left = play(opened.state, ...keys("escape"), directory("2026", [entry("2026/late")]));
    expect(keysOf(left.state)).toEqual(["snapshot 2", "snapshot 1"]);
  });

  it("goes back one level with each Escape, to the row that it came from", () => {
    const snapshots = play(inTree(), ...keys("escape")).state;
    expect(snapshots.places.archives.selected).toBe("snapshot 2");
    const archives = play(snapshots, ...keys("escape")).state;
    expect(archives.tree).toBeUndefined();
    expect(archives.places.archives.selected).toBe("archive photos");
  });

  it("takes a filter away before it goes back", () => {
    const { state } = play(inTree(), ...keys("/", "b", "enter", "escape"));
    expect(state.tree?.snapshot).toBe(2);
    expect(state.places.archives.filter).toBe("");
  });

  it("restores what is marked, names as they are and never as options", () => {
    const { state } = play(inTree(), ...keys("down", " ", " "));
    expect([...state.tree!.marked]).toEqual(["-rf", String.raw`a\x1b[2J\xff`]);
    const asked = play(state, ...keys("a", "down", "enter", "/", "t", "enter", "k", "enter", "enter"));
    const paths = ["./-rf", String.raw`./a\x1b[2J\xff`];
    expect(asked.effects.find(({ kind }) => kind === "start")).toMatchObject({ words: ["file", "recall", "photos", ...paths, "--snapshot", "2"], isJob: false, withSecret: false });
    // Before it is known what it needs, nothing begins; nor for anything but a y.
    expect(play(asked.state, ...keys("y")).effects).toEqual([]);
    const known = play(asked.state, { kind: "task-lines", task: 1, lines: ["bring SR0002L8 (shelf B4)"] }, { kind: "task-ended", task: 1, exitCode: 4 }).state;
    expect(screenLines(known, words, look("ascii")).flat().map(({ text }) => text).join("")).toContain("bring SR0002L8 (shelf B4)");
    for (const other of ["enter", "escape", "n"]) expect(play(known, ...keys(other)).effects).toEqual([{ kind: "secret-forget" }]);
    const { effects } = play(known, ...keys("y"));
    expect(effects.find(({ kind }) => kind === "start")).toMatchObject({
      words: ["file", "restore", "photos", "./-rf", String.raw`./a\x1b[2J\xff`, "--snapshot", "2", "--to", "/t", "--key", "k", "--passphrase-fd", "3", "--wait", "forever"],
      isJob: true, withSecret: true,
    });
  });

  it("tells which volumes are needed before that", () => {
    const { effects } = play(inTree(), ...keys("end", "enter", "enter"));
    expect(effects.find(({ kind }) => kind === "start")).toMatchObject({ words: ["file", "recall", "photos", "./b", "--snapshot", "2"] });
  });

  it("marks no more than a command line takes", () => {
    const many = Array.from({ length: mostMarked + 5 }, (_, at) => entry(`f${String(at)}`));
    const { state } = play(play(inTree(), directory("", many)).state, ...keys(...Array<string>(many.length).fill(" ")));
    expect(state.tree!.marked.size).toBe(mostMarked);
    expect(state.notice?.severity).toBe("warn");
  });

  it("is as it was seen, in every language, and never moves the cursor", async () => {
    const { state } = play(inTree(), ...keys("enter"), directory("2026", [entry("2026/資料.jpg")], true), ...keys("down", " "));
    for (const tongue of tongues) {
      const text = screenLines(state, tongue, look("utf8-256")).map((line) => line.map((one) => one.text).join("").trimEnd());
      expect(text.join("")).not.toMatch(/\p{Cc}/u);
      await expect(`${text.join("\n")}\n`).toMatchFileSnapshot(`screens/tree-80x24-${tongue.code}.screen`);
    }
  });
});
