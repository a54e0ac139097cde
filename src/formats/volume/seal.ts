import { createHash } from "node:crypto";
import { rfc3339, StrongroomError } from "../../words/index.ts";
import { maxSealBytes } from "./limits.ts";
import type { SignText, VerifyText } from "./signing.ts";

/** What a seal says about the segment before it. The same seal, byte for byte, goes on every copy. */
export interface Seal {
  readonly archiveUuid: string;
  readonly snapshot: number;
  /** The snapshot that this one is incremental to; undefined for a full one. */
  readonly baseSnapshot: number | undefined;
  /** From 1 to `segments`, the number of segments in the snapshot. */
  readonly segment: number;
  readonly segments: number;
  /** Of the OpenPGP message as it lies on the medium. */
  readonly sealedBytes: number;
  readonly sealedSha256: string;
  /** Where this segment's stretch of the snapshot's tar stream begins and how long it is. */
  readonly tarOffsetBytes: number;
  readonly tarBytes: number;
  /** Offset, within the stretch, of the first member that begins in it; undefined when none does. */
  readonly firstMemberOffsetBytes: number | undefined;
  /** SHA-256 of the seal before, as it lies on the medium; undefined for the first of an archive. */
  readonly previousSealSha256: string | undefined;
  readonly sealedAtMs: number;
  readonly applianceUuid: string;
}

const title = "Strongroom-Seal";
const keys = [
  title, "Archive", "Snapshot", "Base-Snapshot", "Segment", "Segments", "Sealed-Bytes", "Sealed-SHA256", "Tar-Offset",
  "Tar-Bytes",
  "First-Member", "Previous-Seal", "Sealed-At", "Appliance",
] as const;
type SealKey = (typeof keys)[number];

/** The text that is signed: one `Key: value` a line, always all keys, always in this order. */
export function sealText(seal: Seal): string {
  const values: Readonly<Record<SealKey, string>> = {
    [title]: "1",
    Archive: seal.archiveUuid,
    Snapshot: String(seal.snapshot),
    "Base-Snapshot": orNone(seal.baseSnapshot),
    Segment: String(seal.segment),
    Segments: String(seal.segments),
    "Sealed-Bytes": String(seal.sealedBytes),
    "Sealed-SHA256": seal.sealedSha256,
    "Tar-Offset": String(seal.tarOffsetBytes),
    "Tar-Bytes": String(seal.tarBytes),
    "First-Member": orNone(seal.firstMemberOffsetBytes),
    "Previous-Seal": orNone(seal.previousSealSha256),
    "Sealed-At": rfc3339(seal.sealedAtMs),
    Appliance: seal.applianceUuid,
  };
  const text = keys.map((key) => `${key}: ${values[key]}\n`).join("");
  parseSealText(text);
  return text;
}

/** The clear-signed object that follows a segment. */
export async function makeSeal(seal: Seal, sign: SignText): Promise<string> {
  return await sign(sealText(seal));
}

/** What goes into `previousSealSha256` of the next seal. */
export function sealDigest(sealObject: string): string {
  return createHash("sha256").update(sealObject).digest("hex");
}

/** Reads a seal object: checks the signature, then the text. Rejects with what VerifyText says, or `SEAL_WRONG`. */
export async function readSeal(object: Uint8Array, verify: VerifyText): Promise<Seal> {
  if (object.length > maxSealBytes) throw wrong("it is too large");
  return parseSealText((await verify(Buffer.from(object.buffer, object.byteOffset, object.byteLength).toString())).text);
}

/** Strict: exactly the known keys, in order, each in its one spelling. */
export function parseSealText(text: string): Seal {
  const lines = text.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  if (lines.length !== keys.length) throw wrong("it does not have the lines that a seal has");
  const values = new Map(lines.map((line, index) => {
    const key = keys[index]!;
    if (!line.startsWith(`${key}: `)) throw wrong(`line ${String(index + 1)} is not ${key}`);
    return [key, line.slice(key.length + 2)] as const;
  }));
  const take = <T>(key: SealKey, read: (value: string) => T | undefined): T => {
    const value = read(values.get(key)!);
    if (value === undefined) throw wrong(`${key} has a value that it cannot have`);
    return value;
  };
  if (values.get(title) !== "1") {
    throw new StrongroomError("failed", "VOLUME_VERSION_UNKNOWN", "a seal is of a later version than this program knows", {
      hint: "use a newer release, or follow README-FIRST.txt on the volume",
    });
  }
  const seal: Seal = {
    archiveUuid: take("Archive", uuidOf),
    snapshot: take("Snapshot", positive),
    baseSnapshot: optional("Base-Snapshot", positive),
    segment: take("Segment", positive),
    segments: take("Segments", positive),
    sealedBytes: take("Sealed-Bytes", natural),
    sealedSha256: take("Sealed-SHA256", sha256Of),
    tarOffsetBytes: take("Tar-Offset", natural),
    tarBytes: take("Tar-Bytes", natural),
    firstMemberOffsetBytes: optional("First-Member", natural),
    previousSealSha256: optional("Previous-Seal", sha256Of),
    sealedAtMs: take("Sealed-At", timeOf),
    applianceUuid: take("Appliance", uuidOf),
  };
  function optional<T>(key: SealKey, read: (value: string) => T | undefined): T | undefined {
    return values.get(key) === "none" ? undefined : take(key, read);
  }
  if (seal.segment > seal.segments) throw wrong("Segment is larger than Segments");
  if (seal.baseSnapshot !== undefined && seal.baseSnapshot >= seal.snapshot) throw wrong("Base-Snapshot is not before Snapshot");
  return seal;
}

const orNone = (value: string | number | undefined): string => (value === undefined ? "none" : String(value));
const uuidOf = (value: string): string | undefined =>
  (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : undefined);
const sha256Of = (value: string): string | undefined => (/^[0-9a-f]{64}$/.test(value) ? value : undefined);
const natural = (value: string): number | undefined => {
  const number = Number(value);
  return /^(?:0|[1-9]\d{0,15})$/.test(value) && Number.isSafeInteger(number) ? number : undefined;
};
const positive = (value: string): number | undefined => (value === "0" ? undefined : natural(value));
const timeOf = (value: string): number | undefined => {
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : timeMs;
};

function wrong(why: string): StrongroomError {
  return new StrongroomError("mismatch", "SEAL_WRONG", `a seal cannot be used: ${why}; the segment before it is not concerned`, {
    hint: "use the seal of another copy",
  });
}
