import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Summary } from "./summary.ts";

export type Outcome = Summary;

/** Every shell of a stranger's machine must be able to read what we hand out: scripts are parsed by all that are here. */
export function shellChecks(): Outcome {
  let passed = 0;
  let failed = 0;
  const check = (what: string, problem: string | undefined) => {
    if (problem === undefined) passed += 1;
    else {
      failed += 1;
      console.log(`shell: ${what}: ${problem}`);
    }
  };
  const skipped: string[] = [];
  for (const script of scripts()) {
    const bash = readFileSync(script, "utf8").startsWith("#!/usr/bin/env bash");
    for (const shell of bash ? [["bash"]] : [["dash"], ["bash", "--posix"], ["busybox", "ash"]]) {
      const [command = "sh", ...flags] = shell;
      const result = spawnSync(command, [...flags, "-n", script], { encoding: "utf8" });
      if (result.error !== undefined) skipped.push(`shell: ${script} (${command} is not installed)`);
      else check(script, result.status === 0 ? undefined : `${command}: ${result.stderr.trim()}`);
    }
  }
  if (existsSync("src/main/strongroom.ts")) check("tools/strongroom", launcherThroughLink());
  return { passed, failed, skipped };
}

function scripts(): readonly string[] {
  const places = ["tools/*", "packaging/bin/*", ".ci/*", "native/*/*.sh", "src/**/*.sh", "tools/**/*.sh"];
  return [...new Set(globSync(places))]
    .filter((path) => statSync(path).isFile() && /^#!.*sh\b/.test(readFileSync(path, "utf8")))
    .sort();
}

function launcherThroughLink(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "strongroom-launcher-"));
  try {
    const link = join(folder, "strongroom");
    symlinkSync(resolve("tools/strongroom"), link);
    const result = spawnSync(link, ["help", "exit-codes"], { encoding: "utf8", cwd: "/", env: { PATH: "/usr/bin:/bin" } });
    return result.status === 0 && result.stdout.includes("70") ? undefined : `exit ${result.status ?? -1}: ${result.stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
