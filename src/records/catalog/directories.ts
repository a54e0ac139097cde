import type { Store } from "../store/index.ts";
import { checkedName, joinPath, splitNames } from "./paths.ts";

/** Directories of an archive as numbers. They are never deleted, so what one process remembers stays true for all. */
export interface Directories {
  /** The number of a directory below the root, made where it is missing with all above it. */
  intern(archiveId: number, path: Uint8Array): number;
  find(archiveId: number, path: readonly Uint8Array[]): number | undefined;
  /** The number of an archive's root, made where it is missing. */
  root(archiveId: number): number;
  place(id: number): DirectoryPlace;
  /** After a rolled back transaction: forgets what may not exist. */
  forget(): void;
}

export interface DirectoryPlace {
  readonly archiveId: number;
  /** Empty for the root. */
  readonly path: Uint8Array;
}

/** Paths remembered in each direction: about 10 MB of common paths. */
const rememberedLimit = 50_000;

export function directories(store: Store): Directories {
  const select = store.rows<[number]>("SELECT id FROM directory WHERE parent = ? AND name = ?");
  const insert = store.query("INSERT INTO directory (archive, parent, name) VALUES (?, ?, ?)");
  const selectPlace = store.rows<[number, number, Uint8Array]>("SELECT archive, parent, name FROM directory WHERE id = ?");
  const ids = new Map<string, number>();
  const places = new Map<number, DirectoryPlace>();

  const rootParent = (archiveId: number): number => -archiveId;
  const child = (parent: number, name: Uint8Array): number | undefined => select.get(parent, name)?.[0];

  const root = (archiveId: number): number => {
    const found = child(rootParent(archiveId), emptyName);
    return found ?? insert.run(archiveId, rootParent(archiveId), emptyName).lastId;
  };

  const intern = (archiveId: number, path: Uint8Array): number => {
    const key = `${String(archiveId)}/${Buffer.from(path.buffer, path.byteOffset, path.length).toString("latin1")}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    let id = root(archiveId);
    for (const name of splitNames(path)) {
      id = child(id, name) ?? insert.run(archiveId, id, checkedName(name, path)).lastId;
    }
    makeRoom(ids);
    ids.set(key, id);
    return id;
  };

  const find = (archiveId: number, path: readonly Uint8Array[]): number | undefined => {
    let id = child(rootParent(archiveId), emptyName);
    for (const name of path) {
      if (id === undefined) return undefined;
      id = child(id, name);
    }
    return id;
  };

  const place = (id: number): DirectoryPlace => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const names: Uint8Array[] = [];
    let archiveId = 0;
    let base: DirectoryPlace | undefined;
    for (let at = id; at > 0 && base === undefined;) {
      const row = selectPlace.get(at);
      if (row === undefined) break;
      archiveId = row[0];
      if (row[2].length > 0) names.push(row[2]);
      at = row[1];
      base = places.get(at);
    }
    const path = names.reduceRight<Uint8Array>((above, name) => joinPath(above, name), base?.path ?? emptyName);
    const found = { archiveId, path };
    makeRoom(places);
    places.set(id, found);
    return found;
  };

  const forget = (): void => {
    ids.clear();
    places.clear();
  };

  return { intern, find, root, place, forget };
}

const emptyName = new Uint8Array(0);

function makeRoom(remembered: Map<unknown, unknown>): void {
  if (remembered.size >= rememberedLimit) remembered.clear();
}
