import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Cost, Shell } from "./measure.ts";

/** What a user would type today, with stock gpg and two recipients, as our own segments have. */
export class StockTools {
  readonly #shell: Shell;
  readonly #home: string;
  readonly #out: string;

  constructor(folder: string, shell: Shell) {
    this.#shell = shell;
    this.#home = join(folder, "gnupg");
    this.#out = join(folder, "stock.out");
    mkdirSync(this.#home, { mode: 0o700 });
    for (const name of ["bench-operations", "bench-recovery"]) {
      this.#gpg("--batch", "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign,cert", "never");
      const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(this.#gpg("--batch", "--with-colons", "--list-keys", name))![1]!;
      this.#gpg("--batch", "--passphrase", "", "--quick-add-key", fingerprint, "cv25519", "encr", "never");
    }
  }

  async encrypt(source: string): Promise<Cost> {
    return await this.#pack(source, encryptCommand);
  }

  async signAndEncrypt(source: string): Promise<Cost> {
    return await this.#pack(source, `${encryptCommand} --sign`);
  }

  async compressSignAndEncrypt(source: string): Promise<Cost> {
    return await this.#pack(source, `zstd -q -3 -T0 | ${encryptCommand} --sign`);
  }

  /** Opens what was packed last. */
  async restore(target: string): Promise<Cost> {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    return await this.#run(`gpg --batch -q -d '${this.#out}' | tar -C '${target}' -xpf -`);
  }

  /** Ends the agent that gpg started in its home. */
  close(): void {
    execFileSync("gpgconf", ["--homedir", this.#home, "--kill", "all"]);
  }

  async #pack(source: string, command: string): Promise<Cost> {
    // Giving memory back belongs to neither side's time.
    rmSync(this.#out, { force: true });
    return await this.#run(`tar -C '${source}' -cf - . | ${command} > '${this.#out}'`);
  }

  async #run(script: string): Promise<Cost> {
    return (await this.#shell.measure(script, { GNUPGHOME: this.#home })).cost;
  }

  #gpg(...args: readonly string[]): string {
    return execFileSync("gpg", ["-q", ...args], {
      env: { ...process.env, GNUPGHOME: this.#home },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

const encryptCommand = "gpg --batch -q --trust-model always -z0 -r bench-operations -r bench-recovery --encrypt";

/** Bytes per second of one core for the bare primitives. */
export interface Primitives {
  readonly cfb: number;
  readonly ocb: number;
  readonly sha1: number;
  readonly sha256: number;
}

export function primitives(): Primitives {
  return {
    cfb: primitiveSpeed("aes-256-cfb"),
    ocb: primitiveSpeed("aes-256-ocb"),
    sha1: primitiveSpeed("sha1"),
    sha256: primitiveSpeed("sha256"),
  };
}

/**
 * Bytes per second that all cores would reach when each byte of content passes, one after the other, through the cipher, the
 * hash inside the message, and twice SHA-256 (of content and of the message), and nothing else took any time.
 */
export function limitOf({ cfb, sha1, sha256 }: Primitives): number {
  return availableParallelism() / (1 / cfb + 1 / sha1 + 2 / sha256);
}

function primitiveSpeed(algorithm: string): number {
  const text = execFileSync("openssl", ["speed", "-seconds", "1", "-bytes", "131072", "-evp", algorithm], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const match = /([\d.]+)k\s*$/m.exec(text);
  if (!match) throw new Error(`openssl speed did not say how fast ${algorithm} is`);
  return Number(match[1]) * 1000;
}
