import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Certificate, generateKey, lockKey, readCertificate, requireEncryption, type UnlockedKey, unlockedText } from "../formats/openpgp/index.ts";
import { type KeyRecord, makeFolder, replaceFile } from "../records/index.ts";
import { StrongroomError } from "../words/index.ts";
import type { KeyInfo, KeyOperations, SecretSource } from "./contract.ts";
import { configOf, type OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

type DecryptionRole = "operations" | "recovery";

export function keyOperations(parts: OperationParts, workshop: Workshop): KeyOperations {
  return {
    init: async (request) => {
      refuseSecondTime(parts);
      const given = { operations: request.operationsCertificate, recovery: request.recoveryCertificate };
      const certificates = await readGiven(parts, given);
      const exportFolder = exportFolderFor(request.exportFolder, certificates, parts.state.path);
      const made = await makeMissing(parts, certificates, exportFolder, request.passphrase);
      const signing = await generateKey({ name: `Strongroom ${configOf(parts).appliance.name} signing`, use: "sign" }, parts.clock);
      const infos = [
        put(parts, "operations", certificates.operations ?? made.operations!.certificate, made.operations?.exportedTo),
        put(parts, "recovery", certificates.recovery ?? made.recovery!.certificate, made.recovery?.exportedTo),
        putSigning(parts, signing),
      ];
      workshop.forgetIdentity();
      return infos;
    },
    list: async () => Promise.resolve(parts.keys.list().map((key) => infoOf(key))),
    certificate: async (which) => {
      const isRole = which === "operations" || which === "recovery" || which === "signing";
      return Promise.resolve(parts.keys.certificate(isRole ? which : { fingerprint: which.toLowerCase() }));
    },
  };
}

function refuseSecondTime(parts: OperationParts): void {
  if (!parts.keys.current("signing")) return;
  throw new StrongroomError("usage", "KEYS_EXIST", "this appliance has its keys; nothing was changed", { hint: "see: strongroom key list" });
}

async function readGiven(
  parts: OperationParts,
  given: Readonly<Record<DecryptionRole, string | undefined>>,
): Promise<Partial<Record<DecryptionRole, Certificate>>> {
  const certificates: Partial<Record<DecryptionRole, Certificate>> = {};
  for (const role of ["operations", "recovery"] as const) {
    const text = given[role];
    if (text === undefined) continue;
    const certificate = await readCertificate(text, parts.clock);
    requireEncryption(certificate);
    certificates[role] = certificate;
  }
  if (certificates.operations && certificates.operations.fingerprint === certificates.recovery?.fingerprint) {
    throw new StrongroomError("usage", "KEYS_SAME", "the operations and the recovery certificate are the same; nothing was changed", {
      hint: "the recovery key must be another one, kept by other people in another place",
    });
  }
  return certificates;
}

function exportFolderFor(
  folder: string | undefined,
  certificates: Partial<Record<DecryptionRole, Certificate>>,
  stateFolder: string,
): string | undefined {
  if (certificates.operations && certificates.recovery) return undefined;
  if (folder === undefined) {
    throw new StrongroomError("usage", "EXPORT_FOLDER_NEEDED", "the private keys must be written somewhere, and never into the appliance", {
      hint: "name a folder on removable media: strongroom key init --export DIR",
    });
  }
  const path = resolve(folder);
  if (path === stateFolder || path.startsWith(`${stateFolder}/`)) {
    throw new StrongroomError("usage", "EXPORT_INTO_STATE", "private decryption keys never go into the state folder; nothing was written", {
      hint: "name a folder elsewhere, best on removable media",
    });
  }
  makeFolder(path);
  for (const role of ["operations", "recovery"] as const) {
    if (statSync(join(path, fileName(role)), { throwIfNoEntry: false })) {
      throw new StrongroomError("usage", "EXPORT_EXISTS", `${join(path, fileName(role))} exists; nothing was written over it`, {
        hint: "name an empty folder",
      });
    }
  }
  return path;
}

const fileName = (role: DecryptionRole): string => `${role}-private-key.asc`;

async function makeMissing(
  parts: OperationParts,
  certificates: Partial<Record<DecryptionRole, Certificate>>,
  exportFolder: string | undefined,
  passphrase: SecretSource,
): Promise<Partial<Record<DecryptionRole, { certificate: Certificate; exportedTo: string }>>> {
  if (exportFolder === undefined) return {};
  const secret = await passphrase();
  const made: Partial<Record<DecryptionRole, { certificate: Certificate; exportedTo: string }>> = {};
  try {
    const text = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength).toString();
    for (const role of ["operations", "recovery"] as const) {
      if (certificates[role]) continue;
      const key = await generateKey({ name: `Strongroom ${configOf(parts).appliance.name} ${role}`, use: "encrypt" }, parts.clock);
      const exportedTo = join(exportFolder, fileName(role));
      replaceFile(exportedTo, await lockKey(key, text));
      made[role] = { certificate: key.certificate, exportedTo };
    }
  } finally {
    secret.fill(0);
  }
  return made;
}

function put(parts: OperationParts, role: DecryptionRole, certificate: Certificate, exportedTo: string | undefined): KeyInfo {
  const record = parts.keys.put({ ...recordOf(parts, role, certificate), certificate: certificate.armored });
  return { ...infoOf(record), ...(exportedTo === undefined ? {} : { exportedTo }) };
}

function putSigning(parts: OperationParts, key: UnlockedKey): KeyInfo {
  const { certificate } = key;
  return infoOf(
    parts.keys.put({ ...recordOf(parts, "signing", certificate), certificate: certificate.armored, privateKey: unlockedText(key) }),
  );
}

function recordOf(parts: OperationParts, role: KeyRecord["role"], certificate: Certificate): KeyRecord {
  return {
    role,
    fingerprint: certificate.fingerprint,
    userIds: certificate.userIds,
    createdMs: certificate.createdAtMs,
    expiresMs: certificate.expiresAtMs,
    addedMs: parts.clock.nowMs(),
  };
}

function infoOf({ role, fingerprint, userIds, createdMs, expiresMs }: KeyRecord): KeyInfo {
  return { role, fingerprint, userIds, createdMs, expiresMs };
}
