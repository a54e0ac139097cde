import { expect, it } from "vitest";
import type { NewEntry } from "../../src/records/index.ts";
import { type Context, bytes, code, newEntry, plan, sealedFacts, takeSnapshot } from "./catalog-samples.ts";

export function valueTests(context: () => Context): void {
  const extremes: readonly Partial<NewEntry>[] = [
    { mtimeNs: -1n, ctimeNs: 0n, inode: 0n },
    { mtimeNs: 2n ** 63n - 1n, ctimeNs: -(2n ** 63n), inode: 2n ** 64n - 1n },
    { mtimeNs: 2n ** 63n, ctimeNs: -(2n ** 63n) - 1n, inode: 2n ** 32n },
    { mtimeNs: (2n ** 63n - 1n) * 1_000_000_000n + 999_999_999n, ctimeNs: -(2n ** 63n) * 1_000_000_000n, inode: 2n ** 32n - 1n },
    { uid: 2 ** 32 - 1, gid: 0, mode: 0o7777, sizeBytes: Number.MAX_SAFE_INTEGER },
    { uid: 127, gid: 128, mode: 0, sizeBytes: 0, piece: { offsetBytes: 0, lengthBytes: 0, sha256: new Uint8Array(32) } },
    { sizeBytes: 2 ** 40, piece: { offsetBytes: 0, lengthBytes: 2 ** 33 + 1, sha256: new Uint8Array(32).fill(255) } },
    { type: "symlink", sizeBytes: 0, linkTarget: bytes("/\xff\n\x1b[2J") },
    { type: "hardlink", sizeBytes: 0, linkTarget: bytes("a/b") },
    { type: "directory" },
    { type: "fifo" },
    { type: "character-device" },
    { type: "block-device" },
    { condition: "vanished" },
    { condition: "unreadable" },
    { condition: "changed" },
    { path: bytes(`\n/\x1b/\xff\xfe/${"n".repeat(5000)}`) },
    { path: bytes(Array.from({ length: 300 }, () => "deep").join("/")) },
  ];

  it("come back as they were given", () => {
    const { catalog, archive } = context();
    const rows = extremes.map((change, index) => {
      const { piece, ...plain } = newEntry(`e${String(index)}`, change);
      return plain.type === "file" && piece !== undefined ? { ...plain, piece } : plain;
    });
    const snapshot = takeSnapshot(catalog, archive, [rows]);
    const segmentId = catalog.segments(snapshot)[0]!.id;
    const found = [...catalog.entriesOfSegment(segmentId)];
    for (const [index, row] of rows.entries()) {
      const { piece, ...plain }: NewEntry = row;
      const { id, ...rest } = found[index]!;
      expect(rest).toEqual({ ...plain, firstSnapshot: 1, segmentId, archiveId: archive.id, goneSince: undefined });
      expect(catalog.pieces(id)).toEqual(piece === undefined ? [] : [{ ...piece, segmentId }]);
      expect([...catalog.history(archive, plain.path)]).toHaveLength(1);
    }
    expect([...catalog.entries(archive, 1)]).toHaveLength(rows.length);
  });

  it("are refused where they cannot be right", () => {
    const { catalog, archive } = context();
    const snapshot = catalog.openSnapshot(archive, 1, undefined);
    plan(catalog, snapshot, 1);
    const { id } = catalog.segments(snapshot)[0]!;
    for (const wrong of [
      { uid: -1 },
      { gid: 2 ** 32 },
      { uid: 1.5 },
      { piece: { offsetBytes: 0, lengthBytes: 1, sha256: new Uint8Array(31) } },
    ]) {
      expect(
        code(() => {
          catalog.addSealedSegment(id, sealedFacts, [newEntry("a", wrong)]);
        }),
      ).toMatch(/_INVALID$/);
    }
  });

  it("has no pieces for what it does not know", () => {
    expect(context().catalog.pieces(123_456)).toEqual([]);
  });
}
