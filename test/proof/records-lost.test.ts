import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree } from "../support/proof-tree.ts";

let appliance: ProofAppliance;
const database = (): string => appliance.at("state", "strongroom.db");
const run = ["archive", "run", "docs"];

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 3, capacityBytes: 6 * 1024 * 1024 });
  makeProofTree(appliance.at("docs"), { files: 60, largeBytes: 200_000 });
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("docs"), "--pool", "vault", "--segment-size", "96KiB"]);
  await appliance.must(run);
  for (const part of ["state", "lib"]) cpSync(appliance.at(part), appliance.at("before", part), { recursive: true, preserveTimestamps: true });
}, 60_000);

beforeEach(() => {
  for (const part of ["state", "lib", "back"]) rmSync(appliance.at(part), { recursive: true, force: true });
  for (const part of ["state", "lib"]) cpSync(appliance.at("before", part), appliance.at(part), { recursive: true, preserveTimestamps: true });
});

afterAll(() => { appliance.remove(); });

/** Whether anything of the state folder's database is other than it was. */
const filesOfDatabase = (): ReadonlyMap<string, string> =>
  new Map(readdirSync(appliance.at("state")).filter((name) => name.startsWith("strongroom.db")).map((name) => [name, readFileSync(appliance.at("state", name), "hex")]));

async function rebuildAndRestore(): Promise<void> {
  await appliance.must(["appliance", "rebuild", ...appliance.keyOptions]);
  await appliance.restore("docs", appliance.at("back"));
  expect(differences(appliance.at("docs"), appliance.at("back"))).toBe("");
}

const losses: readonly (readonly [what: string, code: string, lose: () => void])[] = [
  ["deleted", "RECORDS_MISSING", () => { rmSync(database()); }],
  ["empty", "RECORDS_MISSING", () => { truncateSync(database(), 0); }],
  ["cut off", "STORE_DAMAGED", () => { truncateSync(database(), 40_960); }],
  ["overwritten with noise", "STORE_DAMAGED", () => { writeFileSync(database(), "not a database ".repeat(5000)); }],
  ["flipped in its header", "STORE_DAMAGED", () => { flip(3); }],
  ["that of another program", "STORE_FOREIGN", () => {
    rmSync(database());
    const other = new DatabaseSync(database());
    other.exec("CREATE TABLE mail (text)");
    other.close();
    chmodSync(database(), 0o600);
  }],
];

function flip(at: number): void {
  const bytes = readFileSync(database());
  bytes[at]! ^= 0xff;
  writeFileSync(database(), bytes);
}

describe("records that are lost", () => {
  for (const [what, code, lose] of losses) {
    it(`are noticed when the database is ${what}, not written on, and made anew`, async () => {
      lose();
      const before = filesOfDatabase();
      const refused = await appliance.run(run);
      expect(refused.code).not.toBe(0);
      expect(refused.err).toContain(code);
      expect(refused.err).toContain(code === "STORE_FOREIGN" ? "nothing was changed" : "volumes are not affected");
      expect(filesOfDatabase()).toEqual(before);
      await rebuildAndRestore();
      const kept = readdirSync(appliance.at("state")).find((name) => /^strongroom\.db\.before-\d{8}T\d{6}Z$/.test(name));
      expect(kept === undefined).toBe(code === "RECORDS_MISSING" && !before.has("strongroom.db"));
      if (kept !== undefined) expect(readFileSync(appliance.at("state", kept), "hex")).toBe(before.get("strongroom.db"));
    }, 30_000);
  }

  it("are found by the check when a page in their middle is torn", async () => {
    const bytes = readFileSync(database());
    bytes.fill(0xa5, 8 * 4096, 9 * 4096);
    writeFileSync(database(), bytes);
    const { code, out, err } = await appliance.run(["appliance", "check"]);
    expect(code).not.toBe(0);
    expect(out + err).toContain("STORE_DAMAGED");
  });

  it("stop the next run when they are older than the volumes, and forget nothing after a rebuild", async () => {
    writeFileSync(appliance.at("docs", "later"), "what only the newer records know");
    await appliance.must(run);
    const newest = appliance.at("newest");
    cpSync(appliance.at("state", "sessions"), newest, { recursive: true });
    rmSync(appliance.at("state"), { recursive: true });
    cpSync(appliance.at("before", "state"), appliance.at("state"), { recursive: true, preserveTimestamps: true });
    const refused = await appliance.run(run);
    expect(refused.err).toContain("RECORDS_OLDER");
    expect(refused.code).not.toBe(0);
    // The database alone was put back: the sessions beside it tell, without any volume.
    cpSync(newest, appliance.at("state", "sessions"), { recursive: true });
    expect((await appliance.run(["appliance", "check"])).out).toContain("RECORDS_OLDER");
    await rebuildAndRestore();
    expect(existsSync(appliance.at("back", "later"))).toBe(true);
    await appliance.must(run);
    rmSync(appliance.at("docs", "later"));
  }, 30_000);
});
