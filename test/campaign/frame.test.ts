import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { StrongroomError } from "../../src/words/index.ts";
import { runCampaign } from "./frame/campaign.ts";
import type { Family } from "./frame/contract.ts";
import { Crew } from "./frame/crew.ts";
import { drawFrom, evenly, shuffled } from "./frame/draw.ts";
import { readCampaignOptions } from "./frame/options.ts";
import { badCase, countsOf, isBad, tableOf } from "./frame/report.ts";
import { tryInputs } from "./parsers/family.ts";
import { mutated } from "./parsers/mutation.ts";

const oddWorker = new URL("frame-worker.ts", import.meta.url).pathname;
/** What its worker does is told by the case: it ends well, never, by an exit or by an error. */
const odd: Family = { name: "odd", about: "cases that end badly", boundMs: 6000, heapMegabytes: 48, open: () => Promise.reject(new Error("opened by its worker")) };


describe("a campaign", () => {
  it("counts a case that never ends, even in a loop, as hang, one that ends the process as crash, and goes on behind both", async () => {
    const heard: string[] = [];
    const [run] = await runCampaign({
      families: [odd], seed: 1, id: undefined, isOver: () => false, heard: ({ id }) => { heard.push(id); }, crewFor: (family) => new Crew(family, oddWorker),
    });
    expect(heard).toEqual(run!.ended.map(({ id }) => id));
    expect(Object.fromEntries(run!.ended.map(({ id, ending }) => [id, ending]))).toEqual({
      "odd/well": "ok", "odd/loop": "hang", "odd/exit": "crash", "odd/error": "crash", "odd/memory": "crash", "odd/wrong": "silent loss",
    });
    const { told } = run!.ended.find(({ id }) => id === "odd/error")!;
    expect(told).toContain("a mistake in the case");
    expect(run!.ended.filter(isBad)).toHaveLength(5);
  }, 60_000);

  it("removes what a case has left, and ends what it has started", async () => {
    const crew = new Crew(odd, oddWorker);
    await crew.open();
    const { told } = await crew.run("odd/well");
    const { path, pid } = JSON.parse(told) as { readonly path: string; readonly pid: number };
    expect(existsSync(path)).toBe(true);
    crew.close();
    expect(existsSync(path)).toBe(false);
    await expect.poll(() => isAlive(pid)).toBe(false);
  }, 30_000);

  it("runs one case by its ID, and knows of no other", async () => {
    const request = { families: [odd], seed: 1, isOver: () => false, crewFor: (family: Family) => new Crew(family, oddWorker) };
    const [run] = await runCampaign({ ...request, id: "odd/wrong" });
    expect(run!.ended.map(({ id }) => id)).toEqual(["odd/wrong"]);
    await expect(runCampaign({ ...request, id: "odd/nothing" })).rejects.toThrow("there is no case odd/nothing");
  }, 30_000);

  it("begins one case, and no other, when its time is over", async () => {
    const [run] = await runCampaign({ families: [odd], seed: 1, id: undefined, isOver: () => true, crewFor: (family) => new Crew(family, oddWorker) });
    expect(run).toMatchObject({ inAll: { cases: 6, rows: 1 } });
    expect(run!.ended).toHaveLength(1);
  }, 30_000);
});

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has waited for is still there, as Z.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("the order of cases", () => {
  it("follows from the seed alone, and has each case once", () => {
    const all = Array.from({ length: 500 }, (_, at) => at);
    expect(shuffled(all, 7)).toEqual(shuffled(all, 7));
    expect(shuffled(all, 7)).not.toEqual(shuffled(all, 8));
    expect([...shuffled(all, 7)].sort((one, two) => one - two)).toEqual(all);
  });

  it("has one of each kind before a second of any", () => {
    const all = ["rare", ...Array.from({ length: 300 }, (_, at) => `common ${String(at)}`), "seldom 1", "seldom 2"];
    const kindOf = (one: string): string => one.split(" ")[0]!;
    const order = evenly(all, kindOf, 7);
    expect(order).toEqual(evenly(all, kindOf, 7));
    expect(order.slice(0, 3).map(kindOf).sort()).toEqual(["common", "rare", "seldom"]);
    expect(order.slice(3, 5).map(kindOf).sort()).toEqual(["common", "seldom"]);
    expect([...order].sort()).toEqual([...all].sort());
  });
});

describe("what is told", () => {
  const ended = [
    { id: "odd/a", row: "one", ending: "ok", told: "", inputs: 5 },
    { id: "odd/b", row: "one", ending: "hang", told: "late" },
    { id: "odd/c", row: "two", ending: "not met", told: "" },
  ] as const;

  it("is a table of rows and columns, how to run a bad case again, and the counts", () => {
    const table = tableOf(odd, ended, { cases: 9, rows: 4 }).split("\n");
    expect(table[0]).toBe("odd: cases that end badly; 3 of 9 cases, 2 of 4 rows, 5 inputs");
    expect(table.slice(3).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()).join(" "))).toEqual([
      "one 1 0 0 0 0 1 0 0", "two 0 1 0 0 0 0 0 0", "all 1 1 0 0 0 1 0 0",
    ]);
    expect(badCase(ended[1])).toContain("tools/campaign --case 'odd/b'");
    expect(countsOf(ended)).toBe("1 ok, 1 not met, 0 silent loss, 0 false ok, 0 unclear ending, 1 hang, 0 wrong severity, 0 crash");
  });
});

describe("options", () => {
  const read = (...words: string[]) => readCampaignOptions(words, ["bytes", "kills"], 42);

  it("have a seed of their own unless given, and take the family of a case from its ID", () => {
    expect(read()).toEqual({ seconds: 60, seed: 42, id: undefined, families: [], list: false });
    expect(read("--seconds", "5", "--seed", "1", "--family", "kills")).toMatchObject({ seconds: 5, seed: 1, families: ["kills"] });
    expect(read("--case", "bytes/a/b")).toMatchObject({ id: "bytes/a/b", families: ["bytes"] });
  });

  it("are refused where they are wrong", () => {
    for (const words of [["--seconds"], ["--seconds", "-1"], ["--seed", "x"], ["--family", "none"], ["--case", "none/1"], ["--loud", "1"]]) {
      expect(() => read(...words), words.join(" ")).toThrow();
    }
  });
});

describe("mutated inputs", () => {
  const samples = [Buffer.from("length 17, number 4"), Buffer.from([0, 0, 1, 0, 255])];

  it("follow from the seed alone, and are seldom what they were", () => {
    const many = (seed: string): string[] => {
      const draw = drawFrom(seed);
      return Array.from({ length: 300 }, () => mutated(samples, draw).toString("hex"));
    };
    expect(many("a")).toEqual(many("a"));
    expect(many("a")).not.toEqual(many("b"));
    const good = samples.map((sample) => Buffer.from(sample).toString("hex"));
    expect(many("a").filter((one) => good.includes(one)).length).toBeLessThan(30);
    expect(samples[0]!.toString()).toBe("length 17, number 4");
  });

  it("find a reader that trusts a length, and take refusals for what they are", async () => {
    const trusting = (bytes: Uint8Array): number => Buffer.from(bytes).readUInt32BE(bytes[0] ?? 0);
    const refusing = (): never => { throw new StrongroomError("mismatch", "NOT_OURS", "that is not ours"); };
    const careless = (): never => { throw new StrongroomError("internal", "UNEXPECTED", "nobody thought of that"); };
    const parser = { name: "any", samples, inputs: 200 };
    expect(await tryInputs({ ...parser, parse: trusting }, "parsers/any/1")).toMatchObject({ ending: "crash", told: expect.stringContaining("RangeError") as string });
    expect(await tryInputs({ ...parser, parse: refusing }, "parsers/any/1")).toEqual({ ending: "ok", told: "200 inputs", inputs: 200 });
    expect(await tryInputs({ ...parser, parse: careless }, "parsers/any/1")).toMatchObject({ ending: "crash", inputs: 1 });
  });
});
