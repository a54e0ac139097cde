import { join } from "node:path";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { OperatorRequests } from "../../src/jobs/index.ts";
import { runCommand } from "../../src/main/run-command.ts";
import { StrongroomError } from "../../src/words/index.ts";
import { makeAppliance, quietly, type TestAppliance } from "../support/appliance.ts";

let appliance: TestAppliance | undefined;
afterEach(async () => {
  await appliance?.close();
  appliance = undefined;
});

async function notifying(answer: () => string | undefined): Promise<{ readonly made: TestAppliance; readonly sent: { readonly command: readonly string[]; readonly input: string }[] }> {
  const sent: { readonly command: readonly string[]; readonly input: string }[] = [];
  const made = await makeAppliance({
    runCommand: (command, input) => {
      sent.push({ command, input });
      return Promise.resolve(answer());
    },
  });
  appliance = made;
  const path = join(made.folder, "state", "config.json");
  const config = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, JSON.stringify({ ...config, notify: { command: ["sendmail", "ops@example.org"] } }));
  mkdirSync(join(made.folder, "source"));
  await made.operations.pool.create({ name: "near", kind: "folder" });
  await made.operations.archive.create({ name: "docs", sources: [{ name: "source", path: join(made.folder, "source") }], pools: ["near"] });
  return { made, sent };
}

it("says once that a job stopped, with what to do, and says nothing of one that went well", async () => {
  const { made, sent } = await notifying(() => undefined);
  await expect(made.operations.archive.run("docs", { full: false }, quietly)).rejects.toMatchObject({ code: "POOL_NEEDS_CARTRIDGE" });
  expect(sent).toHaveLength(1);
  expect(sent[0]!.command).toEqual(["sendmail", "ops@example.org"]);
  expect(sent[0]!.input).toMatch(/^Subject: strongroom test err: archive run docs\n\n.*pool near needs a volume/);
  expect(sent[0]!.input).toContain("strongroom job show 1");
  await made.operations.volume.init({ barcode: "NEAR0001", pool: "near", folder: join(made.folder, "NEAR0001"), capacityBytes: 8 * 1024 * 1024 });
  await made.operations.archive.run("docs", { full: false }, quietly);
  expect(sent).toHaveLength(1);
});

it("notes a command that fails in the job's log, and the job is none the worse", async () => {
  const { made } = await notifying(() => "it ended with 75: no route");
  await expect(made.operations.archive.run("docs", { full: false }, quietly)).rejects.toMatchObject({ code: "POOL_NEEDS_CARTRIDGE" });
  const { events } = await made.operations.job.show(1);
  expect(events.at(-1)).toMatchObject({ severity: "note", code: "NOTICE_NOT_SENT" });
  expect(events.at(-1)!.text).toContain("no route");
  await expect(made.operations.appliance.notify()).rejects.toMatchObject({ code: "NOTICE_NOT_SENT", kind: "failed" });
});

it("refuses a test where nobody is notified", async () => {
  appliance = await makeAppliance();
  await expect(appliance.operations.appliance.notify()).rejects.toMatchObject({ code: "NOTIFY_NOT_CONFIGURED" });
});

it("tells a request that stands too long once more, and not again", async () => {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: (ms: number) => { nowMs += ms; return Promise.resolve(); } };
  const codes: string[] = [];
  const job = { id: 1, resumed: false, progress: {}, note: (_severity: unknown, code: string) => { codes.push(code); }, saveProgress: () => undefined };
  const requests = new OperatorRequests({ job, clock, limitMs: 10 * 3600_000, escalateMs: 7200_000, look: () => Promise.resolve("the same") });
  const needed = new StrongroomError("operator", "POOL_NEEDS_CARTRIDGE", "pool near needs a blank cartridge", { hint: "put one in" });
  const signal = new AbortController().signal;
  while (nowMs < 9 * 3600_000) await requests.wait("pool near", needed, signal);
  expect(codes).toEqual(["OPERATOR_REQUESTED", "OPERATOR_STILL_NEEDED"]);
});

it("runs a real program without a shell, bounds its time, and tells why it failed", async () => {
  expect(await runCommand(["sh", "-c", 'read -r line; test "$line" = "$0"', "Subject: x; $(id)"], "Subject: x; $(id)\n")).toBeUndefined();
  expect(await runCommand(["sh", "-c", "echo no route >&2; exit 75"], "")).toBe("it ended with 75: no route");
  expect(await runCommand(["/nonexistent/sendmail"], "x")).toContain("ENOENT");
  expect(await runCommand(["sleep", "60"], "x".repeat(1_000_000), 50)).toContain("SIGKILL");
});
