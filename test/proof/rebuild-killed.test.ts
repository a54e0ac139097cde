import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startAndKill } from "../campaign/kills/child.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree } from "../support/proof-tree.ts";

let appliance: ProofAppliance;
let steps: number;
const line = (): readonly string[] => ["--state", appliance.at("state"), "appliance", "rebuild", "--from", appliance.at("usb1"), ...appliance.keyOptions];

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 1 });
  makeProofTree(appliance.at("docs"), { files: 10, largeBytes: 100_000 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("docs"), "--pool", "usb"]);
  await appliance.must(["archive", "run", "docs"]);
  cpSync(appliance.at("state"), appliance.at("before"), { recursive: true, preserveTimestamps: true });
  writeFileSync(appliance.at("steps"), "");
  expect(await startAndKill(line(), { countFile: appliance.at("steps") })).toMatchObject({ code: 0 });
  steps = Number(readFileSync(appliance.at("steps"), "utf8"));
}, 120_000);
afterAll(() => { appliance.remove(); });

/** At the last steps: what was read has been moved, and the draft has or has not taken its place. */
it.each([0, 2])("records are made anew whole when the program was killed %i steps before its end", async (back) => {
  for (const gone of ["state", "back"]) rmSync(appliance.at(gone), { recursive: true, force: true });
  cpSync(appliance.at("before"), appliance.at("state"), { recursive: true, preserveTimestamps: true });
  const { wasKilled } = await startAndKill(line(), { order: `main ${String(steps - back)} process` });
  expect(wasKilled).toBe(true);
  const { out } = await appliance.must(line().slice(2));
  expect(out).toContain("1 archive, 1 snapshot,");
  await appliance.must(["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number"]);
  expect(differences(appliance.at("docs"), appliance.at("back"))).toBe("");
}, 60_000);
