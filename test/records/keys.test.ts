import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KeyRing, type NewKey, openKeyRing } from "../../src/records/index.ts";
import { codeOf, temporaryFolder } from "./temporary.ts";

/** The ring knows armor by its first line only: what is inside is not its business. */
const certificate = (word: string): string =>
  `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${word}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
const privateKey = (word: string): string =>
  `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${word}\n-----END PGP PRIVATE KEY BLOCK-----\n`;

function key(role: NewKey["role"], digit: string, change: Partial<NewKey> = {}): NewKey {
  const secret = role === "signing" ? { privateKey: privateKey(digit) } : {};
  const facts = { fingerprint: digit.repeat(40), userIds: ["Strongroom vault"], createdMs: 1, expiresMs: undefined, addedMs: 2 };
  return { role, ...facts, certificate: certificate(digit), ...secret, ...change };
}

let folder: ReturnType<typeof temporaryFolder>;
let ring: KeyRing;
beforeEach(() => {
  folder = temporaryFolder();
  ring = openKeyRing(folder.path);
});
afterEach(() => {
  folder.remove();
});

describe("the key ring", () => {
  it("gives back what was put, by role and by fingerprint, privately", () => {
    expect(ring.list()).toEqual([]);
    ring.put(key("operations", "a"));
    ring.put(key("recovery", "b", { fingerprint: "b".repeat(64), expiresMs: 99 }));
    ring.put(key("signing", "c"));
    expect(ring.list().map((known) => [known.role, known.expiresMs])).toEqual([
      ["operations", undefined],
      ["recovery", 99],
      ["signing", undefined],
    ]);
    expect(ring.certificate("recovery")).toBe(certificate("b"));
    expect(ring.certificate({ fingerprint: "a".repeat(40) })).toBe(certificate("a"));
    expect(ring.signingKeyText()).toBe(privateKey("c"));
    for (const name of readdirSync(folder.path)) {
      expect([name, statSync(join(folder.path, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it("uses the last key of a role and keeps the earlier ones", () => {
    ring.put(key("operations", "a"));
    ring.put(key("operations", "b"));
    expect(ring.current("operations")!.fingerprint).toBe("b".repeat(40));
    expect(ring.certificate("operations")).toBe(certificate("b"));
    expect(ring.certificate({ fingerprint: "a".repeat(40) })).toBe(certificate("a"));
    ring.put(key("operations", "a", { addedMs: 3 }));
    expect(ring.current("operations")).toMatchObject({ fingerprint: "a".repeat(40), addedMs: 3 });
    expect(ring.list()).toHaveLength(2);
  });

  it("never takes a private key but its own", () => {
    const wrong: readonly NewKey[] = [
      key("operations", "a", { privateKey: privateKey("a") }),
      key("recovery", "a", { certificate: privateKey("a") }),
      key("signing", "a", { certificate: `${certificate("a")}${privateKey("a")}` }),
    ];
    for (const put of wrong) expect(codeOf(() => ring.put(put))).toBe("PRIVATE_KEY_REFUSED");
    const { privateKey: _, ...withoutSecret } = key("signing", "a");
    const invalid: readonly NewKey[] = [
      withoutSecret,
      key("operations", "a", { certificate: "nothing" }),
      key("operations", "a", { fingerprint: "../../etc/passwd" }),
    ];
    for (const put of invalid) expect(codeOf(() => ring.put(put))).toBe("KEY_INVALID");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("says what is missing and what is damaged", () => {
    expect(codeOf(() => ring.certificate("recovery"))).toBe("KEY_MISSING");
    expect(codeOf(() => ring.certificate({ fingerprint: "a".repeat(40) }))).toBe("KEY_MISSING");
    expect(codeOf(() => ring.signingKeyText())).toBe("KEY_MISSING");
    ring.put(key("signing", "c"));
    rmSync(join(folder.path, `signing-${"c".repeat(40)}.private.asc`));
    expect(codeOf(() => ring.signingKeyText())).toBe("KEYS_DAMAGED");
    for (const content of ["", "{}", "[1]", '[{"role":"operations","fingerprint":"../x"}]']) {
      writeFileSync(join(folder.path, "keys.json"), content);
      expect(codeOf(() => ring.list())).toBe("KEYS_DAMAGED");
    }
  });
});
