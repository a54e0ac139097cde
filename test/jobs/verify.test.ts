import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleOf } from "../../src/jobs/index.ts";
import type { CopyRecord, VolumeRecord } from "../../src/records/index.ts";
import { type Clock, systemClock } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

const dayMs = 24 * 3600 * 1000;

describe("reading volumes back", () => {
  let appliance: TestAppliance;
  let skewMs: number;

  beforeEach(async () => {
    skewMs = 0;
    let steadyMs = 0;
    // Progress is told at every step, and what was checked is recorded every few.
    const monotonicMs = (): number => { steadyMs += 1000; return steadyMs; };
    const clock: Clock = { nowMs: () => systemClock.nowMs() + skewMs, monotonicMs, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
    appliance = await makeAppliance({ clock });
    const source = join(appliance.folder, "source");
    mkdirSync(source);
    for (let i = 0; i < 8; i += 1) writeFileSync(join(source, `f${String(i)}`), randomBytes(120_000));
    for (const [pool, barcode] of [["near", "NEAR0001"], ["far", "FAR00001"], ["far", "FAR00002"]] as const) {
      if (barcode !== "FAR00002") await appliance.operations.pool.create({ name: pool, kind: "folder" });
      await appliance.operations.volume.init({ barcode, pool, folder: join(appliance.folder, barcode), capacityBytes: 8 * 1024 * 1024 });
    }
    await appliance.operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["near", "far"], segmentSizeBytes: 128 * 1024 });
    expect(await appliance.operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
  });
  afterEach(async () => {
    await appliance.close();
  });

  const volumeOn = (barcode: string): VolumeRecord => appliance.parts.inventory.volumeOn(barcode)!;
  const verify = async (barcode: string, signal = quietly.signal) => await appliance.operations.volume.verify({ barcode }, { ...quietly, signal });

  /** Turns a bit in the middle of the nth segment of a folder volume; returns its object number. */
  const damage = (barcode: string, nth: number): number => {
    const { objectNumber } = appliance.parts.inventory.copiesOnVolume(volumeOn(barcode).uuid)[nth]!;
    const folder = join(appliance.folder, barcode);
    const name = readdirSync(folder).find((one) => Number.parseInt(/^\d+/.exec(one)?.[0] ?? "-1", 10) === objectNumber)!;
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(folder, name), bytes);
    return objectNumber;
  };

  it("leaves a history of each volume and of each copy", async () => {
    await verify("NEAR0001");
    const { uuid } = volumeOn("NEAR0001");
    const [newest, written] = appliance.parts.verifications.ofVolume(uuid, 10);
    expect(newest).toMatchObject({ method: "full", severity: "ok", place: join(appliance.folder, "NEAR0001"), barcode: "NEAR0001" });
    expect(newest?.objects).toBe(volumeOn("NEAR0001").objects);
    expect(written).toMatchObject({ method: "new copies", jobId: undefined });
    const [copy] = appliance.parts.inventory.copiesOnVolume(uuid);
    const checks = appliance.parts.verifications.checksOfSegment(copy!.segmentId, 10).filter(({ volumeUuid }) => volumeUuid === uuid);
    expect(checks.map(({ verificationId, isIntact }) => [verificationId, isIntact])).toEqual([[newest!.id, true], [written!.id, true]]);
  });

  it("finds what was damaged, takes the copy out of the count, and makes it anew from the other pool by itself", async () => {
    const object = damage("FAR00001", 3);
    const result = await verify("FAR00001");
    expect(result).toMatchObject({ severity: "err", findings: [{ severity: "err", code: "SEGMENT_DAMAGED", object, barcode: "FAR00001" }] });
    expect(result.mends).toMatchObject([{ severity: "ok", copies: 1, volumes: ["FAR00002"], without: 0 }]);
    const far = volumeOn("FAR00001");
    expect(far.state).toBe("closed");
    const bad = appliance.parts.inventory.copiesOnVolume(far.uuid).filter(({ state }) => state === "bad");
    expect(bad.map(({ objectNumber }) => objectNumber)).toEqual([object]);
    const fresh = appliance.parts.inventory.copiesOnVolume(volumeOn("FAR00002").uuid);
    expect(fresh.map(({ segmentId, state }) => [segmentId, state])).toEqual([[bad[0]!.segmentId, "verified"]]);
    expect(await appliance.operations.archive.mend("docs", {}, quietly)).toMatchObject({ severity: "ok", copies: 0 });
    expect((await verify("FAR00002")).findings).toEqual([]);
  });

  it("says when no good copy is left, and makes none of what is bad", async () => {
    damage("FAR00001", 2);
    damage("NEAR0001", 2);
    expect((await verify("NEAR0001")).mends).toMatchObject([{ copies: 0, without: 1, severity: "err" }]);
    const { mends } = await verify("FAR00001");
    expect(mends).toMatchObject([{ copies: 0, without: 1, severity: "err" }]);
    expect(appliance.parts.journal.events(mends[0]!.job.id).map(({ code }) => code)).toContain("SEGMENT_WITHOUT_COPY");
  });

  it("goes on behind the last segment that was checked", async () => {
    const stop = new AbortController();
    const { inventory } = appliance.parts;
    const { uuid } = volumeOn("NEAR0001");
    const copies = inventory.copiesOnVolume(uuid);
    skewMs = 5 * dayMs;
    const observer = { event: () => undefined, progress: ({ doneBytes }: { doneBytes: number }) => { if (doneBytes > 500_000) stop.abort(new Error("stopped")); } };
    await expect(appliance.operations.volume.verify({ barcode: "NEAR0001" }, { observer, signal: stop.signal })).rejects.toThrow();
    const [job] = appliance.parts.journal.jobs(1);
    expect(job).toMatchObject({ kind: "volume verify", state: "interrupted" });
    const next = (job?.progress["verify"] as { fromObject: number }).fromObject;
    expect(next).toBeGreaterThan(copies[0]!.objectNumber);
    expect(next).toBeLessThan(copies.at(-1)!.objectNumber);
    const result = await verify("NEAR0001");
    expect(result.job.id).toBe(job?.id);
    expect(result).toMatchObject({ findings: [], objects: volumeOn("NEAR0001").objects });
    const [history] = appliance.parts.verifications.ofVolume(uuid, 1);
    expect(history).toMatchObject({ severity: "ok", objects: result.objects });
    // Nothing was read twice but what lay between the last record and the stop.
    for (const { segmentId } of copies) {
      const checks = appliance.parts.verifications.checksOfSegment(segmentId, 10).filter(({ verificationId }) => verificationId === history?.id);
      expect(checks).toHaveLength(1);
    }
  });

  it("keeps what was found before a stop", async () => {
    const object = damage("NEAR0001", 0);
    const stop = new AbortController();
    const observer = { event: () => undefined, progress: ({ doneBytes }: { doneBytes: number }) => { if (doneBytes > 500_000) stop.abort(new Error("stopped")); } };
    await expect(appliance.operations.volume.verify({ barcode: "NEAR0001" }, { observer, signal: stop.signal })).rejects.toThrow();
    const result = await verify("NEAR0001");
    expect(result.findings.map((finding) => finding.object)).toEqual([object]);
    expect(appliance.parts.verifications.ofVolume(volumeOn("NEAR0001").uuid, 1)).toMatchObject([{ severity: "err" }]);
    expect(result.job.summary).toContain("1 object is damaged");
  });

  it("reads a sample, and leaves the rest as it was", async () => {
    skewMs = dayMs;
    const { uuid } = volumeOn("NEAR0001");
    const before = appliance.parts.inventory.copiesOnVolume(uuid);
    const result = await appliance.operations.volume.verify({ barcode: "NEAR0001", sample: { share: 0.25, seed: 1 } }, quietly);
    const chosen = Math.ceil(before.length / 4);
    expect(result).toMatchObject({ findings: [], objects: 1 + 2 * chosen, severity: "note" });
    const after = appliance.parts.inventory.copiesOnVolume(uuid);
    expect(after.filter(({ checkedMs }, index) => checkedMs !== before[index]!.checkedMs)).toHaveLength(chosen);
    expect(appliance.parts.journal.events(result.job.id).map(({ text }) => text).join()).toContain("seed 1");
  });

  it("is due by the policy of the pool, the longest neglected first, and by no other", async () => {
    const { operations } = appliance;
    expect(await operations.volume.due(undefined)).toEqual([]);
    await operations.pool.set("far", { verifyEveryDays: 30 });
    expect((await operations.pool.show("far")).verifyEveryDays).toBe(30);
    expect(await operations.volume.due(undefined)).toEqual([]);
    skewMs = 31 * dayMs;
    const due = await operations.volume.due(undefined);
    expect(due.map(({ barcode }) => barcode).sort()).toEqual(["FAR00001", "FAR00002"]);
    const none = await operations.volume.verifyMany({ pool: undefined, dueOnly: true, forMs: 0 }, quietly);
    expect(none).toMatchObject({ results: [], failed: [] });
    expect([...none.left].sort()).toEqual(["FAR00001", "FAR00002"]);
    const many = await operations.volume.verifyMany({ pool: undefined, dueOnly: true, forMs: undefined }, quietly);
    expect(many).toMatchObject({ failed: [], left: [] });
    expect(many.results.map(({ job }) => job.subject)).toEqual(due.map(({ barcode }) => barcode));
    expect(await operations.volume.due(undefined)).toEqual([]);
    await operations.pool.set("far", { verifyEveryDays: undefined });
    expect((await operations.pool.show("far")).verifyEveryDays).toBeUndefined();
  });
});

describe("a sample", () => {
  const copies = (count: number, checkedMs: (index: number) => number): readonly CopyRecord[] =>
    Array.from({ length: count }, (_, index) => ({
      segmentId: index, volumeUuid: "v", objectNumber: 1 + 2 * index, state: "verified", writtenMs: 0, checkedMs: checkedMs(index), doubted: false,
    }));

  it("is the same for the same seed, another for another, each segment with its seal", () => {
    const all = copies(100, () => 0);
    const one = sampleOf(all, 0.1, 1, dayMs);
    expect(one).toHaveLength(21);
    expect(sampleOf(all, 0.1, 1, dayMs)).toEqual(one);
    expect(sampleOf(all, 0.1, 2, dayMs)).not.toEqual(one);
    for (const number of one.filter((object) => object % 2 === 1)) expect(one).toContain(number + 1);
    expect(sampleOf(all, 1, 1, dayMs)).toHaveLength(201);
    expect(sampleOf([], 1, 1, dayMs)).toEqual([0]);
  });

  it("takes what nobody looked at for long more often", () => {
    const nowMs = 1000 * dayMs;
    const half = copies(100, (index) => (index < 50 ? 0 : nowMs));
    let old = 0;
    let taken = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const segments = sampleOf(half, 0.1, seed, nowMs).filter((object) => object % 2 === 1);
      taken += segments.length;
      old += segments.filter((object) => object <= 99).length;
    }
    expect(taken).toBe(1000);
    expect(old).toBeGreaterThan(950);
  });
});
