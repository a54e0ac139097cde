import type { ArchiveConfig } from "../records/index.ts";
import { LinkGroups, resolveRoot, walkLocal, type WalkNotice } from "../sources/local/index.ts";
import type { PlanSource, WalkedEntry } from "../work/plan/index.ts";

/**
 * The sources of an archive as the planner walks them. The tree of a single source is the archive's tree; several stand side by side under
 * their names.
 */
export function planSources(archive: ArchiveConfig): readonly PlanSource[] {
  const links = new LinkGroups();
  const isSingle = archive.sources.length === 1;
  return archive.sources.map(({ name, path, exclude, oneFileSystem }) => {
    const root = resolveRoot(path);
    const prefix = isSingle ? new Uint8Array(0) : Buffer.from(name);
    return {
      root,
      *walk(onNotice): Generator<WalkedEntry> {
        const notice = ({ severity, code, text, sourcePath }: WalkNotice): void => { onNotice(severity, code, text, pathInArchive(prefix, sourcePath)); };
        for (const { entry, sourcePath, ctimeNs, inode, children } of walkLocal(root, { prefix, exclude, oneFileSystem, notice, links })) {
          yield { entry, sourcePath, ctimeNs, inode, names: children };
        }
      },
    };
  });
}

function pathInArchive(prefix: Uint8Array, sourcePath: Uint8Array): Uint8Array {
  if (prefix.length === 0) return sourcePath;
  const isRoot = sourcePath.length === 1 && sourcePath[0] === 0x2e;
  return isRoot ? prefix : Buffer.concat([prefix, Buffer.from("/"), sourcePath]);
}
