import { closeSync, realpathSync } from "node:fs";
import {
  dataExtents,
  type DirectoryItem,
  examine,
  examineFd,
  openForReading,
  readDirectory,
  readLink,
  readXattrs,
} from "posix-entries";
import {
  aclAccessAttribute,
  aclDefaultAttribute,
  aclToText,
  type DataExtent,
  type EntryType,
  type ExtendedAttribute,
  type TarEntry,
} from "../../formats/tar/index.ts";
import { printable, type Severity, StrongroomError } from "../../words/index.ts";
import { AccountNames } from "./accounts.ts";
import { mayBeSparse, typeOf } from "./item.ts";
import { LinkGroups } from "./links.ts";
import { compileExclusion, type Exclusion } from "./patterns.ts";

/** An entry as it stood when the walk met it, with what a later look must find again. */
export interface WalkedEntry {
  /** `path` is below the walk's prefix: what the archive calls it. */
  readonly entry: TarEntry;
  /** Below the source's root; `.` is the root itself. */
  readonly sourcePath: Uint8Array;
  /** Where to read it: below the resolved root, no symlink on the way. */
  readonly absolutePath: Uint8Array;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  readonly device: bigint;
  readonly links: number;
  /** Directories: what is directly in it and will be walked, in order. Absent where it could not or was not to be listed. */
  readonly children?: readonly WalkedChild[];
}

/** A name of a directory with what a comparison needs. A later name of a file with several is still a `file` here. */
export interface WalkedChild {
  readonly name: Uint8Array;
  readonly type: EntryType;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

export interface WalkNotice {
  readonly severity: Severity;
  readonly code: string;
  readonly text: string;
  /** Below the source's root. */
  readonly sourcePath: Uint8Array;
}

export interface WalkOptions {
  /** Where the source stands in the archive's tree: empty for its top, else `name` or `a/b`. Default empty. */
  readonly prefix?: Uint8Array;
  /** See compileExclusion. */
  readonly exclude?: readonly string[];
  /** Leaves out what is mounted below the root: the mount point stays, as an empty directory. */
  readonly oneFileSystem?: boolean;
  /** What could not be read or is no entry. The walk goes on. */
  readonly notice?: (notice: WalkNotice) => void;
  /** Shared by the walks of one snapshot, so that hard links between sources are links in the archive. */
  readonly links?: LinkGroups;
}

interface Walk {
  readonly root: Buffer;
  readonly rootDevice: bigint;
  readonly prefix: Buffer;
  readonly excluded: Exclusion;
  readonly oneFileSystem: boolean;
  readonly notice: (severity: Severity, code: string, sourcePath: Uint8Array, text: string) => void;
  readonly links: LinkGroups;
  readonly accounts: AccountNames;
}

const dot = Buffer.from(".");
const slash = Buffer.from("/");
/** A chain of directories longer than this is a loop or an attack. */
const depthMax = 10_000;

/** The root of a source with every link in its path resolved: what the walk's absolute paths begin with. */
export function resolveRoot(root: Uint8Array | string): Uint8Array {
  try {
    return realpathSync(typeof root === "string" ? root : Buffer.from(root), "buffer");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    throw new StrongroomError(
      "missing",
      "SOURCE_MISSING",
      `the source ${printable(root)} cannot be read (${code}); nothing was archived`,
      {
        severity: "fatal",
        hint: "mount it, correct its path, or allow this user to read it",
        cause,
      },
    );
  }
}

/**
 * Lists a tree without reading content: lazily, depth first, a directory before what is in it, names in the order of their
 * bytes. The first
 * entry is the root, as `.` or as the prefix. Memory: the listings of the directories from the root to the present one, about
 * 400 bytes a name,
 * and the open link groups.
 *
 * An entry that vanishes meanwhile is left out without a word; one that cannot be examined is left out with a notice.
 * @throws StrongroomError SOURCE_MISSING when the root itself cannot be examined.
 */
export function* walkLocal(root: Uint8Array | string, options: WalkOptions = {}): Generator<WalkedEntry> {
  const resolved = Buffer.from(resolveRoot(root));
  const item = examineRoot(resolved);
  const walk: Walk = {
    root: resolved,
    rootDevice: item.device,
    prefix: Buffer.from(options.prefix ?? []),
    excluded: compileExclusion(options.exclude ?? []),
    oneFileSystem: options.oneFileSystem ?? false,
    notice: (severity, code, sourcePath, text) => options.notice?.({ severity, code, sourcePath, text }),
    links: options.links ?? new LinkGroups(),
    accounts: new AccountNames(),
  };
  yield* visit(walk, item);
}

function examineRoot(resolved: Buffer): DirectoryItem {
  try {
    const item = examine(resolved);
    const type = typeOf(item);
    if (type === "directory" || type === "file") return item;
  } catch (cause) {
    throw new StrongroomError(
      "missing",
      "SOURCE_MISSING",
      `the source ${printable(resolved)} cannot be examined; nothing was archived`,
      {
        severity: "fatal",
        hint: "mount it, correct its path, or allow this user to read it",
        cause,
      },
    );
  }
  throw new StrongroomError("usage", "SOURCE_NO_TREE", `the source ${printable(resolved)} is neither a directory nor a file`, {
    severity: "fatal",
    hint: "name a directory as the source",
  });
}

/** A directory on the way down, and how far its listing is done. */
interface Level {
  readonly items: readonly DirectoryItem[];
  readonly path: Buffer;
  next: number;
}

/** A stack of its own instead of recursion: each entry costs the same at any depth. */
function* visit(walk: Walk, rootItem: DirectoryItem): Generator<WalkedEntry> {
  const levels: Level[] = [{ items: [rootItem], path: dot, next: 0 }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const item = level.items[level.next];
    if (!item) {
      levels.pop();
      continue;
    }
    level.next += 1;
    const sourcePath = item === rootItem ? dot : childPath(level.path, item.name);
    const absolutePath = below(walk.root, sourcePath);
    const type = typeOf(item) as EntryType;
    const items = type === "directory" ? listed(walk, item, sourcePath, absolutePath, levels.length) : undefined;
    const walked = described(walk, item, type, sourcePath, absolutePath);
    if (walked) yield items ? { ...walked, children: items.map(childOf) } : walked;
    if (items) levels.push({ items, path: sourcePath, next: 0 });
  }
}

function childOf(item: DirectoryItem): WalkedChild {
  const { name, sizeBytes, mtimeNs, ctimeNs, inode } = item;
  // `listed` let through only what has a type and is no socket.
  const type = typeOf(item) as EntryType;
  return { name, type, sizeBytes: type === "file" ? sizeBytes : 0, mtimeNs, ctimeNs, inode };
}

/**
 * What is in a directory and will be walked; everything left out is noted here. Undefined when it was not listed, which is not
 * the same as empty.
 */
function listed(
  walk: Walk,
  item: DirectoryItem,
  sourcePath: Buffer,
  absolutePath: Buffer,
  depth: number,
): DirectoryItem[] | undefined {
  if (walk.oneFileSystem && item.device !== walk.rootDevice) {
    walk.notice(
      "note",
      "OTHER_FILE_SYSTEM",
      sourcePath,
      `${printable(sourcePath)} is another file system; its content is left out`,
    );
    return undefined;
  }
  if (depth >= depthMax) {
    walk.notice("err", "TREE_TOO_DEEP", sourcePath, `${printable(sourcePath)} is nested too deep; its content is left out`);
    return undefined;
  }
  let items: DirectoryItem[];
  try {
    items = readDirectory(absolutePath);
  } catch (error) {
    unreadable(walk, error, sourcePath, "DIRECTORY_UNREADABLE", "its content is left out");
    return undefined;
  }
  return items.filter((child) => wanted(walk, child, sourcePath));
}

function wanted(walk: Walk, child: DirectoryItem, parent: Buffer): boolean {
  const path = childPath(parent, child.name);
  const type = typeOf(child);
  if (walk.excluded(path, type === "directory")) return false;
  if (child.error !== undefined) {
    if (child.error !== "ENOENT") {
      walk.notice("err", "ENTRY_UNREADABLE", path, `${printable(path)} cannot be examined (${child.error}); it is left out`);
    }
    return false;
  }
  if (type === "socket") walk.notice("note", "SOCKET_LEFT_OUT", path, `${printable(path)} is a socket; it is left out`);
  else if (type === undefined) {
    walk.notice("err", "ENTRY_UNKNOWN", path, `${printable(path)} is of no known type; it is left out`);
  }
  return type !== "socket" && type !== undefined;
}

/** The entry with all that needs another call: link target, attributes, extents. Undefined when it vanished or cannot be read. */
function described(
  walk: Walk,
  item: DirectoryItem,
  type: EntryType,
  sourcePath: Buffer,
  absolutePath: Buffer,
): WalkedEntry | undefined {
  const path = archivePath(walk.prefix, sourcePath);
  const common = { sourcePath, absolutePath, ctimeNs: item.ctimeNs, inode: item.inode, device: item.device, links: item.links };
  const facts = {
    path,
    mode: item.mode & 0o7777,
    uid: item.uid,
    gid: item.gid,
    owner: walk.accounts.owner(item.uid),
    group: walk.accounts.group(item.gid),
    mtimeNs: item.mtimeNs,
    sizeBytes: 0,
  };
  const first = type === "directory" ? undefined : walk.links.meet(item, path);
  if (first) return { ...common, entry: { ...facts, type: "hardlink", linkTarget: first } };
  try {
    const details = {
      ...(type === "file" ? contentOf(item, absolutePath) : {}),
      ...(type === "symlink" ? { linkTarget: readLink(absolutePath) } : {}),
      ...(type.endsWith("-device") ? { device: { major: item.deviceMajor, minor: item.deviceMinor } } : {}),
      ...(item.hasXattrs ? attributesOf(absolutePath) : {}),
    };
    return { ...common, entry: { ...facts, type, ...details } };
  } catch (error) {
    walk.links.forget(item);
    unreadable(walk, error, sourcePath, "ENTRY_UNREADABLE", "it is left out");
    return undefined;
  }
}

/** Size, and the extents of a file with holes. A file that cannot be opened is left to the seal, which records why. */
function contentOf(item: DirectoryItem, absolutePath: Buffer): { sizeBytes: number; sparseMap?: readonly DataExtent[] } {
  const whole = { sizeBytes: item.sizeBytes };
  if (!mayBeSparse(item)) return whole;
  let fd: number;
  try {
    fd = openForReading(absolutePath);
  } catch {
    return whole;
  }
  try {
    const now = examineFd(fd);
    if (now.inode !== item.inode || now.device !== item.device) return whole;
    const extents = dataExtents(fd, item.sizeBytes);
    const dense = extents.length === 1 && extents[0]!.offsetBytes === 0 && extents[0]!.lengthBytes === item.sizeBytes;
    return dense ? whole : { ...whole, sparseMap: extents };
  } finally {
    closeSync(fd);
  }
}

function attributesOf(absolutePath: Buffer): Pick<TarEntry, "xattrs" | "aclAccess" | "aclDefault"> {
  const xattrs: ExtendedAttribute[] = [];
  const acls: { aclAccess?: string; aclDefault?: string } = {};
  for (const { name, value } of readXattrs(absolutePath)) {
    const text = Buffer.from(name).toString("latin1");
    if (text !== aclAccessAttribute && text !== aclDefaultAttribute) {
      xattrs.push({ name, value });
      continue;
    }
    const acl = aclToText(value);
    if (acl === undefined) continue;
    if (text === aclAccessAttribute) acls.aclAccess = acl;
    else acls.aclDefault = acl;
  }
  return xattrs.length > 0 ? { xattrs, ...acls } : acls;
}

function unreadable(walk: Walk, error: unknown, sourcePath: Buffer, code: string, consequence: string): void {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  if (reason === "ENOENT" && sourcePath !== dot) return;
  walk.notice("err", code, sourcePath, `${printable(sourcePath)} cannot be read (${reason}); ${consequence}`);
}

function childPath(parent: Buffer, name: Uint8Array): Buffer {
  return parent === dot ? Buffer.from(name) : Buffer.concat([parent, slash, name]);
}

function below(root: Buffer, sourcePath: Buffer): Buffer {
  if (sourcePath === dot) return root;
  return root.length === 1 ? Buffer.concat([root, sourcePath]) : Buffer.concat([root, slash, sourcePath]);
}

function archivePath(prefix: Buffer, sourcePath: Buffer): Buffer {
  if (prefix.length === 0) return sourcePath;
  return sourcePath === dot ? prefix : Buffer.concat([prefix, slash, sourcePath]);
}
