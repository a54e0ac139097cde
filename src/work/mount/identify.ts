import {
  type DescriptionSignature,
  foreignWords,
  objectChunks,
  readBootstrap,
  type VerifyText,
  type VolumeDescription,
  type VolumeMedium,
} from "../../formats/volume/index.ts";

/** What a medium says it is. */
export type Identity =
  | { readonly kind: "blank" }
  | { readonly kind: "foreign"; readonly looksLike: string }
  | {
      readonly kind: "volume";
      readonly description: VolumeDescription;
      readonly signature: DescriptionSignature;
      readonly members: ReadonlyMap<string, Uint8Array>;
    };

/** Reads object 0. Changes nothing. */
export async function identify(medium: VolumeMedium, verify: VerifyText): Promise<Identity> {
  const reader = await medium.readObject(0);
  if (reader === "end-of-data") return { kind: "blank" };
  const found = await readBootstrap(objectChunks(reader), verify);
  if (found.kind === "foreign") return { kind: "foreign", looksLike: foreignWords[found.looksLike] };
  return { kind: "volume", description: found.description, signature: found.signature, members: found.members };
}
