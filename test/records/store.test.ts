import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalog, openInventory, openJournal, openStore, openUpkeep, openVerifications, type Store } from "../../src/records/index.ts";
import { migrations } from "../../src/records/store/migrations.ts";
import { bytes, newEntry, noTotals, sealedFacts, takeSnapshot, text } from "../conformance/catalog-samples.ts";
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

const addTable =
  "CREATE TABLE added (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO added (text) VALUES ('new');";

describe("the store", () => {
  it("makes its files private and leaves one file when closed", () => {
    const store = openStore(path);
    openCatalog(store).createArchive("photos", "u");
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    store.close();
    store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it("undoes a failed nested piece of work, and all when the outer one fails", () => {
    const store = openStore(path, { migrations: [...migrations, addTable] });
    const add = store.query("INSERT INTO added (text) VALUES (?)");
    const failing = (word: string) => (): void => {
      add.run(word);
      throw new Error(word);
    };
    store.transaction(() => {
      add.run("kept");
      expect(() => {
        store.transaction(failing("undone"));
      }).toThrow("undone");
      expect(store.transaction(() => add.run("nested").changes)).toBe(1);
    });
    expect(() => {
      store.transaction(failing("outer"));
    }).toThrow("outer");
    expect(
      store
        .query<{ text: string }>("SELECT text FROM added ORDER BY id")
        .all()
        .map((row) => row.text),
    ).toEqual(["new", "kept", "nested"]);
    store.close();
  });

  it("says that the disk is full, keeps what was there, and goes on when there is room", () => {
    const store = openStore(path);
    const catalog = openCatalog(store);
    const archive = catalog.createArchive("photos", "u");
    takeSnapshot(catalog, archive, [[newEntry("kept")]]);
    store.query("PRAGMA max_page_count = 60").get();
    const many = Array.from({ length: 5000 }, (_, index) => newEntry(`d/${String(index)}`));
    const snapshot = catalog.openSnapshot(archive, 1, 1);
    catalog.planSegments(snapshot, [{ number: 1, plannedBytes: 1, plan: "" }]);
    const { id } = catalog.segments(snapshot)[0]!;
    expect(
      codeOf(() => {
        catalog.addSealedSegment(id, sealedFacts, many);
      }),
    ).toBe("STORE_FULL");
    expect(catalog.segment(id)!.state).toBe("planned");
    expect([...catalog.entries(archive, 1)].map((entry) => text(entry.path))).toEqual(["kept"]);
    store.query("PRAGMA max_page_count = 100000").get();
    catalog.addSealedSegment(id, sealedFacts, many);
    catalog.completeSnapshot(snapshot, 2, noTotals);
    expect([...catalog.entries(archive, 2)]).toHaveLength(5001);
    expect(store.check()).toEqual([]);
    store.close();
  });

  it("tells damage", () => {
    const store = openStore(path);
    const catalog = openCatalog(store);
    takeSnapshot(catalog, catalog.createArchive("photos", "u"), [
      Array.from({ length: 5000 }, (_, index) => newEntry(`d/${String(index)}`)),
    ]);
    store.close();
    const file = readFileSync(path);
    file.fill(0xa5, file.length - 200 * 1024, file.length - 100 * 1024);
    writeFileSync(path, file);
    const damaged = openStore(path);
    expect(damaged.check().length).toBeGreaterThan(0);
    expect(codeOf(() => [...openCatalog(damaged).findPrefix(bytes(""), { limit: 10_000 })])).toBe("STORE_DAMAGED");
    damaged.close();
  });

  it("refuses what is no database of ours, and leaves it as it is", () => {
    for (const make of [makeForeign, makeNonsense]) {
      make(path);
      const before = readFileSync(path);
      expect(codeOf(() => openStore(path))).toMatch(/^STORE_(FOREIGN|DAMAGED)$/);
      expect(readFileSync(path)).toEqual(before);
    }
    expect(codeOf(() => openStore(join(folder.path, "missing", "strongroom.db")))).toBe("STORE_CANNOT_OPEN");
  });
});

function makeForeign(at: string): void {
  const database = new DatabaseSync(at);
  database.exec("CREATE TABLE theirs (id INTEGER)");
  database.close();
}

function makeNonsense(at: string): void {
  writeFileSync(at, "not a database at all, but long enough to be looked at: ".repeat(100));
}

describe("migrations", () => {
  it("bring an older database to the newest version, once", () => {
    openStore(path).close();
    const newer = [...migrations, addTable];
    const store = openStore(path, { migrations: newer });
    expect(store.query("SELECT * FROM added").all()).toHaveLength(1);
    store.close();
    const again = openStore(path, { migrations: newer });
    expect(again.query("SELECT * FROM added").all()).toHaveLength(1);
    again.close();
  });

  it("happen wholly or not at all", () => {
    openStore(path).close();
    expect(codeOf(() => openStore(path, { migrations: [...migrations, addTable, "CREATE TABLE archive (x)"] }))).toBe(
      "STORE_FAILED",
    );
    const store = openStore(path);
    expect(store.query("SELECT name FROM sqlite_schema WHERE name = 'added'").all()).toEqual([]);
    store.close();
  });

  it("refuse a database from the future, and leave it as it is", () => {
    openStore(path, { migrations: [...migrations, addTable] }).close();
    const before = readFileSync(path);
    expect(codeOf(() => openStore(path))).toBe("STORE_TOO_NEW");
    expect(readFileSync(path)).toEqual(before);
  });

  it.each([1, 2, 3])("open the sample of version %d", (version) => {
    const store = openSample(version);
    expect(store.check()).toEqual([]);
    const catalog = openCatalog(store);
    const archive = catalog.archive("photos")!;
    expect([...catalog.entries(archive, 1)].map((entry) => text(entry.path))).toEqual([
      ".",
      "2024",
      "2024/a.jpg",
      "2024/big.mov",
      "2024/gone.jpg",
    ]);
    expect([...catalog.entries(archive, 2)].map((entry) => text(entry.path))).toEqual([
      ".",
      "2024",
      "2024/a.jpg",
      "2024/big.mov",
      "\xff\xfe",
    ]);
    const [big] = [...catalog.history(archive, bytes("2024/big.mov"))];
    expect(catalog.pieces(big!.id).map((piece) => [piece.offsetBytes, piece.lengthBytes])).toEqual([
      [0, 10],
      [10, 15],
    ]);
    expect(big).toMatchObject({ sizeBytes: 25, mtimeNs: 1_700_000_000_123_456_789n, condition: "changed" });
    const inventory = openInventory(store);
    expect(inventory.volumeOn("A00001L9")).toMatchObject({
      uuid: "7c3c0b5e-0000-4000-8000-000000000009",
      objects: 3,
      state: "open",
    });
    expect(inventory.copiesOfSegment(catalog.segments(catalog.snapshot(archive, 1)!)[0]!.id)).toHaveLength(1);
    const journal = openJournal(store, () => false);
    expect(journal.unfinished("archive run", "photos")).toMatchObject({ state: "interrupted", progress: { segment: 2 } });
    store.close();
  });

  it("open the upkeep of version 2", () => {
    const store = openSample(2);
    const upkeep = openUpkeep(store);
    expect(upkeep.lastReading("drive 10WT000001")?.numbers).toEqual({ loads: 12 });
    expect(upkeep.cleaningCartridge("CLN001CU")).toMatchObject({ uses: 4, maxUses: 50 });
    expect(upkeep.cleanings("vtl", 0, 9)).toHaveLength(1);
    store.close();
  });

  it("open the history of verifications of version 3", () => {
    const store = openSample(3);
    const verifications = openVerifications(store);
    const [verification] = verifications.ofVolume("7c3c0b5e-0000-4000-8000-000000000009", 9);
    expect(verification).toMatchObject({ method: "full", place: "library vtl drive 0", severity: "err", objects: 3, finishedMs: 13 });
    expect(verifications.findings(verification!.id)).toMatchObject([{ code: "SEGMENT_DAMAGED", object: 1 }]);
    store.close();
  });

  it("open what was left out, and copies in doubt, of version 5; copies on volumes closed before it are in doubt", () => {
    const store = openSample(5);
    const catalog = openCatalog(store);
    const archive = catalog.archive("photos")!;
    expect(catalog.leftOut(catalog.snapshot(archive, 2)!)).toMatchObject([{ severity: "note", code: "SOCKET_LEFT_OUT" }]);
    expect([...catalog.troubled(archive, 2)]).toMatchObject([{ condition: "changed" }]);
    expect(openInventory(store).standings()).toMatchObject([{ barcode: "A00001L9", verified: 1, doubted: 0 }]);
    store.close();
    copyFileSync(fileURLToPath(new URL("../samples/records/store-4.db", import.meta.url)), path);
    const old = new DatabaseSync(path);
    old.exec("UPDATE volume SET state = 'closed'");
    old.close();
    const upgraded = openStore(path);
    expect(openInventory(upgraded).standings()).toMatchObject([{ verified: 0, doubted: 1, uncovered: 1 }]);
    upgraded.close();
  });

  function openSample(version: number): Store {
    copyFileSync(fileURLToPath(new URL(`../samples/records/store-${String(version)}.db`, import.meta.url)), path);
    return openStore(path);
  }
});
