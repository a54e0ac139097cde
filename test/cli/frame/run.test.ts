import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JobResult } from "../../../src/operations/index.ts";
import { StrongroomError, type ErrorKind } from "../../../src/words/index.ts";
import { command, type FakeMachine, run } from "./fake-context.ts";

const nothing = command(() => undefined);

describe("a command line", () => {
  it("reaches its command with arguments and options under their printed names", async () => {
    const seen: unknown[] = [];
    const rich = command(
      ({ typed }) => {
        seen.push(typed.required("[LIBRARY] N"), typed.arguments("[LIBRARY] N"), typed.option("--pool"), typed.options("--source"));
        seen.push(typed.flag("--full"), typed.flag("--no-verify"));
      },
      {
        arguments: [{ name: "[LIBRARY] N", summary: "which", many: true }],
        options: [
          { flags: "--pool NAME", summary: "pool" },
          { flags: "--source PATH", summary: "source", many: true },
          { flags: "--full", summary: "all" },
          { flags: "--no-verify", summary: "trust" },
        ],
      },
    );
    const ran = await run(["thing", "do", "vtl", "--source", "a", "--source", "b", "1", "--no-verify"], [rich]);
    expect(ran).toEqual({ code: 0, out: "", err: "" });
    expect(seen).toEqual(["vtl", ["vtl", "1"], undefined, ["a", "b"], false, true]);
  });

  it.each([
    [["thing", "dö"], "unknown command"],
    [["thnig"], "did you mean thing?"],
    [["thing", "do", "--nope"], "unknown option"],
    [["thing", "do", "excess"], "too many arguments"],
    [["thing", "do", "--color", "pink"], "auto, always, never"],
    [["thing"], "a command is missing"],
    [["help", "nothing"], "there is no help on nothing"],
  ])("%j is a usage error that says what is wrong", async (argv, says) => {
    const ran = await run(argv, [nothing]);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe("");
    expect(ran.err).toMatch(/^strongroom: error: .*\[(USAGE|HELP_UNKNOWN)\]\nhint: /);
    expect(ran.err).toContain(says);
  });

  it.each<[ErrorKind, number]>([
    ["failed", 1], ["usage", 2], ["incomplete", 3], ["operator", 4], ["busy", 5], ["denied", 6], ["mismatch", 7], ["temporary", 8],
    ["missing", 10], ["internal", 70],
  ])("an error of kind %s ends with %i", async (kind, code) => {
    const broken = command(() => { throw new StrongroomError(kind, "WHY", "it is so", { hint: "do this\nor that" }); });
    const ran = await run(["thing", "do"], [broken]);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain("strongroom: error: it is so [WHY]\nhint: do this\nhint: or that\n");
    const json = await run(["thing", "do", "--json"], [broken]);
    expect(JSON.parse(json.err)).toMatchObject({ message_type: "exit_error", exit_code: code, kind, code: "WHY" });
  });

  it("takes what nobody planned for as its own mistake, and lets no escape through", async () => {
    const ran = await run(["thing", "do"], [command(() => { throw new Error("a\x1b[2Jb"); })]);
    expect(ran.code).toBe(70);
    expect(ran.err).toContain("a\\x1b[2Jb [UNEXPECTED]");
  });

  it("keeps the gravest outcome, whatever the order", async () => {
    const both = (first: "warn" | "missing", second: "warn" | "missing") =>
      command(({ answer }) => { answer.exitWith(first); answer.exitWith(second); });
    expect((await run(["thing", "do"], [both("warn", "missing")])).code).toBe(10);
    expect((await run(["thing", "do"], [both("missing", "warn")])).code).toBe(10);
  });

  it("finds the state folder by option, then environment, then default, and closes what it opened", async () => {
    const opens = command(async ({ operations }) => { await operations(); await operations(); });
    const folders = async (argv: readonly string[], environment: Record<string, string>) => {
      const opened: string[] = [];
      await run(argv, [opens], { environment, opened: (folder) => opened.push(folder) });
      return opened;
    };
    expect(await folders(["thing", "do", "--state", "/a"], { STRONGROOM_STATE: "/b" })).toEqual(["/a", "closed"]);
    expect(await folders(["--state", "/a", "thing", "do"], { STRONGROOM_STATE: "/b" })).toEqual(["/a", "closed"]);
    expect(await folders(["thing", "do"], { STRONGROOM_STATE: "/b" })).toEqual(["/b", "closed"]);
    expect(await folders(["thing", "do"], { STRONGROOM_STATE: "" })).toEqual(["/default", "closed"]);
  });

  it("prints text or JSON, never both, and advice on standard error", async () => {
    const list = command(({ answer }) => {
      const table = { titles: ["name", "n"], right: [false, true], rows: [["日本", "1"], ["abcdef", "12"]] };
      answer.document({ things: 2 }, () => { answer.table(table); });
      answer.next("strongroom thing do");
    });
    expect(await run(["thing", "do"], [list])).toEqual({
      code: 0,
      out: "NAME     N\n日本     1\nabcdef  12\n",
      err: "next: strongroom thing do\n",
    });
    const json = await run(["thing", "do", "--json"], [list]);
    expect([JSON.parse(json.out), json.err]).toEqual([{ things: 2 }, ""]);
  });
});

describe("questions", () => {
  const asks = command(async ({ ask, answer }) => { answer.line(String(await ask.moderate(["3 volumes"], "forget them?"))); }, {
    options: [{ flags: "--yes", summary: "do not ask" }],
  });

  it("take no for an answer by default", async () => {
    for (const [typed, meant] of [["", "false"], ["n", "false"], ["y", "true"], ["YES", "true"]] as const) {
      const ran = await run(["thing", "do"], [asks], { answers: [typed] });
      expect([ran.out, ran.err]).toEqual([`${meant}\n`, "3 volumes\nforget them? [y/N] "]);
    }
    expect((await run(["thing", "do", "--yes"], [asks])).out).toBe("true\n");
  });

  it("are errors that name the option where nobody can be asked", async () => {
    for (const machine of [{}, { answers: ["y"] }] satisfies FakeMachine[]) {
      const ran = await run(["thing", "do", ...("answers" in machine ? ["--no-input"] : [])], [asks], machine);
      expect([ran.code, ran.out]).toEqual([4, ""]);
      expect(ran.err).toContain("hint: give --yes");
    }
  });

  it("for a barcode give back what was typed", async () => {
    const erase = command(async ({ ask, answer }) => { answer.line(await ask.barcode(["all is lost"], "A00001L8", "--confirm")); });
    expect((await run(["thing", "do"], [erase], { answers: ["A00002L8"] })).out).toBe("A00002L8\n");
    expect((await run(["thing", "do"], [erase])).err).toContain("hint: give --confirm A00001L8");
  });

  it("for a passphrase read the first line of a file, or ask twice for a new one", async () => {
    const options = [{ flags: "--passphrase-file FILE", summary: "file" }, { flags: "--passphrase-fd N", summary: "fd" }];
    const secret = command(async ({ ask, answer }) => { answer.line(Buffer.from(await ask.passphrase("a key", true)()).toString()); }, { options });
    const folder = mkdtempSync(join(tmpdir(), "strongroom-ask-"));
    try {
      const file = (text: string) => { writeFileSync(join(folder, "p"), text); return ["--passphrase-file", join(folder, "p")]; };
      expect((await run(["thing", "do", ...file("horse \r\nsecond")], [secret])).out).toBe("horse \n");
      expect((await run(["thing", "do", ...file("")], [secret])).err).toContain("[PASSPHRASE_MISSING]");
      expect((await run(["thing", "do", ...file("x".repeat(5000))], [secret])).err).toContain("[PASSPHRASE_TOO_LONG]");
      expect((await run(["thing", "do", "--passphrase-file", join(folder, "none")], [secret])).code).toBe(10);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect((await run(["thing", "do", "--passphrase-fd", "x"], [secret])).code).toBe(2);
    expect((await run(["thing", "do"], [secret], { answers: ["a", "b", "c", "c"] })).out).toBe("c\n");
    expect((await run(["thing", "do"], [secret])).err).toContain("--passphrase-file FILE or --passphrase-fd N");
  });
});

describe("a job", () => {
  const result = { job: { id: 7 }, severity: "warn", summary: "one file left out" } as unknown as JobResult;
  const progress = {
    jobId: 7, stage: "sealing", doneBytes: 0, totalBytes: 4_000_000, doneEntries: 0, totalEntries: 9, spoolFill: 0.5, errors: 0,
    cartridges: [{ barcode: "A00001L8", fill: 0.25 }], current: Buffer.from("dir/\x1b[2J"),
  };

  it("ends with its severity and prints a summary record", async () => {
    const job = command(async (call) => {
      const done = await call.job(() => Promise.resolve(result));
      call.answer.result(done, { files: 3 }, () => { call.answer.line(done.summary); });
    });
    expect(await run(["thing", "do"], [job])).toEqual({ code: 3, out: "one file left out\n", err: "" });
    const json = await run(["thing", "do", "--json"], [job]);
    expect(JSON.parse(json.out)).toMatchObject({ message_type: "summary", job: 7, severity: "warn", files: 3 });
  });

  it("stops at the first signal, ends the process at the second, and lets go of the signals", async () => {
    const signals = new Map<string, () => void>();
    const exits: number[] = [];
    const job = command(async ({ job: start }) => {
      await start(({ signal }) => {
        signals.get("SIGINT")!();
        expect(signal.aborted).toBe(true);
        signals.get("SIGINT")!();
        throw signal.reason as Error;
      });
    });
    const ran = await run(["thing", "do"], [job], { signals, exits });
    expect([ran.code, exits, signals.size]).toEqual([130, [130], 0]);
    expect(ran.err).toContain("stopping at a safe point");
  });

  it("prints a line a minute without a terminal, two redrawn lines with one, and one at once for SIGUSR1", async () => {
    const signals = new Map<string, () => void>();
    const job = command(async ({ job: start, clock }) => {
      await start(async ({ observer }) => {
        for (const atSeconds of [0, 1, 2, 60, 61]) {
          await clock.sleep(atSeconds * 1000 - clock.monotonicMs());
          observer.progress({ ...progress, doneBytes: atSeconds * 10_000 });
        }
        signals.get("SIGUSR1")!();
        return { ...result, severity: "ok" };
      });
    });
    const plain = await run(["thing", "do"], [job], { signals });
    const lines = plain.err.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\[1:00\] sealing 15\.0% {2}585\.9 KiB of 3\.8 MiB {2}0\.0 MB\/s {2}ETA 5:40 {2}spool 50% {2}A00001L8 25% {2}0 errors$/);
    const drawn = await run(["thing", "do"], [job], { signals, isTty: true });
    expect(drawn.err).toContain("ETA -");
    expect(drawn.err).toContain("dir/\\x1b[2J");
    expect(drawn.err).not.toContain("\x1b[2J");
    expect((await run(["thing", "do", "--quiet"], [job], { signals })).err.trimEnd().split("\n")).toHaveLength(1);
    const records = (await run(["thing", "do", "--json"], [job], { signals })).out.trimEnd().split("\n");
    expect(records.map((line) => (JSON.parse(line) as { done_bytes: number }).done_bytes)).toEqual([0, 10_000, 20_000, 600_000, 610_000]);
  });
});
