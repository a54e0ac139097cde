import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearSign, generateKey, lockKey, makeSessionKeyPackets, readCertificate, readSessionKey, type UnlockedKey, unlockKey, verifyClearSigned } from "../../../src/formats/openpgp/index.ts";
import { systemClock } from "../../../src/words/index.ts";
import { type Gpg, openGpg } from "./gpg.ts";
import { ciphers, noise, openAll, sealAll, sessionKey } from "./messages.ts";

const passphrase = "correct horse – battery";
let gpg: Gpg;
let operations: UnlockedKey;
let recovery: UnlockedKey;
let signing: UnlockedKey;

beforeAll(async () => {
  gpg = openGpg();
  operations = await generateKey({ name: "Operations of the test appliance", use: "encrypt" }, systemClock);
  recovery = await generateKey({ name: "Recovery", use: "encrypt" }, systemClock);
  signing = await generateKey({ name: "Signing", use: "sign" }, systemClock);
  gpg.run(["--import"], await lockKey(recovery, passphrase));
  gpg.run(["--import"], signing.certificate.armored);
  gpg.run(["--passphrase", "", "--quick-gen-key", "elsewhere@example.org", "rsa3072", "default", "never"]);
  const [fingerprint] =
    /(?<=^fpr:::::::::)[0-9A-F]{40}/m.exec(gpg.run(["--with-colons", "--list-keys", "elsewhere@example.org"]).toString()) ?? [];
  gpg.run(["--passphrase", "", "--quick-add-key", fingerprint ?? "", "rsa3072", "encr", "never"]);
});
afterAll(() => {
  gpg.close();
});

describe.each(ciphers)("gpg and a segment sealed with %s", (cipher) => {
  it.each([0, 1, 70_000, 9_000_001])("decrypts %d bytes with the recovery key, given its passphrase", async (sizeBytes) => {
    const plain = noise(sizeBytes);
    const packets = await makeSessionKeyPackets([operations.certificate, recovery.certificate], sessionKey, systemClock);
    const { message } = sealAll({ cipher, plain: [plain], packets });
    const path = gpg.file("segment.pgp", message);
    const passphrasePath = gpg.file("passphrase", passphrase);
    expect(gpg.run(["--passphrase-file", passphrasePath, "--decrypt", path]).equals(plain)).toBe(true);
    const flipped = Buffer.from(message);
    flipped[flipped.length - 30]! ^= 1;
    expect(gpg.attempt(["--passphrase-file", passphrasePath, "--decrypt"], flipped).ok).toBe(false);
  });

  it("has two version 3 recipients and the packets that are promised", async () => {
    const packets = await makeSessionKeyPackets([operations.certificate, recovery.certificate], sessionKey, systemClock);
    const { message } = sealAll({ cipher, plain: [noise(200_000)], packets });
    const listed = gpg.run(["--passphrase", passphrase, "--list-packets"], message).toString();
    expect(listed.match(/:pubkey enc packet: version 3, algo 18/g)).toHaveLength(2);
    expect(listed).toContain(cipher === "mdc" ? "mdc_method: 2" : ":aead encrypted packet: cipher=9 aead=2 cb=16");
    expect(listed).toContain('mode b (62), created 0, name=""');
  });
});

describe("messages that gpg made", () => {
  const made: readonly (readonly [string, readonly string[]])[] = [
    ["to a pipe, with partial lengths", []],
    ["with MDC forced", ["--force-mdc"]],
    ["under old rules", ["--rfc4880"]],
    ["signed inside", ["--sign", "--local-user", "elsewhere@example.org"]],
  ];
  it.each(made)("open when written %s", async (_, options) => {
    const plain = noise(300_001);
    const certificate = await readCertificate(gpg.run(["--armor", "--export", "elsewhere@example.org"]), systemClock);
    const secret = await unlockKey(gpg.run(["--armor", "--export-secret-keys", "elsewhere@example.org"]), undefined, systemClock);
    const recipients = ["--recipient", certificate.fingerprint, "--recipient", recovery.certificate.fingerprint];
    const message = gpg.run(["-z0", "--cipher-algo", "AES256", ...options, ...recipients, "--encrypt"], plain);
    expect(openAll(message, 5000, await readSessionKey(message.subarray(0, 4096), [secret])).equals(plain)).toBe(true);
    expect(openAll(message, 5000, await readSessionKey(message, [operations, recovery])).equals(plain)).toBe(true);
  });

  it("opens with a definite length, and with a file's name in it", async () => {
    const plain = noise(1000);
    const path = gpg.file("named.bin", plain);
    const message = gpg.run([
      "-z0",
      "--cipher-algo",
      "AES256",
      "--recipient",
      recovery.certificate.fingerprint,
      "--output",
      "-",
      "--encrypt",
      path,
    ]);
    expect(openAll(message, 1, await readSessionKey(message, [recovery])).equals(plain)).toBe(true);
  });

  it("says so when one is compressed, uses another cipher, or is for somebody else", async () => {
    const to = ["--recipient", recovery.certificate.fingerprint, "--encrypt"];
    const compressed = gpg.run(["-z6", "--compress-algo", "zip", "--cipher-algo", "AES256", ...to], "a".repeat(9999));
    const key = await readSessionKey(compressed, [recovery]);
    expect(() => openAll(compressed, 100, key)).toThrow(expect.objectContaining({ code: "MESSAGE_COMPRESSED" }));
    const weak = gpg.run(["-z0", "--cipher-algo", "AES128", ...to], "text");
    await expect(readSessionKey(weak, [recovery])).rejects.toMatchObject({ code: "SESSION_KEY_UNSUPPORTED" });
    await expect(readSessionKey(compressed, [operations])).rejects.toMatchObject({ code: "MESSAGE_NOT_FOR_KEY" });
    await expect(readSessionKey(noise(100), [operations])).rejects.toMatchObject({ code: "MESSAGE_DAMAGED" });
  });
});

describe("keys", () => {
  it("are of the kind that every gpg reads", () => {
    const listed = gpg.run(["--list-packets"], operations.certificate.armored).toString();
    expect(listed).toContain("version 4, algo 22");
    expect(listed).toContain("ed25519 (1.3.6.1.4.1.11591.15.1)");
    expect(listed).toContain("cv25519 (1.3.6.1.4.1.3029.1.5.1)");
    expect(listed).toContain("(features: 01)");
    expect(listed).not.toContain("pref-aead");
    expect(operations.certificate).toMatchObject({ canEncrypt: true, state: "valid", expiresAtMs: undefined });
    expect(signing.certificate).toMatchObject({ canEncrypt: false, canSign: true });
  });

  it("come out locked, and open by their passphrase only", async () => {
    const locked = await lockKey(operations, passphrase);
    expect(gpg.run(["--list-packets"], locked).toString()).toMatch(/iter\+salt S2K, algo: 9, SHA1 protection, hash: (8|10)/);
    await expect(unlockKey(locked, "wrong", systemClock)).rejects.toMatchObject({ code: "PASSPHRASE_WRONG" });
    await expect(unlockKey(locked, undefined, systemClock)).rejects.toMatchObject({ code: "PASSPHRASE_NEEDED" });
    await expect(unlockKey("nothing", undefined, systemClock)).rejects.toMatchObject({ code: "KEY_UNREADABLE" });
    expect((await unlockKey(locked, passphrase, systemClock)).certificate.fingerprint).toBe(operations.certificate.fingerprint);
  });

  it("made by gpg are taken, in armor and binary", async () => {
    const armored = await readCertificate(gpg.run(["--armor", "--export", "elsewhere@example.org"]).toString(), systemClock);
    const binary = await readCertificate(gpg.run(["--export", "elsewhere@example.org"]), systemClock);
    expect(armored).toMatchObject({
      fingerprint: binary.fingerprint,
      userIds: ["elsewhere@example.org"],
      canEncrypt: true,
      canSign: true,
    });
    const { message } = sealAll({
      cipher: "mdc",
      plain: [noise(99)],
      packets: await makeSessionKeyPackets([armored], sessionKey, systemClock),
    });
    expect(gpg.run(["--decrypt"], message).equals(noise(99))).toBe(true);
  });

  it("that cannot be used are refused, each for its reason", async () => {
    gpg.run(["--passphrase", "", "--quick-gen-key", "short@example.org", "ed25519", "default", "1d"]);
    gpg.run(["--passphrase", "", "--quick-gen-key", "signs@example.org", "ed25519", "sign", "never"]);
    const tomorrow = { ...systemClock, nowMs: () => systemClock.nowMs() + 2 * 86_400_000 };
    const expired = await readCertificate(gpg.run(["--export", "short@example.org"]), tomorrow);
    expect(expired.state).toBe("expired");
    await expect(makeSessionKeyPackets([expired], sessionKey, tomorrow)).rejects.toMatchObject({ code: "CERTIFICATE_EXPIRED" });
    const signer = await readCertificate(gpg.run(["--export", "signs@example.org"]), systemClock);
    await expect(makeSessionKeyPackets([signer], sessionKey, systemClock)).rejects.toMatchObject({
      code: "CERTIFICATE_NO_ENCRYPTION_KEY",
    });
    const revocation = gpg
      .run(["--no-batch", "--command-fd", "0", "--gen-revoke", "short@example.org"], "y\n0\n\ny\n")
      .toString();
    gpg.run(["--import"], revocation);
    const revoked = await readCertificate(gpg.run(["--export", "short@example.org"]), systemClock);
    await expect(makeSessionKeyPackets([revoked], sessionKey, systemClock)).rejects.toMatchObject({
      code: "CERTIFICATE_REVOKED",
    });
    await expect(readCertificate(await lockKey(operations, "x"), systemClock)).rejects.toMatchObject({
      code: "CERTIFICATE_IS_PRIVATE",
    });
    await expect(readCertificate(gpg.run(["--armor", "--export"]), systemClock)).rejects.toMatchObject({
      code: "CERTIFICATE_UNREADABLE",
    });
    await expect(readCertificate("no certificate", systemClock)).rejects.toMatchObject({ code: "CERTIFICATE_UNREADABLE" });
    await expect(readCertificate(noise(500), systemClock)).rejects.toMatchObject({ code: "CERTIFICATE_UNREADABLE" });
  });
});

describe("clear-signed texts", () => {
  const texts = [
    "plain\n",
    "- dash\n-----BEGIN PGP SIGNATURE-----\nFrom here\n",
    "\n\nempty lines\n\n",
    "naïve ☃ – text\n",
    "Key: value\nother: 1\n",
  ];
  it.each(texts)("are read the same by gpg and by us: %j", async (text) => {
    const signed = await clearSign(text, signing, systemClock);
    expect(gpg.run(["--decrypt"], signed).toString()).toBe(text);
    const verified = await verifyClearSigned(signed, [operations.certificate, signing.certificate]);
    expect(verified).toMatchObject({ text, fingerprint: signing.certificate.fingerprint });
    expect(await verifyClearSigned(Buffer.from(signed.replaceAll("\n", "\r\n")), [signing.certificate])).toEqual(verified);
  });

  it("made by gpg are verified", async () => {
    const certificate = await readCertificate(gpg.run(["--export", "elsewhere@example.org"]), systemClock);
    const signed = gpg
      .run(["--local-user", "elsewhere@example.org", "--digest-algo", "SHA512", "--clear-sign"], "- one\ntwo\n")
      .toString();
    expect(await verifyClearSigned(signed, [certificate])).toMatchObject({
      text: "- one\ntwo\n",
      fingerprint: certificate.fingerprint,
    });
  });

  it("stay true when the clock that reads them is behind, and carry the signer's time", async () => {
    const later = { ...systemClock, nowMs: () => Date.UTC(2040, 0, 1) };
    const signed = await clearSign("text\n", signing, later);
    expect((await verifyClearSigned(signed, [signing.certificate])).signedAtMs).toBe(Date.UTC(2040, 0, 1));
  });

  it("are refused when changed, foreign or broken, whatever the change", async () => {
    const signed = await clearSign("sha256 of it: 0123\nnext\n", signing, systemClock);
    const refused = async (text: string | Uint8Array, code: string): Promise<void> => {
      await expect(verifyClearSigned(text, [signing.certificate])).rejects.toMatchObject({ code });
    };
    await refused(signed.replace("0123", "0124"), "SIGNATURE_BAD");
    await refused(signed.replace("next\n", ""), "SIGNATURE_BAD");
    await refused("", "SIGNATURE_BAD");
    await refused("only text\n", "SIGNATURE_BAD");
    await refused(signed.slice(0, 200), "SIGNATURE_BAD");
    await refused(
      Buffer.concat([Buffer.from(signed.slice(0, 60)), Buffer.of(0xff), Buffer.from(signed.slice(60))]),
      "SIGNATURE_BAD",
    );
    await expect(verifyClearSigned(signed, [operations.certificate])).rejects.toMatchObject({ code: "SIGNER_UNKNOWN" });
    const bytes = Buffer.from(signed);
    for (let at = 0; at < bytes.length; at += 5) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 2;
      const verified = await verifyClearSigned(flipped, [signing.certificate]).catch((error: unknown) => error);
      if (verified instanceof Error) expect(verified).toMatchObject({ kind: "mismatch" });
      else expect(verified).toMatchObject({ text: "sha256 of it: 0123\nnext\n" });
    }
  });

  it("do not take what was written around them", async () => {
    const signed = await clearSign("inside\n", signing, systemClock);
    const verified = await verifyClearSigned(`before\n${signed}after\n`, [signing.certificate]).catch((error: unknown) => error);
    if (verified instanceof Error) expect(verified).toMatchObject({ code: "SIGNATURE_BAD" });
    else expect(verified).toMatchObject({ text: "inside\n" });
  });

  it("are made only of what the signature would cover", async () => {
    await expect(clearSign("no line end", signing, systemClock)).rejects.toThrow(TypeError);
    await expect(clearSign("blank \nat the end\n", signing, systemClock)).rejects.toThrow(TypeError);
  });
});
