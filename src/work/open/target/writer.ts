import { closeSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import {
  createFileAt,
  type DirectoryItem,
  examineAt,
  linkAt,
  makeDirectoryAt,
  makeNodeAt,
  openDirectory,
  renameAt,
  symlinkAt,
  unlinkAt,
} from "posix-entries";
import type { TarEntry } from "../../../formats/tar/index.ts";
import { printable, type RandomBytes, type Severity, StrongroomError, uuid } from "../../../words/index.ts";
import type { FileWriter, TargetOptions, TargetSummary, TreeWriter } from "./contract.ts";
import { OpenDirectories } from "./directories.ts";
import { makeDurable } from "./durable.ts";
import { TargetFile, throwIfFull } from "./file.ts";
import { existsAlready, LeftOut } from "./left-out.ts";
import { Metadata } from "./metadata.ts";
import { componentsOf } from "./path.ts";
import { maySetOwners } from "./privilege.ts";

const typeMask = 0o170000;
const directoryType = 0o040000;
const newFileMode = 0o600;
const filesOpenMax = 64;
const nodeTypes = { fifo: 0o010000, "character-device": 0o020000, "block-device": 0o060000 } as const;

/** Where an entry goes: a directory that is open, and the name in it. */
interface Place {
  readonly parent: readonly Buffer[];
  readonly name: Buffer;
}

/**
 * Opens a directory as the target of a restore. It must exist; links in its path are the operator's own.
 * @throws StrongroomError TARGET_MISSING
 */
export function openTarget(directory: Uint8Array | string, random: RandomBytes, options: TargetOptions = {}): TreeWriter {
  const named = typeof directory === "string" ? directory : Buffer.from(directory);
  try {
    const resolved = realpathSync(named, "buffer");
    return new Target(resolved, openDirectory(resolved), random, options);
  } catch (cause) {
    if (cause instanceof StrongroomError) throw cause;
    throw new StrongroomError(
      "missing",
      "TARGET_MISSING",
      `the target ${printable(named)} is not a directory that can be opened; nothing was restored`,
      {
        severity: "fatal",
        hint: "make the directory, or name another one",
        cause,
      },
    );
  }
}

class Target implements TreeWriter {
  readonly #path: Buffer;
  readonly #rootFd: number;
  readonly #temporaryPrefix: string;
  readonly #existing: NonNullable<TargetOptions["existing"]>;
  readonly #privileged: boolean;
  readonly #options: TargetOptions;
  readonly #directories: OpenDirectories;
  readonly #metadata: Metadata;
  readonly #files = new Set<TargetFile>();
  readonly #waitingLinks: TarEntry[] = [];
  readonly #waitingDirectories: { readonly components: readonly Buffer[]; readonly entry: TarEntry }[] = [];
  #temporaryNames = 0;
  #made = 0;
  #leftOut = 0;

  constructor(path: Buffer, rootFd: number, random: RandomBytes, options: TargetOptions) {
    this.#path = path;
    this.#rootFd = rootFd;
    this.#temporaryPrefix = `.strongroom-${uuid(random)}-`;
    this.#options = options;
    this.#existing = options.existing ?? "refuse";
    this.#privileged = options.privileged ?? maySetOwners();
    this.#directories = new OpenDirectories(rootFd);
    const policy = { ownerBy: options.ownerBy ?? "name", privileged: this.#privileged };
    this.#metadata = new Metadata(policy, (...notice) => {
      this.#note(...notice);
    });
  }

  add(entry: TarEntry): "made" | "left-out" {
    if (entry.type === "file") return this.beginFile(entry)?.complete() === true ? "made" : "left-out";
    return this.#attempt(entry, () => this.#make(entry)) ? "made" : "left-out";
  }

  beginFile(entry: TarEntry): FileWriter | undefined {
    if (this.#files.size >= filesOpenMax) {
      throw new StrongroomError(
        "internal",
        "FILES_OPEN",
        `more than ${String(filesOpenMax)} files of a restore are open at once`,
      );
    }
    let file: TargetFile | undefined;
    this.#attempt(entry, () => {
      file = this.#begin(entry);
      return "waiting";
    });
    return file;
  }

  finish(): TargetSummary {
    try {
      for (const file of [...this.#files]) file.abandon();
      for (const entry of this.#waitingLinks) this.#attempt(entry, () => this.#makeLink(entry, false));
      this.#waitingDirectories.sort((a, b) => b.components.length - a.components.length);
      for (const { components, entry } of this.#waitingDirectories) this.#finishDirectory(components, entry);
      makeDurable(this.#rootFd);
    } finally {
      this.#close();
    }
    return { made: this.#made, leftOut: this.#leftOut };
  }

  abandon(): void {
    for (const file of [...this.#files]) file.abandon();
    this.#close();
  }

  #close(): void {
    this.#directories.close();
    closeSync(this.#rootFd);
  }

  #note(severity: Severity, code: string, path: Uint8Array, text: string): void {
    this.#options.notice?.({ severity, code, text, path });
  }

  /** Runs what makes one entry; whatever goes wrong is this entry's notice. */
  #attempt(entry: TarEntry, act: () => "made" | "waiting"): boolean {
    try {
      if (act() === "made") this.#made += 1;
      return true;
    } catch (error) {
      throwIfFull(error);
      if (error instanceof StrongroomError) throw error;
      this.#leftOut += 1;
      if (error instanceof LeftOut) {
        this.#note(error.severity, error.code, entry.path, `${printable(entry.path)}: ${error.message}`);
      } else this.#noteSystemError(entry, error);
      return false;
    }
  }

  #noteSystemError(entry: TarEntry, error: unknown): void {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === undefined) throw error;
    const through = reason === "ELOOP" || reason === "ENOTDIR";
    const text = through
      ? "its path leads through a link or a file; it was not restored"
      : `could not be made (${reason}); it was not restored`;
    this.#note("err", through ? "PATH_THROUGH_LINK" : "ENTRY_NOT_MADE", entry.path, `${printable(entry.path)}: ${text}`);
  }

  #place(path: Uint8Array): Place | undefined {
    const components = componentsOf(path);
    if (typeof components === "string") {
      const texts = {
        PATH_LEAVES_TARGET: "its path leads out of the target; it was not restored",
        PATH_INVALID: "its path is no path; it was not restored",
        PATH_TOO_LONG: "its path is longer than a file system takes; it was not restored",
      };
      throw new LeftOut("err", components, texts[components]);
    }
    return components.length === 0 ? undefined : { parent: components.slice(0, -1), name: components.at(-1)! };
  }

  #placeBelow(path: Uint8Array): Place {
    const place = this.#place(path);
    if (!place) throw new LeftOut("err", "PATH_INVALID", "it would take the place of the target itself; it was not restored");
    return place;
  }

  #make(entry: TarEntry): "made" | "waiting" {
    switch (entry.type) {
      case "directory":
        return this.#makeDirectory(entry);
      case "hardlink":
        return this.#makeLink(entry, true);
      case "symlink":
        return this.#makeOther(entry, (fd, name) => {
          symlinkAt(entry.linkTarget ?? new Uint8Array(), fd, name);
        });
      case "fifo":
        return this.#makeOther(entry, (fd, name) => {
          makeNodeAt(fd, name, nodeTypes.fifo | newFileMode, 0, 0);
        });
      case "character-device":
      case "block-device":
        return this.#makeDevice(entry, nodeTypes[entry.type]);
      case "file":
        throw new StrongroomError("internal", "FILE_ADDED", "a file must be begun, not added");
    }
  }

  #makeDevice(entry: TarEntry, typeBits: number): "made" {
    const refused = (): LeftOut => new LeftOut("note", "DEVICE_LEFT_OUT", "only root can make devices; it was not restored");
    if (!this.#privileged) throw refused();
    const { major, minor } = entry.device ?? { major: 0, minor: 0 };
    return this.#makeOther(entry, (fd, name) => {
      try {
        makeNodeAt(fd, name, typeBits | newFileMode, major, minor);
      } catch (error) {
        // Who may give owners need not have this right of root's, as in most containers.
        throw (error as NodeJS.ErrnoException).code === "EPERM" ? refused() : error;
      }
    });
  }

  #makeDirectory(entry: TarEntry): "waiting" | "made" {
    const place = this.#place(entry.path);
    if (!place) {
      this.#waitingDirectories.push({ components: [], entry });
      return "made";
    }
    const components = [...place.parent, place.name];
    const parentFd = this.#directories.open(place.parent, true);
    const now = examineAt(parentFd, place.name);
    if (now && (now.mode & typeMask) !== directoryType) {
      this.#agreeToReplace(now, entry);
      unlinkAt(parentFd, place.name, false);
    }
    if (!now || (now.mode & typeMask) !== directoryType) makeDirectoryAt(parentFd, place.name, 0o700);
    this.#waitingDirectories.push({ components, entry });
    return "made";
  }

  /** Under a temporary name first, so that what has the final name also has its metadata. */
  #makeOther(entry: TarEntry, create: (directoryFd: number, name: Buffer) => void): "made" {
    const place = this.#placeBelow(entry.path);
    const fd = this.#directories.open(place.parent, true);
    const now = examineAt(fd, place.name);
    if (now) this.#agreeToReplace(now, entry);
    const temporaryName = this.#temporaryName();
    create(fd, temporaryName);
    this.#metadata.apply(fd, temporaryName, entry);
    this.#renameOrRemove(fd, temporaryName, place.name);
    return "made";
  }

  #renameOrRemove(fd: number, temporaryName: Buffer, name: Buffer): void {
    try {
      this.#rename(fd, temporaryName, name);
    } catch (error) {
      unlinkAt(fd, temporaryName, false);
      throw error;
    }
  }

  /**
   * A link to another entry below the target. linkat does not follow, so even a target that is a symlink only gets one more
   * name. It has
   * the metadata of the file that it is.
   */
  #makeLink(entry: TarEntry, mayWait: boolean): "made" | "waiting" {
    const place = this.#placeBelow(entry.path);
    const target = this.#placeBelow(entry.linkTarget ?? new Uint8Array());
    const item = this.#linkTarget(target);
    if (!item) {
      if (!mayWait) {
        throw new LeftOut(
          "err",
          "LINK_TARGET_MISSING",
          `${printable(entry.linkTarget ?? "")}, which it is a link to, is not there`,
        );
      }
      this.#waitingLinks.push(entry);
      return "waiting";
    }
    if ((item.mode & typeMask) === directoryType) {
      throw new LeftOut("err", "LINK_TO_DIRECTORY", "it is a hard link to a directory; it was not restored");
    }
    return this.#directories.holding(target.parent, (fromFd) => {
      const fd = this.#directories.open(place.parent, true);
      const now = examineAt(fd, place.name);
      if (now?.inode === item.inode && now.device === item.device) return "made";
      if (now) this.#agreeToReplace(now, entry);
      const temporaryName = this.#temporaryName();
      linkAt(fromFd, target.name, fd, temporaryName);
      this.#renameOrRemove(fd, temporaryName, place.name);
      return "made";
    });
  }

  #linkTarget(target: Place): DirectoryItem | undefined {
    try {
      return examineAt(this.#directories.open(target.parent, false), target.name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #begin(entry: TarEntry): TargetFile {
    const place = this.#placeBelow(entry.path);
    const fd = this.#directories.open(place.parent, true);
    const now = examineAt(fd, place.name);
    if (now) this.#agreeToReplace(now, entry);
    const temporaryName = this.#temporaryName();
    const file: TargetFile = new TargetFile(
      entry,
      createFileAt(fd, temporaryName, newFileMode),
      temporaryName,
      {
        within: (act) => act(this.#directories.open(place.parent, false)),
        settle: (name) => this.#attempt(entry, () => this.#settle(entry, place, name)),
        closed: () => {
          this.#files.delete(file);
        },
      },
      (...notice) => {
        this.#leftOut += 1;
        this.#note(...notice);
      },
    );
    this.#files.add(file);
    return file;
  }

  #settle(entry: TarEntry, place: Place, temporaryName: Buffer): "made" {
    const fd = this.#directories.open(place.parent, false);
    // Under `refuse` the renaming itself sees what came meanwhile.
    const now = this.#existing === "refuse" ? undefined : examineAt(fd, place.name);
    if (now) this.#agreeToReplace(now, entry);
    this.#metadata.apply(fd, temporaryName, entry);
    this.#rename(fd, temporaryName, place.name);
    return "made";
  }

  /** Between the look and the renaming somebody may have made that name: then `refuse` still replaces nothing. */
  #rename(fd: number, temporaryName: Buffer, name: Buffer): void {
    try {
      renameAt(fd, temporaryName, fd, name, this.#existing !== "refuse");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw existsAlready();
      throw error;
    }
  }

  /** Returns when what is there may be replaced. */
  #agreeToReplace(now: DirectoryItem, entry: TarEntry): void {
    if (this.#existing === "refuse") throw existsAlready();
    if ((now.mode & typeMask) === directoryType) {
      throw new LeftOut("err", "DIRECTORY_IN_THE_WAY", "a directory has its name; it was not restored");
    }
    if (this.#existing === "keep-newer" && now.mtimeNs > entry.mtimeNs) {
      throw new LeftOut("note", "NEWER_KEPT", "what is there is newer and was kept");
    }
  }

  /** A part that nobody can foretell, drawn once, and a number: two restores into one directory never meet. */
  #temporaryName(): Buffer {
    this.#temporaryNames += 1;
    return Buffer.from(`${this.#temporaryPrefix}${String(this.#temporaryNames)}`);
  }

  #finishDirectory(components: readonly Buffer[], entry: TarEntry): void {
    try {
      if (components.length === 0) this.#finishRoot(entry);
      else {
        const fd = this.#directories.open(components.slice(0, -1), false);
        const now = examineAt(fd, components.at(-1)!);
        // Swapped meanwhile: what is there now is not ours to change.
        if (now && (now.mode & typeMask) === directoryType) this.#metadata.apply(fd, components.at(-1)!, entry);
      }
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
      this.#note(
        "warn",
        "DIRECTORY_METADATA",
        entry.path,
        `${printable(entry.path)}: its owner, mode and time could not be restored (${reason})`,
      );
    }
  }

  /** Metadata calls name an entry in its directory, so the target is reached from its parent; `/` itself is left as it is. */
  #finishRoot(entry: TarEntry): void {
    const path = this.#path.toString("latin1");
    if (path === "/") return;
    const parentFd = openDirectory(Buffer.from(dirname(path), "latin1"));
    try {
      this.#metadata.apply(parentFd, Buffer.from(basename(path), "latin1"), entry);
    } finally {
      closeSync(parentFd);
    }
  }
}
