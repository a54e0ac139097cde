import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSegmentOpener } from "../../src/formats/message/index.ts";
import { readSessionKey, unlockKey } from "../../src/formats/openpgp/index.ts";
import { TarReader } from "../../src/formats/tar/index.ts";
import { createZstdUnframer } from "../../src/formats/zstd/index.ts";
import { printable, systemClock } from "../../src/words/index.ts";
import { contentsOf } from "../samples/volume-1/contents.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { makeStranger, type Stranger } from "../support/stranger.ts";

const sample = new URL("../samples/volume-1/", import.meta.url).pathname;
const passphrase = readFileSync(join(sample, "passphrase"), "utf8").trim();
const expected = JSON.parse(readFileSync(join(sample, "contents.json"), "utf8")) as Record<string, { readonly sha256?: string }>;
let appliance: ProofAppliance;
let stranger: Stranger;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sample-"));
  appliance = await makeProofAppliance({ cartridges: 1 });
  stranger = makeStranger(folder, join(sample, "recovery-private-key.asc"), passphrase);
});

afterAll(() => {
  stranger.leave();
  appliance.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe("the sample volume of format 1", () => {
  it("is verified by an appliance that never saw it: all is whole, and only its signer is not known", async () => {
    const where = ["--folder", join(sample, "folder")];
    const { findings } = await appliance.json(["volume", "verify", ...where], 3);
    expect((findings as { readonly code: string }[]).map(({ code }) => code)).toEqual(["SIGNER_NOT_KNOWN"]);
    expect(await appliance.json(["volume", "identify", ...where])).toMatchObject({ kind: "volume", barcode: "USB00001", appliance: "sample" });
  });

  for (const medium of ["folder", "tape"]) {
    it(`is restored by recover.sh from its ${medium}`, () => {
      const target = join(folder, medium);
      const { status, said } = stranger.recover(join(sample, "folder", "recover.sh"), target, [join(sample, medium)]);
      expect(status, said).toBe(0);
      expect(contentsOf(target)).toEqual(expected);
    });
  }

  it("is opened by our own code: every file of the newest tree has its content in some segment", async () => {
    const key = await unlockKey(readFileSync(join(sample, "recovery-private-key.asc")), passphrase, systemClock);
    const found = new Map<string, string>();
    // A file may go on in the next segment, so a snapshot is one stream; the second snapshot begins with a segment of its own.
    let hash: ReturnType<typeof createHash> | undefined;
    let path = "";
    const newReader = (): TarReader => new TarReader({
      entry: (entry) => {
        path = printable(entry.path);
        hash = entry.type === "file" ? createHash("sha256") : undefined;
      },
      data: (chunk) => { hash?.update(chunk); },
      end: () => {
        if (hash) found.set(path, hash.digest("hex"));
        hash = undefined;
      },
    });
    let reader = newReader();
    for (const name of readdirSync(join(sample, "folder")).filter((one) => one.endsWith("-segment.pgp")).sort()) {
      const message = readFileSync(join(sample, "folder", name));
      const unframer = createZstdUnframer({ sink: (plain) => { reader.push(plain); } });
      const opener = createSegmentOpener(await readSessionKey(message.subarray(0, 65_536), [key]), (plain) => { unframer.push(plain); });
      opener.push(message);
      opener.finish();
      unframer.finish();
      if (isLastOfSnapshot(name)) {
        reader.finish();
        reader = newReader();
      }
    }
    for (const [name, { sha256 }] of Object.entries(expected)) if (sha256 !== undefined) expect(found.get(name), name).toBe(sha256);
    expect(found.has("gone.txt")).toBe(true);
  });
});

/** As the seal behind a segment says: its number and how many there are. */
function isLastOfSnapshot(segment: string): boolean {
  const number = Number(segment.slice(0, 6)) + 1;
  const seal = readFileSync(join(sample, "folder", `${String(number).padStart(6, "0")}-seal.txt`), "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}: *(\\d+)`, "m").exec(seal)?.[1]);
  return field("Segment") === field("Segments");
}
