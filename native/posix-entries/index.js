import { createRequire } from "node:module";
import { unpackListing, unpackOne } from "./records.js";

const calls = load();

function load() {
  try {
    return createRequire(import.meta.url)("./build/posix-entries.node");
  } catch (cause) {
    const error = new Error("posix-entries is not built for this machine; run: npm rebuild posix-entries", { cause });
    error.code = "POSIX_ENTRIES_NOT_BUILT";
    throw error;
  }
}

export const readDirectory = (path) => unpackListing(calls.readDirectory(path), calls.errnoName);
export const examine = (path) => unpackOne(calls.examine(path), path);

export function examineAt(directoryFd, name) {
  const record = calls.examineAt(directoryFd, name);
  return record === undefined ? undefined : unpackOne(record, name);
}

export function examineFd(fd) {
  const facts = unpackOne(calls.examineFd(fd), undefined);
  delete facts.name;
  delete facts.hasXattrs;
  return facts;
}

export function readXattrs(path) {
  const flat = calls.readXattrs(path);
  const xattrs = [];
  for (let at = 0; at < flat.length; at += 2) xattrs.push({ name: flat[at], value: flat[at + 1] });
  return xattrs;
}

export function dataExtents(fd, sizeBytes) {
  const flat = calls.dataExtents(fd, sizeBytes);
  const extents = [];
  for (let at = 0; at < flat.length; at += 2) extents.push({ offsetBytes: flat[at], lengthBytes: flat[at + 1] });
  return extents;
}

const encoder = new TextEncoder();
export const userId = (name) => accountId(calls.userId, name);
export const groupId = (name) => accountId(calls.groupId, name);

/** No account has such a name, so there is nothing to ask the machine. */
function accountId(ask, name) {
  const bytes = encoder.encode(name);
  return bytes.length === 0 || bytes.length > 255 || bytes.includes(0) ? undefined : ask(bytes);
}

const nanosecondsOfSecond = 1_000_000_000n;

export function setTimesAt(directoryFd, name, mtimeNs) {
  const nanoseconds = ((mtimeNs % nanosecondsOfSecond) + nanosecondsOfSecond) % nanosecondsOfSecond;
  calls.setTimesAt(directoryFd, name, Number((mtimeNs - nanoseconds) / nanosecondsOfSecond), Number(nanoseconds));
}

export const {
  openForReading,
  readUnchanged,
  readLink,
  userName,
  groupName,
  openDirectory,
  openDirectoryAt,
  makeDirectoryAt,
  createFileAt,
  openFileAt,
  symlinkAt,
  linkAt,
  renameAt,
  makeNodeAt,
  unlinkAt,
  changeOwnerAt,
  changeModeAt,
  setXattrAt,
  removeXattrAt,
  tryLock,
  unlock,
  freeBytes,
  syncFileSystem,
} = calls;
