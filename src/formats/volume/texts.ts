import { readFileSync } from "node:fs";
import { encodeDescription, type VolumeDescription } from "./description.ts";
import { readmeText } from "./readme.ts";
import type { SignText } from "./signing.ts";

/** What a volume says in words beside its description. */
export interface VolumeFacts {
  readonly description: VolumeDescription;
  /** The other volumes of the pool, newest first, and where each was when this one was begun. */
  readonly siblings: readonly SiblingVolume[];
  /** Who to ask, as the operator configured it; may be empty. */
  readonly custody: string;
  /** The volume carries the recovery key, locked. */
  readonly hasLockedRecoveryKey: boolean;
}

export interface SiblingVolume {
  readonly barcode: string;
  readonly volumeUuid: string;
  readonly place: string;
}

/** The texts that both bootstrap and trailer carry. */
export interface VolumeTexts {
  readonly readme: string;
  readonly description: string;
  /** The description clear-signed: where the two differ, this one counts. */
  readonly descriptionSigned: string;
}

export async function makeVolumeTexts(facts: VolumeFacts, sign: SignText): Promise<VolumeTexts> {
  const description = encodeDescription(facts.description);
  return { readme: readmeText(facts), description, descriptionSigned: await sign(description) };
}

/** The recovery script, as it goes on every volume. */
export function recoverScript(): string {
  return readFileSync(new URL("./recover.sh", import.meta.url), "utf8");
}

/** The whole format (docs/FORMAT.md), as it goes on every volume. */
export function formatText(): string {
  return readFileSync(new URL("../../../docs/FORMAT.md", import.meta.url), "utf8");
}
