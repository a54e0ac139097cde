import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalog, openStore } from "../../src/records/index.ts";
import { migrations } from "../../src/records/store/migrations.ts";
import { asStrongroomError } from "../../src/words/index.ts";
import { codeOf, temporaryFolder } from "./temporary.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, "strongroom.db");
});
afterEach(() => {
  folder.remove();
});

const newer = [...migrations, "CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT;"];
const kept = (schema = migrations.length): string => `${path}.schema-${String(schema)}`;

describe("an upgrade of the records", () => {
  it("keeps them as they were, private, whole, and of the old schema", () => {
    const old = openStore(path);
    openCatalog(old).createArchive("photos", "u");
    // Left open: what is only in the log yet belongs to the copy too.
    openStore(path, { migrations: newer }).close();
    old.close();
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    renameSync(kept(), path);
    const again = openStore(path);
    expect(openCatalog(again).archives().map(({ name }) => name)).toEqual(["photos"]);
    expect(again.check()).toEqual([]);
    again.close();
  });

  it("keeps nothing where nothing is changed or nothing was there", () => {
    openStore(path).close();
    openStore(path).close();
    expect(readdirSync(folder.path)).toEqual(["strongroom.db"]);
  });

  it("keeps the newer of two copies of the same schema, and clears away what a killed upgrade left", () => {
    const old = openStore(path);
    copyFileSync(fileURLToPath(new URL("../samples/records/store-1.db", import.meta.url)), `${kept()}.tmp`);
    copyFileSync(fileURLToPath(new URL("../samples/records/store-1.db", import.meta.url)), kept());
    old.close();
    openStore(path, { migrations: newer }).close();
    const copy = new DatabaseSync(kept(), { readOnly: true });
    expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: migrations.length });
    copy.close();
    expect(existsSync(`${kept()}.tmp`)).toBe(false);
  });

  it("does not begin where no copy can be kept, and the records stay as they were", () => {
    openStore(path).close();
    mkdirSync(`${kept()}/in-the-way`, { recursive: true });
    expect(codeOf(() => openStore(path, { migrations: newer }))).toBe("STORE_NOT_COPIED");
    expect(existsSync(`${kept()}.tmp`)).toBe(false);
    const old = openStore(path);
    expect(old.check()).toEqual([]);
    old.close();
  });

  it("is not undone by an older program, which says what to do and changes nothing", () => {
    openStore(path).close();
    openStore(path, { migrations: newer }).close();
    let refusal: unknown;
    try {
      openStore(path);
    } catch (thrown) {
      refusal = thrown;
    }
    const { code, message, hint } = asStrongroomError(refusal);
    expect(code).toBe("STORE_TOO_NEW");
    expect(message).toContain(`it has schema ${String(newer.length)}, this version knows up to ${String(migrations.length)}, nothing was changed`);
    expect(hint).toContain("use the newer version again");
    expect(hint).toContain(kept());
    openStore(path, { migrations: newer }).close();
  });
});
