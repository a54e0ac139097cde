import { z } from "zod";
import { rfc3339, StrongroomError } from "../../words/index.ts";
import { maxDescriptionBytes } from "./limits.ts";

/** What volume.json says: who wrote this volume, for whom, and how it is laid out. Nothing about content. */
export interface VolumeDescription {
  readonly volumeUuid: string;
  /** The label on the outside. */
  readonly barcode: string;
  readonly pool: string;
  readonly medium: "tape" | "folder";
  readonly blockSizeBytes: number;
  readonly createdAtMs: number;
  readonly appliance: { readonly uuid: string; readonly name: string };
  /** Every key that opens the segments of this volume. */
  readonly recipients: readonly VolumeRecipient[];
  /** Fingerprint of the certificate that signs volume.json, seals and manifests. */
  readonly signer: string;
  /** The volumes of the pool that were there before, oldest first. */
  readonly previousVolumes: readonly VolumeReference[];
}

export interface VolumeRecipient {
  readonly role: "operations" | "recovery" | "other";
  readonly fingerprint: string;
  readonly userIds: readonly string[];
}

export interface VolumeReference {
  readonly volumeUuid: string;
  readonly barcode: string;
}

const oneLine = (maxLength: number) => z.string().max(maxLength).regex(/^[^\p{Cc}\u2028\u2029]*$/u, "has control characters");
const uuidText = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is no UUID");
const fingerprint = z.string().regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/, "is no fingerprint");
const barcode = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, "is no barcode");
const reference = z.object({ volumeUuid: uuidText, barcode });
const schema = z.object({
  format: z.literal("strongroom-volume"),
  formatVersion: z.literal(1),
  volumeUuid: uuidText,
  barcode,
  pool: oneLine(64).min(1),
  medium: z.enum(["tape", "folder"]),
  blockSizeBytes: z.int().min(512).max(1024 * 1024),
  createdAt: z.iso.datetime(),
  appliance: z.object({ uuid: uuidText, name: oneLine(200) }),
  recipients: z.array(z.object({
    role: z.enum(["operations", "recovery", "other"]),
    fingerprint,
    userIds: z.array(oneLine(1000)).max(100),
  })).min(1).max(100),
  signer: fingerprint,
  previousVolumes: z.array(reference).max(10_000),
});

/**
 * The text of volume.json; equal descriptions give equal texts. Throws `VOLUME_DESCRIPTION_WRONG` for what could not be read
 * back.
 */
export function encodeDescription(description: VolumeDescription): string {
  const { volumeUuid, barcode, pool, medium, blockSizeBytes, appliance, recipients, signer, previousVolumes } = description;
  const json = {
    format: "strongroom-volume" as const,
    formatVersion: 1 as const,
    volumeUuid,
    barcode,
    pool,
    medium,
    blockSizeBytes,
    createdAt: rfc3339(description.createdAtMs),
    appliance: { uuid: appliance.uuid, name: appliance.name },
    recipients: recipients.map(({ role, fingerprint, userIds }) => ({ role, fingerprint, userIds })),
    signer,
    previousVolumes: previousVolumes.map(({ volumeUuid, barcode }) => ({ volumeUuid, barcode })),
  };
  const checked = schema.safeParse(json);
  if (!checked.success) throw wrong(z.prettifyError(checked.error));
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

/**
 * Reads the text of a volume.json from anywhere. Keys it does not know are left alone, so that additions stay readable;
 * another formatVersion throws `VOLUME_VERSION_UNKNOWN`, everything else that is not right `VOLUME_DESCRIPTION_WRONG`.
 */
export function parseDescription(text: string): VolumeDescription {
  if (text.length > maxDescriptionBytes) throw wrong("it is too large");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw wrong("it is not JSON", error);
  }
  const version = z.object({ format: z.literal("strongroom-volume"), formatVersion: z.int().min(2) }).safeParse(json);
  if (version.success) {
    const number = String(version.data.formatVersion);
    throw new StrongroomError("failed", "VOLUME_VERSION_UNKNOWN", `the volume has format version ${number}, this program `
      + "knows 1", {
      hint: "use a newer release, or follow README-FIRST.txt on the volume",
    });
  }
  const checked = schema.safeParse(json);
  if (!checked.success) throw wrong(z.prettifyError(checked.error));
  const { format: _format, formatVersion: _formatVersion, createdAt, ...rest } = checked.data;
  return { ...rest, createdAtMs: Date.parse(createdAt) };
}

function wrong(why: string, cause?: unknown): StrongroomError {
  return new StrongroomError("mismatch", "VOLUME_DESCRIPTION_WRONG", `volume.json cannot be used: ${why}`, {
    hint: "read the segments with recover.sh, which does not need it",
    cause,
  });
}
