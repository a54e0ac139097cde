import { type IscsiLibraryConfig, initiatorName } from "../records/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import type { NetworkAccess, NewNetworkLibrary } from "./contract.ts";
import { configOf, type NetworkPlace, type OperationParts } from "./parts.ts";

export function placeOfAccess(parts: OperationParts, { portal, initiator, digests, chap }: NetworkAccess): NetworkPlace {
  const own = initiator ?? initiatorName(configOf(parts).appliance.uuid);
  return { portal, initiator: own, digests: digests ?? "off", ...(chap === undefined ? {} : { chap }) };
}

/** Whatever was not named is asked of the portal and the target. */
export async function networkLibraryOf(parts: OperationParts, request: NewNetworkLibrary): Promise<IscsiLibraryConfig> {
  const place = placeOfAccess(parts, request);
  const target = request.target ?? (await onlyTarget(parts, place));
  const units = request.units ?? (await parts.networkLibraries.units(place, target));
  return { name: request.name, kind: "iscsi", ...place, target, ...units };
}

/** At most so many are told. */
const toldLimit = 8;

async function onlyTarget(parts: OperationParts, place: NetworkPlace): Promise<string> {
  const targets = await parts.networkLibraries.targets(place);
  const [first] = targets;
  if (first !== undefined && targets.length === 1) return first.name;
  const portal = printable(place.portal);
  if (first === undefined) {
    throw new StrongroomError("missing", "ISCSI_TARGET_MISSING", `portal ${portal} shows no target to ${printable(place.initiator)}`, {
      hint: "let this initiator in at the target, or name the target with --target",
    });
  }
  const told = targets.slice(0, toldLimit).map(({ name }) => printable(name)).join(", ");
  throw new StrongroomError("usage", "ISCSI_TARGET_UNCLEAR", `portal ${portal} shows ${String(targets.length)} targets`, {
    hint: `name one with --target: ${told}`,
  });
}
