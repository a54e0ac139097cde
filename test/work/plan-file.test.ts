import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlanLine, PlanWriter, readPlanLines, readPlanRoots } from "../../src/work/plan/index.ts";

const name = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte))));
const planLine: fc.Arbitrary<PlanLine> = fc.record({
  root: fc.nat(5),
  sourcePath: name,
  ctimeNs: fc.bigInt({ min: 0n, max: 2n ** 63n }),
  inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  entry: fc.record(
    {
      path: name,
      type: fc.constantFrom("file", "directory", "symlink", "hardlink", "fifo"),
      mode: fc.nat(0o7777),
      uid: fc.nat(4_000_000_000),
      gid: fc.nat(4_000_000_000),
      owner: fc.string({ unit: "grapheme", maxLength: 20 }),
      group: fc.string({ maxLength: 20 }),
      mtimeNs: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n }),
      sizeBytes: fc.nat(Number.MAX_SAFE_INTEGER),
      linkTarget: name,
      device: fc.record({ major: fc.nat(4095), minor: fc.nat(1_000_000) }),
      xattrs: fc.array(fc.record({ name, value: name }), { maxLength: 3 }),
      aclAccess: fc.string(),
      sparseMap: fc.array(fc.record({ offsetBytes: fc.nat(), lengthBytes: fc.nat() }), { maxLength: 4 }),
      dumpdir: fc.array(fc.record({ name, kind: fc.constantFrom("directory", "stored", "not-stored") }), { maxLength: 4 }),
    },
    { requiredKeys: ["path", "type", "mode", "uid", "gid", "owner", "group", "mtimeNs", "sizeBytes"] },
  ),
});

describe("the plan file", () => {
  let folder: string;
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "plan-")); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it("gives back every line as it was, from any of its offsets", () => {
    fc.assert(
      fc.property(fc.array(planLine, { minLength: 1, maxLength: 20 }), fc.array(name, { minLength: 1, maxLength: 3 }), (lines, roots) => {
        const path = join(folder, "plan");
        const writer = new PlanWriter(path, roots);
        const offsets = lines.map((one) => {
          const { offset } = writer;
          writer.add(one);
          return offset;
        });
        const end = writer.offset;
        writer.finish();
        expect(readPlanRoots(path).map((root) => Buffer.from(root))).toEqual(roots);
        for (const [index, offset] of offsets.entries()) {
          expect([...readPlanLines(path, offset, end)]).toEqual(lines.slice(index));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("reads lines longer than its buffer", () => {
    const path = join(folder, "long");
    const writer = new PlanWriter(path, [Buffer.from("/")]);
    const dumpdir = Array.from({ length: 50_000 }, (_, index) => ({ name: Buffer.from(`name-${String(index)}`), kind: "stored" as const }));
    const from = writer.offset;
    const entry = { path: Buffer.from("d"), type: "directory" as const, mode: 0, uid: 0, gid: 0, owner: "", group: "", mtimeNs: 0n, sizeBytes: 0, dumpdir };
    for (let count = 0; count < 3; count += 1) writer.add({ root: 0, sourcePath: Buffer.from("d"), entry, ctimeNs: 0n, inode: 1n });
    const to = writer.offset;
    writer.finish();
    expect([...readPlanLines(path, from, to)].map((one) => one.entry.dumpdir?.length)).toEqual([50_000, 50_000, 50_000]);
  });

  it("has no name before it is whole", () => {
    const path = join(folder, "unfinished");
    const writer = new PlanWriter(path, [Buffer.from("/")]);
    expect(() => readPlanRoots(path)).toThrow(/ENOENT/);
    writer.abandon();
  });
});
