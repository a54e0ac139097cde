import { describe, expect, it } from "vitest";
import { StrongroomError } from "../../../src/words/index.ts";
import { strongroom } from "../command-line.ts";
import { type Instead, jobResult, work } from "../fake-operations.ts";
import * as sample from "../sample-appliance.ts";

const words = (line: string): readonly string[] => line.split(" ");
const given = (ran: { readonly seen: readonly { readonly operation: string; readonly given: readonly unknown[] }[] }, operation: string): unknown =>
  ran.seen.find((call) => call.operation === operation)?.given[0];
const operationsOf = (ran: { readonly seen: readonly { readonly operation: string }[] }): readonly string[] => ran.seen.map(({ operation }) => operation);

describe("volume init on a medium that is not blank", () => {
  const line = words("volume init SR0001L8 --pool onsite");
  const refusing = (onlyCopies = 0): Instead => ({
    volume: {
      init: (request) =>
        request.overwrite === undefined
          ? Promise.reject(new StrongroomError("denied", "MEDIUM_NOT_BLANK", "SR0001L8 holds a volume of this appliance, nothing was written"))
          : Promise.resolve(sample.volume),
      whatIsOn: () => Promise.resolve({ copies: 2, onlyCopies, elsewhere: ["USB001"] }),
    },
  });

  it("shows what would be lost and goes on when the barcode is typed", async () => {
    const ran = await strongroom(line, { instead: refusing(), answers: ["SR0001L8"] });
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("would be lost: 2 copies, 0 of them without another good copy\ncopies elsewhere: USB001\n");
    expect(ran.seen.at(-1)).toMatchObject({ operation: "volume.init", given: [{ barcode: "SR0001L8", overwrite: "SR0001L8" }] });
  });

  it.each(["", "y", "yes", "SR0001L", "sr0001l8"])("writes nothing when %j is typed", async (typed) => {
    const ran = await strongroom(line, { instead: refusing(), answers: [typed] });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("nothing was written [BARCODE_DIFFERS]");
    expect(ran.seen.filter(({ operation }) => operation === "volume.init")).toHaveLength(1);
  });

  it.each([[undefined, line], [["SR0001L8"], [...line, "--no-input"]]])("names the option when nobody can be asked", async (answers, typed) => {
    const ran = await strongroom(typed, { instead: refusing(), ...(answers ? { answers } : {}) });
    expect(ran.code).toBe(6);
    expect(ran.err).toContain("[MEDIUM_NOT_BLANK]\nhint: to write over it, add: --overwrite SR0001L8\n");
  });

  it("takes the barcode as an option, but not another one", async () => {
    expect((await strongroom([...line, "--overwrite", "SR0001L8"], { instead: refusing() })).code).toBe(0);
    const other = await strongroom([...line, "--overwrite", "SR0002L8"], { instead: refusing() });
    expect(other.code).toBe(2);
    expect(operationsOf(other)).not.toContain("volume.init");
  });

  it("does not lose the only copy of anything without being told to", async () => {
    const refused = await strongroom([...line, "--overwrite", "SR0001L8"], { instead: refusing(3) });
    expect(refused.code).toBe(6);
    expect(refused.err).toContain("holds the only good copy of 3 segments");
    expect(operationsOf(refused)).not.toContain("volume.init");
    expect((await strongroom([...line, "--overwrite", "SR0001L8", "--lose-only-copies"], { instead: refusing(3) })).code).toBe(0);
  });
});

describe("archive abandon", () => {
  const instead: Instead = { archive: { show: () => Promise.resolve({ ...sample.archive, unfinished: sample.openSnapshot }) } };
  const line = words("archive abandon photos");

  it.each([[["y"], true], [["n"], false], [[""], false]])("asked, %j: abandons it is %j", async (answers, abandons) => {
    const ran = await strongroom(line, { instead, answers });
    expect(ran.code).toBe(0);
    expect(operationsOf(ran).includes("archive.abandon")).toBe(abandons);
  });

  it("needs --yes where nobody can be asked", async () => {
    expect(await strongroom(line, { instead })).toMatchObject({ code: 4 });
    const ran = await strongroom([...line, "--yes"], { instead });
    expect(operationsOf(ran)).toContain("archive.abandon");
  });

  it("says so when there is nothing to abandon", async () => {
    expect(await strongroom(line)).toMatchObject({ code: 10 });
  });
});

describe("a job", () => {
  it.each([["ok", 0], ["note", 0], ["warn", 3], ["err", 1], ["fatal", 1]] as const)("of severity %s ends with %i", async (severity, code) => {
    const { job: record } = jobResult(severity, "so it went");
    const run = () => Promise.resolve({
      job: record, severity, summary: "so it went", snapshot: sample.snapshot, troubled: 0, resumed: true, segmentsSealed: 1, segmentsTakenOver: 2, volumes: [],
    });
    const ran = await strongroom(words("archive run photos --full"), { instead: { archive: { run } } });
    expect(ran.code).toBe(code);
    expect(ran.out).toContain("2 taken over from the run before");
    expect(ran.seen[0]).toMatchObject({ operation: "archive.run", given: ["photos", { full: true }, {}] });
    expect(ran.closed).toBe(true);
  });

  it("stops at a safe point at the first Ctrl-C and at once at the second", async () => {
    const signals = new Map<string, () => void>();
    const exits: number[] = [];
    const ran = await strongroom(words("archive run photos"), {
      signals,
      exits,
      instead: {
        archive: {
          run: (_name, _request, options) => {
            signals.get("SIGINT")?.();
            expect(options.signal.aborted).toBe(true);
            signals.get("SIGINT")?.();
            work(options);
            return Promise.reject(new Error("the signal was not heard"));
          },
        },
      },
    });
    expect(ran.err).toContain("stopping at a safe point");
    expect(exits).toEqual([130]);
    expect(ran.code).toBe(130);
  });

  it("that fails says so once, and what went before it all the same", async () => {
    const run: Instead["archive"] = {
      run: (_name, _request, { observer }) => {
        for (const code of ["FILE_VANISHED", "POOL_NEEDS_CARTRIDGE"]) observer.event({ timeMs: 0, severity: "err", code, text: "it is so" });
        return Promise.reject(new StrongroomError("operator", "POOL_NEEDS_CARTRIDGE", "pool onsite needs a blank cartridge", { hint: "put one in" }));
      },
    };
    const ran = await strongroom(words("archive run photos"), { instead: { archive: run } });
    expect(ran.code).toBe(4);
    expect(ran.err).toBe(
      "err: it is so [FILE_VANISHED]\nstrongroom: error: pool onsite needs a blank cartridge [POOL_NEEDS_CARTRIDGE]\nhint: put one in\n",
    );
    const json = await strongroom(words("archive run photos --json"), { instead: { archive: run } });
    expect(json.out.trimEnd().split("\n").map((line) => (JSON.parse(line) as { code: string }).code)).toEqual(["FILE_VANISHED", "POOL_NEEDS_CARTRIDGE"]);
  });

  it("that finds damage ends with 7 and names object, cartridge and what to do", async () => {
    const finding = { severity: "err", code: "OBJECT_DAMAGED", barcode: "SR0001L8", object: 3, role: "segment", text: "differs from its seal", hint: "copy it again" } as const;
    const verify = () => Promise.resolve({ ...jobResult("err", "1 finding"), objects: 6, readBytes: 1024, findings: [finding], method: "full" as const, mends: [] });
    const ran = await strongroom(words("volume verify SR0001L8"), { instead: { volume: { verify } } });
    expect(ran.code).toBe(7);
    expect(ran.out).toMatch(/err +SR0001L8 +3 +segment +differs from its seal \[OBJECT_DAMAGED\] +copy it again/);
  });
});

describe("names", () => {
  it.each([
    ["volume show SR0001L9", "SR0001L8"],
    ["archive run photo", "photos"],
    ["archive show phtoos", "photos"],
    ["pool show onsit", "onsite"],
    ["library show vlt", "vtl"],
  ])("%s: asks whether %s was meant", async (line, meant) => {
    const failing = (name: string) => Promise.reject(new StrongroomError("missing", "ARCHIVE_UNKNOWN", `there is no archive called ${name}`));
    const ran = await strongroom(words(line), { instead: { archive: { run: failing, show: failing } } });
    expect(ran.code).toBe(10);
    expect(ran.err).toContain(`hint: did you mean ${meant}?`);
  });

  it("takes a new name on the same line for what it is", async () => {
    const init = () => Promise.reject(new StrongroomError("missing", "POOL_UNKNOWN", "there is no pool called onsit"));
    const ran = await strongroom(words("volume init SR0001L7 --pool onsit"), { instead: { volume: { init } } });
    expect(ran.err).toContain("did you mean onsite?");
    expect(ran.err).not.toContain("SR0001L8");
  });

  it("suggests nothing that is far off", async () => {
    expect((await strongroom(words("pool show abcdefg"))).err).not.toContain("did you mean");
  });

  it.each([
    ["archive run ", "photos"], ["volume show ", "SR0001L8"], ["volume init X --pool ", "onsite"], ["library show ", "vtl"], ["key show ", "recovery"],
  ])("completes %j with %s", async (line, name) => {
    const ran = await strongroom(["__complete", ...line.split(" ")]);
    expect(ran.out.split("\n").map((candidate) => candidate.split("\t")[0])).toContain(name);
  });

  it("may be pasted back as they were printed", async () => {
    const printed = (await strongroom(words("snapshot entries photos"))).out.split("\n")[1]?.split("  ").at(-1) ?? "";
    const ran = await strongroom(["file", "recall", "photos", printed, "/docs/plain/", "."]);
    expect(given(ran, "file.recallPlan")).toEqual({
      archive: "photos",
      snapshot: undefined,
      paths: [Buffer.from(sample.hostileName), Buffer.from("docs/plain"), Buffer.from(".")],
    });
  });

  it.each([String.raw`a\b`, String.raw`a\x1`, String.raw`a\u{110000}`, String.raw`a\u{d800}`, String.raw`a\x00`])("with a broken escape are refused: %s", async (typed) => {
    expect(await strongroom(["file", "history", "photos", typed])).toMatchObject({ code: 2, seen: [] });
  });
});

describe("what is typed", () => {
  it("makes an archive as it was said, and leaves the rest to the defaults", async () => {
    const line = "archive create a --source h=/home --source /srv/My_Photos --pool p --pool q --exclude *.tmp --segment-size 64MiB --no-verify --all-file-systems";
    const ran = await strongroom(words(line));
    expect(given(ran, "archive.create")).toEqual({
      name: "a",
      pools: ["p", "q"],
      segmentSizeBytes: 67_108_864,
      verify: false,
      sources: [
        { name: "h", path: "/home", exclude: ["*.tmp"], oneFileSystem: false },
        { name: "my-photos", path: "/srv/My_Photos", exclude: ["*.tmp"], oneFileSystem: false },
      ],
    });
    expect(given(await strongroom(words("archive create a --source /a --pool p")), "archive.create")).toEqual({
      name: "a",
      pools: ["p"],
      sources: [{ name: "a", path: "/a", exclude: [] }],
    });
  });

  it.each([
    "archive create a --source /x/same --source /y/same --pool p",
    "archive create a --source /x --pool p --segment-size many",
    "archive create a --source /x --pool p --one-file-system --all-file-systems",
    "pool create p --kind tape --folder /x",
    "pool create p --kind folder --library vtl",
    "library move vtl slot3 mail:1",
    "library add vtl",
    "library add vtl --simulator /srv/vtl --changer /dev/sg3",
    "library add vtl --simulator /srv/vtl --drive /dev/sg4",
    "drive show 1 2 3",
    "drive show one",
    "volume verify",
    "volume verify SR0001L8 --folder /x",
    "volume verify SR0001L8 --quick --sample 5",
    "file find x --limit 0",
    "simulator create /x --cartridges 11",
    "simulator create /x --prefix sr",
    "simulator create /x --pickers 9",
    "simulator create /x --magazine 11",
    "simulator create /x --reserved-slots 10",
    "simulator create /x --slots 50001",
    "simulator damage /x B --file 1 --byte 2 --bit 8",
  ])("%s: is refused before anything is done", async (line) => {
    const ran = await strongroom(words(line));
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/^strongroom: error: .*\nhint: /);
    expect(operationsOf(ran).filter((operation) => !/\.(list|show)$/.test(operation))).toEqual([]);
  });

  it("moves what was left in a gripper", async () => {
    const ran = await strongroom(words("library move vtl transport:0 slot:4"));
    expect(ran.code).toBe(0);
    const { given } = ran.seen.find(({ operation }) => operation === "library.move")!;
    expect(given[0]).toMatchObject({ library: "vtl", from: { kind: "transport", number: 0 }, to: { kind: "slot", number: 4 } });
  });

  it("takes the passphrase from the terminal, twice for a new key, and never from the line", async () => {
    const same = await strongroom(words("key init --export /keys"), { answers: ["secret", "secret"] });
    expect(same.code).toBe(0);
    expect(same.out).toContain("the locked private recovery key is in /keys/recovery.asc and nowhere else");
    expect(await strongroom(words("key init --export /keys"))).toMatchObject({ code: 4 });
    expect(await strongroom(words("key init --export /keys --passphrase secret"))).toMatchObject({ code: 2, seen: [] });
  });

  it("plans for a person when media are short", async () => {
    const plan = () => Promise.resolve({
      entries: 3, newEntries: 3, newContentBytes: 9999, segments: 1, plannedBytes: 9999, goneEntries: 0,
      pools: [{ pool: "onsite", freeBytes: 10, blankCartridges: 0 }],
    });
    const ran = await strongroom(words("archive plan photos"), { instead: { archive: { plan } } });
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).toContain("next: insert blank cartridges");
  });

  it("is told which volume to bring for a recall, and what is lost for good", async () => {
    const away = { barcode: "SR0009L8", place: "vault B4", pool: "offsite", segments: 2, inReach: false };
    const recall = (lostSegments: number) => ({ file: { recallPlan: () => Promise.resolve({ entries: 1, contentBytes: 1, lostSegments, volumes: [away] }) } });
    const ran = await strongroom(words("file recall photos"), { instead: recall(0) });
    expect(ran).toMatchObject({ code: 4 });
    expect(ran.err).toContain("next: bring SR0009L8 (vault B4)");
    expect(await strongroom(words("file recall photos"), { instead: recall(1) })).toMatchObject({ code: 7 });
    const nothing = { file: { recallPlan: () => Promise.resolve({ entries: 0, contentBytes: 0, lostSegments: 0, volumes: [] }) } };
    expect(await strongroom(words("file recall photos nowhere"), { instead: nothing })).toMatchObject({ code: 10 });
  });

  it.each([
    ["pool list", { pool: { list: () => Promise.resolve([]) } }, "strongroom pool create NAME"],
    ["archive list", { archive: { list: () => Promise.resolve([]) } }, "strongroom archive create NAME"],
    ["volume list", { volume: { list: () => Promise.resolve([]) } }, "strongroom volume init BARCODE"],
    ["key list", { key: { list: () => Promise.resolve([]) } }, "strongroom key init"],
    ["drive show 0", { library: { list: () => Promise.resolve([]) } }, "strongroom library add"],
  ] as const)("%s of an empty appliance says what comes next", async (line, instead, next) => {
    expect((await strongroom(words(line), { instead })).err).toContain(next);
  });
});
