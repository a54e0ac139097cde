/**
 * The POSIX calls that an archiver needs and Node lacks. Everything is synchronous; paths are bytes without NUL; a failing call
 * throws an
 * Error with `code` (`ENOENT`), `errno` (negative, as Node has it) and `syscall`, and no other state is changed.
 * Calls that read a source take paths of any length (beyond PATH_MAX too) and refuse a symlink in ANY component with ELOOP: a
 * directory
 * swapped for a link cannot make the archive read something else. So resolve the source's root first.
 * `directoryFd` arguments take a directory's descriptor; every `name` is then one path component, never followed when it is a
 * symlink,
 * so that nobody can lead a restore outside its target by swapping a directory for a link.
 */

/** One name of a directory with all that lstat and the attribute list tell. */
export interface DirectoryItem {
  /** Shares memory with the other names of the same listing; copy it to keep it for long. */
  readonly name: Uint8Array;
  /** st_mode, type bits included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  readonly device: bigint;
  readonly links: number;
  /** Of a device node. */
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** 512-byte blocks in use: fewer than the size needs means holes. */
  readonly blocks: number;
  /** True when llistxattr named at least one attribute (POSIX ACLs are attributes too). */
  readonly hasXattrs: boolean;
  /** errno name when the name was listed but could not be examined; the numbers are then 0. */
  readonly error?: string;
}

/**
 * Everything in a directory but `.` and `..`, sorted by bytes: one call for readdir, lstat and the attribute lists. About 120
 * bytes a name.
 */
export function readDirectory(path: Uint8Array): DirectoryItem[];
/** lstat of one path; `name` is the path itself. */
export function examine(path: Uint8Array): DirectoryItem;

export interface Xattr {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}
/** All attributes that this process may read, of a symlink itself; empty where the file system has none. */
export function readXattrs(path: Uint8Array): Xattr[];
/** Where a symlink points. */
export function readLink(path: Uint8Array): Uint8Array;
/**
 * The data extents of an open file by SEEK_DATA and SEEK_HOLE; one extent over the whole file where the file system cannot tell.
 * At most 65,536: the last one then reaches to the end. The descriptor's own offset is 0 afterwards.
 */
export function dataExtents(fd: number, sizeBytes: number): { readonly offsetBytes: number; readonly lengthBytes: number }[];

/**
 * Reads a whole small file in one call: opens it as openForReading does, fills `target`, which has the size the file should have, and answers true when
 * the file was, before and after, the regular file that is expected. False for whatever else: then `target` says nothing, and the calls below tell why.
 * `expected` are 24 bytes in the machine's byte order: inode, mtime and ctime in nanoseconds, as eight bytes each.
 */
export function readUnchanged(path: Uint8Array, target: Uint8Array, expected: Uint8Array): boolean;
/** Opens for reading: O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_NONBLOCK, and O_NOATIME where permitted. */
export function openForReading(path: Uint8Array): number;
/** Whether an open descriptor's file changed since it was examined. */
export function examineFd(fd: number): Omit<DirectoryItem, "name" | "hasXattrs">;

/** Names of users and groups through NSS (getpwuid_r and the like); undefined when there is none. */
export function userName(uid: number): string | undefined;
export function groupName(gid: number): string | undefined;
export function userId(name: string): number | undefined;
export function groupId(name: string): number | undefined;

/**
 * Opens a directory: O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC. The first form is for the target's root, which the operator named: links
 * before it are followed.
 */
export function openDirectory(path: Uint8Array): number;
export function openDirectoryAt(directoryFd: number, name: Uint8Array): number;
export function makeDirectoryAt(directoryFd: number, name: Uint8Array, mode: number): void;
/** O_CREAT|O_EXCL|O_RDWR|O_NOFOLLOW. */
export function createFileAt(directoryFd: number, name: Uint8Array, mode: number): number;
/** O_RDWR|O_NOFOLLOW on what exists, refused unless a regular file. */
export function openFileAt(directoryFd: number, name: Uint8Array): number;
export function symlinkAt(target: Uint8Array, directoryFd: number, name: Uint8Array): void;
export function linkAt(fromDirectoryFd: number, fromName: Uint8Array, directoryFd: number, name: Uint8Array): void;
/** renameat2: without `replace`, EEXIST when the new name is taken. */
export function renameAt(
  fromDirectoryFd: number,
  fromName: Uint8Array,
  directoryFd: number,
  name: Uint8Array,
  replace: boolean,
): void;
/** mknodat: `mode` carries the type bits (S_IFIFO, S_IFCHR, S_IFBLK). */
export function makeNodeAt(directoryFd: number, name: Uint8Array, mode: number, major: number, minor: number): void;
export function unlinkAt(directoryFd: number, name: Uint8Array, isDirectory: boolean): void;
/** Undefined when there is nothing of that name. */
export function examineAt(directoryFd: number, name: Uint8Array): DirectoryItem | undefined;
/** lchown, never following. */
export function changeOwnerAt(directoryFd: number, name: Uint8Array, uid: number, gid: number): void;
/** chmod of anything but a symlink; a symlink in its place is an ELOOP error. */
export function changeModeAt(directoryFd: number, name: Uint8Array, mode: number): void;
/** Sets access and modification time to the nanosecond, never following. Where the file system cannot hold it, its nearest. */
export function setTimesAt(directoryFd: number, name: Uint8Array, mtimeNs: bigint): void;
export function setXattrAt(directoryFd: number, name: Uint8Array, attribute: Uint8Array, value: Uint8Array): void;
/** False when there was none, or the file system has none. */
export function removeXattrAt(directoryFd: number, name: Uint8Array, attribute: Uint8Array): boolean;

/**
 * flock(2): exclusive, not waiting; false when somebody else holds it. The kernel lets go when the process ends, however it ends.
 */
export function tryLock(fd: number): boolean;
export function unlock(fd: number): void;
/** Free bytes for unprivileged users on the file system of an open descriptor (fstatvfs). */
export function freeBytes(fd: number): number;
/**
 * syncfs(2): returns when all of the file system of an open descriptor is on its disk, also what others wrote. Throws what could not be written since
 * the descriptor was opened (EIO, ENOSPC, EDQUOT; Linux 5.8 and later).
 */
export function syncFileSystem(fd: number): void;
