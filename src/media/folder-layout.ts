import { constants, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readPlainTar } from "../formats/volume/index.ts";
import { StrongroomError } from "../words/index.ts";

const chunkBytes = 64 * 1024;

/**
 * Puts the members of a bootstrap beside it as plain files, so that whoever opens the disk sees README-FIRST.txt at once. They
 * are copies for people; no program of ours reads them. Names come through readPlainTar, which lets nothing out of the folder.
 */
export async function layOutBootstrap(folder: string, bootstrap: FileHandle): Promise<void> {
  const below = new Set<string>();
  for await (const member of readPlainTar(fromStart(bootstrap))) {
    const path = join(folder, member.name);
    if (dirname(path) !== folder) makeFolder(dirname(path));
    await writeFile(path, member.content(), member.name.endsWith(".sh") ? 0o755 : 0o644);
    below.add(dirname(path));
  }
  // The volume's own folder is synced with the name of the object.
  below.delete(folder);
  for (const made of below) await syncFolder(made);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* fromStart(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function writeFile(path: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const handle = await open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY, mode);
  try {
    for await (const chunk of content) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
  renameSync(temporary, path);
}

/** The folder may have been prepared by somebody else: a link in place of a directory would lead out of it. */
function makeFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) mkdirSync(path, { mode: 0o755 });
  else if (!found.isDirectory()) {
    throw new StrongroomError("mismatch", "FOLDER_HOSTILE", "there is something else where a volume has a folder; nothing "
      + "was written through it", {
      hint: "use an empty folder",
    });
  }
}
