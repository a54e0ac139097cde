import {
  blockEncryption, decryptionMode, encryptionControl, encryptionMode, encryptionPage, encryptionScope, type EncryptionStatus, keyNameOf,
  parseEncryptionStatus, parseNextBlockEncryption, securityProtocol, securityProtocolInCdb, senseKey,
} from "../../../scsi/index.ts";
import { type DriveChannel, isRemark, isUnsupported } from "../channel.ts";
import { timeoutMs } from "../timeouts/index.ts";

/** What the drive does to blocks on their way, for this host. */
export type DriveEncryption =
  | { readonly kind: "unsupported" }
  | (EncryptionSettings & { readonly kind: "off" | "on" });

export interface EncryptionSettings {
  /** What is written becomes unreadable without a key. */
  readonly encrypts: boolean;
  /** `raw`: encrypted blocks come as they are on the tape; `mixed`: encrypted and plain ones are both read. */
  readonly decrypts: "no" | "raw" | "yes" | "mixed";
  /** For whom the settings hold. */
  readonly scope: "this path" | "all hosts";
  /** Who may set keys, as far as the drive tells. */
  readonly setBy: "hosts" | "drive" | "library" | "management" | "unknown";
  /** What the key is called; keys themselves never leave the drive. */
  readonly keyName: string | undefined;
  /** What is next on the tape, as far as the drive can tell. */
  readonly nextBlock: "plain" | "encrypted, readable" | "encrypted, key needed" | "unknown";
}

const pageBytes = 8 * 1024;
const doing = "asking how it encrypts";

/** Reads pages only: keys are never set here (SSC-5, 9.5.2.8 and 9.5.2.9). */
export async function readEncryption(channel: DriveChannel): Promise<DriveEncryption> {
  const dataIn = new Uint8Array(pageBytes);
  const command = { cdb: pageCdb(encryptionPage.status), dataIn, timeoutMs: timeoutMs.question };
  const { sense, transferredBytes } = await channel.ask(command, doing);
  // Some drives say nothing of it while they are empty. What concerns writing is asked with a cartridge in the drive.
  const isSilent = sense !== undefined && (isUnsupported(sense) || sense.key === senseKey.notReady);
  if (sense !== undefined && !isSilent && !isRemark(sense)) throw channel.failure(sense, doing);
  const status = isSilent ? undefined : parseEncryptionStatus(dataIn.subarray(0, transferredBytes));
  if (status === undefined) return { kind: "unsupported" };
  const nextBlock = await nextBlockOf(channel);
  const encrypts = status.encryption !== encryptionMode.disable;
  const isOn = encrypts || status.decryption !== decryptionMode.disable;
  return { kind: isOn ? "on" : "off", ...settingsOf(status), encrypts, nextBlock };
}

/** Without a medium, or while they are busy, drives refuse this page in several ways: each means that they cannot tell. */
async function nextBlockOf(channel: DriveChannel): Promise<EncryptionSettings["nextBlock"]> {
  const dataIn = new Uint8Array(pageBytes);
  const answer = await channel.ask({ cdb: pageCdb(encryptionPage.nextBlock), dataIn, timeoutMs: timeoutMs.question }, doing);
  const page = answer.sense === undefined ? parseNextBlockEncryption(dataIn.subarray(0, answer.transferredBytes)) : undefined;
  switch (page?.status) {
    case blockEncryption.plain:
      return "plain";
    case blockEncryption.readable:
      return "encrypted, readable";
    case blockEncryption.keyNeeded:
    case blockEncryption.foreignAlgorithm:
      return "encrypted, key needed";
    default:
      return "unknown";
  }
}

function pageCdb(page: number): Uint8Array {
  return securityProtocolInCdb(securityProtocol.tapeDataEncryption, page, pageBytes);
}

function settingsOf(status: EncryptionStatus): Pick<EncryptionSettings, "decrypts" | "scope" | "setBy" | "keyName"> {
  return {
    decrypts: decryptionWords.get(status.decryption) ?? "yes",
    scope: status.scope === encryptionScope.local ? "this path" : "all hosts",
    setBy: controlWords.get(status.control) ?? "unknown",
    keyName: keyNameOf(status.keyData),
  };
}

const decryptionWords: ReadonlyMap<number, EncryptionSettings["decrypts"]> = new Map([
  [decryptionMode.disable, "no"], [decryptionMode.raw, "raw"], [decryptionMode.decrypt, "yes"], [decryptionMode.mixed, "mixed"],
]);

const controlWords: ReadonlyMap<number, EncryptionSettings["setBy"]> = new Map([
  [encryptionControl.anybody, "hosts"], [encryptionControl.drive, "drive"], [encryptionControl.library, "library"],
  [encryptionControl.management, "management"],
]);
