import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue, parseFaultRules, strikesWhere } from "../../../simulator/faults/index.ts";

const manual = readFileSync(new URL("../../../docs/SIMULATOR.md", import.meta.url), "utf8");
const chapters = [...manual.matchAll(/^### (?<kind>\S+)\n\n(?<text>[^\n]+)\n\n```json\n(?<example>[^\n]+)\n```$/gmu)].map(({ groups }) => groups!);

describe("the manual of the simulator", () => {
  it("has every fault of the catalogue, and no other", () => {
    expect(chapters.map(({ kind }) => kind)).toEqual(catalogue.map(({ kind }) => kind));
  });

  it.each(catalogue)("says of $kind what it is and where it strikes, with an example that is a rule of it", ({ kind, meaning, phases, example }) => {
    const chapter = chapters.find((one) => one["kind"] === kind)!;
    expect(chapter["text"]).toBe(`${meaning[0]!.toUpperCase()}${meaning.slice(1)}. Strikes ${strikesWhere({ kind, meaning, phases, example })}.`);
    expect(chapter["example"]).toBe(example);
    expect(parseFaultRules(chapter["example"]!)[0]!.effect.kind).toBe(kind);
  });
});
