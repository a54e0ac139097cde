import { describe, expect, it } from "vitest";
import { leastSize, screenLines } from "../../src/console/frame/index.ts";
import { type Line, look, type LookName, widthOf } from "../../src/console/picture/index.ts";
import { viewIds } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { update } from "../../src/console/update/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const looks: readonly LookName[] = ["utf8-256", "mono", "ascii"];
const sizes = [[80, 24], [132, 43], [40, 12]] as const;
const [english, german] = [tongues[0]!, tongues[1]!];

/** The text of a screen, and behind it what each cell means: without the second half a golden would not see a lost colour. */
const letters = { plain: ".", dim: "d", strong: "b", title: "t", selected: "S", ok: "o", note: "n", warn: "w", err: "e", fatal: "f", key: "k", bar: "#", alarm: "A" } as const;

function golden(lines: readonly Line[]): string {
  const text = lines.map((line) => line.map((one) => one.text).join("").trimEnd());
  const styles = lines.map((line) => line.map(({ text: part, style }) => letters[style].repeat(widthOf(part))).join("").replace(/\.+$/, ""));
  return `${text.join("\n")}\n\n${styles.join("\n")}\n`;
}

describe.each(sizes)("at %ix%i", (columns, rows) => {
  it.each(viewIds.flatMap((view) => looks.map((name) => [view, name] as const)))("%s in %s is as it was seen", async (view, name) => {
    const lines = screenLines(stateAt(columns, rows, { view }), english, look(name));
    await expect(golden(lines)).toMatchFileSnapshot(`screens/${view}-${String(columns)}x${String(rows)}-${name}.screen`);
  });

  it.each(viewIds)("%s fills the screen exactly, in every language and look", (view) => {
    for (const words of tongues) {
      for (const name of looks) {
        const lines = screenLines(stateAt(columns, rows, { view }), words, look(name));
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(widthOf(line.map(({ text }) => text).join(""))).toBe(columns);
      }
    }
  });
});

describe("a screen", () => {
  it("speaks another language whole", async () => {
    await expect(golden(screenLines(stateAt(80, 24), german, look("utf8-256")))).toMatchFileSnapshot("screens/today-80x24-german.screen");
  });

  it("shows what is asked in a dialog over the view", async () => {
    const menu = update(stateAt(80, 24, { view: "library" }), { kind: "key", key: "enter" }, english).state;
    await expect(golden(screenLines(menu, english, look("utf8-256")))).toMatchFileSnapshot("screens/menu-80x24.screen");
    const help = update(stateAt(80, 24), { kind: "key", key: "?" }, english).state;
    await expect(golden(screenLines(help, english, look("ascii")))).toMatchFileSnapshot("screens/help-80x24.screen");
  });

  it("shows a new appliance the way, in every language", async () => {
    const bare = { ...picture, hasKeys: false, libraries: [], drives: [], pools: [], archives: [], volumes: [], jobs: [], progress: [], events: [], checks: [] };
    for (const words of tongues) {
      await expect(golden(screenLines(stateAt(80, 24, { appliance: bare }), words, look("mono")))).toMatchFileSnapshot(`screens/setup-80x24-${words.code}.screen`);
    }
  });

  it("says in one sentence that there is no room", () => {
    const lines = screenLines(stateAt(leastSize.columns - 1, 20), english, look("mono"));
    expect(lines.map((line) => line.map(({ text }) => text).join("").trim()).join(" ").trim()).toBe("the terminal has 39x20; the console needs 40x10");
    expect(lines).toHaveLength(20);
  });

  it("never shows what could move the cursor", () => {
    for (const view of viewIds) {
      const text = screenLines(stateAt(132, 43, { view }), english, look("utf8-256")).flat().map((one) => one.text).join("");
      expect(text).not.toMatch(/\p{Cc}/u);
    }
  });
});
