import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packPlainTar, readWhole, streamOfBytes } from "../../src/formats/volume/index.ts";
import { openFolderMedium, openTapeMedium } from "../../src/media/index.ts";
import { volumeMediumConformance } from "../conformance/volume-medium.ts";
import { memoryDrive } from "./memory-drive.ts";

const folder = mkdtempSync(join(tmpdir(), "media-"));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
let made = 0;
function newFolder(): string {
  const path = join(folder, String(made++));
  mkdirSync(path);
  return path;
}

volumeMediumConformance("folder", {
  open: async (capacityBytes) => {
    const path = newFolder();
    const reopen = () => openFolderMedium(path, "USB00001", { capacityBytes });
    return { medium: await reopen(), reopen };
  },
});

for (const countsFiles of [true, false]) {
  volumeMediumConformance(countsFiles ? "tape" : "tape in a drive that does not count files", {
    open: async (capacityBytes) => {
      const drive = memoryDrive({ capacityBytes, countsFiles });
      const reopen = () => openTapeMedium(drive, "A00001L9");
      return { medium: await reopen(), reopen };
    },
  });
}

describe("tape medium", () => {
  it("writes the bootstrap in tar's own records and everything else in large blocks, the last one short", async () => {
    const drive = memoryDrive();
    const medium = await openTapeMedium(drive, "A00001L9", { blockSizeBytes: 65_536 });
    for (const [number, role] of (["bootstrap", "segment"] as const).entries()) {
      const writer = await medium.writeObject(number, role);
      await writer.write(Buffer.alloc(100_000));
      await writer.finish();
    }
    await drive.rewind();
    const sizes: (number | string)[] = [];
    for (;;) {
      const result = await drive.readBlock(Buffer.alloc(1024 * 1024));
      if (result.kind === "end-of-data") break;
      sizes.push(result.kind === "block" ? result.sizeBytes : "filemark");
    }
    expect(sizes).toEqual([...Array<number>(9).fill(10_240), 7_840, "filemark", 65_536, 34_464, "filemark"]);
  });

  it("tells an object that was never finished from a whole one", async () => {
    const drive = memoryDrive();
    await drive.writeBlock(Buffer.alloc(1000));
    const medium = await openTapeMedium(drive, "A00001L9");
    const reader = await medium.readObject(0);
    if (reader === "end-of-data") throw new Error("nothing there");
    const target = Buffer.alloc(1024 * 1024);
    expect(await reader.read(target)).toBe(1000);
    await expect(reader.read(target)).rejects.toMatchObject({ code: "OBJECT_UNFINISHED" });
    await reader.close();
    expect(await medium.countObjects()).toBe(0);
  });
});

describe("folder medium", () => {
  it("shows the members of the bootstrap as files", async () => {
    const path = newFolder();
    const tar = packPlainTar([
      { name: "README-FIRST.txt", ...streamOfBytes(Buffer.from("read me\n")) },
      { name: "keys/a.asc", ...streamOfBytes(Buffer.from("key\n")) },
    ], 0);
    const medium = await openFolderMedium(path, "USB00001");
    const writer = await medium.writeObject(0, "bootstrap");
    await writer.write((await readWhole(tar.chunks(), tar.sizeBytes))!);
    expect(await writer.finish()).toBe("finished");
    await medium.close();
    expect(readdirSync(path).sort()).toEqual(["000000-bootstrap.tar", "README-FIRST.txt", "keys"]);
  });

  it("never follows a symbolic link, and ignores names that are no object's", async () => {
    const path = newFolder();
    writeFileSync(join(path, "000000-bootstrap.tar.bak"), "x");
    writeFileSync(join(path, "secret"), "x");
    symlinkSync("secret", join(path, "000000-bootstrap.tar"));
    const medium = await openFolderMedium(path, "USB00001");
    await expect(medium.readObject(0)).rejects.toMatchObject({ code: "OBJECT_NO_FILE" });
    await medium.close();
  });

  it("refuses to choose between two files of one number", async () => {
    const path = newFolder();
    writeFileSync(join(path, "000000-bootstrap.tar"), "x");
    writeFileSync(join(path, "000000-seal.txt"), "x");
    const medium = await openFolderMedium(path, "USB00001");
    await expect(medium.readObject(0)).rejects.toMatchObject({ code: "OBJECT_AMBIGUOUS" });
    await medium.close();
  });

  it("lets one writer in at a time and lets go when it closes", async () => {
    const path = newFolder();
    const one = await openFolderMedium(path, "USB00001");
    const other = await openFolderMedium(path, "USB00001");
    await (await one.writeObject(0, "segment")).abandon();
    await expect(other.writeObject(0, "segment")).rejects.toMatchObject({ code: "VOLUME_BUSY" });
    await one.close();
    await (await other.writeObject(0, "segment")).abandon();
    await other.close();
    expect(readdirSync(path)).toEqual([]);
  });

  it("says when the disk is not there", async () => {
    await expect(openFolderMedium(join(folder, "absent"), "USB00001")).rejects.toMatchObject({ code: "FOLDER_MISSING", kind: "operator" });
  });
});
