import { describe, expect, it } from "vitest";
import { tongueOf, tongues } from "../../src/console/tongue/index.ts";

type Texts = Readonly<Record<string, unknown>>;

/** Every text of a language by its path, functions called with marks that must come out again. */
function texts(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String((value as (...args: unknown[]) => unknown)(...marks(value.length)))]];
  return Object.entries(value as Texts).flatMap(([name, inner]) => texts(inner, `${path}.${name}`));
}

/** Numbers where numbers are wanted read well enough as marks, and so do lists. */
function marks(count: number): readonly unknown[] {
  return [["701", "702"], 703, 704].slice(0, count).map((mark) => (Array.isArray(mark) ? "701" : mark));
}

const [english] = tongues;

describe.each(tongues.map((tongue) => [tongue.code, tongue] as const))("%s", (_, tongue) => {
  it("has no empty text", () => {
    for (const [path, text] of texts({ ...tongue, frame: { ...tongue.frame, losing: () => tongue.frame.losing(3, 2, ["SR0001L8"]) } })) expect(text.trim(), path).not.toBe("");
  });

  it("tells everything that the first language tells", () => {
    const known = new Map(texts({ ...tongue, frame: { ...tongue.frame, losing: () => tongue.frame.losing(3, 2, ["SR0001L8"]) } }));
    for (const [path, text] of texts({ ...english!, frame: { ...english!.frame, losing: () => english!.frame.losing(3, 2, ["SR0001L8"]) } })) {
      for (const mark of ["701", "703", "704", "SR0001L8"]) if (text.includes(mark)) expect(known.get(path), path).toContain(mark);
    }
  });

  it("fits its texts into the columns that they head", () => {
    expect(tongue.states.needed.length).toBeLessThanOrEqual(8);
    for (const state of Object.values(tongue.states)) expect(state.length).toBeLessThanOrEqual(9);
  });
});

it("is chosen by the locale", () => {
  expect(tongueOf({ LANG: "de_DE.UTF-8" }).code).toBe("de");
  expect(tongueOf({ LANG: "de_DE.UTF-8", LC_ALL: "C" }).code).toBe("en");
  expect(tongueOf({ LC_ALL: "", LC_MESSAGES: "", LANG: "de" }).code).toBe("de");
  expect(tongueOf({}).code).toBe("en");
  expect(tongueOf({ LANG: "del_XX" }).code).toBe("en");
});
