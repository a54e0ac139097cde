import type { DriveEncryption } from "../devices/tape/index.ts";
import { StrongroomError } from "../words/index.ts";

/**
 * Volumes are sealed already, and whoever recovers one may have nothing but a drive and the recovery key. A key that somebody left in
 * the drive would make them unreadable without it: nothing is written then. Rejects with `DRIVE_ENCRYPTS`.
 */
export function refuseEncryptingDrive(name: string, encryption: DriveEncryption): void {
  if (encryption.kind === "unsupported" || !encryption.encrypts) return;
  const key = encryption.keyName === undefined ? "a key" : `the key ${JSON.stringify(encryption.keyName)}`;
  const whose = encryption.scope === "all hosts" ? "for all hosts" : "for this host";
  throw new StrongroomError(
    "operator",
    "DRIVE_ENCRYPTS",
    `drive ${name} encrypts with ${key} that was set in it ${whose}: what is written now could not be read without that key; nothing was written`,
    { hint: adviceFor(encryption.setBy) },
  );
}

function adviceFor(setBy: Exclude<DriveEncryption, { kind: "unsupported" }>["setBy"]): string {
  switch (setBy) {
    case "library":
    case "management":
      return "switch encryption off for this drive in the settings of the library, and repeat the work";
    default:
      return "take the key out of the drive with: stenc -f DEVICE -e off; or switch the drive off and on; then repeat the work";
  }
}
