import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

let appliance: TestAppliance;
beforeEach(async () => {
  appliance = await makeAppliance();
  const { operations, folder } = appliance;
  mkdirSync(join(folder, "source"));
  writeFileSync(join(folder, "source", "a"), randomBytes(300_000));
  for (const [pool, barcode] of [["near", "NEAR0001"], ["far", "FAR00001"]] as const) {
    await operations.pool.create({ name: pool, kind: "folder" });
    await operations.volume.init({ barcode, pool, folder: join(folder, barcode), capacityBytes: 8 * 1024 * 1024 });
  }
  await operations.archive.create({ name: "docs", sources: [{ name: "source", path: join(folder, "source") }], pools: ["near", "far"], segmentSizeBytes: 128 * 1024 });
  await operations.archive.run("docs", { full: false }, quietly);
});
afterEach(async () => {
  await appliance.close();
});

const codes = async (): Promise<readonly string[]> => (await appliance.operations.appliance.status()).remarks.map(({ code }) => code);

it("has nothing to say of an appliance that is well but what a look at it says", async () => {
  const report = await appliance.operations.appliance.status();
  expect(report.remarks.filter(({ code }) => code !== "SPOOL_DISK_SMALL")).toEqual([]);
  expect(report).toMatchObject({ jobs: [], archives: [{ archive: "docs", snapshots: 1, missing: 0, lost: 0 }], pools: [{ pool: "near", bad: 0, due: 0 }, { pool: "far" }] });
});

it("tells what is missing and lost, the worst first, and stops telling when it is made good", async () => {
  const { operations, parts } = appliance;
  const { uuid } = parts.inventory.volumeOn("FAR00001")!;
  const [first] = parts.inventory.copiesOnVolume(uuid);
  parts.inventory.updateCopy(first!.segmentId, uuid, { state: "bad", checkedMs: 1 });
  expect(await codes()).toContain("COPIES_MISSING");
  expect((await operations.appliance.status()).archives).toMatchObject([{ missing: 1, lost: 0 }]);
  const near = parts.inventory.volumeOn("NEAR0001")!;
  parts.inventory.updateCopy(first!.segmentId, near.uuid, { state: "bad", checkedMs: 1 });
  const worse = await operations.appliance.status();
  expect(worse).toMatchObject({ severity: "err", archives: [{ missing: 2, lost: 1 }] });
  expect(worse.remarks[0]?.code).toBe("SEGMENTS_LOST");
  parts.inventory.updateCopy(first!.segmentId, near.uuid, { state: "verified", checkedMs: 2 });
  expect((await operations.appliance.status()).archives).toMatchObject([{ missing: 1, lost: 0 }]);
  expect(await operations.archive.mend("docs", {}, quietly)).toMatchObject({ copies: 1 });
  expect((await operations.appliance.status()).archives).toMatchObject([{ missing: 0, lost: 0 }]);
});

it("counts what is on a closed volume as in doubt, and says how it is proven or made anew", async () => {
  const { operations, parts, folder } = appliance;
  const { uuid } = parts.inventory.volumeOn("NEAR0001")!;
  const all = parts.inventory.copiesOnVolume(uuid).length;
  parts.inventory.closeVolume(uuid);
  const closed = await operations.appliance.status();
  expect(closed).toMatchObject({ severity: "warn", pools: [{ pool: "near", verified: 0, doubted: all }, { pool: "far", verified: all, doubted: 0 }] });
  const remark = closed.remarks.find(({ code }) => code === "COPIES_DOUBTED");
  expect(remark?.hint).toContain("strongroom volume verify NEAR0001");
  expect(remark?.hint).toContain("strongroom archive mend docs --without NEAR0001");
  expect((await operations.snapshot.show("docs", 1)).copies).toMatchObject([{ pool: "near", verified: 0, doubted: all }, { pool: "far", verified: all }]);
  // The other pool's volume must not be overwritten on the strength of copies that are in doubt.
  expect(await operations.volume.whatIsOn("FAR00001")).toMatchObject({ copies: all, onlyCopies: all });

  await operations.volume.verify({ barcode: "NEAR0001" }, quietly);
  expect(await codes()).not.toContain("COPIES_DOUBTED");
  expect((await operations.appliance.status()).pools).toMatchObject([{ verified: all, doubted: 0 }, {}]);
  expect(parts.inventory.volumeOn("NEAR0001")?.state).toBe("closed");

  await operations.volume.init({ barcode: "NEAR0002", pool: "near", folder: join(folder, "NEAR0002"), capacityBytes: 8 * 1024 * 1024 });
  expect(await operations.archive.mend("docs", { without: ["NEAR0001"] }, quietly)).toMatchObject({ copies: all, volumes: ["NEAR0002"] });
  // Nobody counts on it any more, and so it is no matter that it is in doubt.
  expect(await codes()).not.toContain("COPIES_DOUBTED");
  await expect(operations.archive.mend("docs", { without: ["NONE0001"] }, quietly)).rejects.toMatchObject({ code: "VOLUME_UNKNOWN" });
});

it("tells of a volume that went out of its library unseen, not of one that was taken from a mail slot", async () => {
  const { parts } = appliance;
  const cartridge = parts.inventory.cartridge("NEAR0001")!;
  parts.inventory.putCartridge({ ...cartridge, place: "taken out of library vtl" });
  expect(await codes()).not.toContain("VOLUME_NOT_IN_PLACE");
  parts.inventory.putCartridge({ ...cartridge, place: "not in library vtl any more" });
  const report = await appliance.operations.appliance.status();
  expect(report.remarks.find(({ code }) => code === "VOLUME_NOT_IN_PLACE")).toMatchObject({ severity: "warn" });
  expect(report.pools).toMatchObject([{ pool: "near", verified: 0, missing: parts.inventory.copiesOnVolume(parts.inventory.volumeOn("NEAR0001")!.uuid).length }, {}]);
});

it("tells of a job that failed or stopped until it was done again, and what a job waits for", async () => {
  const { operations, parts, folder } = appliance;
  const empty = join(folder, "NEAR0001");
  const names = readdirSync(empty).filter((name) => /^\d+/.test(name));
  const last = names.sort().at(-1)!;
  const kept = readFileSync(join(empty, last));
  rmSync(join(empty, last));
  await operations.volume.verify({ barcode: "NEAR0001" }, quietly);
  const failed = await operations.appliance.status();
  expect(failed.severity).toBe("err");
  expect(failed.remarks[0]).toMatchObject({ code: "JOB_FAILED" });
  writeFileSync(join(empty, last), kept);
  await operations.volume.verify({ barcode: "NEAR0001" }, quietly);
  expect(await codes()).not.toContain("JOB_FAILED");

  const job = parts.journal.startJob({ kind: "archive run", subject: "other", startedMs: 1, owner: parts.owner, requestedBy: "tester" });
  parts.journal.saveProgress(job.id, { requests: [{ who: "pool near", code: "POOL_NEEDS_CARTRIDGE", needs: "pool near needs a volume", hint: "make one", sinceMs: 1 }] });
  const waiting = await operations.appliance.status();
  expect(waiting.jobs).toMatchObject([{ id: job.id, state: "waiting", needs: ["pool near needs a volume; make one"] }]);
  expect(waiting.remarks.map(({ code }) => code)).toContain("OPERATOR_NEEDED");
  parts.journal.interruptJob(job.id, { severity: "err", summary: "stopped" });
  expect((await operations.appliance.status()).jobs).toMatchObject([{ state: "interrupted" }]);
  expect(await codes()).toContain("JOB_UNFINISHED");
});

it("writes it for Prometheus, whole and readable, in place of what was there", async () => {
  const { operations, folder } = appliance;
  const path = join(folder, "strongroom.prom");
  writeFileSync(path, "old");
  await operations.appliance.writeMetrics(path);
  expect(statSync(path).mode & 0o044).toBe(0o044);
  expect(readdirSync(folder).filter((name) => name.endsWith(".draft"))).toEqual([]);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const families = lines.filter((line) => line.startsWith("# TYPE ")).map((line) => line.split(" ")[2]!);
  expect(new Set(families).size).toBe(families.length);
  for (const line of lines.filter((one) => !one.startsWith("#"))) {
    expect(line).toMatch(/^strongroom_[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/);
    expect(families).toContain(/^[a-z_]+/.exec(line)![0]);
  }
  expect(lines).toContain('strongroom_copies_missing{archive="docs"} 0');
  expect(lines).toContain('strongroom_volumes{pool="near"} 1');
  expect(lines).toContain('strongroom_copies{pool="near",state="doubted"} 0');
});
