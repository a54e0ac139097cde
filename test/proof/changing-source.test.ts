import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOperations } from "../../src/main/open-operations.ts";
import type { JobObserver, Operations } from "../../src/operations/index.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { seededBytes } from "../support/proof-tree.ts";

let appliance: ProofAppliance;
let result: Awaited<ReturnType<Operations["archive"]["run"]>>;
/** Codes by entry. */
const events = new Map<string, string>();
const path = (name: string): string => appliance.at("source", name);

/** The source changes when the plan is made and nothing is sealed yet: each file is met as something else than the walk saw, without any race. */
beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 2 });
  mkdirSync(path(""), { recursive: true });
  const random = seededBytes(3);
  for (const name of ["changes", "grows", "shrinks", "shrinks-over-segments", "vanishes", "vanishes-over-segments", "becomes-a-directory", "stays"]) {
    writeFileSync(path(name), random(name.includes("segments") ? 300_000 : 5000));
  }
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--segment-size", "64KiB"]);
  let isChanged = false;
  const change = (): void => {
    isChanged = true;
    writeFileSync(path("changes"), random(5000));
    appendFileSync(path("grows"), "more");
    truncateSync(path("shrinks"), 1000);
    truncateSync(path("shrinks-over-segments"), 100_000);
    for (const name of ["vanishes", "vanishes-over-segments", "becomes-a-directory"]) rmSync(path(name));
    mkdirSync(path("becomes-a-directory"));
  };
  const observer: JobObserver = {
    progress: ({ stage }) => { if (stage === "sealing and placing" && !isChanged) change(); },
    event: ({ code, text }) => { events.set(text.split(":")[0]!, code); },
  };
  const { operations, close } = openOperations(appliance.at("state"));
  result = await operations.archive.run("docs", { full: false }, { observer, signal: new AbortController().signal });
  await close();
  expect(isChanged).toBe(true);
});

afterAll(() => { appliance.remove(); });

describe("a source that changes between the walk and the reading", () => {
  it("makes a whole snapshot that wants a look, each trouble by its name", () => {
    expect(result.severity).toBe("warn");
    expect(Object.fromEntries(events)).toMatchObject({
      changes: "ENTRY_CHANGED",
      grows: "ENTRY_CHANGED",
      shrinks: "ENTRY_SHRUNK",
      vanishes: "ENTRY_VANISHED",
      "becomes-a-directory": "ENTRY_VANISHED",
      "vanishes-over-segments": "ENTRY_VANISHED",
      "shrinks-over-segments": "ENTRY_SHRUNK",
    });
    expect(events.has("stays")).toBe(false);
    expect(result.snapshot).toMatchObject({ state: "complete" });
    expect(result.snapshot.totals?.troubledEntries).toBeGreaterThanOrEqual(7);
  });

  it("is recorded with the entries", () => {
    const conditions = appliance.records(({ catalog }) =>
      Object.fromEntries([...catalog.entries(catalog.archive("docs")!, 1)].map((entry) => [Buffer.from(entry.path).toString(), entry.condition])));
    expect(conditions).toMatchObject({ changes: "changed", grows: "changed", shrinks: "shrunk", vanishes: "vanished", stays: "intact" });
  });

  it("never breaks the stream: gpg, zstd and tar read every segment to its end", async () => {
    await appliance.must(["simulator", "dump", appliance.library, "SR0001L8", appliance.at("dump")]);
    const home = appliance.at("gnupg");
    mkdirSync(home, { mode: 0o700 });
    const gpg = ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-file", appliance.at("passphrase")];
    execFileSync("gpg", [...gpg, "--import", appliance.at("keys", "recovery-private-key.asc")]);
    const segments = appliance.records(({ inventory }) => inventory.objectsOfVolume(inventory.volumeOn("SR0001L8")!.uuid).filter(({ role }) => role === "segment"));
    const stream = Buffer.concat(segments.map(({ number }) => {
      const name = appliance.at("dump", String(number).padStart(6, "0"));
      const packed = execFileSync("gpg", [...gpg, "--decrypt", name], { maxBuffer: 1 << 28 });
      return execFileSync("zstd", ["-dc"], { input: packed, maxBuffer: 1 << 28 });
    }));
    spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]);
    const listed = spawnSync("tar", ["--list", "--file", "-"], { input: stream, encoding: "utf8" });
    expect(listed.status, listed.stderr).toBe(0);
    expect(listed.stdout.split("\n")).toContain("stays");
  });

  it("is restored without passing zeros off as content, unless they are asked for", async () => {
    const { problems } = await appliance.restore("docs", appliance.at("back"), [], 3);
    expect(JSON.stringify(problems)).toContain("shrinks");
    for (const name of ["shrinks", "shrinks-over-segments", "vanishes", "vanishes-over-segments", "becomes-a-directory"]) {
      expect(existsSync(appliance.at("back", name)), name).toBe(false);
    }
    for (const name of ["changes", "stays"]) expect(readFileSync(appliance.at("back", name)).equals(readFileSync(path(name))), name).toBe(true);
    await appliance.restore("docs", appliance.at("damaged"), ["--include-damaged"], 3);
    expect(readFileSync(appliance.at("damaged", "shrinks")).subarray(0, 1000).equals(readFileSync(path("shrinks")))).toBe(true);
  });

  it("is put right by the next run, and by a source that is not there at all nothing is lost", async () => {
    const next = await appliance.json(["archive", "run", "docs"]);
    expect(next["severity"]).toBe("ok");
    await appliance.restore("docs", appliance.at("now"));
    expect(readFileSync(appliance.at("now", "shrinks")).equals(readFileSync(path("shrinks")))).toBe(true);
    renameSync(appliance.at("source"), appliance.at("unmounted"));
    const gone = await appliance.run(["archive", "run", "docs"]);
    expect(gone.code, gone.err).not.toBe(0);
    expect(gone.err).toMatch(/^strongroom: error: .+ \[[A-Z_]+\]$/m);
    expect((await appliance.json(["archive", "show", "docs"]))["snapshots"]).toBe(2);
  });
});
