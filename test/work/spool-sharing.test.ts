import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Spool } from "../../src/work/spool/index.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "spool-")); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const never = new AbortController().signal;
const fill = (spool: Spool, segmentId: number, sizeBytes: number): void => { writeFileSync(spool.pathOf(segmentId), new Uint8Array(sizeBytes)); };

describe("a spool that several processes use", () => {
  it("leaves alone what another process is writing", async () => {
    const sealing = new Spool(folder, 1000);
    await sealing.reserve(1, 100, never);
    writeFileSync(`${sealing.pathOf(1)}.tmp`, "half of it");
    expect(new Spool(folder, 1000).usedBytes).toBe(0);
    expect(existsSync(`${sealing.pathOf(1)}.tmp`)).toBe(true);
    sealing.release(1);
    expect(existsSync(`${sealing.pathOf(1)}.tmp`)).toBe(false);
  });

  it("waits for a release of its own, until the caller has enough", async () => {
    const spool = new Spool(folder, 1000);
    await spool.reserve(1, 800, never);
    const second = spool.reserve(2, 800, never);
    const stop = new AbortController();
    const third = spool.reserve(3, 800, stop.signal);
    stop.abort(new Error("enough"));
    await expect(third).rejects.toThrow("enough");
    spool.release(1);
    await second;
    expect(spool.usedBytes).toBe(800);
  });

  it("says so instead of waiting for ever for segments of other runs, and takes their room once they are gone", async () => {
    const other = new Spool(folder, 1000);
    fill(other, 7, 900);
    const spool = new Spool(folder, 1000);
    await expect(spool.reserve(1, 200, never)).rejects.toMatchObject({ code: "SPOOL_FULL", kind: "busy" });
    other.release(7);
    await spool.reserve(1, 200, never);
    expect(spool.usedBytes).toBe(200);
  });

  it("waits for segments that an earlier run left and this one will place", async () => {
    fill(new Spool(folder, 1000), 7, 900);
    const spool = new Spool(folder, 1000);
    spool.settle(7, 900);
    const next = spool.reserve(8, 200, never);
    spool.release(7);
    await next;
    expect(spool.usedBytes).toBe(200);
  });
});
