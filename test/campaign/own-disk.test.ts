import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../support/command-line.ts";
import { proofPassphrase } from "../support/proof-appliance.ts";
import { archive, DiskJob } from "./disk/job.ts";
import { cutPower } from "./disk/power-cut.ts";
import { readDiskLog } from "./disk/log.ts";
import { ModelDisk } from "./disk/model.ts";
import { buildRecorder, type DiskFault, watched } from "./disk/recorder.ts";
import { type Ended, runWatched } from "./disk/recording.ts";
import { lightenKey } from "./light-key.ts";

const { EIO, ENOSPC, EDQUOT } = constants.errno;

let folder: string;
let library: string;
let job: DiskJob;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-own-disk-")));
  library = buildRecorder(folder);
  job = new DiskJob(folder);
  mkdirSync(job.disk, { mode: 0o700 });
  for (const { name, line } of job.steps) {
    if (name === "run-2") break;
    await job.appliance.must(line);
    if (name === "key-init") await lightenKey(job.appliance.at("keys", "operations-private-key.asc"), proofPassphrase);
  }
}, 60_000);
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const lineOf = (name: string): readonly string[] => job.steps.find((step) => step.name === name)!.line;
const failing = async (name: string, fault: DiskFault): Promise<Ended> => await runWatched(job, lineOf(name), watched(library, job.disk, { fault }));
const again = async (name: string): Promise<Answer> => await job.appliance.must(lineOf(name));

const statesOfSnapshots = (): readonly string[] => job.appliance.records(({ catalog }) => catalog.snapshots(catalog.archive(archive)!).map(({ state }) => state));

describe("a restore", () => {
  it.each([
    ["spool fails", { operation: "write", nth: 2, errno: EIO, how: "once", pattern: "state/spool/*" }, "SPOOL_DISK_FAILED"],
    ["spool is full", { operation: "write", nth: 1, errno: ENOSPC, how: "once", pattern: "state/spool/*" }, "SPOOL_DISK_FULL"],
    ["target is full", { operation: "write", nth: 2, errno: EDQUOT, how: "stay", pattern: "back/*" }, "TARGET_FULL"],
    ["target fails at last", { operation: "sync", nth: 1, errno: EIO, how: "once", pattern: "back" }, "TARGET_FAILED"],
  ] as const)("whose %s ends with that, blames no volume, and is whole when it is given again", async (_what, fault, code) => {
    const { code: exit, err } = await failing("restore", fault);
    expect(exit).not.toBe(0);
    expect(err).toContain(`[${code}]`);
    expect(err).toMatch(/hint: .*--when-exists replace/);
    expect(err).not.toContain("another copy");
    await again("restore");
  }, 30_000);

  it("takes another copy where the disk of a volume fails, and leaves out nothing", async () => {
    const { code, err } = await failing("restore", { operation: "read", nth: 1, errno: EIO, how: "once", pattern: "one/*-segment.pgp" });
    expect(err).toContain("another copy is used");
    expect(err).toContain("[FOLDER_FAILED]");
    expect([0, 3]).toContain(code);
    for (const name of readdirSync(job.keptPart)) expect(readFileSync(join(job.keptTarget, "large", name)).equals(readFileSync(join(job.keptPart, name)))).toBe(true);
  }, 30_000);

  it("that is done is on the disk", async () => {
    const [root, log] = [join(folder, "other"), join(folder, "restore.log")];
    mkdirSync(root);
    const line = lineOf("restore").map((word) => (word === job.keptTarget ? join(root, "back") : word));
    expect((await runWatched(job, line, watched(library, root, { log }))).code).toBe(0);
    const disk = new ModelDisk();
    for (const event of readDiskLog(log)) disk.apply(event);
    const left = cutPower(disk, "nothing", "");
    expect(left.folders.get("back")?.folders.get("large")?.files.get("two")?.content).toHaveLength(75_001);
  }, 30_000);
});

it.each([
  ["status", "metrics", { operation: "write", nth: 1, errno: ENOSPC, how: "once", pattern: ".metrics.prom*" }, "DISK_FULL"],
  ["run-2", "a segment", { operation: "write", nth: 2, errno: EIO, how: "once", pattern: "state/spool/*.pgp.tmp" }, "SPOOL_DISK_FAILED"],
] as const)("%s without a disk for %s says so, leaves nothing half, and is done when it is given again", async (name, _what, fault, code) => {
  const { code: exit, err } = await failing(name, fault);
  expect([0, 3, 70]).not.toContain(exit);
  expect(err).toContain(`[${code}]`);
  expect(err).toContain("hint: ");
  expect(readdirSync(job.disk).filter((left) => left.startsWith(".metrics"))).toEqual([]);
  const { code: then } = await job.appliance.run(lineOf(name));
  expect([0, 3]).toContain(then);
}, 60_000);

describe("a rebuild", () => {
  it("that has no room for a catalog ends there, and makes the same records when there is", async () => {
    const { code, err } = await failing("rebuild", { operation: "write", nth: 2, errno: ENOSPC, how: "once", pattern: "state/rebuild/sessions/*" });
    expect(code).not.toBe(0);
    expect(err).toContain("[DISK_FULL]");
    expect(err).not.toContain("cannot be used");
    expect((await again("rebuild")).out).toContain("1 archive, 2 snapshots");
    expect(statesOfSnapshots()).toEqual(["complete", "complete"]);
  }, 30_000);

  it("whose last step the disk refuses leaves the old records in their place", async () => {
    const { code, err } = await failing("rebuild", { operation: "write", nth: 5, errno: ENOSPC, how: "once", pattern: "state/rebuild/strongroom.db" });
    expect(code).not.toBe(0);
    expect(err).toContain("[DRAFT_NOT_WHOLE]");
    expect(statesOfSnapshots()).toEqual(["complete", "complete"]);
    await again("rebuild");
    expect(statesOfSnapshots()).toEqual(["complete", "complete"]);
  }, 30_000);
});
