import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StrongroomError, printable } from "../../words/index.ts";
import { lockFile, replaceFile } from "../state/index.ts";
import type { KeyRecord, KeyRing, KeyRole, NewKey } from "./contract.ts";

const fingerprint = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/**
 * keys.json lists what counts; the texts are files beside it. A text that is not listed was put by a call that did not
 * finish.
 */
const listSchema = z.array(
  z.strictObject({
    role: z.enum(["operations", "recovery", "signing"]),
    fingerprint,
    userIds: z.array(z.string()),
    createdMs: z.int(),
    expiresMs: z.int().optional(),
    addedMs: z.int(),
  }),
);

/** A certificate with many signatures has some tens of KiB. */
const largestTextBytes = 1024 * 1024;

/** The key ring in `folder`, the state's `keys`. */
export function openKeyRing(folder: string): KeyRing {
  const listPath = join(folder, "keys.json");
  const certificatePath = (key: KeyRecord): string => join(folder, `${key.role}-${key.fingerprint}.asc`);
  const privatePath = (key: KeyRecord): string => join(folder, `${key.role}-${key.fingerprint}.private.asc`);
  const list = (): readonly KeyRecord[] => (existsSync(listPath) ? parsedList(readText(listPath)) : []);
  const current = (role: KeyRole): KeyRecord | undefined => list().findLast((key) => key.role === role);

  return {
    list,
    current,
    put: (key: NewKey): KeyRecord => {
      refuseWrongTexts(key);
      const { certificate, privateKey, ...record } = key;
      const lock = lockFile(join(folder, "keys.lock"), { processId: process.pid, purpose: "putting a key" });
      try {
        const known = list().filter((other) => other.role !== key.role || other.fingerprint !== key.fingerprint);
        const text = `${JSON.stringify(listSchema.parse([...known, record]), undefined, 2)}\n`;
        replaceFile(certificatePath(record), certificate);
        if (privateKey !== undefined) replaceFile(privatePath(record), privateKey);
        replaceFile(listPath, text);
      } finally {
        lock.release();
      }
      return record;
    },
    certificate: (which) => {
      const key = typeof which === "string" ? current(which) : list().find((known) => known.fingerprint === which.fingerprint);
      if (key === undefined) {
        throw keyMissing(typeof which === "string" ? `${which} certificate` : `key ${printable(which.fingerprint)}`);
      }
      return readText(certificatePath(key));
    },
    signingKeyText: () => {
      const key = current("signing");
      if (key === undefined) throw keyMissing("signing key");
      return readText(privatePath(key));
    },
  };
}

function refuseWrongTexts(key: NewKey): void {
  const isPrivate = (text: string): boolean => text.includes("-----BEGIN PGP PRIVATE KEY BLOCK-----");
  if (isPrivate(key.certificate) || (key.privateKey !== undefined && key.role !== "signing")) {
    throw new StrongroomError(
      "usage",
      "PRIVATE_KEY_REFUSED",
      `a private key was given for the role ${key.role}, it was not stored`,
      {
        hint: "give the certificate alone (gpg --armor --export), and keep the private key away from this machine",
      },
    );
  }
  const isCertificate = key.certificate.trimStart().startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----");
  const isComplete = key.role !== "signing" || (key.privateKey !== undefined && isPrivate(key.privateKey));
  if (isCertificate && isComplete && fingerprint.safeParse(key.fingerprint).success) return;
  const what = isCertificate ? "a signing key needs its private part and a fingerprint" : "this is not an armored certificate";
  throw new StrongroomError("usage", "KEY_INVALID", `${what}, nothing was stored`, {
    hint: "export it again with gpg --armor --export",
  });
}

function parsedList(text: string): readonly KeyRecord[] {
  const parsed = listSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data.map(({ expiresMs, ...key }) => ({ ...key, expiresMs }));
  throw new StrongroomError("failed", "KEYS_DAMAGED", "the list of keys (keys.json) cannot be read, nothing was changed", {
    severity: "fatal",
    hint: "put keys.json back from a backup of the state folder",
    cause: parsed.error,
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    if (statSync(path).size <= largestTextBytes) return readFileSync(path, "utf8");
  } catch (thrown) {
    throw damaged(path, thrown);
  }
  throw damaged(path, undefined);
}

function damaged(path: string, cause: unknown): StrongroomError {
  return new StrongroomError(
    "failed",
    "KEYS_DAMAGED",
    `a file of the key ring is missing or not what it was: ${printable(path)}`,
    {
      severity: "fatal",
      hint: "put it back from a backup of the state folder, or put the key in again",
      cause,
    },
  );
}

function keyMissing(what: string): StrongroomError {
  return new StrongroomError("missing", "KEY_MISSING", `the appliance has no ${what}`, {
    hint: "make the keys: strongroom key init",
  });
}
