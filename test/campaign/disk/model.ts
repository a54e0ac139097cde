import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DiskEvent } from "./log.ts";

/**
 * A disk with a write cache, as POSIX leaves it: what was written is there for sure when its file was synced, and a name when its folder was. Everything else is
 * pending, and a power cut leaves any part of it. A rename is one thing on one journal: there as a whole or not at all.
 */
export interface PendingWrite {
  readonly kind: "write";
  readonly order: number;
  readonly offset: number;
  readonly data: Uint8Array;
}

export interface PendingTruncate {
  readonly kind: "truncate";
  readonly order: number;
  readonly sizeBytes: number;
}

export type PendingData = PendingWrite | PendingTruncate;

export interface FileNode {
  readonly kind: "file";
  mode: number;
  durable: Buffer;
  pending: PendingData[];
}

export interface FolderNode {
  readonly kind: "folder";
  readonly mode: number;
  readonly durable: Map<string, DiskNode>;
  readonly now: Map<string, DiskNode>;
  pending: PendingNames[];
}

export type DiskNode = FileNode | FolderNode;

/** What one call did to names: each a name of a folder, and what it stands for afterwards. */
export interface PendingNames {
  readonly order: number;
  readonly changes: readonly { readonly folder: FolderNode; readonly name: string; readonly node: DiskNode | undefined }[];
}

export function newFolder(mode = 0o700): FolderNode {
  return { kind: "folder", mode, durable: new Map(), now: new Map(), pending: [] };
}

export class ModelDisk {
  readonly root = newFolder();
  readonly #inodes = new Map<bigint, FileNode>();
  #order = 0;

  apply(event: DiskEvent): void {
    this.#order += 1;
    switch (event.kind) {
      case "create": this.#create(event); break;
      case "open": this.#inodes.set(event.inode, this.#file(event.path)); break;
      case "write": this.#inode(event).pending.push({ kind: "write", order: this.#order, offset: event.offset, data: event.data }); break;
      case "truncate": this.#inode(event).pending.push({ kind: "truncate", order: this.#order, sizeBytes: event.sizeBytes }); break;
      case "rename": this.#names([{ path: event.path, node: undefined }, { path: event.to, node: this.#node(event.path) }]); break;
      case "link": this.#names([{ path: event.to, node: this.#node(event.path) }]); break;
      case "unlink": this.#names([{ path: event.path, node: undefined }]); break;
      case "mkdir": this.#names([{ path: event.path, node: newFolder(event.mode & 0o777) }]); break;
      case "sync": syncFile(this.#inode(event)); break;
      case "sync-folder": syncNames(this.#folder(event.path)); break;
      case "sync-all": this.#syncBelow(event.path.split("/")[0]!); break;
      case "chmod": this.#chmod(event); break;
      case "read": break;
    }
  }

  #syncBelow(name: string): void {
    const visit = (node: DiskNode): void => {
      if (node.kind === "file") syncFile(node);
      else {
        syncNames(node);
        for (const below of node.now.values()) visit(below);
      }
    };
    syncNames(this.root, name);
    const found = this.root.now.get(name);
    if (found) visit(found);
  }

  #create({ path, inode, mode }: DiskEvent & { kind: "create" | "open" }): void {
    const file: FileNode = { kind: "file", mode: mode & 0o777, durable: Buffer.alloc(0), pending: [] };
    this.#inodes.set(inode, file);
    this.#names([{ path, node: file }]);
  }

  #names(changes: readonly { readonly path: string; readonly node: DiskNode | undefined }[]): void {
    const all = changes.map(({ path, node }) => ({ folder: this.#folder(dirname(path)), name: basename(path), node }));
    const names: PendingNames = { order: this.#order, changes: all };
    for (const { folder, name, node } of all) {
      put(folder.now, name, node);
      if (!folder.pending.includes(names)) folder.pending.push(names);
    }
  }

  #chmod({ path, mode }: DiskEvent & { kind: "chmod" }): void {
    const node = this.#node(path);
    if (node.kind === "file") node.mode = mode & 0o777;
  }

  #node(path: string): DiskNode {
    let node: DiskNode = this.root;
    for (const name of path === "." || path === "" ? [] : path.split("/")) {
      const next: DiskNode | undefined = node.kind === "folder" ? node.now.get(name) : undefined;
      if (!next) throw new Error(`the log names ${path}, which is not there`);
      node = next;
    }
    return node;
  }

  #folder(path: string): FolderNode {
    const node = this.#node(path);
    if (node.kind !== "folder") throw new Error(`${path} is no folder`);
    return node;
  }

  #file(path: string): FileNode {
    const node = this.#node(path);
    if (node.kind !== "file") throw new Error(`${path} is no file`);
    return node;
  }

  #inode({ inode, path }: { readonly inode: bigint; readonly path: string }): FileNode {
    const file = this.#inodes.get(inode);
    if (!file) throw new Error(`the log writes to ${path}, which it never opened`);
    return file;
  }
}

export function put(names: Map<string, DiskNode>, name: string, node: DiskNode | undefined): void {
  if (node) names.set(name, node);
  else names.delete(name);
}

/** What a file holds when these of its writes have reached the disk. */
export function contentOf(durable: Buffer, writes: readonly PendingData[]): Buffer {
  let sizeBytes = durable.length;
  let mostBytes = sizeBytes;
  for (const one of writes) {
    sizeBytes = one.kind === "truncate" ? one.sizeBytes : Math.max(sizeBytes, one.offset + one.data.length);
    mostBytes = Math.max(mostBytes, sizeBytes);
  }
  if (writes.length === 0) return durable;
  const content = Buffer.alloc(mostBytes);
  durable.copy(content);
  for (const one of writes) {
    if (one.kind === "truncate") content.fill(0, one.sizeBytes);
    else content.set(one.data, one.offset);
  }
  return content.subarray(0, sizeBytes);
}

function syncFile(file: FileNode): void {
  file.durable = contentOf(file.durable, file.pending);
  file.pending = [];
}

/** `only`: what concerns this name alone. */
function syncNames(folder: FolderNode, only?: string): void {
  for (const names of [...folder.pending]) {
    if (only !== undefined && !names.changes.some((change) => change.folder === folder && change.name === only)) continue;
    for (const { folder: where, name, node } of names.changes) {
      put(where.durable, name, node);
      where.pending = where.pending.filter((other) => other !== names);
    }
  }
}

/** A tree as it is to lie on a real disk. */
export interface PlainFolder {
  readonly mode: number;
  readonly folders: ReadonlyMap<string, PlainFolder>;
  readonly files: ReadonlyMap<string, { readonly mode: number; readonly content: Uint8Array }>;
}

/** Makes the tree below `path`, in place of whatever is there. */
export function layOut(tree: PlainFolder, path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  for (const [name, { mode, content }] of tree.files) {
    writeFileSync(join(path, name), content);
    chmodSync(join(path, name), mode);
  }
  for (const [name, folder] of tree.folders) layOut(folder, join(path, name));
  chmodSync(path, tree.mode);
}
