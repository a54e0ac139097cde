import { type Draw, drawFrom } from "../frame/draw.ts";
import { contentOf, type DiskNode, type FileNode, type FolderNode, type ModelDisk, type PendingData, type PendingNames, type PlainFolder, put } from "./model.ts";

/**
 * What of the pending a power cut leaves: nothing, everything, names in order up to a moment with data of their files as it comes (a journal of metadata), or anything
 * of anything (a disk without one).
 */
export const cuts = ["nothing", "everything", "journal", "anything"] as const;
export type Cut = (typeof cuts)[number];

const pageBytes = 4096;
const sectorBytes = 512;

/** The disk after the cut. The same disk, cut and seed give the same tree. */
export function cutPower(disk: ModelDisk, cut: Cut, seed: string): PlainFolder {
  const draw = drawFrom(seed);
  const keepsNames = nameKeeper(disk, cut, draw);
  const files = new Map<FileNode, Buffer>();
  const names = namesAfter(disk.root, keepsNames);
  const plain = (folder: FolderNode): PlainFolder => {
    const there = [...names.get(folder) ?? folder.durable];
    return {
      mode: folder.mode,
      folders: new Map(there.flatMap(([name, node]) => (node.kind === "folder" ? [[name, plain(node)] as const] : []))),
      files: new Map(there.flatMap(([name, node]) => (node.kind === "file" ? [[name, { mode: node.mode, content: fileAfter(node) }] as const] : []))),
    };
  };
  const fileAfter = (file: FileNode): Buffer => {
    const known = files.get(file) ?? contentAfter(file, cut, draw);
    files.set(file, known);
    return known;
  };
  return plain(disk.root);
}

type NameKeeper = (names: PendingNames) => boolean;

function nameKeeper(disk: ModelDisk, cut: Cut, draw: Draw): NameKeeper {
  if (cut === "nothing") return () => false;
  if (cut === "everything") return () => true;
  const pending = allPending(disk.root);
  if (cut === "journal") {
    const upTo = pending.length === 0 ? 0 : draw.below(pending.length + 1);
    const kept = new Set(pending.slice(0, upTo));
    return (names) => kept.has(names);
  }
  const kept = new Set(pending.filter(() => draw.below(2) === 0));
  return (names) => kept.has(names);
}

/** Every pending change of names, each once, in order. */
function allPending(root: FolderNode): readonly PendingNames[] {
  const found = new Set<PendingNames>();
  for (const folder of foldersOf(root)) for (const names of folder.pending) found.add(names);
  return [...found].sort((one, other) => one.order - other.order);
}

/** All folders that are, were, or may be there. */
function foldersOf(root: FolderNode): ReadonlySet<FolderNode> {
  const found = new Set<FolderNode>();
  const visit = (node: DiskNode | undefined): void => {
    if (node?.kind !== "folder" || found.has(node)) return;
    found.add(node);
    for (const below of [...node.durable.values(), ...node.now.values()]) visit(below);
    for (const names of node.pending) for (const change of names.changes) visit(change.node);
  };
  visit(root);
  return found;
}

function namesAfter(root: FolderNode, keeps: NameKeeper): ReadonlyMap<FolderNode, ReadonlyMap<string, DiskNode>> {
  const after = new Map([...foldersOf(root)].map((folder) => [folder, new Map(folder.durable)]));
  for (const names of allPending(root)) {
    if (keeps(names)) for (const { folder, name, node } of names.changes) put(after.get(folder)!, name, node);
  }
  return after;
}

function contentAfter(file: FileNode, cut: Cut, draw: Draw): Buffer {
  if (cut === "nothing") return file.durable;
  if (cut === "everything") return contentOf(file.durable, file.pending);
  const pieces = file.pending.flatMap(pagesOf);
  // How much of it the disk had got round to, from hardly anything to nearly all.
  const share = 1 + draw.below(15);
  const kept = pieces.filter(() => draw.below(16) < share);
  const torn = kept.length === 0 ? undefined : kept[draw.below(kept.length)];
  const survived = kept.map((one) => (one === torn && one.kind === "write" ? { ...one, data: one.data.subarray(0, tornAt(one.data.length, draw)) } : one));
  const content = contentOf(file.durable, survived);
  // A file system may have recorded the new size before the data: zeros then.
  const fullBytes = contentOf(file.durable, file.pending).length;
  return draw.below(2) === 0 && fullBytes > content.length ? Buffer.concat([content, Buffer.alloc(fullBytes - content.length)]) : content;
}

function tornAt(lengthBytes: number, draw: Draw): number {
  return draw.below(Math.ceil(lengthBytes / sectorBytes)) * sectorBytes;
}

/** The pages of a write, which reach the disk each on its own. */
function pagesOf(one: PendingData): readonly PendingData[] {
  if (one.kind === "truncate") return [one];
  const pages: PendingData[] = [];
  for (let from = 0; from < one.data.length;) {
    const to = Math.min(one.data.length, from + pageBytes - ((one.offset + from) % pageBytes));
    pages.push({ ...one, offset: one.offset + from, data: one.data.subarray(from, to) });
    from = to;
  }
  return pages;
}
