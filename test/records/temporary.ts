import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Store, type StoreOptions, openStore } from "../../src/records/index.ts";

/** A private folder of its own for each test; `remove` takes it away with all that is in it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "strongroom-records-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function temporaryStore(options?: StoreOptions): { readonly store: Store; readonly close: () => void } {
  const folder = temporaryFolder();
  const store = openStore(join(folder.path, "strongroom.db"), options);
  return {
    store,
    close: () => {
      store.close();
      folder.remove();
    },
  };
}

/** The code of what an action throws. */
export function codeOf(action: () => unknown): unknown {
  try {
    action();
    return "nothing was thrown";
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}
