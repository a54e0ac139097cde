import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody who has media, the recovery key and a stock machine: no Strongroom, no Node.js, no records. */
export interface Stranger {
  recover(script: string, target: string, volumes: readonly string[], more?: readonly string[]): { readonly status: number | null; readonly said: string };
  leave(): void;
}

/** With a gpg home that holds the locked recovery key and nothing else. */
export function makeStranger(folder: string, lockedKey: string, passphrase: string): Stranger {
  const home = mkdtempSync(join(tmpdir(), "stranger-"));
  const passphraseFile = join(home, "passphrase");
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const imported = spawnSync("gpg", ["--homedir", home, "--batch", "--quiet", "--import", lockedKey], { encoding: "utf8" });
  if (imported.status !== 0) throw new Error(`gpg --import: ${imported.stderr}`);
  return {
    recover: (script, target, volumes, more = []) => {
      mkdirSync(target, { recursive: true });
      const words = ["restore", ...volumes, "-o", target, "--passphrase-file", passphraseFile, ...more];
      const environment = ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", `GNUPGHOME=${home}`];
      const run = spawnSync("env", [...environment, "sh", script, ...words], { encoding: "utf8", cwd: folder, timeout: 120_000 });
      return { status: run.status, said: `${run.stdout}${run.stderr}` };
    },
    leave: () => {
      spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Everything that rsync compares: contents, links, owners by number, modes, times to the nanosecond, ACLs and attributes. */
export function treeDifferences(one: string, other: string): string {
  const run = spawnSync("rsync", ["-aHAXnci", "--numeric-ids", "--delete", "--modify-window=-1", `${one}/`, `${other}/`], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`rsync: ${run.stderr}`);
  return run.stdout;
}
