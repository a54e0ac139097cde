import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { codeMeaning, knownCodes } from "../../../src/cli/messages/index.ts";
import { saidCodes } from "../../../tools/pages/said-codes.ts";
import { strongroom } from "../command-line.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const fromSource = saidCodes(root);

/** Words of the source that look like codes and are names of others: of the environment, of iSCSI keys, of kernel answers that become other errors. */
const otherNames = [
  "CHAP_A", "CHAP_C", "CHAP_I", "CHAP_N", "CHAP_R", "CLICOLOR_FORCE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR",
  "SG_ABORTED", "SG_CLOSED", "SG_QUEUE_FULL", "STRONGROOM_STATE", "XDG_STATE_HOME",
];

describe("the table of codes", () => {
  it("is that of the source: otherwise run tools/manual --write", () => {
    expect(JSON.parse(readFileSync(`${root}/src/cli/messages/said-codes.json`, "utf8"))).toEqual(fromSource.codes);
  });

  it("has every word of the source that is a code", () => {
    const known = new Set(knownCodes());
    expect(fromSource.words.filter((word) => !known.has(word))).toEqual(otherNames);
  });

  it("says of every code what it means", () => {
    expect(knownCodes().length).toBeGreaterThan(300);
    const mute = knownCodes().filter((code) => {
      const { meaning, said } = codeMeaning(code)!;
      return meaning === undefined && said.every(({ text }) => text.split(" ").length < 3);
    });
    expect(mute).toEqual([]);
  });

  it("says of every code what is safe or what to do, or at least what was done", () => {
    const helpless = knownCodes().filter((code) => {
      const { safe, advice, said, meaning } = codeMeaning(code)!;
      return safe.length === 0 && advice === undefined && meaning === undefined && said.every(({ text, hint }) => hint === undefined && !/;|,|:/.test(text));
    });
    expect(helpless).toEqual([]);
  });
});

describe("strongroom explain", () => {
  it("tells a code without an appliance, in brackets and in small letters too", async () => {
    for (const typed of ["MESSAGE_COMPRESSED", "[MESSAGE_COMPRESSED]", "message-compressed"]) {
      const { code, out, seen } = await strongroom(["explain", typed]);
      expect({ code, seen }).toEqual({ code: 0, seen: [] });
      expect(out).toContain("open it with gpg --decrypt");
    }
  });

  it("tells each way in which a code is said", async () => {
    const { out } = await strongroom(["explain", "CARTRIDGE_NOT_IN_LIBRARY"]);
    expect(out.match(/^said as/gm)?.length).toBeGreaterThan(3);
    expect(out).toContain("strongroom library import");
  });

  it("tells sense of devices and flags of drives", async () => {
    expect((await strongroom(["explain", "3/11/00"])).out).toContain("what to do");
    const { out } = await strongroom(["explain", "TAPE_ALERT_20", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ code: "TAPE_ALERT_20", name: "clean now", advice: "clean the drive now" });
  });

  it("gives one document", async () => {
    const { out } = await strongroom(["explain", "STORE_TOO_NEW", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ code: "STORE_TOO_NEW", said: [{ text: expect.stringContaining("newer version") as string }] });
  });

  it.each([["STORE_TO_NEW", "STORE_TOO_NEW"], ["TOO_NEW", "STORE_TOO_NEW"]])("asks whether %s was meant as %s", async (typed, meant) => {
    const { code, err } = await strongroom(["explain", typed]);
    expect(code).toBe(10);
    expect(err).toContain(`did you mean ${meant}?`);
  });

  it.each(["constructor", "__proto__", "x\u001b[2J", "TAPE_ALERT_65", "TAPE_ALERT_0"])("does not know %j", async (typed) => {
    const { code, err } = await strongroom(["explain", typed]);
    expect(code).toBe(10);
    expect(err).toContain("[CODE_UNKNOWN]");
    expect(err).not.toContain("\u001b");
  });
});
