import { StrongroomError, printable } from "../../words/index.ts";

const slash = 0x2f;
const dot = 0x2e;

/** The root of an archive: what its path `.` is stored under. Sorts before every name. */
export const rootName = new Uint8Array(0);

export function isRoot(path: Uint8Array): boolean {
  return path.length === 1 && path[0] === dot;
}

/** Where the last component of a path begins; 0 for a path of one component. */
export function nameStart(path: Uint8Array): number {
  return path.lastIndexOf(slash) + 1;
}

/** The directories and the name that lead to a path from the root of its archive; none lead to the root itself. */
export function components(path: Uint8Array): readonly Uint8Array[] {
  return isRoot(path) ? [] : splitNames(path);
}

/** `usr/share/doc` → its three parts, whatever they are: what is only searched for need not be a path that can be stored. */
export function splitNames(path: Uint8Array): readonly Uint8Array[] {
  const names: Uint8Array[] = [];
  let start = 0;
  for (let slashAt = path.indexOf(slash); slashAt >= 0; slashAt = path.indexOf(slash, start)) {
    names.push(path.subarray(start, slashAt));
    start = slashAt + 1;
  }
  names.push(path.subarray(start));
  return names;
}

/** A path component as it may be stored: neither empty, nor `.`, nor `..`; our walk and our tar reader yield no such thing. */
export function checkedName(name: Uint8Array, path: Uint8Array): Uint8Array {
  const harmless = name.length > 2 || (name.length > 0 && name.some((byte) => byte !== dot));
  if (harmless && !name.includes(0)) return name;
  throw new StrongroomError("internal", "PATH_INVALID", `not a path of an archive: ${printable(path)}`);
}

export function joinPath(directory: Uint8Array, name: Uint8Array): Uint8Array {
  if (directory.length === 0) return name.length === 0 ? Uint8Array.of(dot) : name;
  const path = new Uint8Array(directory.length + 1 + name.length);
  path.set(directory);
  path[directory.length] = slash;
  path.set(name, directory.length + 1);
  return path;
}

/** The smallest byte string behind all that begin with `prefix`; undefined when there is none. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return undefined;
  // Not slice: that of a Buffer is a view, and the caller's prefix must stay as it is.
  const end = new Uint8Array(prefix.subarray(0, last + 1));
  end[last] = end[last]! + 1;
  return end;
}
