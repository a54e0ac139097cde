import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/command-line.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences } from "../support/proof-tree.ts";

/** Names that would move a cursor, change a title, break a line, hide an ending or be no text at all. */
const names = [
  Buffer.from("line\nbreak"),
  Buffer.from("\u001b[2J\u001b[31mred"),
  Buffer.from("\u001b]0;title\u0007"),
  Buffer.from("back\b\b\b\bspace\rreturn\ttab"),
  Buffer.from("exe\u202Egpj.txt"),
  Buffer.from([0x9b, 0x33, 0x31, 0x6d, 0xe9, 0xff, 0xfe]),
  Buffer.from("\u009b31m C1"),
  Buffer.from("$(touch pwned) `id` 'quote' \"double\" -rf *"),
  Buffer.from("--checkpoint-action=exec=sh"),
];
let appliance: ProofAppliance;
const said: Answer[] = [];

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 2 });
  const root = Buffer.from(`${appliance.at("source")}/`);
  mkdirSync(root);
  for (const name of names) writeFileSync(Buffer.concat([root, name]), Buffer.concat([Buffer.from("content of "), name]));
  mkdirSync(Buffer.concat([root, Buffer.from("dir\u001b[1m\n")]));
  writeFileSync(Buffer.concat([root, Buffer.from("dir\u001b[1m\n/inside")]), "below such a name");
  await say(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await say(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "64KiB"]);
  await say(["archive", "plan", "docs"]);
  await say(["archive", "run", "docs"]);
});

afterAll(() => { appliance.remove(); });

async function say(line: readonly string[], code = 0): Promise<Answer> {
  const answer = await appliance.must(line, code);
  said.push(answer);
  return answer;
}

/** Bytes that a terminal acts on instead of showing them: C0, DEL, C1, and the marks that turn the direction of text. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not be there
const acting = /[\0-\x09\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]/u;

describe("names that would act on a terminal", () => {
  it("are restored byte for byte", async () => {
    await say(["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number"]);
    expect(differences(appliance.at("source"), appliance.at("back"))).toBe("");
  });

  it("are found and listed, and can be typed as they are printed", async () => {
    const { out } = await say(["file", "find", "*", "--limit", "50"]);
    expect(out.trim().split("\n").length).toBeGreaterThan(names.length);
    await say(["snapshot", "entries", "docs", "1"]);
    await say(["snapshot", "show", "docs", "1"]);
    await say(["file", "list", ""]);
    const { out: red } = await say(["file", "find", "*red"]);
    const printed = red.split("\n").find((line) => line.includes("red"))!.split(/ {2,}/).find((cell) => cell.includes("red"))!;
    await say(["file", "history", "docs", printed]);
    await say(["file", "restore", "docs", printed, "--to", appliance.at("one"), ...appliance.keyOptions]);
    const again = await appliance.run(["file", "restore", "docs", printed, "--to", appliance.at("one"), ...appliance.keyOptions]);
    said.push(again);
    expect(again.code).not.toBe(0);
    expect(again.err).toContain(`${printed}: something has its name already`);
  });

  it("are never printed raw, in whatever was said", () => {
    expect(said.length).toBeGreaterThan(8);
    for (const { out, err } of said) {
      expect(acting.exec(out)?.index, JSON.stringify(out)).toBeUndefined();
      expect(acting.exec(err)?.index, JSON.stringify(err)).toBeUndefined();
    }
  });

  it("come exactly in JSON, which is as harmless to print", async () => {
    const { out } = await appliance.must(["file", "find", "*", "--limit", "50", "--json"]);
    expect(acting.exec(out)?.index).toBeUndefined();
    const { files } = JSON.parse(out) as { readonly files: readonly { readonly path: string; readonly path_b64?: string }[] };
    const found = new Set(files.map(({ path, path_b64: exact }) => (exact === undefined ? Buffer.from(path) : Buffer.from(exact, "base64")).toString("latin1")));
    for (const name of names) expect([...found], JSON.stringify(name.toString("latin1"))).toContain(name.toString("latin1"));
  });
});
