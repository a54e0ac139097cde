/**
 * What a medium holds that is no volume of ours, as far as its first bytes tell. For a question to the operator, never for a
 * decision.
 */
export type ForeignContent = "blank" | "tar" | "ltfs" | "labelled" | "proxmox" | "unknown";

/** First 8 bytes of SHA-256("Proxmox Tape Block Header v1.0"): every tape block of Proxmox Backup Server begins so. */
const proxmoxBlock = Buffer.from("dcbdafcaeba0a528", "hex");

/** Guesses from the first bytes of a medium; 512 are enough. */
export function foreignContent(head: Uint8Array): ForeignContent {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.every((byte) => byte === 0)) return "blank";
  // LTFS writes an ANSI X3.27 label whose implementation identifier begins at byte 24 (SNIA LTFS 2.5, 5.2.1).
  if (bytes.toString("latin1", 0, 4) === "VOL1") return bytes.toString("latin1", 24, 28) === "LTFS" ? "ltfs" : "labelled";
  if (bytes.subarray(0, 8).equals(proxmoxBlock)) return "proxmox";
  if (bytes.toString("latin1", 257, 262) === "ustar") return "tar";
  return "unknown";
}

/** The guess in words, to stand after "holds". */
export const foreignWords: Readonly<Record<ForeignContent, string>> = {
  blank: "nothing",
  tar: "a tar archive of another program",
  ltfs: "an LTFS file system",
  labelled: "a tape with an ANSI label",
  proxmox: "a backup of Proxmox Backup Server",
  unknown: "data of unknown origin",
};
