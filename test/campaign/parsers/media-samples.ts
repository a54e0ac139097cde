import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSegmentOpener } from "../../../src/formats/message/index.ts";
import { readSessionKey, type UnlockedKey, unlockKey } from "../../../src/formats/openpgp/index.ts";
import { readPlainTar, streamOfBytes } from "../../../src/formats/volume/index.ts";
import { createZstdUnframer } from "../../../src/formats/zstd/index.ts";
import { systemClock } from "../../../src/words/index.ts";

const volume = new URL("../../samples/volume-1/", import.meta.url).pathname;

/** A volume of version 1 that lies in the repository, opened layer by layer. */
export interface MediaSamples {
  readonly bootstrap: Uint8Array;
  readonly segments: readonly Uint8Array[];
  readonly seals: readonly Uint8Array[];
  readonly trailers: readonly Uint8Array[];
  /** Decrypted: sequences of zstd frames. */
  readonly frames: readonly Uint8Array[];
  readonly tars: readonly Uint8Array[];
  /** Lines of catalogs, logs and records, by the kind that the member's name begins with. */
  readonly lines: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly manifests: readonly Uint8Array[];
  readonly description: Uint8Array;
  readonly certificates: readonly Uint8Array[];
  readonly key: UnlockedKey;
}

export async function mediaSamples(): Promise<MediaSamples> {
  const folder = join(volume, "folder");
  const files = readdirSync(folder).sort();
  const ofRole = (ending: string): readonly Uint8Array[] => files.filter((name) => name.endsWith(ending)).map((name) => readFileSync(join(folder, name)));
  const key = await unlockKey(readFileSync(join(volume, "recovery-private-key.asc")), readFileSync(join(volume, "passphrase"), "utf8").trim(), systemClock);
  const [segments, trailers] = [ofRole("-segment.pgp"), ofRole("-trailer.tar")];
  const opened = await Promise.all(segments.map(async (segment) => await opening(segment, key)));
  const lines = new Map<string, Uint8Array[]>();
  const manifests: Uint8Array[] = [];
  for (const trailer of trailers) {
    for await (const { name, content } of readPlainTar(streamOfBytes(trailer).chunks())) {
      const bytes = Buffer.concat(await Array.fromAsync(content()));
      if (name === "manifest.txt") manifests.push(bytes);
      const kind = /^(catalog|log|records)-/.exec(name)?.[1];
      if (kind === undefined) continue;
      const text = (await opening(bytes, key)).plain.toString("utf8").split("\n").filter((line) => line !== "");
      lines.set(kind, [...lines.get(kind) ?? [], ...text.map((line) => Buffer.from(line))]);
    }
  }
  return {
    segments, trailers, lines, manifests, key,
    bootstrap: ofRole("-bootstrap.tar")[0]!,
    seals: ofRole("-seal.txt"),
    frames: opened.map(({ frames }) => frames),
    tars: opened.map(({ plain }) => plain),
    description: readFileSync(join(folder, "volume.json")),
    certificates: readdirSync(join(folder, "keys")).map((name) => readFileSync(join(folder, "keys", name))),
  };
}

async function opening(message: Uint8Array, key: UnlockedKey): Promise<{ readonly frames: Buffer; readonly plain: Buffer }> {
  const frames: Buffer[] = [];
  const plain: Buffer[] = [];
  const opener = createSegmentOpener(await readSessionKey(message, [key]), (bytes) => { frames.push(Buffer.from(bytes)); });
  opener.push(message);
  opener.finish();
  const unframer = createZstdUnframer({ sink: (bytes) => { plain.push(Buffer.from(bytes)); } });
  for (const piece of frames) unframer.push(piece);
  unframer.finish();
  return { frames: Buffer.concat(frames), plain: Buffer.concat(plain) };
}
