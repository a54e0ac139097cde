import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cartridgeParts, driveAilments, stateCatalogue } from "../../../simulator/index.ts";

const manual = readFileSync(new URL("../../../docs/SIMULATOR.md", import.meta.url), "utf8");
const section = /^## States\n(?<text>[\s\S]*?)^## /mu.exec(manual)!.groups!["text"]!;
const rows = [...section.matchAll(/^\| (?<state>[^|]+) \| `(?<set>[^`]+)` \| `(?<mend>[^`]+)` \| (?<seen>[^|]+) \|$/gmu)].map(({ groups }) => ({ ...groups }));

describe("the manual of states", () => {
  it("has every state of the catalogue as it is, and no other", () => {
    expect(rows).toEqual(stateCatalogue.map(({ state, set, mend, seen }) => ({ state, set, mend, seen })));
  });

  it("has everything that can be broken", () => {
    const broken = new Set(stateCatalogue.flatMap(({ set }) => /simulator break \/srv\/vtl \S+ (?<what>\w+)/u.exec(set)?.groups!["what"] ?? []));
    expect([...broken].sort()).toEqual([...cartridgeParts, ...driveAilments, "dirt", "gripper"].sort());
  });
});
