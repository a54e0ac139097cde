import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { packPlainTar, type PlainMember, readPlainTar, readWhole, streamOfBytes } from "../../../src/formats/volume/index.ts";

const folder = mkdtempSync(join(tmpdir(), "plain-tar-"));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const contents = new Map<string, Buffer>([
  ["README-FIRST.txt", Buffer.from("read me\n")],
  ["recover.sh", Buffer.from("#!/bin/sh\n")],
  ["keys/empty.asc", Buffer.alloc(0)],
  ["block.bin", Buffer.alloc(512, 7)],
  ["large.bin", Buffer.alloc(30_001, 9)],
]);
const members: PlainMember[] = [...contents].map(([name, bytes]) => ({ name, ...streamOfBytes(bytes) }));
const bytesOf = async (list: readonly PlainMember[]): Promise<Buffer> => {
  const tar = packPlainTar(list, 1_700_000_000_000);
  const bytes = (await readWhole(tar.chunks(), 1e9))!;
  expect(bytes.length).toBe(tar.sizeBytes);
  return Buffer.from(bytes);
};
// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
async function read(bytes: Uint8Array, pieceBytes = 4096): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for await (const member of readPlainTar(inPieces(bytes, pieceBytes))) {
    found.set(member.name, Buffer.from((await readWhole(member.content(), 1e9))!));
  }
  return found;
}
const damaged = { code: "VOLUME_TAR_DAMAGED", kind: "mismatch" };

describe("plain tar", () => {
  it("is read alike by GNU tar, tar-stream and us", async () => {
    const bytes = await bytesOf(members);
    expect(bytes.length % 10_240).toBe(0);
    writeFileSync(join(folder, "a.tar"), bytes);
    const done = spawnSync("tar", ["-xvf", join(folder, "a.tar"), "-C", folder], { encoding: "utf8" });
    expect(done.stderr).toBe("");
    expect(done.stdout.trim().split("\n")).toEqual([...contents.keys()]);
    for (const [name, content] of contents) expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
    const second = new Map<string, Buffer>();
    const unpacker = extract();
    unpacker.end(bytes);
    for await (const entry of unpacker) {
      const parts: Uint8Array[] = [];
      for await (const part of entry) parts.push(part as Uint8Array);
      second.set(entry.header.name, Buffer.concat(parts));
    }
    expect(second).toEqual(contents);
    expect(await read(bytes)).toEqual(contents);
    expect(await read(bytes, 1)).toEqual(contents);
  });

  it("has the same bytes each time", async () => {
    expect((await bytesOf(members)).equals(await bytesOf(members))).toBe(true);
  });

  it("refuses every single flipped bit that it can know of: headers, padding and end", async () => {
    const bytes = await bytesOf([{ name: "a.txt", ...streamOfBytes(Buffer.from("x")) }]);
    for (let at = 0; at < bytes.length; at += 1) {
      if (at === 512) continue;
      bytes[at]! ^= 1 << (at % 8);
      await expect(read(bytes), `byte ${String(at)}`).rejects.toMatchObject(damaged);
      bytes[at]! ^= 1 << (at % 8);
    }
  }, 30_000);

  it("refuses names that lead elsewhere, links and extensions", async () => {
    for (const edit of [
      (header: Buffer) => header.write("../a.txt\0", 0),
      (header: Buffer) => header.write("/etc/pwd\0", 0),
      (header: Buffer) => header.write(".ssh/key\0", 0),
      (header: Buffer) => header.write("a\nb\0", 0),
      (header: Buffer) => header.write("2", 156),
      (header: Buffer) => header.write("x", 156),
      (header: Buffer) => header.write("7777777777777", 124),
    ]) {
      const bytes = await bytesOf(members);
      edit(bytes);
      bytes.write(`${sumOf(bytes).toString(8).padStart(6, "0")}\0 `, 148);
      await expect(read(bytes)).rejects.toMatchObject(damaged);
    }
  });

  it("says when it was cut, wherever", async () => {
    const bytes = await bytesOf(members);
    for (const sizeBytes of [0, 100, 512, 600, 3000, 33_000]) await expect(read(bytes.subarray(0, sizeBytes))).rejects.toMatchObject(damaged);
  });

  it("writes no member of another size than was stated", async () => {
    await expect(bytesOf([{ ...streamOfBytes(Buffer.from("abc")), name: "a", sizeBytes: 4 }])).rejects.toMatchObject({ code: "MEMBER_SIZE_WRONG" });
    await expect(bytesOf([{ ...streamOfBytes(Buffer.from("abc")), name: "a", sizeBytes: 2 }])).rejects.toMatchObject({ code: "MEMBER_SIZE_WRONG" });
  });
});

function sumOf(header: Buffer): number {
  return header.subarray(0, 512).reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
