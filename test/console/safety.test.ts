import { describe, expect, it } from "vitest";
import { confirmKey, subjectOf } from "../../src/console/frame/index.ts";
import { bindings } from "../../src/console/keymap/index.ts";
import { type ConsoleState, viewIds } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../../src/console/update/index.ts";
import { view } from "../../src/console/views/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const key = (name: string): ConsoleEvent => ({ kind: "key", key: name });
const scan = (code: string): ConsoleEvent => ({ kind: "scan", code });

function play(state: ConsoleState, ...events: readonly ConsoleEvent[]): { readonly state: ConsoleState; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  for (const event of events) {
    const next = update(state, event, words);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const started = (effects: readonly Effect[]): readonly string[] => effects.flatMap((effect) => (effect.kind === "start" ? [effect.words.join(" ")] : []));

/** In the menu of SR0003L8, with the action chosen that writes over it; its pool is answered. */
function atSevereQuestion(): ConsoleState {
  const menu = play(stateAt(80, 24), scan("SR0003L8")).state;
  const at = subjectOf({ appliance: picture, state: menu, words }, "cartridge SR0003L8")!.row.actions.findIndex(({ id }) => id === "overwrite");
  const { state } = play(menu, ...Array.from({ length: at }, () => key("down")), key("enter"), key("enter"));
  expect(state.overlay).toMatchObject({ kind: "confirm", action: "overwrite" });
  return state;
}

const losses: ConsoleEvent = { kind: "losses", barcode: "SR0003L8", losses: { pool: "onsite", lastWrittenMs: 0, copies: 3, onlyCopies: 1, elsewhere: [{ barcode: "SR0001L8", place: "shelf B4" }] } };
const typed = Array.from("SR0003L8").map(key);

describe("writing over a cartridge", () => {
  it("wants its barcode and a key of its own, with what would be lost on the screen", () => {
    const { effects } = play(atSevereQuestion(), losses, ...typed, key(confirmKey));
    expect(started(effects)).toEqual(["volume init SR0003L8 --pool onsite --overwrite SR0003L8"]);
  });

  it("takes a scan for the barcode, and still wants the key", () => {
    const before = play(atSevereQuestion(), losses, scan("SR0003L8"), key("enter"));
    expect(started(before.effects)).toEqual([]);
    expect(started(play(before.state, key(confirmKey)).effects)).toHaveLength(1);
  });

  it.each([
    ["without the barcode", [losses, key(confirmKey)]],
    ["with another barcode", [losses, scan("SR0001L8"), key(confirmKey)]],
    ["with the barcode and Enter", [losses, ...typed, key("enter")]],
    ["before it is known what would be lost", [...typed, key(confirmKey)]],
    ["behind Escape", [losses, ...typed, key("escape"), key(confirmKey)]],
  ] as const)("does not happen %s", (_, events) => {
    expect(started(play(atSevereQuestion(), ...events).effects)).toEqual([]);
  });

  it("does not happen when the cartridge is gone meanwhile", () => {
    const gone: ConsoleEvent = { kind: "picture", appliance: { ...picture, libraries: [], volumes: [] } };
    const { state, effects } = play(atSevereQuestion(), losses, ...typed, gone, key(confirmKey));
    expect(started(effects)).toEqual([]);
    expect(state.overlay).toBeUndefined();
  });
});

describe("a moderate danger", () => {
  const question = (): ConsoleState => {
    const appliance = { ...picture, jobs: [] };
    const state = stateAt(80, 24, { view: "archives", appliance });
    const at = view("archives").rows({ appliance, state, words })[0]!.actions.findIndex(({ id }) => id === "removeArchive");
    const downs = Array.from({ length: at }, () => key("down"));
    return play(state, key("enter"), ...downs, key("enter")).state;
  };

  it("is done by y alone", () => {
    expect(question().overlay).toMatchObject({ kind: "confirm" });
    expect(started(play(question(), key("y")).effects)).toEqual(["archive remove photos --yes"]);
    for (const other of ["enter", "n", "Y", "escape", " ", confirmKey]) expect(started(play(question(), key(other)).effects)).toEqual([]);
  });
});

/** Draws that are the same in every run: a linear congruence is random enough to press keys. */
function draws(seed: number): (below: number) => number {
  let value = seed;
  return (below) => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((value / 2 ** 32) * below);
  };
}

describe("a scan at any moment", () => {
  const keys = [...bindings.flatMap((one) => one.keys), ..."abcxyzSR0138L ".split(""), "backspace", "delete", "f2"].filter((one) => one !== "q" && one !== "ctrl-c");
  const codes = ["SR0001L8", "SR0002L8", "SR0003L8", "SR0009L8", "CLN001CU", "XX9999L8", "y", "../../etc"];

  it("never destroys anything, in 100,000 tries with any keys between", () => {
    const draw = draws(20_261_121);
    let state = stateAt(80, 24);
    let severe = 0;
    for (let count = 0; count < 100_000; count += 1) {
      // Without the two keys that confirm, nothing that wants a confirmation may ever begin.
      const event = draw(5) === 0 ? scan(codes[draw(codes.length)]!) : key(keys[draw(keys.length)]!);
      const chosen = event.kind === "key" && (event.key === "y" || event.key === confirmKey) ? key("j") : event;
      if (state.overlay?.kind === "confirm") severe += 1;
      const next = update(state, chosen, words);
      for (const effect of next.effects) {
        if (effect.kind === "start" && effect.words[0] !== "help") expect(effect.words.join(" ")).not.toMatch(/--overwrite|--yes|\babandon\b|\bremove\b/);
        if (effect.kind === "losses") state = update(next.state, losses, words).state;
      }
      state = { ...(next.effects.some(({ kind }) => kind === "losses") ? state : next.state), tasks: [] };
      if (count % 500 === 0) state = { ...state, view: viewIds[draw(viewIds.length)]! };
    }
    // The tries went through confirmations, or they would prove nothing.
    expect(severe).toBeGreaterThan(100);
  });

  it("leads to that cartridge from every view", () => {
    for (const id of viewIds) {
      const { state } = play(stateAt(80, 24, { view: id }), scan("SR0009L8"));
      expect(state.view).toBe("cartridges");
      expect(state.overlay).toMatchObject({ kind: "menu", row: "cartridge SR0009L8" });
      expect(subjectOf({ appliance: picture, state, words }, "cartridge SR0009L8")).toBeDefined();
    }
  });
});

describe("actions", () => {
  const all = viewIds.flatMap((id) => view(id).rows({ appliance: picture, state: stateAt(80, 24, { view: id }), words }));

  it("have unique rows and unique names in a row", () => {
    for (const id of viewIds) {
      const keys = view(id).rows({ appliance: picture, state: stateAt(80, 24, { view: id }), words }).map((row) => row.key);
      expect(new Set(keys).size).toBe(keys.length);
    }
    for (const { actions } of all) expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
  });

  it("stay visible when they cannot be done, say why, and do nothing", () => {
    const refused = all.flatMap(({ actions }) => actions.filter((action) => action.refused !== undefined));
    expect(refused.length).toBeGreaterThan(10);
    const { state } = play(stateAt(80, 24), scan("SR0002L8"));
    const { effects, state: after } = play(state, key("enter"));
    expect(started(effects)).toEqual([]);
    expect(after.notice?.text).toContain("shelf B4");
  });
});
