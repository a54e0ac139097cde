import type { Store } from "../store/index.ts";
import { joinPath } from "./paths.ts";
import { type EntryRow, entryColumns } from "./rows.ts";

/** Which rows a walk yields: those visible in that snapshot (its id), or every version of every entry. */
export type Visibility = number | "every-version";

export interface WalkedRow {
  readonly row: EntryRow;
  /** Of the directory the entry is in; empty for the root. */
  readonly directoryPath: Uint8Array;
}

/** Names from `from` on, up to but without `to`. */
export interface NameRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array | undefined;
}

/** Rows fetched with one query. Bounds what a walk holds in memory: this many for each level it stands in. */
const pageRows = 256;
const everyName: NameRange = { from: new Uint8Array(0), to: undefined };

/**
 * Walks a directory and everything below it, parents before children, names in byte order, versions of one name oldest first.
 * Reads page by page, so that a walk left lying about never keeps the database from tidying its log.
 */
export function walker(store: Store) {
  const readers = { bounded: pageReader(store, true), open: pageReader(store, false) };

  return function* walk(directory: number, path: Uint8Array, visible: Visibility, range = everyName): Generator<WalkedRow> {
    const stack = [level(readers, directory, path, visible, range)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const entry = top.entries.peek();
      const below = top.directories.peek();
      if (entry !== undefined && (below === undefined || Buffer.compare(entry[2], below[1]) <= 0)) {
        top.entries.skip();
        yield { row: entry, directoryPath: top.path };
      } else if (below !== undefined) {
        top.directories.skip();
        stack.push(level(readers, below[0], joinPath(top.path, below[1]), visible, everyName));
      } else {
        stack.pop();
      }
    }
  };
}

type DirectoryRow = readonly [id: number, name: Uint8Array];
type Readers = Readonly<Record<"bounded" | "open", ReturnType<typeof pageReader>>>;

interface Level {
  readonly path: Uint8Array;
  readonly entries: Paged<EntryRow>;
  readonly directories: Paged<DirectoryRow>;
}

interface Paged<Row> {
  peek(): Row | undefined;
  skip(): void;
}

function level(readers: Readers, directory: number, path: Uint8Array, visible: Visibility, range: NameRange): Level {
  const read = range.to === undefined ? readers.open : readers.bounded;
  return {
    path,
    entries: paged((after) =>
      read.entries(directory, after === undefined ? [range.from, 0] : [after[2], after[3]], visible, range.to),
    ),
    directories: paged((after) => read.directories(directory, after === undefined ? range.from : following(after[1]), range.to)),
  };
}

/** The next byte string after `name`: directories are unique by name, so going on there misses none and repeats none. */
function following(name: Uint8Array): Uint8Array {
  const next = new Uint8Array(name.length + 1);
  next.set(name);
  return next;
}

function paged<Row>(read: (after: Row | undefined) => readonly Row[]): Paged<Row> {
  let page = read(undefined);
  let at = 0;
  return {
    peek: () => {
      if (at === page.length && page.length === pageRows) {
        page = read(page.at(-1));
        at = 0;
      }
      return page[at];
    },
    skip: () => {
      at += 1;
    },
  };
}

/**
 * Two sets of statements, with and without an upper end: a condition that might be null would not bound the search in the
 * index.
 */
function pageReader(store: Store, isBounded: boolean) {
  const end = isBounded ? "AND name < ?" : "";
  const limit = `LIMIT ${String(pageRows)}`;
  const entries = store.rows<EntryRow>(
    `SELECT ${entryColumns} FROM entry e WHERE directory = ? AND (name, first) > (?, ?) ${end}
     AND first <= ? AND (gone IS NULL OR gone > ?) AND segment > 0 ORDER BY name, first ${limit}`,
  );
  const below = store.rows<DirectoryRow>(
    `SELECT id, name FROM directory WHERE parent = ? AND name >= ? ${end} ORDER BY name ${limit}`,
  );
  return {
    entries: (directory: number, after: readonly [Uint8Array, number], visible: Visibility, to: Uint8Array | undefined) => {
      const window = visible === "every-version" ? [Number.MAX_SAFE_INTEGER, -1] : [visible, visible];
      return entries.all(directory, ...after, ...(to === undefined ? [] : [to]), ...window);
    },
    directories: (directory: number, from: Uint8Array, to: Uint8Array | undefined) =>
      below.all(directory, from, ...(to === undefined ? [] : [to])),
  };
}
