import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Catalog, type Store, openCatalog, openStore } from "../../src/records/index.ts";
import { codeOf, temporaryFolder } from "./temporary.ts";

const program = fileURLToPath(new URL("children/sealing.ts", import.meta.url));
const rows = 300;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, "strongroom.db");
});
afterEach(() => {
  folder.remove();
});

function prepared(...names: readonly string[]): void {
  const store = openStore(path);
  const catalog = openCatalog(store);
  for (const [index, name] of names.entries()) catalog.createArchive(name, `4d3c0b5e-0000-4000-8000-00000000000${String(index)}`);
  store.close();
}

function sealing(name: string, segments: number): { readonly child: ChildProcess; readonly lines: () => Promise<number> } {
  const child = spawn(process.execPath, [program, path, name, String(segments), String(rows)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const reader = createInterface({ input: child.stdout });
  let told = 0;
  reader.on("line", () => (told += 1));
  const closed = once(reader, "close");
  return {
    child,
    lines: async () => {
      await closed;
      return told;
    },
  };
}

async function told(child: ChildProcess, lines: number): Promise<void> {
  let seen = 0;
  for await (const chunk of child.stdout!) {
    seen += String(chunk).split("\n").length - 1;
    if (seen >= lines) return;
  }
}

/** Every segment whole or not there at all; returns how many are there. */
function expectWholeSegments(store: Store, catalog: Catalog, name: string): number {
  expect(store.check()).toEqual([]);
  const archive = catalog.archive(name)!;
  const segments = catalog.segments(catalog.snapshot(archive, 1)!);
  for (const { id, state, facts } of segments) {
    expect([...catalog.entriesOfSegment(id)]).toHaveLength(state === "sealed" ? rows : 0);
    expect(facts !== undefined).toBe(state === "sealed");
  }
  const sealed = segments.filter((segment) => segment.state === "sealed");
  expect([...catalog.entries(archive, 1)]).toHaveLength(sealed.length * rows);
  expect([...catalog.findName(Buffer.from("f*"), { archive, limit: 1_000_000 })]).toHaveLength(sealed.length * rows);
  return sealed.length;
}

describe("records of several processes", () => {
  it.each([1, 4, 9, 17])("lose nothing that was told when one is killed after %i segments", async (after) => {
    prepared("photos");
    const child = spawn(process.execPath, [program, path, "photos", "2000", String(rows)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await told(child, after);
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = openStore(path);
    try {
      const catalog = openCatalog(store);
      const sealed = expectWholeSegments(store, catalog, "photos");
      expect(sealed).toBeGreaterThanOrEqual(after);
      expect(sealed).toBeLessThan(2000);
      catalog.abandonSnapshot(catalog.snapshot(catalog.archive("photos")!, 1)!);
      expect([...catalog.findName(Buffer.from("f*"), { limit: 10 })]).toEqual([]);
    } finally {
      store.close();
    }
  });

  it("do not hinder one another", async () => {
    prepared("photos", "letters");
    const segments = 25;
    const writers = [sealing("photos", segments), sealing("letters", segments)];
    const store = openStore(path);
    try {
      // Reads all the while: what is seen must be whole at any moment.
      const catalog = openCatalog(store);
      const done = Promise.all(writers.map((writer) => writer.lines()));
      const state = { isRunning: true };
      void done.then(() => (state.isRunning = false));
      while (state.isRunning) {
        const seen = [...catalog.findName(Buffer.from("f0"), { limit: 1000 })];
        expect(seen.length).toBeLessThanOrEqual(2 * segments);
        await new Promise((resume) => setImmediate(resume));
      }
      expect(await done).toEqual([segments, segments]);
      for (const name of ["photos", "letters"]) expect(expectWholeSegments(store, catalog, name)).toBe(segments);
    } finally {
      store.close();
    }
  });

  it("say so when the database is held for too long", () => {
    prepared("photos");
    const first = openStore(path);
    const second = openStore(path, { busyTimeoutMs: 1 });
    try {
      first.transaction(() => {
        expect(
          codeOf(() => {
            second.transaction(() => undefined);
          }),
        ).toBe("STORE_BUSY");
        expect(openCatalog(second).archives()).toHaveLength(1);
      });
      expect(
        codeOf(() => {
          second.transaction(() => undefined);
        }),
      ).toBe("nothing was thrown");
    } finally {
      second.close();
      first.close();
    }
  });
});
