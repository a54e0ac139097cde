import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Cost, measureShell } from "./measure.ts";

/** What a user would type today, with stock gpg and two recipients, as our own segments have. */
export class StockTools {
  readonly #home: string;
  readonly #out: string;

  constructor(folder: string) {
    this.#home = join(folder, "gnupg");
    this.#out = join(folder, "stock.out");
    mkdirSync(this.#home, { mode: 0o700 });
    for (const name of ["bench-operations", "bench-recovery"]) {
      this.#gpg("--batch", "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign,cert", "never");
      const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(this.#gpg("--batch", "--with-colons", "--list-keys", name))![1]!;
      this.#gpg("--batch", "--passphrase", "", "--quick-add-key", fingerprint, "cv25519", "encr", "never");
    }
  }

  encrypt(source: string): Cost {
    return this.#pipe(`tar -C '${source}' -cf - . | ${this.#encryptCommand("")} > '${this.#out}'`);
  }

  signAndEncrypt(source: string): Cost {
    return this.#pipe(`tar -C '${source}' -cf - . | ${this.#encryptCommand("--sign")} > '${this.#out}'`);
  }

  compressSignAndEncrypt(source: string): Cost {
    return this.#pipe(`tar -C '${source}' -cf - . | zstd -q -3 -T0 | ${this.#encryptCommand("--sign")} > '${this.#out}'`);
  }

  /** Opens what `encrypt` left behind. */
  restore(target: string): Cost {
    return this.#pipe(`rm -rf '${target}' && mkdir '${target}' && gpg --batch -q -d '${this.#out}' | tar -C '${target}' -xpf -`);
  }

  close(): void {
    execFileSync("gpgconf", ["--homedir", this.#home, "--kill", "all"]);
  }

  #encryptCommand(options: string): string {
    return `gpg --batch -q --trust-model always -z0 --encrypt ${options} -r bench-operations -r bench-recovery`;
  }

  #pipe(script: string): Cost {
    return measureShell(script, { GNUPGHOME: this.#home });
  }

  #gpg(...args: readonly string[]): string {
    return execFileSync("gpg", ["-q", ...args], { env: { ...process.env, GNUPGHOME: this.#home }, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}

/** Bytes per second of one core for a bare primitive, by `openssl speed`. */
export function primitiveSpeed(algorithm: string): number {
  const text = execFileSync("openssl", ["speed", "-seconds", "1", "-bytes", "131072", "-evp", algorithm], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const match = /([\d.]+)k\s*$/m.exec(text);
  if (!match) throw new Error(`openssl speed did not say how fast ${algorithm} is`);
  return Number(match[1]) * 1000;
}
