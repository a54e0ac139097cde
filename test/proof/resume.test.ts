import { existsSync, readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree } from "../support/proof-tree.ts";

let appliance: ProofAppliance;

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 3, capacityBytes: 16 * 1024 * 1024 });
  makeProofTree(appliance.at("docs"), { files: 200, largeBytes: 4_000_000 });
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("docs"), "--pool", "vault", "--segment-size", "96KiB"]);
}, 60_000);

afterAll(() => { appliance.remove(); });

interface Listed {
  readonly jobs: readonly { readonly id: number; readonly kind: string; readonly state: string }[];
}

async function jobs(): Promise<Listed["jobs"]> {
  return (await appliance.json(["job", "list"]) as unknown as Listed).jobs;
}

/** Kills a command as soon as something is so; it must not have come to its end before. */
async function killWhen(line: readonly string[], isThere: (out: string) => boolean): Promise<void> {
  const run = appliance.start([...line, "--json"]);
  let hasEnded = false;
  void run.ended.then(() => { hasEnded = true; });
  const isOver = (): boolean => hasEnded;
  while (!isOver() && !isThere(run.soFar().out)) await wait(1);
  run.child.kill("SIGKILL");
  expect((await run.ended).signal).toBe("SIGKILL");
}

const filled = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0;

describe("jobs of processes that were killed", () => {
  it("are shown as interrupted, and gone on with by their number", async () => {
    await killWhen(["archive", "run", "docs"], () => filled(appliance.at("state", "spool")));
    expect(await jobs()).toMatchObject([{ kind: "archive run", state: "interrupted" }]);
    const [{ id }] = await jobs() as [Listed["jobs"][number]];
    const { out } = await appliance.must(["job", "resume", String(id)]);
    expect(out).toContain("snapshot 1 of docs");
    expect(await jobs()).toMatchObject([{ id, state: "finished" }]);
    expect((await appliance.run(["job", "resume", String(id)])).err).toContain("JOB_OVER");
    expect((await appliance.must(["job", "resume"])).out).toContain("no job is interrupted");
  }, 60_000);

  it("leave nothing in the way of the same command: a verification", async () => {
    const barcode = appliance.records(({ inventory }) => inventory.volumesOfPool("vault")[0]!.barcode);
    await killWhen(["volume", "verify", barcode], (out) => out.includes("verifying"));
    expect((await jobs())[0]).toMatchObject({ kind: "volume verify", state: "interrupted" });
    const again = await appliance.json(["volume", "verify", barcode]);
    expect(again["findings"]).toEqual([]);
    expect((await jobs()).every(({ state }) => state === "finished")).toBe(true);
  }, 60_000);

  it("leave nothing in the way of the same command: a restore in the middle of fetching", async () => {
    const line = ["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number", "--when-exists", "replace"];
    const fetching = (): boolean => readdirSync(appliance.at("state", "spool")).some((name) => name.startsWith("restore-") && filled(appliance.at("state", "spool", name)));
    await killWhen(line, fetching);
    const [{ id }] = await jobs() as [Listed["jobs"][number]];
    expect((await appliance.run(["job", "resume", String(id)])).err).toContain("JOB_NEEDS_ITS_COMMAND");
    await appliance.must(line);
    expect(differences(appliance.at("docs"), appliance.at("back"))).toBe("");
    expect((await jobs()).every(({ state }) => state === "finished")).toBe(true);
    expect(readdirSync(appliance.at("state", "spool"))).toEqual([]);
  }, 60_000);

  it("are left to the process that has them while it lives", async () => {
    const run = appliance.start(["archive", "run", "docs", "--full", "--json"]);
    while (!filled(appliance.at("state", "spool"))) await wait(1);
    const [{ id }] = await jobs() as [Listed["jobs"][number]];
    const second = await appliance.run(["job", "resume", String(id)]);
    expect(second.err).toContain("JOB_ACTIVE");
    expect(second.err).toContain(String(run.child.pid));
    expect((await run.ended).code).toBe(0);
    // A full snapshot over an earlier one shows each entry once.
    const entries = appliance.records(({ catalog }) => {
      const archive = catalog.archive("docs")!;
      return [1, 2].map((number) => [...catalog.entries(archive, number)].length);
    });
    expect(entries[1]).toBe(entries[0]);
  }, 60_000);
});
