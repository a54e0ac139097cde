import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAppliance, passphraseBytes, quietly, type TestAppliance } from "../support/appliance.ts";

describe("an archive in a folder pool", () => {
  let appliance: TestAppliance;
  let source: string;

  beforeEach(async () => {
    appliance = await makeAppliance();
    source = join(appliance.folder, "source");
    mkdirSync(join(source, "deep/er"), { recursive: true });
    writeFileSync(join(source, "a.txt"), "one\n".repeat(10_000));
    writeFileSync(join(source, "deep/random.bin"), randomBytes(700_000));
    writeFileSync(join(source, "deep/er/empty"), "");
    symlinkSync("../a.txt", join(source, "deep/link"));
    for (let i = 0; i < 300; i += 1) writeFileSync(join(source, `deep/er/f${String(i)}`), `content ${String(i)}`);
    await appliance.operations.pool.create({ name: "usb", kind: "folder" });
    for (const barcode of ["USB00001", "USB00002", "USB00003"]) {
      await appliance.operations.volume.init({ barcode, pool: "usb", folder: join(appliance.folder, barcode), capacityBytes: 3 * 1024 * 1024 });
    }
    await appliance.operations.archive.create({
      name: "docs",
      sources: [{ name: "source", path: source }],
      pools: ["usb"],
      segmentSizeBytes: 128 * 1024,
    });
  });

  afterEach(async () => {
    await appliance.close();
  });

  const restore = async (target: string, snapshot: number | undefined, paths: readonly string[] = []) =>
    await appliance.operations.file.restore(
      {
        archive: "docs",
        snapshot,
        paths: paths.map((path) => Buffer.from(path)),
        target,
        whenExists: "refuse",
        owners: "by-number",
        includeDamaged: false,
        keyFile: appliance.keyFile,
        passphrase: passphraseBytes,
      },
      quietly,
    );
  const difference = (a: string, b: string): string =>
    execFileSync("rsync", ["-aHAXnci", "--delete", `${a}/`, `${b}/`], { encoding: "utf8" });

  it("comes back as it was, whole and file by file", async () => {
    const run = await appliance.operations.archive.run("docs", { full: false }, quietly);
    expect(run.severity).toBe("ok");
    expect(run.snapshot.totals?.entries).toBe(307);
    const whole = join(appliance.folder, "whole");
    const restored = await restore(whole, undefined);
    expect(restored.problems).toEqual([]);
    expect(difference(source, whole)).toBe("");
    const single = join(appliance.folder, "single");
    const one = await restore(single, undefined, ["deep/er/f7"]);
    expect(one.segments).toBe(1);
    expect(readFileSync(join(single, "deep/er/f7"), "utf8")).toBe("content 7");
  });

  it("remembers every snapshot, and stores only what changed", async () => {
    await appliance.operations.archive.run("docs", { full: false }, quietly);
    writeFileSync(join(source, "a.txt"), "two\n");
    rmSync(join(source, "deep/er/f1"));
    writeFileSync(join(source, "deep/new"), "new");
    const second = await appliance.operations.archive.run("docs", { full: false }, quietly);
    expect(second.severity).toBe("ok");
    expect(second.snapshot.totals?.newEntries).toBeLessThan(10);
    const target = join(appliance.folder, "second");
    await restore(target, 2);
    expect(difference(source, target)).toBe("");
    const first = join(appliance.folder, "first");
    await restore(first, 1);
    expect(readFileSync(join(first, "a.txt"), "utf8")).toBe("one\n".repeat(10_000));
    expect(readFileSync(join(first, "deep/er/f1"), "utf8")).toBe("content 1");
  });

  it("knows what is gone from the directories in which the walk ends", async () => {
    mkdirSync(join(source, "top-empty"));
    mkdirSync(join(source, "zebra/last"), { recursive: true });
    writeFileSync(join(source, "zebra/last/one"), "1");
    writeFileSync(join(source, "zebra/last/two"), "2");
    await appliance.operations.archive.run("docs", { full: false }, quietly);
    for (const path of ["a.txt", "top-empty", "zebra/last/two"]) rmSync(join(source, path), { recursive: true });
    await appliance.operations.archive.run("docs", { full: false }, quietly);
    const target = join(appliance.folder, "second");
    await restore(target, 2);
    expect(difference(source, target)).toBe("");
  });

  it("verifies every object without a secret", async () => {
    await appliance.operations.archive.run("docs", { full: false }, quietly);
    const result = await appliance.operations.volume.verify({ barcode: "USB00001" }, quietly);
    expect(result.findings).toEqual([]);
    expect(result.objects).toBeGreaterThan(3);
  });
});
