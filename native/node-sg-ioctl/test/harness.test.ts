import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFolder } from "./builds.ts";

const compiler = process.env["CC"] ?? "cc";
const sources = ["src/device.c", "src/exchange.c", "test/fake-device.c", "test/harness.c"];
const expected = [
  "devices that cannot be opened",
  "1000 cycles of open, execute, close",
  "an interrupted command is not sent again",
  "a hung device, another that works, and closing both",
  "",
].join("\n");

let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "strongroom-sg-harness-")); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function build(name: string, ...flags: readonly string[]): string {
  const program = join(folder, name);
  mkdirSync(join(folder, `${name}-devices`));
  const settings = ["-std=c17", "-D_GNU_SOURCE", "-DSG_TEST", "-g", "-O1", "-pthread", "-Wall", "-Wextra", "-Werror", "-Isrc"];
  execFileSync(compiler, [...settings, ...flags, "-o", program, ...sources], { cwd: packageFolder, stdio: "pipe" });
  return program;
}

function run(program: string, cycles: number, ...before: readonly string[]): { readonly output: string; readonly status: number | null } {
  const [command, ...rest] = [...before, program, `${program}-devices`, String(cycles)];
  const { stdout, stderr, status } = spawnSync(command, rest, { encoding: "utf8" });
  return { output: stdout + stderr, status };
}

/** Whether the compiler can build and run with a sanitizer: its runtime is a package of its own on some systems. */
function canSanitize(kind: string): boolean {
  const trial = mkdtempSync(join(tmpdir(), "strongroom-sg-trial-"));
  try {
    writeFileSync(join(trial, "trial.c"), "int main(void) { return 0; }\n");
    const made = spawnSync(compiler, [`-fsanitize=${kind}`, "-o", join(trial, "trial"), join(trial, "trial.c")]);
    return made.status === 0 && spawnSync(join(trial, "trial")).status === 0;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;

describe("the device code without JavaScript", () => {
  it("does what it should", () => {
    expect(run(build("plain"), 1000)).toEqual({ output: expected, status: 0 });
  });

  it.skipIf(!canSanitize("address"))("passes AddressSanitizer with leak detection (needs libasan and libubsan)", () => {
    expect(run(build("address", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"), 1000)).toEqual({ output: expected, status: 0 });
  });

  it.skipIf(!canSanitize("thread"))("passes ThreadSanitizer (needs libtsan)", () => {
    expect(run(build("thread", "-fsanitize=thread"), 1000)).toEqual({ output: expected, status: 0 });
  });

  it.skipIf(!hasValgrind)("passes valgrind with nothing lost (needs valgrind)", () => {
    const memcheck = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible", "--error-exitcode=9"];
    expect(run(build("memcheck"), 1000, ...memcheck)).toEqual({ output: expected, status: 0 });
  });
});
