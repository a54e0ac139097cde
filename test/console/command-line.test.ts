import { describe, expect, it } from "vitest";
import { completions } from "../../src/cli/index.ts";
import { type ConsoleState } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../../src/console/update/index.ts";
import { fakeOperations } from "../cli/fake-operations.ts";
import { stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const { operations } = fakeOperations();

/** Keys as names, a text as its characters; what is asked for completion is answered as the program would. */
async function type(state: ConsoleState, ...typed: readonly string[]): Promise<{ readonly state: ConsoleState; readonly started: readonly string[] }> {
  const started: string[] = [];
  const happen = (event: ConsoleEvent): readonly Effect[] => {
    const next = update(state, event, words);
    state = next.state;
    return next.effects;
  };
  for (const key of typed.flatMap((one) => (/^(tab|enter|f1|escape|down)$/.test(one) ? [one] : one.split("")))) {
    for (const effect of happen({ kind: "key", key })) {
      if (effect.kind === "complete") happen({ kind: "completed", text: effect.text, candidates: await completions(effect.words, operations) });
      if (effect.kind === "start") started.push(effect.words.join(" "));
    }
  }
  return { state, started };
}

const textOf = ({ overlay }: ConsoleState): string | undefined => (overlay?.kind === "command" ? overlay.text : undefined);

describe("behind the colon", () => {
  it("Tab completes nouns, verbs, options and names that exist now", async () => {
    expect(textOf((await type(stateAt(80, 24), ":", "arch", "tab")).state)).toBe("archive ");
    expect((await type(stateAt(80, 24), ":", "lib", "tab", "exp", "tab", "vt", "tab", "SR0001", "tab", "--w", "tab", "enter")).started).toEqual(["library export vtl SR0001L8 --why"]);
    expect(textOf((await type(stateAt(80, 24), ":", "strongroom arch", "tab")).state)).toBe("strongroom archive ");
  });

  it("goes as far as all that fit are the same, and shows them", async () => {
    const { state } = await type(stateAt(80, 24), ":", "archive re", "tab");
    expect(textOf(state)).toBe("archive remove ");
    const several = (await type(stateAt(80, 24), ":", "volume ", "tab")).state;
    expect(textOf(several)).toBe("volume ");
    expect(several.notice?.text).toContain("verify");
    expect((await type(stateAt(80, 24), ":", "nonsense ", "tab")).state.notice?.text).toBe("nothing fits there");
  });

  it("leaves alone what was typed meanwhile, what is in quotes, and names that would need them", async () => {
    const before = (await type(stateAt(80, 24), ":", "archive ")).state;
    const late = update({ ...before }, { kind: "completed", text: "arch", candidates: ["archive"] }, words).state;
    expect(textOf(late)).toBe("archive ");
    expect(update(before, { kind: "key", key: "tab" }, words).effects).toHaveLength(1);
    expect((await type(stateAt(80, 24), ":", "volume show 'SR", "tab")).state.overlay).toMatchObject({ text: "volume show 'SR" });
    const hostile = update(before, { kind: "completed", text: "archive ", candidates: ["a b", "\u001b[2J", "it's"] }, words).state;
    expect(textOf(hostile)).toBe("archive ");
    expect(hostile.notice?.text).toBe("nothing fits there");
  });

  it("Tab alone never runs anything", async () => {
    expect((await type(stateAt(80, 24), ":", "job list", "tab", "tab")).started).toEqual([]);
  });
});

describe("F1", () => {
  it("shows the help of the view's subject, of an action in a menu, and of what is being typed", async () => {
    expect((await type(stateAt(80, 24, { view: "library" }), "f1")).started).toEqual(["help library"]);
    expect((await type(stateAt(80, 24, { view: "cartridges" }), "enter", "f1")).started).toEqual(["help drive load"]);
    expect((await type(stateAt(80, 24), ":", "volume init SR0001L8", "f1")).started).toEqual(["help volume init"]);
  });

  it("has help for the subject of every view", async () => {
    const { stdout } = await helpOf();
    for (const view of ["today", "library", "jobs", "archives", "cartridges", "pools", "health", "log"] as const) {
      const [line] = (await type(stateAt(80, 24, { view }), "f1")).started;
      expect(stdout, view).toContain(line!.replace("help ", ""));
    }
  });
});

/** The nouns that the program's help knows. */
async function helpOf(): Promise<{ readonly stdout: readonly string[] }> {
  return { stdout: await completions(["help", ""], operations) };
}
