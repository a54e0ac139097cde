import { describe, expect, it } from "vitest";
import { screenLines } from "../../src/console/frame/index.ts";
import { look } from "../../src/console/picture/index.ts";
import type { AppliancePicture, ConsoleState } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { escalationsMs } from "../../src/console/update/bell.ts";
import { type Effect, update } from "../../src/console/update/index.ts";
import { needs, view } from "../../src/console/views/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const [english] = tongues;
const request = { who: "pool offsite", code: "NO_CARTRIDGE", needs: "no usable cartridge in pool offsite\x1b[2J", hint: "put one into a mail slot", sinceMs: picture.readMs - 240_000 };
const waiting: AppliancePicture = { ...picture, jobs: picture.jobs.map((job) => (job.id === 9 ? { ...job, progress: { requests: [request] } } : job)) };

const at = (appliance: AppliancePicture, readMs: number): AppliancePicture => ({ ...appliance, readMs });
const textOf = (state: ConsoleState): readonly string[] => screenLines(state, english!, look("mono")).map((line) => line.map(({ text }) => text).join(""));

describe("what a job waits for", () => {
  it("is the first row of Today, with what to do for it", () => {
    const [first] = needs({ appliance: waiting, state: stateAt(80, 24), words: english! });
    expect(first!.cells[1]).toContain("no usable cartridge in pool offsite");
    expect(first!.cells[1]).toContain("job 9 waits 4 min");
    expect(first!.actions[0]!.words({})).toEqual(["library", "import", "vtl"]);
  });

  it.each([[132, 43], [80, 24], [40, 12]])("is the big line at %ix%i, cut before who waits and how long is", (columns, rows) => {
    for (const words of tongues) {
      const [header] = screenLines(stateAt(columns, rows, { appliance: waiting }), words, look("ascii"));
      expect(header!.map(({ text }) => text).join("")).toContain(words.frame.jobWaits(9, "4 min"));
      expect(header!.every(({ style }) => style === "alarm")).toBe(true);
    }
  });

  it("shows in Jobs that the job waits, and never what could move the cursor", () => {
    const row = view("jobs").rows({ appliance: waiting, state: stateAt(80, 24), words: english! }).find(({ key }) => key === "job 9")!;
    expect(row.cells[1]).toBe("waits");
    for (const id of ["today", "jobs"] as const) expect(textOf(stateAt(132, 43, { appliance: waiting, view: id })).join("")).not.toMatch(/\p{Cc}/u);
  });

  it("is gone when it is met", () => {
    const rows = needs({ appliance: picture, state: stateAt(80, 24), words: english! });
    expect(rows.filter(({ key }) => key.startsWith("need request"))).toEqual([]);
  });
});

describe("the bell", () => {
  const quiet: AppliancePicture = { ...picture, libraries: [], drives: [], pools: [], checks: [], jobs: [] };
  const asking: AppliancePicture = { ...quiet, jobs: waiting.jobs.filter(({ id }) => id === 9) };

  function rings(state: ConsoleState, appliance: AppliancePicture): { readonly state: ConsoleState; readonly count: number } {
    const { state: next, effects } = update(state, { kind: "picture", appliance }, english!);
    return { state: next, count: effects.filter(({ kind }: Effect) => kind === "bell").length };
  }

  it("rings once for a request, again at each escalation, and anew when it comes back", () => {
    let state = stateAt(80, 24, { appliance: quiet });
    const startMs = picture.readMs;
    const heard: number[] = [];
    for (let minute = 0; minute <= 90; minute += 1) {
      const next = rings(state, at(asking, startMs + minute * 60_000));
      state = next.state;
      if (next.count > 0) heard.push(minute);
    }
    expect(heard).toEqual([0, ...escalationsMs.map((ms) => ms / 60_000)]);
    const met = rings(state, at(quiet, startMs + 91 * 60_000));
    expect(met.count).toBe(0);
    expect(rings(met.state, at(asking, startMs + 92 * 60_000)).count).toBe(1);
  });

  it("is silent while it is muted", () => {
    const muted = update(stateAt(80, 24, { appliance: quiet }), { kind: "key", key: "m" }, english!).state;
    expect(rings(muted, at(asking, picture.readMs)).count).toBe(0);
  });
});
