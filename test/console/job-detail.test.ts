import { describe, expect, it } from "vitest";
import { screenLines } from "../../src/console/frame/index.ts";
import { look } from "../../src/console/picture/index.ts";
import type { ConsoleState } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { update } from "../../src/console/update/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const [english] = tongues;
const events = Array.from({ length: 60 }, (_, at) => ({ jobId: 9, timeMs: picture.readMs + at * 1000, severity: "note" as const, code: "SAID", text: `line ${String(at + 1)} of the log` }));
const progress = {
  ...picture.progress[0]!,
  stages: [{ stage: "walking", spentMs: 130_000 }, { stage: "sealing and placing", spentMs: 840_000 }],
  writing: [{ pool: "onsite", isWriting: true, writingMs: 700_000, waitingMs: 100_000 }, { pool: "offsite", isWriting: false, writingMs: 400_000, waitingMs: 400_000 }],
};
const appliance = { ...picture, events, progress: [progress] };

function press(state: ConsoleState, ...names: readonly string[]): ConsoleState {
  return names.reduce((before, key) => update(before, { kind: "key", key }, english!).state, state);
}

const screen = (state: ConsoleState, words = english!): string => screenLines(state, words, look("mono")).map((line) => line.map(({ text }) => text).join("").trimEnd()).join("\n");

describe("all of a running job", () => {
  const opened = press(stateAt(80, 24, { view: "jobs", appliance }), "home", "d");

  it("says whether each drive has work, where the time went, the rates and the log, in every language", async () => {
    for (const words of tongues) await expect(`${screen(opened, words)}\n`).toMatchFileSnapshot(`screens/job-80x24-${words.code}.screen`);
    expect(screen(opened)).toContain("onsite: its drive has work, 87 % of");
    expect(screen(opened)).toContain("offsite: its drive waits for data, had work 50 % of");
  });

  it("scrolls through the whole log, the newest first, and no further than its end", () => {
    expect(screen(opened)).toContain("line 60 of the log");
    expect(screen(opened)).not.toContain("line 1 of the log");
    const end = press(opened, ...Array<string>(100).fill("pagedown"));
    expect(screen(end)).toContain("line 1 of the log");
    expect(screen(press(end, "pageup"))).not.toContain("line 1 of the log");
    expect(screen(press(end, "home"))).toBe(screen(opened));
  });

  it("changes while it is looked at, and closes by any other key", () => {
    const later = update(opened, { kind: "picture", appliance: { ...appliance, progress: [{ ...progress, stage: "verifying" }] } }, english!).state;
    expect(screen(later)).toContain("verifying");
    expect(press(later, "escape").overlay).toBeUndefined();
  });

  it("is gone with its row", () => {
    const gone = update(opened, { kind: "picture", appliance: { ...appliance, jobs: [] } }, english!).state;
    expect(screen(gone)).toContain("no job has run yet");
    expect(press(gone, "down").overlay).toMatchObject({ kind: "detail" });
    expect(press(gone, "escape").overlay).toBeUndefined();
  });
});
