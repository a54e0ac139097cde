import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** GnuPG with a home of its own, the independent reader and writer. */
export interface Gpg {
  /** Standard output; throws with what gpg said. */
  run(args: readonly string[], input?: Uint8Array | string): Buffer;
  /** Whether gpg ended well, with all it said. */
  attempt(args: readonly string[], input?: Uint8Array | string): { readonly ok: boolean; readonly said: string };
  file(name: string, content: Uint8Array | string): string;
  close(): void;
}

/** The path is short: an agent's socket has to fit below it. */
export function openGpg(): Gpg {
  const home = mkdtempSync(join(tmpdir(), "gpg-"));
  const options = ["--batch", "--no-tty", "--quiet", "--homedir", home, "--trust-model", "always", "--pinentry-mode", "loopback"];
  const spawn = (args: readonly string[], input: Uint8Array | string = "") =>
    spawnSync("gpg", [...options, ...args], { input, maxBuffer: 256 * 1024 * 1024 });
  return {
    run(args, input) {
      const { status, stdout, stderr } = spawn(args, input);
      if (status !== 0) throw new Error(stderr.toString());
      return stdout;
    },
    attempt(args, input) {
      const { status, stderr } = spawn(args, input);
      return { ok: status === 0, said: stderr.toString() };
    },
    file(name, content) {
      const path = join(home, name);
      writeFileSync(path, content);
      return path;
    },
    close() {
      execFileSync("gpgconf", ["--homedir", home, "--kill", "all"]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
