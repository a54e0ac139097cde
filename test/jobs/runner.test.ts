import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runJob } from "../../src/jobs/index.ts";
import { openJournal, type Owner } from "../../src/records/index.ts";
import { StrongroomError, systemClock } from "../../src/words/index.ts";
import { temporaryStore } from "../records/temporary.ts";

const owner = (processId: number): Owner => ({ host: "h", bootId: "b", processId, processStart: "1" });
const what = { kind: "archive run", subject: "docs", resumable: true };

describe("runJob", () => {
  let temporary: ReturnType<typeof temporaryStore>;
  const living = new Set<number>();
  beforeEach(() => {
    temporary = temporaryStore();
    living.clear();
  });
  afterEach(() => { temporary.close(); });

  const parts = (processId: number) => {
    living.add(processId);
    const journal = openJournal(temporary.store, (one) => living.has(one.processId));
    return { journal, clock: systemClock, owner: owner(processId), requestedBy: "tester" };
  };
  const events: string[] = [];
  const listener = { event: ({ code }: { readonly code: string }) => { events.push(code); } };

  it("ends with the worst severity that was noted", async () => {
    const outcome = await runJob(parts(1), what, listener, async (job) => {
      job.note("note", "A", "a");
      job.note("warn", "B", "b");
      return Promise.resolve({ summary: "done", value: 7 });
    });
    expect(outcome).toMatchObject({ severity: "warn", summary: "done", value: 7 });
    expect(outcome.job).toMatchObject({ state: "finished", severity: "warn", summary: "done" });
    expect(events.slice(-2)).toEqual(["A", "B"]);
  });

  it("leaves a job that failed to be gone on with, with what it saved", async () => {
    const failing = runJob(parts(1), what, listener, async (job) => {
      job.saveProgress({ plan: "here" });
      job.saveProgress({ more: 1 });
      return Promise.reject(new StrongroomError("operator", "TAPE_WANTED", "a tape is wanted"));
    });
    await expect(failing).rejects.toMatchObject({ code: "TAPE_WANTED" });
    const again = await runJob(parts(2), what, listener, async (job) => {
      expect(job.resumed).toBe(true);
      expect(job.progress).toEqual({ plan: "here", more: 1 });
      return Promise.resolve({ summary: "done", value: job.id });
    });
    expect(again.value).toBe(1);
    expect(again.job.state).toBe("finished");
  });

  it("takes over from a process that died without a word", async () => {
    const first = parts(1);
    first.journal.startJob({ ...what, startedMs: 1, owner: first.owner, requestedBy: "tester" });
    living.delete(1);
    const outcome = await runJob(parts(2), what, listener, async (job) => Promise.resolve({ summary: "", value: job.resumed }));
    expect(outcome.value).toBe(true);
  });

  it("lets nobody do the same twice at once, and says who does it", async () => {
    const first = parts(1);
    await runJob(first, what, listener, async () => {
      const second = runJob(parts(2), what, listener, async () => Promise.resolve({ summary: "", value: 0 }));
      await expect(second).rejects.toMatchObject({ kind: "busy", code: "JOB_ACTIVE", message: expect.stringContaining("process 1") as string });
      return { summary: "", value: 0 };
    });
  });

  it("ends for good what cannot be gone on with", async () => {
    const once = { ...what, resumable: false };
    await expect(runJob(parts(1), once, listener, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const again = await runJob(parts(1), once, listener, async (job) => Promise.resolve({ summary: "", value: job.resumed }));
    expect(again.value).toBe(false);
  });
});
