import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Spool } from "../../src/work/spool/index.ts";

describe("the spool", () => {
  let folder: string;
  const never = new AbortController().signal;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "spool-")); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it("lets a reservation wait until there is room, in the order of the segments", async () => {
    const spool = new Spool(folder, 100);
    await spool.reserve(1, 60, never);
    const order: number[] = [];
    const second = spool.reserve(2, 60, never).then(() => order.push(2));
    await Promise.resolve();
    expect(order).toEqual([]);
    spool.settle(1, 40);
    await second;
    expect(order).toEqual([2]);
    expect(spool.usedBytes).toBe(100);
  });

  it("ends a wait by the signal", async () => {
    const spool = new Spool(folder, 100);
    await spool.reserve(1, 100, never);
    const stop = new AbortController();
    const waiting = spool.reserve(2, 1, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    spool.release(1);
    await spool.reserve(3, 100, never);
  });

  it("refuses what can never fit", async () => {
    await expect(new Spool(folder, 100).reserve(1, 101, never)).rejects.toMatchObject({ code: "SPOOL_TOO_SMALL" });
  });

  it("counts what an earlier process left, and clears away what was never finished", () => {
    writeFileSync(join(folder, "0000000007.pgp"), Buffer.alloc(30));
    writeFileSync(join(folder, "0000000008.pgp.tmp"), Buffer.alloc(30));
    const spool = new Spool(folder, 100);
    expect(spool.usedBytes).toBe(30);
    expect(spool.segmentIds()).toEqual([7]);
    expect(spool.has(7)).toBe(true);
    expect(spool.has(8)).toBe(false);
    spool.release(7);
    expect(new Spool(folder, 100).usedBytes).toBe(0);
  });

  it("once full takes nothing more until it has sunk to its low mark", async () => {
    const spool = new Spool(folder, 100);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await spool.reserve(id, 10, never);
    const order: number[] = [];
    const waiting = spool.reserve(11, 10, never).then(() => order.push(11));
    expect(spool.isPressed).toBe(true);
    for (const id of [1, 2]) spool.release(id);
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(order).toEqual([]);
    spool.release(3);
    await waiting;
    expect(spool.isPressed).toBe(false);
    expect(spool.usedBytes).toBe(80);
  });

  it("leaves room on its disk, what is promised already counted, and says so where nothing of its own can make any", async () => {
    const spool = new Spool(folder, 1000, { freeBytes: () => 64 * 1024 * 1024 + 100 });
    await spool.reserve(1, 60, never);
    const second = spool.reserve(2, 60, never);
    spool.release(1);
    await second;
    const tight = new Spool(folder, 1000, { freeBytes: () => 64 * 1024 * 1024 });
    await expect(tight.reserve(3, 60, never)).rejects.toMatchObject({ code: "SPOOL_DISK_FULL", kind: "operator" });
  });
});
