import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CatalogLine, decodeCatalogLine, decodeLogLine, encodeCatalogLine, encodeDescription, encodeLogLine, foreignContent, LineSplitter,
  manifestName, type Manifest, manifestText, objectRole, parseDescription, parseFolderObjectName, parseManifestText, parseSealText,
  parseTrailerMemberName, type Seal, sealText, trailerMemberName, verifyObject, verifySnapshot, type VolumeDescription, type VolumeFacts,
} from "../../../src/formats/volume/index.ts";
import { readmeText } from "../../../src/formats/volume/readme.ts";

const uuid = "6f0c7a52-3f0e-4a8e-9d38-0a8a3b6f7c11";
const digest = (letter: string): string => letter.repeat(64);
const seal: Seal = {
  archiveUuid: uuid, snapshot: 3, baseSnapshot: 2, segment: 7, segments: 12, sealedBytes: 4_294_967_296, sealedSha256: digest("a"),
  tarOffsetBytes: 25_769_803_776, tarBytes: 4_294_967_296, firstMemberOffsetBytes: 1024, previousSealSha256: digest("b"),
  sealedAtMs: 1_800_000_000_000, applianceUuid: uuid,
};
const vector = `Strongroom-Seal: 1
Archive: ${uuid}
Snapshot: 3
Base-Snapshot: 2
Segment: 7
Segments: 12
Sealed-Bytes: 4294967296
Sealed-SHA256: ${digest("a")}
Tar-Offset: 25769803776
Tar-Bytes: 4294967296
First-Member: 1024
Previous-Seal: ${digest("b")}
Sealed-At: 2027-01-15T08:00:00Z
Appliance: ${uuid}
`;

describe("seal", () => {
  it("is these bytes", () => {
    expect(sealText(seal)).toBe(vector);
    expect(parseSealText(vector)).toEqual(seal);
    expect(parseSealText(vector.replaceAll("\n", "\r\n"))).toEqual(seal);
    const none = { ...seal, baseSnapshot: undefined, firstMemberOffsetBytes: undefined, previousSealSha256: undefined };
    expect(parseSealText(sealText(none))).toEqual(none);
  });

  it.each([
    ["an unknown key", `${vector}Colour: red\n`],
    ["a missing key", vector.replace(/Tar-Bytes.*\n/, "")],
    ["another order", vector.replace(/(Segment: 7)\n(Segments: 12)/, "$2\n$1")],
    ["a repeated key", vector.replace(/Segments: 12/, "Segment: 7")],
    ["a leading zero", vector.replace("Segment: 7", "Segment: 07")],
    ["a number beyond 2^53", vector.replace("4294967296", "9999999999999999")],
    ["a negative number", vector.replace("Tar-Offset: ", "Tar-Offset: -")],
    ["upper-case hex", vector.replace(digest("a"), digest("A"))],
    ["a segment behind the last", vector.replace("Segments: 12", "Segments: 6")],
    ["a base that is not before", vector.replace("Base-Snapshot: 2", "Base-Snapshot: 3")],
    ["an impossible time", vector.replace("01-15", "13-45")],
    ["nothing", ""],
  ])("refuses %s", (_what, text) => {
    expect(() => parseSealText(text)).toThrow(expect.objectContaining({ code: "SEAL_WRONG" }));
  });

  it("refuses another version as such", () => {
    expect(() => parseSealText(vector.replace("Seal: 1", "Seal: 2"))).toThrow(expect.objectContaining({ code: "VOLUME_VERSION_UNKNOWN" }));
  });
});

const manifest: Manifest = {
  volumeUuid: uuid, barcode: "A00001L9", medium: "tape", trailerNumber: 2, writtenAtMs: 1_800_000_000_000,
  objects: [
    { number: 0, role: "bootstrap", sizeBytes: 10_240, sha256: digest("0") },
    { number: 1, role: "segment", sizeBytes: 5, sha256: digest("1") },
  ],
  members: [{ name: "volume.json", sizeBytes: 9, sha256: digest("2") }],
};

describe("manifest", () => {
  it("is these bytes", () => {
    const text = manifestText(manifest);
    expect(text).toBe([
      "# strongroom-manifest 1", `# volume: ${uuid}`, "# barcode: A00001L9", "# medium: tape", "# trailer: 2", "# written: 2027-01-15T08:00:00Z",
      "# check with: gpg --decrypt manifest.txt | sha256sum --check -", "# bootstrap 10240", `${digest("0")}  000000`, "# segment 5",
      `${digest("1")}  000001`, `# member 9 ${digest("2")} volume.json`, "",
    ].join("\n"));
    expect(parseManifestText(text)).toEqual(manifest);
  });

  it("refuses a gap, a foreign line and a name that is not the object's", () => {
    const text = manifestText(manifest);
    for (const wrong of [text.replace("000001", "000002"), `${text}x\n`, text.replace("# trailer: 2", "# trailer: 3"),
      text.replace("  000001", "  /etc/passwd"), text.replace("segment 5", "segment -5"), ""]) {
      expect(() => parseManifestText(wrong)).toThrow(expect.objectContaining({ code: "MANIFEST_WRONG" }));
    }
    expect(() => manifestText({ ...manifest, trailerNumber: 3 })).toThrow(expect.objectContaining({ code: "MANIFEST_GAP" }));
  });
});

const description: VolumeDescription = {
  volumeUuid: uuid, barcode: "A00001L9", pool: "täglich", medium: "tape", blockSizeBytes: 524_288, createdAtMs: 1_800_000_000_000,
  appliance: { uuid, name: "Tresor Zürich" },
  recipients: [{ role: "recovery", fingerprint: "B".repeat(40), userIds: ["Renée <r@example.org>"] }],
  signer: "C".repeat(40), previousVolumes: [{ volumeUuid: uuid, barcode: "A00000L9" }],
};

describe("volume.json", () => {
  it("comes back as it was, and leaves unknown keys alone", () => {
    const text = encodeDescription(description);
    expect(parseDescription(text)).toEqual(description);
    expect(parseDescription(JSON.stringify({ ...JSON.parse(text) as object, later: 1 }))).toEqual(description);
  });

  it.each([
    ["no JSON", "{"],
    ["another format", `{"format":"x"}`],
    ["a control character in a name", encodeDescription(description).replace("Tresor", String.raw`\u001b[2J`)],
    ["a barcode that leads elsewhere", encodeDescription(description).replaceAll("A00001L9", "../../x")],
    ["no recipient", encodeDescription({ ...description }).replace(/"recipients": \[[^\]]*\][^\]]*\]/, '"recipients": []')],
  ])("refuses %s", (_what, text) => {
    expect(() => parseDescription(text)).toThrow(expect.objectContaining({ code: "VOLUME_DESCRIPTION_WRONG" }));
  });

  it("refuses a later version as such", () => {
    const text = encodeDescription(description).replace('"formatVersion": 1', '"formatVersion": 2');
    expect(() => parseDescription(text)).toThrow(expect.objectContaining({ code: "VOLUME_VERSION_UNKNOWN" }));
  });
});

describe("README-FIRST.txt", () => {
  const facts = (medium: "tape" | "folder", custody: string, hasLockedRecoveryKey: boolean): VolumeFacts => ({
    description: { ...description, medium },
    siblings: [{ barcode: "A00000L9", volumeUuid: uuid, place: "the vault in the north, shelf 3, ".repeat(4) }],
    custody,
    hasLockedRecoveryKey,
  });

  it.each(["tape", "folder"] as const)("is ASCII of at most 72 columns, whatever it is told (%s)", (medium) => {
    for (const locked of [true, false]) {
      const text = readmeText(facts(medium, `Müller\u001b[31m ${"x".repeat(200)}\n\nline`, locked));
      expect(text).toMatch(/^[\n -~]*$/);
      expect(text.split("\n").filter((line) => line.length > 72)).toEqual([]);
      for (const needed of ["A00001L9", "B".repeat(40), "C".repeat(40), "sh recover.sh restore", uuid, "Muller"]) expect(text).toContain(needed);
    }
  });

  it("tells tape people about tapes and disk people about disks", () => {
    expect(readmeText(facts("tape", "", true))).toContain("mt -f /dev/nst0 rewind");
    expect(readmeText(facts("folder", "", true))).not.toContain("/dev/nst0");
    expect(readmeText(facts("tape", "", false))).not.toContain("recovery-key-locked.asc");
  });
});

describe("catalog and log lines", () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
  const entry: fc.Arbitrary<CatalogLine> = fc.record({
    kind: fc.constant("entry" as const),
    archiveUuid: fc.constant(uuid),
    snapshot: fc.integer({ min: 1 }),
    segment: fc.integer({ min: 1 }),
    path: name,
    type: fc.constantFrom("file" as const, "directory" as const, "symlink" as const),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.nat(),
    gid: fc.constant(4_294_967_295),
    sizeBytes: fc.maxSafeNat(),
    mtimeNs: fc.bigInt({ min: -(10n ** 19n), max: 10n ** 20n }),
    ctimeNs: fc.bigInt({ min: 0n, max: 10n ** 19n }),
    inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    linkTarget: name,
    condition: fc.constantFrom("intact" as const, "shrunk" as const),
    piece: fc.constant({ offsetBytes: 1, lengthBytes: 2, sha256: digest("a") }),
  });

  it("come back as they were, names of any bytes included", () => {
    fc.assert(fc.property(entry, (line) => {
      const text = encodeCatalogLine(line);
      expect(text.indexOf("\n")).toBe(text.length - 1);
      const back = decodeCatalogLine(text.trimEnd());
      expect(encodeCatalogLine(back)).toBe(text);
      expect(back).toMatchObject({ ...line, path: expect.anything() as unknown, linkTarget: expect.anything() as unknown });
      if (back.kind === "entry" && line.kind === "entry") expect(Buffer.from(back.path).equals(line.path)).toBe(true);
    }), { numRuns: 200 });
  });

  it("refuse what is not right", () => {
    for (const text of ["", "{}", '{"line":"entry"}', `{"line":"gone","archive":"${uuid}","snapshot":1}`,
      `{"line":"gone","archive":"${uuid}","snapshot":0,"path":"a"}`, `{"line":"gone","archive":"${uuid}","snapshot":1,"path":"a\\u0000b"}`]) {
      expect(() => decodeCatalogLine(text)).toThrow(expect.objectContaining({ code: "CATALOG_WRONG" }));
    }
  });

  it("tell events with and without a path", () => {
    const line = { atMs: 1_800_000_000_000, severity: "warn", code: "FILE_SHRANK", text: "it shrank", path: Buffer.from([0xff]) } as const;
    const back = decodeLogLine(encodeLogLine(line).trimEnd());
    expect({ ...back, path: undefined }).toEqual({ ...line, path: undefined });
    expect(Buffer.from(back.path!)).toEqual(line.path);
  });

  it("are split at newlines wherever the pieces end", () => {
    const bytes = Buffer.from("eins\nzwölf\n\ndrei");
    const splitter = new LineSplitter();
    const lines = [...bytes].flatMap((byte) => [...splitter.push(Uint8Array.of(byte))]);
    expect([...lines, ...splitter.finish()]).toEqual(["eins", "zwölf", "", "drei"]);
  });
});

describe("names and first bytes", () => {
  it("reads only its own names", () => {
    expect(parseFolderObjectName("000002-seal.txt")).toEqual({ number: 2, role: "seal" });
    for (const name of ["0000002-seal.txt", "000002-seal.txt.bak", "000002", "000002-seal.pgp", "-00002-seal.txt"]) {
      expect(parseFolderObjectName(name)).toBeUndefined();
    }
    expect(manifestName("tape", 12, "segment")).toBe("000012");
    expect(parseTrailerMemberName(trailerMemberName("log", "A00001L9", 5))).toEqual({ kind: "log", barcode: "A00001L9", trailerNumber: 5, part: 1 });
    expect(parseTrailerMemberName("catalog-../x-000001-01.pgp")).toBeUndefined();
  });

  it("guesses what an object or a foreign medium is", () => {
    const tar = Buffer.alloc(512);
    tar.write("ustar\u000000", 257);
    expect(objectRole(tar)).toBe("bootstrap");
    tar.write("manifest.txt", 0);
    expect(objectRole(tar)).toBe("trailer");
    expect(objectRole(Buffer.from("-----BEGIN PGP SIGNED MESSAGE-----\n"))).toBe("seal");
    expect(objectRole(Uint8Array.of(0xc1, 0x5e, 3))).toBe("segment");
    expect(objectRole(Uint8Array.of(0x85, 0x02, 0x0c, 3))).toBe("segment");
    expect(objectRole(Buffer.alloc(0))).toBeUndefined();
    expect(foreignContent(Buffer.alloc(0))).toBe("blank");
    expect(foreignContent(Buffer.from("VOL1ABCDEF"))).toBe("labelled");
    expect(foreignContent(Buffer.from(`VOL1ABCDEFL${" ".repeat(13)}LTFS`))).toBe("ltfs");
    expect(foreignContent(Buffer.from("dcbdafcaeba0a52800", "hex"))).toBe("proxmox");
    expect(foreignContent(tar)).toBe("tar");
    expect(foreignContent(Buffer.from("hello"))).toBe("unknown");
  });
});

describe("verdicts", () => {
  it("tell short, long and different apart", () => {
    const promised = { sizeBytes: 10, sha256: digest("a") };
    expect(verifyObject(promised, promised)).toEqual({ kind: "intact" });
    expect(verifyObject(promised, { ...promised, sizeBytes: 9 })).toEqual({ kind: "damaged", how: "short" });
    expect(verifyObject(promised, { ...promised, sizeBytes: 11 })).toEqual({ kind: "damaged", how: "long" });
    expect(verifyObject(promised, { ...promised, sha256: digest("b") })).toEqual({ kind: "damaged", how: "different" });
  });

  it("find missing segments and broken chains", () => {
    const chain = [1, 2, 3].map((segment) => ({
      seal: {
        ...seal, segment, segments: 3, tarOffsetBytes: (segment - 1) * 512, tarBytes: 512,
        previousSealSha256: segment === 1 ? digest("9") : digest(String(segment - 1)),
      },
      sealSha256: digest(String(segment)),
    }));
    expect(verifySnapshot(chain)).toEqual({ missingSegments: [], brokenAt: [] });
    expect(verifySnapshot([chain[2]!, chain[0]!])).toEqual({ missingSegments: [2], brokenAt: [] });
    const forged = { ...chain[1]!, seal: { ...chain[1]!.seal, previousSealSha256: digest("f") } };
    expect(verifySnapshot([chain[0]!, forged, chain[2]!])).toEqual({ missingSegments: [], brokenAt: [2] });
  });
});
