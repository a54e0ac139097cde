import type { ObjectRole } from "./medium.ts";

const endings: Readonly<Record<ObjectRole, string>> = {
  bootstrap: "bootstrap.tar",
  segment: "segment.pgp",
  seal: "seal.txt",
  trailer: "trailer.tar",
};

/** `000001`: how an object is called when a tape is dumped, and how every object's name in a folder begins. */
export function objectNumberText(number: number): string {
  return String(number).padStart(6, "0");
}

/** `000001-segment.pgp`: the file that holds an object on a folder volume. */
export function folderObjectName(number: number, role: ObjectRole): string {
  return `${objectNumberText(number)}-${endings[role]}`;
}

/** Reads such a name; undefined for everything else, however close. */
export function parseFolderObjectName(name: string): { readonly number: number; readonly role: ObjectRole } | undefined {
  const match = /^(\d{6})-([a-z.]+)$/.exec(name);
  if (!match) return undefined;
  const role = (Object.keys(endings) as ObjectRole[]).find((candidate) => endings[candidate] === match[2]);
  return role === undefined ? undefined : { number: Number(match[1]), role };
}

/** How an object is named in the manifest: as the file that a stranger has after following README-FIRST.txt. */
export function manifestName(medium: "tape" | "folder", number: number, role: ObjectRole): string {
  return medium === "tape" ? objectNumberText(number) : folderObjectName(number, role);
}

const clearSignedHead = Buffer.from("-----BEGIN PGP SIGNED MESSAGE-----");

/**
 * What an object is by its first bytes (512 are enough); undefined for what no volume holds. It is a guess to navigate by: only
 * signatures and hashes prove anything.
 */
export function objectRole(head: Uint8Array): ObjectRole | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.subarray(0, clearSignedHead.length).equals(clearSignedHead)) return "seal";
  if (bytes.length >= 512 && bytes.toString("latin1", 257, 262) === "ustar") {
    return bytes.toString("latin1", 0, 13) === "manifest.txt\0" ? "trailer" : "bootstrap";
  }
  return beginsWithSessionKey(bytes) ? "segment" : undefined;
}

/** A public-key encrypted session key packet of version 3 in either packet format (RFC 4880, 4.2 and 5.1). */
function beginsWithSessionKey(bytes: Buffer): boolean {
  const tag = bytes[0];
  if (tag === undefined) return false;
  if (tag === 0xc1) return bytes[bytes[1]! < 192 ? 2 : 3] === 3;
  if ((tag & 0xfc) === 0x84) return bytes[[2, 3, 5, 1][tag & 3]!] === 3;
  return false;
}
