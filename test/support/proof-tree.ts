import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Numbers that look random and are the same for the same seed. */
export function seededBytes(seed: number): (lengthBytes: number) => Buffer {
  let state = seed >>> 0 || 1;
  return (lengthBytes) => {
    const bytes = Buffer.allocUnsafe(lengthBytes);
    for (let at = 0; at < lengthBytes; at += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[at] = state & 0xff;
    }
    return bytes;
  };
}

/** A number from 0 to 1, not 1, from two random bytes. */
export function fraction(random: (lengthBytes: number) => Buffer): number {
  return random(2).readUInt16BE() / 65_536;
}

/** A tree of a few hundred entries: many small files, links, a text that compresses and random files that span segments. */
export function makeProofTree(root: string, { files = 200, largeBytes = 1_500_000, seed = 7 } = {}): void {
  const random = seededBytes(seed);
  mkdirSync(join(root, "large"), { recursive: true });
  mkdirSync(join(root, "empty"));
  for (let index = 0; index < files; index += 1) {
    const folder = join(root, `small-${String(index % 8)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${String(index)}`), random(1 + (random(2).readUInt16BE() % 6000)));
  }
  writeFileSync(join(root, "large", "one"), random(largeBytes));
  writeFileSync(join(root, "large", "two"), random(Math.floor(largeBytes / 2) + 1));
  writeFileSync(join(root, "large", "text"), "the same line again and again\n".repeat(20_000));
  writeFileSync(join(root, "large", "nothing"), "");
  linkSync(join(root, "large", "one"), join(root, "small-0", "the-same-file"));
  symlinkSync("../large/text", join(root, "small-1", "link"));
}

/** What would have to change to make the second tree the first, by an eye that is not ours: nothing, when they are equal. */
export function differences(one: string, other: string): string {
  return execFileSync("rsync", ["-aHAXnci", "--numeric-ids", "--delete", `${one}/`, `${other}/`], { encoding: "utf8" });
}
