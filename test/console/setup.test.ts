import { describe, expect, it } from "vitest";
import { SecretEntry } from "../../src/console/secret-entry.ts";
import type { AppliancePicture, ConsoleState } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../../src/console/update/index.ts";
import { shownRows } from "../../src/console/views/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const bare: AppliancePicture = { ...picture, hasKeys: false, libraries: [], drives: [], pools: [], archives: [], volumes: [], jobs: [], progress: [], events: [], checks: [] };
const steps = (appliance: AppliancePicture): readonly string[] =>
  shownRows({ appliance, state: stateAt(80, 24), words }, "today").flatMap(({ key }) => (key.startsWith("setup ") ? [key.slice(6)] : []));

function play(state: ConsoleState, ...events: readonly ConsoleEvent[]): { readonly state: ConsoleState; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  for (const event of events) {
    const next = update(state, event, words);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}
const keys = (...names: readonly string[]): readonly ConsoleEvent[] => names.map((key) => ({ kind: "key", key }));
const started = (effects: readonly Effect[]): readonly string[] => effects.flatMap((effect) => (effect.kind === "start" ? [effect.words.join(" ")] : []));

describe("a new appliance", () => {
  it("shows the way to its first snapshot, and less of it with every step", () => {
    expect(steps(bare)).toEqual(["keys", "library", "pool", "archive"]);
    const keyed = { ...bare, hasKeys: true };
    expect(steps(keyed)).toEqual(["library", "pool", "archive"]);
    const pooled = { ...keyed, pools: picture.pools };
    expect(steps(pooled)).toEqual(["archive"]);
    const ready = { ...pooled, archives: [{ ...picture.archives[0]!, snapshots: 0, last: undefined, unfinished: undefined }] };
    expect(steps(ready)).toEqual(["run"]);
    expect(steps({ ...ready, archives: picture.archives })).toEqual([]);
  });

  it("says of the steps that come later which one comes first, and does none of them", () => {
    const { state, effects } = play(stateAt(80, 24, { appliance: bare }), ...keys("down", "enter", "enter"));
    expect(started(effects)).toEqual([]);
    expect(state.notice?.text).toContain("first: make the keys");
  });

  it("asks nobody with the bell: nothing waits for it", () => {
    expect(play(stateAt(80, 24), { kind: "picture", appliance: bare }).effects).toEqual([]);
  });

  it("makes an archive of what was typed, with one pool or two", () => {
    const pools = picture.pools.map((pool) => ({ ...pool, copies: { written: 0, verified: 0, doubted: 0, missing: 0, bad: 0 } }));
    const pooled = { ...bare, hasKeys: true, pools };
    const name = keys("enter", "enter", ...Array.from("docs"), "enter", ...Array.from("/srv"), "enter", "enter");
    expect(started(play(stateAt(80, 24, { appliance: pooled }), ...name, ...keys("enter")).effects)).toEqual(["archive create docs --source /srv --pool onsite --pool offsite"]);
    expect(started(play(stateAt(80, 24, { appliance: pooled }), ...name, ...keys("ctrl-u", "enter")).effects)).toEqual(["archive create docs --source /srv --pool onsite"]);
  });
});

describe("a passphrase that is typed twice", () => {
  const asked = (): ConsoleState => play(stateAt(80, 24, { appliance: bare }), ...keys("enter", "enter", ...Array.from("/usb"), "enter", ...Array.from("one"), "enter")).state;

  it("is kept aside while it is typed again, and begins nothing before both were compared", () => {
    const { state, effects } = play(asked(), ...keys(...Array.from("one"), "enter"));
    expect(effects.map(({ kind }) => kind)).toEqual(["secret-character", "secret-character", "secret-character", "secret-compare"]);
    const same = play(state, { kind: "secret-compared", isSame: true });
    expect(started(same.effects)).toEqual(["key init --export /usb --passphrase-fd 3"]);
    expect(same.effects).toMatchObject([{ withSecret: true }]);
  });

  it("is typed twice more when the two differ", () => {
    const differ = play(asked(), ...keys("x", "enter"), { kind: "secret-compared", isSame: false });
    expect(started(differ.effects)).toEqual([]);
    expect(differ.effects.at(-1)).toEqual({ kind: "secret-forget" });
    expect(differ.state.notice?.text).toContain("not the same");
    expect(play(differ.state, ...keys("enter")).effects).toEqual([{ kind: "secret-keep" }]);
  });

  it("is compared byte by byte, also where one begins with the other", () => {
    const type = (entry: SecretEntry, text: string): void => { for (const character of text) entry.append(character); };
    for (const [first, second, same] of [["größe", "größe", true], ["abc", "abcd", false], ["abcd", "abc", false], ["", "", true]] as const) {
      const entry = new SecretEntry();
      type(entry, first);
      entry.keep();
      expect(entry.characters).toBe(0);
      type(entry, second);
      expect(entry.isAsKept()).toBe(same);
      expect(Buffer.from(entry.take()).toString()).toBe(second);
    }
  });
});
