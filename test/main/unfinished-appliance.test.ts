import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOperations } from "../../src/main/open-operations.ts";
import { createState, openConfig, openInventory, openState, openStore } from "../../src/records/index.ts";
import { asStrongroomError, isDiskFull } from "../../src/words/index.ts";

let folder: string;
beforeEach(() => { folder = join(mkdtempSync(join(tmpdir(), "strongroom-unfinished-")), "state"); });
afterEach(() => { rmSync(join(folder, ".."), { recursive: true, force: true }); });

const init = async (): Promise<string> => {
  const { operations, close } = openOperations(folder, "nameless");
  try {
    return (await operations.appliance.init({ name: "again", contacts: [] })).name;
  } finally {
    await close();
  }
};

describe("an appliance that was not made to its end", () => {
  it("is made by the same request, over records that are empty", async () => {
    const state = createState(folder);
    openStore(state.databasePath).close();
    writeFileSync(join(folder, ".config.json.17.draft"), "{", { mode: 0o600 });
    expect(await init()).toBe("again");
    await expect(init()).rejects.toMatchObject({ code: "STATE_NOT_EMPTY" });
  });

  it("is not made over records of anything", async () => {
    const state = createState(folder);
    const store = openStore(state.databasePath);
    openInventory(store).putCartridge({ barcode: "USB00001", kind: "folder", pool: "usb", state: "blank", place: "/x", capacityBytes: undefined, seenMs: 1 });
    store.close();
    await expect(init()).rejects.toMatchObject({ code: "STATE_NOT_EMPTY", message: expect.stringContaining("config.json is gone") as string });
    expect(existsSync(state.configPath)).toBe(false);
  });
});

describe("an archive that was not made to its end", () => {
  it("is made by the same request, and by no other", async () => {
    await init();
    const { operations, close } = openOperations(folder, "nameless");
    await operations.pool.create({ name: "usb", kind: "folder" });
    await close();
    const wished = { name: "docs", sources: [{ name: "docs", path: "/srv/docs" }], pools: ["usb"] };
    const config = openConfig(join(folder, "config.json"), () => openState(folder).lock("config", "a test"));
    config.addArchive(wished);
    const again = openOperations(folder, "nameless");
    try {
      await expect(again.operations.archive.create({ ...wished, sources: [{ name: "docs", path: "/srv/other" }] })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      expect((await again.operations.archive.create(wished)).name).toBe("docs");
      expect(await again.operations.archive.show("docs")).toMatchObject({ name: "docs", pools: ["usb"] });
      await expect(again.operations.archive.create(wished)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    } finally {
      await again.close();
    }
  });
});

describe("a disk without room, or that fails", () => {
  const failed = (errno: number, code: string): Error => Object.assign(new Error(`${code}: a file`), { errno, code });

  it("is no mistake of this program", () => {
    expect(asStrongroomError(failed(-28, "ENOSPC"))).toMatchObject({ kind: "failed", code: "DISK_FULL" });
    expect(asStrongroomError(failed(-5, "EIO"))).toMatchObject({ kind: "failed", code: "DISK_FAILED" });
    expect(asStrongroomError(failed(-2, "ENOENT"))).toMatchObject({ kind: "internal", code: "UNEXPECTED" });
  });

  it("is full for a user whose limit has no name", () => {
    const limit = failed(-122, "Unknown system error -122");
    expect(isDiskFull(limit)).toBe(true);
    expect(asStrongroomError(limit).hint).toContain("limit");
  });
});
