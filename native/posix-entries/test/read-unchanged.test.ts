import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examine, readUnchanged } from "../index.js";

describe("readUnchanged", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "read-"));
    path = join(folder, "file");
    writeFileSync(path, "content");
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const bytes = (text: string): Uint8Array => Buffer.from(text);
  const factsOf = (name: string): Uint8Array => {
    const { inode, mtimeNs, ctimeNs } = examine(bytes(name));
    return new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, inode), mtimeNs, ctimeNs).buffer);
  };

  it("reads a file that is as expected", () => {
    const target = new Uint8Array(7);
    expect(readUnchanged(bytes(path), target, factsOf(path))).toBe(true);
    expect(Buffer.from(target).toString()).toBe("content");
  });

  it("says no to another size, another time, another file, a link, and what is not there", () => {
    const facts = factsOf(path);
    expect(readUnchanged(bytes(path), new Uint8Array(6), facts)).toBe(false);
    expect(readUnchanged(bytes(path), new Uint8Array(8), facts)).toBe(false);
    expect(readUnchanged(bytes(join(folder, "none")), new Uint8Array(7), facts)).toBe(false);
    symlinkSync("file", join(folder, "link"));
    expect(readUnchanged(bytes(join(folder, "link")), new Uint8Array(7), facts)).toBe(false);
    writeFileSync(join(folder, "other"), "content");
    expect(readUnchanged(bytes(join(folder, "other")), new Uint8Array(7), facts)).toBe(false);
    expect(readUnchanged(bytes(folder), new Uint8Array(7), factsOf(folder))).toBe(false);
    utimesSync(path, 1, 1);
    expect(readUnchanged(bytes(path), new Uint8Array(7), facts)).toBe(false);
    expect(readUnchanged(bytes(path), new Uint8Array(7), new Uint8Array(23))).toBe(false);
  });

  it("leaves no descriptor behind", () => {
    const facts = factsOf(path);
    for (let count = 0; count < 3000; count += 1) readUnchanged(bytes(path), new Uint8Array(7), facts);
    expect(readUnchanged(bytes(path), new Uint8Array(7), facts)).toBe(true);
  });
});
