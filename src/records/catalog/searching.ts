import type { ArchiveRecord, Catalog, FindOptions, FoundEntry } from "./contract.ts";
import { nameFinder } from "./find.ts";
import type { Parts } from "./parts.ts";
import { endOfPrefix, isRoot, nameStart, rootName, splitNames } from "./paths.ts";
import { type EntryRow, entryColumns, foundEntry } from "./rows.ts";

/** The part of the catalog that looks through all snapshots. */
export function searching({ store, directories, numberOf, snapshots, walk }: Parts) {
  const findName = nameFinder(store);

  function* underPrefix(archive: ArchiveRecord, prefix: Uint8Array): Generator<FoundEntry> {
    const start = nameStart(prefix);
    const above = start === 0 ? rootName : prefix.subarray(0, start - 1);
    const name = prefix.subarray(start);
    const directory = directories.find(archive.id, start === 0 ? [] : splitNames(above));
    if (directory === undefined) return;
    // The path of the root is written `.`, but stored empty.
    const root = isRoot(prefix) ? rootVersions(archive.id) : [];
    for (const row of root) yield foundEntry(row, { archiveId: archive.id, path: rootName }, numberOf);
    const range = { from: name, to: endOfPrefix(name) };
    for (const { row, directoryPath } of walk(directory, above, "every-version", range)) {
      yield foundEntry(row, { archiveId: archive.id, path: directoryPath }, numberOf);
    }
  }

  const selectRoot = store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM entry e WHERE directory = ? AND name = x'' AND segment > 0 ORDER BY first`,
  );
  const rootVersions = (archiveId: number): EntryRow[] => {
    const root = directories.find(archiveId, []);
    return root === undefined ? [] : selectRoot.all(root);
  };

  return {
    *findName(pattern: Uint8Array, options: FindOptions): Generator<FoundEntry> {
      let left = options.limit;
      for (const row of findName(pattern, options.archive?.id)) {
        if (left <= 0) return;
        left -= 1;
        yield foundEntry(row, directories.place(row[1]), numberOf);
      }
    },
    *findPrefix(prefix: Uint8Array, options: FindOptions): Generator<FoundEntry> {
      let left = options.limit;
      for (const archive of options.archive === undefined ? snapshots.archives() : [options.archive]) {
        if (left <= 0) return;
        for (const found of underPrefix(archive, prefix)) {
          yield found;
          left -= 1;
          if (left <= 0) return;
        }
      }
    },
  } satisfies Partial<Catalog>;
}
