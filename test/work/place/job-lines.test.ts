import { describe, expect, it } from "vitest";
import { decodeJobLine, encodeJobLine, type JobLine } from "../../../src/formats/volume/index.ts";
import { openJournal } from "../../../src/records/index.ts";
import { jobLines } from "../../../src/work/place/index.ts";
import { temporaryStore } from "../../records/temporary.ts";

const owner = { host: "vault", bootId: "b", processId: 1, processStart: "2" };
const head: JobLine = { line: "job", job: 7, kind: "archive run", subject: "photos", requestedBy: "operator", host: "vault", startedMs: 1000, events: 1 };

describe("lines about jobs", () => {
  it.each<JobLine>([
    head,
    { ...head, finishedMs: 2000, severity: "warn", summary: "with \n in it" },
    { line: "event", job: 7, atMs: 1000, severity: "err", code: "DRIVE_ERROR", text: "it broke" },
  ])("are read as they were written", (line) => {
    const text = encodeJobLine(line);
    expect(text.endsWith("\n") && !text.slice(0, -1).includes("\n")).toBe(true);
    expect(decodeJobLine(text.slice(0, -1))).toEqual(line);
  });

  it.each(["", "{}", '{"line":"job","job":0}', '{"line":"event","job":1,"time":"x","severity":"ok","code":"A","text":""}'])("are refused where they are none: %s", (text) => {
    expect(() => decodeJobLine(text)).toThrow(expect.objectContaining({ code: "CATALOG_WRONG" }) as Error);
  });
});

describe("the log of all jobs on a volume", () => {
  it("has the newest jobs whole, and the older ones in a line when it would become long", () => {
    const { store, close } = temporaryStore();
    const journal = openJournal(store, () => true);
    const text = "x".repeat(100_000);
    store.transaction(() => {
      for (let number = 1; number <= 30; number += 1) {
        const { id } = journal.startJob({ kind: "archive run", subject: `a${String(number)}`, startedMs: 1000, owner, requestedBy: "operator" });
        journal.addEvent({ jobId: id, timeMs: 1000, severity: "note", code: "SEGMENT_SEALED", text });
        if (number < 30) journal.finishJob(id, { severity: "ok", summary: "done", finishedMs: 2000 });
      }
    });
    const lines = [...jobLines(journal)].map((line) => decodeJobLine(line.trimEnd()));
    close();
    const heads = lines.flatMap((line) => (line.line === "job" ? [line] : []));
    expect(heads.map(({ job }) => job)).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index));
    expect(heads[0]).toMatchObject({ events: 1 });
    expect(heads[0]).not.toHaveProperty("finishedMs");
    expect(heads.at(-1)).toMatchObject({ severity: "ok", summary: "done", finishedMs: 2000, events: 1 });
    const told = lines.flatMap((line) => (line.line === "event" ? [line.job] : []));
    expect(told).toEqual(Array.from({ length: 20 }, (_, index) => 30 - index));
  });
});
