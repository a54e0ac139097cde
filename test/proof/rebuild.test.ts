import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree, seededBytes } from "../support/proof-tree.ts";
import { recordsTables } from "../support/records-tables.ts";

let appliance: ProofAppliance;
let lost: ReturnType<typeof recordsTables>;
/** A socket is there as long as somebody listens: something that no snapshot takes. */
const listener = createServer();
const rebuildLine = (): readonly string[] => ["appliance", "rebuild", ...appliance.keyOptions];
const database = (): string => appliance.at("state", "strongroom.db");

function change(root: string, round: number): void {
  const random = seededBytes(100 + round);
  writeFileSync(appliance.at(root, "large", "one"), random(700_000));
  writeFileSync(appliance.at(root, "small-1", `new-${String(round)}`), random(3000));
  rmSync(appliance.at(root, `small-${String(2 + round)}`), { recursive: true });
  mkdirSync(appliance.at(root, `added-${String(round)}`));
}

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 16, slots: 20, capacityBytes: 3 * 1024 * 1024 });
  await appliance.must(["pool", "create", "offsite", "--kind", "tape", "--library", "vtl"]);
  makeProofTree(appliance.at("docs"), { files: 80, largeBytes: 1_200_000 });
  makeProofTree(appliance.at("photos"), { files: 40, largeBytes: 600_000, seed: 9 });
  await new Promise<void>((resolve) => { listener.listen(appliance.at("docs", "small-1", "socket"), resolve); });
  for (const number of ["1", "2", "3", "4"]) {
    await appliance.must(["volume", "init", `USB0000${number}`, "--pool", "usb", "--folder", appliance.at(`usb${number}`), "--capacity", "4MiB"]);
  }
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("docs"), "--pool", "vault", "--pool", "usb", "--segment-size", "96KiB"]);
  await appliance.must(["archive", "create", "photos", "--source", appliance.at("photos"), "--pool", "offsite", "--segment-size", "128KiB"]);
  await appliance.must(["archive", "create", "empty", "--source", appliance.at("photos"), "--pool", "offsite"]);
  for (let round = 0; round < 3; round += 1) {
    if (round === 2) await new Promise<void>((resolve) => { listener.close(() => { resolve(); }); });
    if (round > 0) {
      change("docs", round);
      change("photos", round);
    }
    await appliance.must(["archive", "run", "docs"]);
    await appliance.must(["archive", "run", "photos", ...(round === 2 ? ["--full"] : [])]);
    if (round === 0) {
      const vault = appliance.records(({ inventory }) => inventory.volumesOfPool("vault")[0]!.barcode);
      await appliance.must(["volume", "init", vault, "--pool", "offsite", "--overwrite", vault]);
    }
  }
  // Every cartridge holds a volume, those that nothing was written on yet as well.
  const blank = appliance.records(({ inventory }) => inventory.cartridges().filter(({ state }) => state === "blank").map(({ barcode }) => barcode));
  for (const barcode of blank) await appliance.must(["volume", "init", barcode, "--pool", "offsite"]);
  change("photos", 3);
  await appliance.must(["archive", "run", "photos"]);
  cpSync(appliance.at("state"), appliance.at("state-before"), { recursive: true, preserveTimestamps: true });
  lost = recordsTables(database());
}, 120_000);

afterAll(() => { appliance.remove(); });

/** What is looked at may go away in between. */
function safely(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

function lose(): void {
  rmSync(appliance.at("state"), { recursive: true, force: true });
  cpSync(appliance.at("state-before"), appliance.at("state"), { recursive: true, preserveTimestamps: true });
  for (const name of readdirSync(appliance.at("state"))) if (name.startsWith("strongroom.db")) rmSync(appliance.at("state", name));
  rmSync(appliance.at("state", "sessions"), { recursive: true });
}

describe("records made anew from twenty volumes", () => {
  it("equal the lost ones row by row, and give back the same bytes", async () => {
    expect(lost["volumes"]!.filter((row) => !row.includes("retired"))).toHaveLength(20);
    expect(lost["volumes"]!.filter((row) => row.includes("retired"))).toHaveLength(1);
    expect(lost["pieces"]!.length).toBeGreaterThan(0);
    expect(lost["leftOut"]).toHaveLength(2);
    lose();
    const summary = await appliance.json(rebuildLine());
    expect(summary["volumes"]).toHaveLength(20);
    const rebuilt = recordsTables(database());
    for (const table of Object.keys(lost)) expect(rebuilt[table], table).toEqual(lost[table]);
    for (const archive of ["docs", "photos"]) {
      await appliance.restore(archive, appliance.at(`back-${archive}`));
      expect(differences(appliance.at(archive), appliance.at(`back-${archive}`))).toBe("");
    }
    expect(existsSync(appliance.at("state", "rebuild"))).toBe(false);
  }, 60_000);

  it("wait for volumes that are not there, unless those are lost for good", async () => {
    lose();
    cpSync(appliance.at("usb2"), appliance.at("usb-away"), { recursive: true });
    rmSync(appliance.at("usb2"), { recursive: true });
    const refused = await appliance.run(rebuildLine());
    expect(refused.code).toBe(4);
    expect(refused.err).toContain("USB00002");
    expect(existsSync(database())).toBe(false);
    const { volumes, missing } = await appliance.json([...rebuildLine(), "--without-missing"], 3);
    expect([volumes, missing]).toMatchObject([{ length: 19 }, ["USB00002"]]);
    await appliance.restore("docs", appliance.at("back-without"));
    expect(differences(appliance.at("docs"), appliance.at("back-without"))).toBe("");
    cpSync(appliance.at("usb-away"), appliance.at("usb2"), { recursive: true });
  }, 60_000);

  /** Moments of death, each known by what it leaves on disk. */
  const moments: readonly (readonly [string, () => boolean])[] = [
    ["the first volume is read", () => findings() >= 1],
    ["half of the volumes are read", () => findings() >= 10],
    ["all are read", () => findings() >= 20],
    ["the records are being written", () => (statSync(appliance.at("state", "rebuild", "strongroom.db-wal"), { throwIfNoEntry: false })?.size ?? 0) > 400_000],
    ["they take their place", () => readdirSync(appliance.at("state", "rebuild", "sessions")).length < sessions()],
  ];
  let most = 0;
  const sessions = (): number => {
    most = Math.max(most, readdirSync(appliance.at("state", "rebuild", "sessions")).length);
    return most;
  };
  const findings = (): number => readdirSync(appliance.at("state", "rebuild")).filter((name) => name.startsWith("volume-")).length;

  for (const [moment, isThere] of moments) {
    it(`are the same after a kill when ${moment}`, async () => {
      lose();
      most = 0;
      const run = appliance.start(rebuildLine());
      let hasEnded = false;
      void run.ended.then(() => { hasEnded = true; });
      const isOver = (): boolean => hasEnded;
      while (!isOver() && !(existsSync(appliance.at("state", "rebuild", "sessions")) && safely(isThere))) await wait(1);
      run.child.kill("SIGKILL");
      // The last moments are short: a run that was over before proves what the first test does.
      const { signal } = await run.ended;
      if (moment.includes("read")) expect(signal).toBe("SIGKILL");
      const again = await appliance.run(rebuildLine());
      expect(again.code, again.err).toBe(0);
      const rebuilt = recordsTables(database());
      for (const table of Object.keys(lost)) expect(rebuilt[table], table).toEqual(lost[table]);
      expect(existsSync(appliance.at("state", "rebuild"))).toBe(false);
    }, 60_000);
  }

  it("bring back what the configuration forgot, and know archives that no volume has heard of", async () => {
    lose();
    const config = JSON.parse(readFileSync(appliance.at("state", "config.json"), "utf8")) as { archives: { name: string }[]; pools: { name: string }[] };
    const without = { ...config, archives: [{ ...config.archives[1]!, name: "newborn", pools: ["offsite"] }], pools: config.pools.filter(({ name }) => name !== "usb") };
    writeFileSync(appliance.at("state", "config.json"), JSON.stringify(without), { mode: 0o600 });
    const { restored_policies: restored } = await appliance.json(rebuildLine());
    expect(restored).toEqual(["pool usb", "archive docs", "archive empty", "archive photos"]);
    const again = JSON.parse(readFileSync(appliance.at("state", "config.json"), "utf8")) as typeof config;
    const policyOf = async (name: string): Promise<unknown> => (await appliance.json(["archive", "show", name]))["sources"];
    expect(again.archives.map(({ name }) => name).sort()).toEqual(["docs", "empty", "newborn", "photos"]);
    expect(await policyOf("newborn")).toEqual(await policyOf("photos"));
    expect((await appliance.must(["archive", "run", "photos"])).code).toBe(0);
  }, 60_000);
});
