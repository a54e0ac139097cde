import { copyFileSync, cpSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Damageable, damageableFolder, damageableTape, spotsOf } from "../support/damage.ts";
import { makeProofAppliance, type ProofAppliance } from "../support/proof-appliance.ts";
import { differences, makeProofTree } from "../support/proof-tree.ts";

let appliance: ProofAppliance;
let tape: Damageable;
let folder: Damageable;

interface Finding {
  readonly severity: string;
  readonly object: number;
  readonly text: string;
  readonly hint: string;
  readonly code: string;
}

beforeAll(async () => {
  appliance = await makeProofAppliance({ cartridges: 1, capacityBytes: 6 * 1024 * 1024 });
  makeProofTree(appliance.at("source"), { files: 40, largeBytes: 300_000 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "128KiB"]);
  await appliance.must(["archive", "run", "docs"]);
  tape = await damageableTape(appliance.library, "SR0001L8", appliance.at("dump"));
  folder = damageableFolder("USB00001", appliance.at("usb1"));
});

afterAll(() => { appliance.remove(); });

async function verify(barcode: string, code = 7): Promise<readonly Finding[]> {
  return (await appliance.json(["volume", "verify", barcode], code))["findings"] as Finding[];
}

/** With `isKnown`, the records know of the damage, and nobody tries the damaged copy; else it may cost a warning. */
async function restoresWhole(isKnown: boolean): Promise<void> {
  rmSync(appliance.at("back"), { recursive: true, force: true });
  const line = ["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number"];
  const { code, err, out } = await appliance.run(line);
  expect(isKnown ? [0] : [0, 3], err + out).toContain(code);
  if (code === 3) expect(err).toContain("another copy is used");
  expect(differences(appliance.at("source"), appliance.at("back"))).toBe("");
}

describe.each([["tape", () => tape], ["folder volume", () => folder]] as const)("one flipped bit on a %s", (_kind, volumeOf) => {
  it("is found in every kind of object, and nothing else is blamed", async () => {
    const volume = volumeOf();
    expect(await verify(volume.barcode, 0)).toEqual([]);
    const spots = spotsOf(volume);
    for (const kind of ["bootstrap", "segment", "seal", "trailer"]) expect(spots.filter(({ what }) => what.startsWith(kind)).length).toBeGreaterThan(3);
    for (const [index, spot] of spots.entries()) {
      await volume.flip(spot, index % 8);
      const findings = await verify(volume.barcode);
      expect(findings.map(({ object }) => object), `${spot.what}: ${JSON.stringify(findings)}`).toEqual([spot.object]);
      expect(findings[0]!.severity).toBe("err");
      expect(findings[0]!.text).toContain(volume.barcode);
      expect(findings[0]!.hint.length).toBeGreaterThan(20);
      await volume.flip(spot, index % 8);
    }
    expect(await verify(volume.barcode, 0)).toEqual([]);
  }, 120_000);

  it("is told to a person in words: which cartridge, which object, what to do", async () => {
    const volume = volumeOf();
    const spot = spotsOf(volume).find(({ what }) => what === "segment: middle")!;
    await volume.flip(spot, 5);
    const { out, err } = await appliance.must(["volume", "verify", volume.barcode], 7);
    await volume.flip(spot, 5);
    expect(err).toMatch(new RegExp(`cartridge ${volume.barcode}, object ${String(spot.object)} \\(segment.*\\): .+; .*another copy`));
    expect(out).toContain("1 finding");
  });

  it("in any one segment costs nothing while there is another copy, whether or not it was found before", async () => {
    const volume = volumeOf();
    const spots = spotsOf(volume).filter(({ what }) => /^(segment|seal): (middle|text|first)/.test(what));
    for (const spot of spots) {
      await volume.flip(spot, 2);
      await restoresWhole(false);
      await verify(volume.barcode);
      await restoresWhole(true);
      await volume.flip(spot, 2);
    }
    expect(await verify(volume.barcode, 0)).toEqual([]);
  });
});

describe("damage to both copies of a segment", () => {
  it("loses what is in that segment, says so by name, and gives back all the rest", async () => {
    const onTape = spotsOf(tape).find(({ what }) => what === "segment: middle")!;
    const inFolder = spotsOf(folder).find(({ what }) => what === "segment: middle")!;
    await tape.flip(onTape, 0);
    await folder.flip(inFolder, 0);
    rmSync(appliance.at("back"), { recursive: true, force: true });
    const answer = await appliance.run(["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions]);
    expect([1, 3, 7]).toContain(answer.code);
    expect(answer.out + answer.err).toContain("SEGMENT_LOST");
    const changed = differences(appliance.at("source"), appliance.at("back")).trim().split("\n").filter((line) => line.startsWith(">f"));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((line) => line.includes("+++++++")), "a file came back with other content").toBe(true);
    for (const line of changed) expect(answer.out + answer.err).toContain(line.slice(12));
    await tape.flip(onTape, 0);
    await folder.flip(inFolder, 0);
    expect(await verify("SR0001L8", 0)).toEqual([]);
    expect(await verify("USB00001", 0)).toEqual([]);
    await restoresWhole(true);
  });
});

describe("a folder volume in which", () => {
  const segment = (): string => readdirSync(appliance.at("usb1")).find((name) => name.endsWith("-segment.pgp"))!;

  function andBack(change: () => void, check: () => Promise<void>): () => Promise<void> {
    return async () => {
      cpSync(appliance.at("usb1"), appliance.at("whole"), { recursive: true, preserveTimestamps: true });
      try {
        change();
        await check();
      } finally {
        rmSync(appliance.at("usb1"), { recursive: true });
        renameSync(appliance.at("whole"), appliance.at("usb1"));
      }
      expect(await verify("USB00001", 0)).toEqual([]);
    };
  }

  const blames = (object: number, words: RegExp) => async (): Promise<void> => {
    const findings = await verify("USB00001");
    expect(findings.map((finding) => finding.object), JSON.stringify(findings)).toEqual([object]);
    expect(findings[0]!.text).toMatch(words);
    await restoresWhole(true);
  };

  it("a segment is cut short", andBack(() => {
    const path = appliance.at("usb1", segment());
    truncateSync(path, Math.floor(statSync(path).size / 2));
  }, blames(1, /bytes|seal/)));

  it("a segment is empty", andBack(() => { truncateSync(appliance.at("usb1", segment()), 0); }, blames(1, /bytes|seal|read/)));

  it("a segment is missing", andBack(() => { rmSync(appliance.at("usb1", segment())); }, blames(1, /missing|ends before|read|gone/)));

  it("a segment was exchanged for another one", andBack(() => {
    copyFileSync(appliance.at("usb1", "000003-segment.pgp"), appliance.at("usb1", "000001-segment.pgp"));
  }, blames(1, /seal|differs|bytes/)));

  it("the trailer is missing", andBack(() => {
    rmSync(appliance.at("usb1", readdirSync(appliance.at("usb1")).find((name) => name.endsWith("-trailer.tar"))!));
  }, async () => {
    const findings = await verify("USB00001");
    expect(findings[0]!.text).toContain("(trailer)");
    await restoresWhole(true);
  }));
});
