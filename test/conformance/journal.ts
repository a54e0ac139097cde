import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Journal, NewJob, Owner, PastJob } from "../../src/records/index.ts";

/** An empty journal for which owners live as `lives` says. */
export type JournalFactory = (lives: (owner: Owner) => boolean) => { readonly journal: Journal; readonly close: () => void };

function code(action: () => unknown): unknown {
  try {
    action();
    return "nothing was thrown";
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}

function owner(processId: number): Owner {
  return { host: "vault", bootId: "boot", processId, processStart: "12345" };
}

function job(subject: string, processId: number, kind = "archive run"): NewJob {
  return { kind, subject, startedMs: 10, owner: owner(processId), requestedBy: "ann" };
}

export function journalConformance(name: string, factory: JournalFactory): void {
  describe(`journal: ${name}`, () => {
    const dead = new Set<number>();
    let journal: Journal;
    let close: () => void;
    beforeEach(() => {
      dead.clear();
      ({ journal, close } = factory((who) => !dead.has(who.processId)));
    });
    afterEach(() => {
      close();
    });
    lifeTests({ journal: () => journal, kill: (processId) => dead.add(processId) });
    recordTests(() => journal);
    pastTests(() => journal);
  });
}

function pastTests(journal: () => Journal): void {
  const events = [{ timeMs: 5, severity: "err", code: "DRIVE_ERROR", text: "it broke" }] as const;
  const past = (id: number): PastJob =>
    ({ id, kind: "archive run", subject: "photos", requestedBy: "operator", host: "vault", startedMs: id, finishedMs: id + 9, severity: "err", summary: "it broke", events });

  it("puts past jobs back under their numbers, and gives the present ones others", () => {
    const present = journal().startJob(job("all", 1, "appliance rebuild"));
    journal().addEvent({ jobId: present.id, timeMs: 100, severity: "note", code: "VOLUME_READ", text: "read" });
    journal().finishJob(present.id, { severity: "ok", summary: "made anew", finishedMs: 101 });
    const moved = journal().addPastJobs([past(4), past(1)]);
    expect([...moved]).toEqual([[present.id, 5]]);
    expect(journal().jobs(9).map(({ id, summary }) => [id, summary])).toEqual([[5, "made anew"], [4, "it broke"], [1, "it broke"]]);
    expect(journal().job(4)).toMatchObject({ state: "finished", severity: "err", finishedMs: 13, requestedBy: "operator" });
    expect(journal().events(5)).toMatchObject([{ code: "VOLUME_READ" }]);
    expect(journal().events(1)).toMatchObject([{ jobId: 1, code: "DRIVE_ERROR" }]);
    // Whoever was killed behind it does it again: nothing is there twice.
    expect([...journal().addPastJobs([past(4), past(1)])]).toEqual([]);
    expect(journal().jobs(9)).toHaveLength(3);
    expect(journal().startJob(job("letters", 2)).id).toBe(6);
  });

  it("tells what happened in all jobs, newest first, from a severity on", () => {
    journal().addPastJobs([past(1), past(2)]);
    journal().addEvent({ jobId: 2, timeMs: 7, severity: "note", code: "LATER", text: "later" });
    expect(journal().log({ atLeast: "ok", limit: 9 }).map(({ jobId, code: what }) => [jobId, what])).toEqual([[2, "LATER"], [2, "DRIVE_ERROR"], [1, "DRIVE_ERROR"]]);
    expect(journal().log({ atLeast: "warn", limit: 1 }).map(({ jobId }) => jobId)).toEqual([2]);
  });
}

function lifeTests({ journal, kill }: { readonly journal: () => Journal; readonly kill: (processId: number) => void }): void {
  it("starts a job and tells everything about it", () => {
    const started = journal().startJob(job("photos", 1));
    const unfinished = { severity: undefined, summary: undefined, finishedMs: undefined, progress: {} };
    expect(started).toEqual({ ...job("photos", 1), ...unfinished, id: started.id, state: "running" });
    expect(journal().job(started.id)).toEqual(started);
    expect(journal().job(started.id + 1)).toBeUndefined();
  });

  it("lets one living job work on a subject, whatever its kind", () => {
    journal().startJob(job("photos", 1));
    expect(code(() => journal().startJob(job("photos", 2, "file restore")))).toBe("JOB_ACTIVE");
    expect(journal().startJob(job("letters", 2)).state).toBe("running");
    kill(1);
    expect(journal().startJob(job("photos", 3, "file restore")).state).toBe("running");
  });

  it("calls a job interrupted when its owner is dead, and hands it over once", () => {
    const { id } = journal().startJob(job("photos", 1));
    expect(journal().takeOver(id, owner(2))).toBe(false);
    expect(journal().takeOver(id, owner(1))).toBe(true);
    kill(1);
    expect(journal().unfinished("archive run", "photos")).toMatchObject({ id, state: "interrupted" });
    expect(journal().takeOver(id, owner(2))).toBe(true);
    expect(journal().job(id)).toMatchObject({ state: "running", owner: owner(2) });
    expect(journal().takeOver(id, owner(3))).toBe(false);
  });

  it("does not hand a job over while another one works on its subject", () => {
    const { id } = journal().startJob(job("photos", 1));
    kill(1);
    journal().startJob(job("photos", 2, "file restore"));
    expect(journal().takeOver(id, owner(3))).toBe(false);
  });

  it("keeps a stopped job for the next run, free although its owner lives", () => {
    const { id } = journal().startJob(job("photos", 1));
    journal().saveProgress(id, { segment: 7 });
    journal().interruptJob(id, { severity: "warn", summary: "stopped at a safe point" });
    expect(journal().job(id)).toMatchObject({ state: "interrupted", severity: "warn", summary: "stopped at a safe point" });
    expect(journal().takeOver(id, owner(2))).toBe(true);
    expect(journal().job(id)).toMatchObject({
      state: "running",
      severity: undefined,
      summary: undefined,
      progress: { segment: 7 },
    });
  });

  it("goes on with the newest unfinished job of a kind and subject", () => {
    const first = journal().startJob(job("photos", 1));
    kill(1);
    const second = journal().startJob(job("photos", 2));
    expect(journal().unfinished("archive run", "photos")!.id).toBe(second.id);
    journal().finishJob(second.id, { severity: "ok", summary: "done", finishedMs: 20 });
    expect(journal().unfinished("archive run", "photos")!.id).toBe(first.id);
    expect(journal().unfinished("archive run", "letters")).toBeUndefined();
    expect(journal().unfinished("file restore", "photos")).toBeUndefined();
  });
}

function recordTests(journal: () => Journal): void {
  it("finishes a job once and for good", () => {
    const { id } = journal().startJob(job("photos", 1));
    journal().finishJob(id, { severity: "warn", summary: "two files changed", finishedMs: 99 });
    expect(journal().job(id)).toMatchObject({
      state: "finished",
      severity: "warn",
      summary: "two files changed",
      finishedMs: 99,
    });
    expect(
      code(() => {
        journal().finishJob(id, { severity: "ok", summary: "", finishedMs: 100 });
      }),
    ).toBe("JOB_FINISHED");
    expect(
      code(() => {
        journal().interruptJob(id, { severity: "ok", summary: "" });
      }),
    ).toBe("JOB_FINISHED");
    expect(
      code(() => {
        journal().saveProgress(id, {});
      }),
    ).toBe("JOB_FINISHED");
    expect(journal().takeOver(id, owner(1))).toBe(false);
    expect(code(() => journal().takeOver(id + 1, owner(1)))).toBe("JOB_UNKNOWN");
    expect(journal().startJob(job("photos", 1)).id).toBeGreaterThan(id);
  });

  it("keeps progress as it was saved last", () => {
    const { id } = journal().startJob(job("photos", 1));
    journal().saveProgress(id, { bytes: 2 ** 52, path: "\u202e\n", nested: { list: [1, null, "x"] } });
    expect(journal().job(id)!.progress).toEqual({ bytes: 2 ** 52, path: "\u202e\n", nested: { list: [1, null, "x"] } });
  });

  it("lists jobs newest first, up to a limit", () => {
    const ids = ["a", "b", "c"].map((subject) => journal().startJob(job(subject, 1)).id);
    expect(
      journal()
        .jobs(2)
        .map((known) => known.id),
    ).toEqual([ids[2], ids[1]]);
    expect(journal().jobs(100)).toHaveLength(3);
  });

  it("keeps what happened in a job in order", () => {
    const { id } = journal().startJob(job("photos", 1));
    const other = journal().startJob(job("letters", 1)).id;
    const event = { jobId: id, timeMs: 5, severity: "note", code: "TAPE_FULL", text: "A00001L9 is full" } as const;
    journal().addEvent(event);
    journal().addEvent({ ...event, jobId: other });
    journal().addEvent({ ...event, timeMs: 4, severity: "err" });
    expect(journal().events(id)).toEqual([event, { ...event, timeMs: 4, severity: "err" }]);
    expect(() => {
      journal().addEvent({ ...event, jobId: 999 });
    }).toThrow();
  });
}
