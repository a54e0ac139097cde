import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectRole } from "../../src/formats/volume/index.ts";
import { damaged, damages } from "./bytes/damages.ts";
import { positionsOf } from "./bytes/positions.ts";
import { openCommandBench } from "./commands/bench.ts";
import { namedFaults } from "./commands/faults.ts";
import { playSteps, severityMistake, untruths } from "./commands/judge.ts";
import { beginReferenceJob, type ReferenceJob } from "./commands/reference.ts";
import { type RecordedCopies, type RecordedCopy, unkept, untrueOf } from "./kills/judge.ts";

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "campaign-judging-")); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

describe("damage to a volume", () => {
  const volume = new URL("../samples/volume-1/folder/", import.meta.url).pathname;
  const objects = readdirSync(volume).filter((name) => /^\d{6}-/.test(name)).sort().map((name) => readFileSync(join(volume, name)));

  it("has a place in every part of every object, each by a name of its own and within it", () => {
    for (const bytes of objects) {
      const places = positionsOf(objectRole(bytes.subarray(0, 512))!, bytes);
      expect(new Set(places.map(({ name }) => name)).size).toBe(places.length);
      expect(places.every(({ offsetBytes }) => offsetBytes >= 0 && offsetBytes < bytes.length)).toBe(true);
    }
    const namesOf = (number: number): string[] => positionsOf(objectRole(objects[number]!.subarray(0, 512))!, objects[number]!).map(({ name }) => name);
    expect(namesOf(0)).toEqual(expect.arrayContaining(["README-FIRST.txt-checksum", "volume.json-content", "recover.sh-padding", "end-marks", "last-byte"]));
    expect(namesOf(1)).toEqual(expect.arrayContaining(["packet-1-head", "packet-1-length-1", "packet-2-body-1", "middle"]));
    expect(namesOf(2)).toEqual(expect.arrayContaining(["line-1", "line-4", "end-of-line-6"]));
    expect(namesOf(5)).toEqual(expect.arrayContaining(["manifest.txt-content", "manifest-line-2"]));
  });

  it("changes the bytes in its own way, and is none where nothing would change", () => {
    const bytes = Buffer.from("abcdefgh".repeat(8));
    const other = Buffer.from("ABCDEFGH".repeat(8));
    const lengths = damages.map((damage) => damaged(bytes, damage, 20, other)?.length);
    expect(lengths).toEqual([64, 64, 20, 80, 64]);
    expect(damaged(bytes, "swap", 20, other)?.toString()).toBe(`${bytes.toString("latin1", 0, 20)}${other.toString("latin1", 20, 36)}${bytes.toString("latin1", 36)}`);
    expect(damaged(bytes, "swap", 20, bytes)).toBeUndefined();
    expect(damaged(Buffer.alloc(40), "zeros", 3, other)).toBeUndefined();
    expect(bytes.toString()).toBe("abcdefgh".repeat(8));
  });
});

describe("the reference job", () => {
  let job: ReferenceJob;
  beforeAll(async () => {
    job = await beginReferenceJob(await openCommandBench(folder));
    const told: string[] = [];
    expect(await playSteps(job, told)).toBeUndefined();
    expect(told).toEqual([]);
  }, 120_000);
  afterAll(async () => { await job.watched.close(); });

  it("spans cartridges, uses every unit, and is judged as good", async () => {
    expect(job.volumes().length).toBeGreaterThan(3);
    for (const commands of job.watched.commands) expect(commands.length).toBeGreaterThan(50);
    expect(severityMistake(job)).toBeUndefined();
    expect(await untruths(job)).toEqual([]);
    expect(job.compare()).toEqual({ wrong: [], missing: [] });
  });

  it("is judged by what was restored: a wrong byte and a missing file are seen", () => {
    const back = join(job.watched.appliance.folder, "back");
    const restored = readdirSync(back, { recursive: true, encoding: "utf8" }).filter((name) => /file-\d$/.test(name)).sort();
    const path = join(back, restored[0]!);
    const bytes = readFileSync(path);
    bytes[1000]! ^= 1;
    writeFileSync(path, bytes);
    rmSync(join(back, restored[1]!));
    expect(job.compare()).toEqual({ wrong: ["file-0"], missing: ["file-1"] });
  });

  it("is judged by what is on the tapes: copies that cannot be read are seen, and a log that is graver than its job", async () => {
    const { library, appliance } = job.watched;
    const { journal } = appliance.parts;
    const [last] = journal.jobs(1);
    journal.addEvent({ jobId: last!.id, timeMs: 0, severity: "err", code: "ANYTHING", text: "said, and not counted" });
    expect(severityMistake(job)).toContain("its log at most err");
    for (const lun of [1, 2]) library.inject({ lun, opcode: 0x08, every: 1, effect: { kind: "sense", key: 3, code: 0x1100 } });
    expect((await untruths(job)).length).toBeGreaterThan(0);
  }, 120_000);
});

describe("copies after a death", () => {
  const copy = (segmentId: number, barcode: string, more: Partial<RecordedCopy> = {}): RecordedCopy =>
    ({ segmentId, barcode, pool: barcode.startsWith("USB") ? "usb" : "vault", volume: "open", state: "verified", ...more });
  const of = (...copies: RecordedCopy[]): RecordedCopies => ({ segments: [1, 2], copies });
  const pools = ["vault", "usb"];
  const good = [copy(1, "A"), copy(2, "A"), copy(1, "USB"), copy(2, "USB")];
  const bad = copy(2, "B", { state: "bad", volume: "closed" });

  it("are all verified, or bad on a volume that was closed while another copy is good", () => {
    expect(unkept(of(...good), pools)).toEqual([]);
    expect(unkept(of(...good, bad), pools)).toEqual([]);
    expect(unkept(of(...good, { ...bad, volume: "open" }), pools)).toEqual(["segment 2 is bad on B, which is open"]);
    expect(unkept(of(...good.filter(({ barcode, segmentId }) => barcode !== "A" || segmentId === 1), bad), pools)).toEqual(["segment 2 has no verified copy in vault"]);
    expect(unkept(of(...good.slice(0, 3), copy(2, "USB", { state: "written" })), pools)).toHaveLength(2);
    expect(unkept({ segments: [], copies: [] }, pools)).toHaveLength(1);
  });

  it("stay what they were called when their volume is read: only what was known to be bad may be found", () => {
    expect(untrueOf("A", 0, of(...good), of(...good))).toEqual([]);
    expect(untrueOf("A", 5, of(...good), of(...good))).toEqual(["A is not as recorded (exit code 5)"]);
    const lost = of(copy(1, "A"), copy(2, "A", { state: "bad" }));
    expect(untrueOf("A", 5, of(...good), lost)).toHaveLength(2);
    const known = of(...good, copy(1, "B", { volume: "closed" }), bad);
    expect(untrueOf("B", 5, known, known)).toEqual([]);
    expect(untrueOf("B", 5, known, of(...good, copy(1, "B", { state: "bad" }), bad))).toEqual(["segment 1 was recorded as good on B, and is not"]);
  });
});

it("every fault of the simulator's catalogue that a path within the process can show is tried", () => {
  expect(new Set(namedFaults.map(({ name }) => name)).size).toBe(namedFaults.length);
  expect(namedFaults.length).toBeGreaterThan(30);
});
