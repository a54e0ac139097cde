import { iscsi } from "../../scsi/index.ts";
import type { DiscoveredTarget, IscsiPlace } from "./contract.ts";
import { breach } from "./failures.ts";
import { checkNames, openSession } from "./opening.ts";
import type { Session } from "./session.ts";

const textLimitBytes = 1024 * 1024;
const answerLimit = 1024;

/** Asks a portal for the targets it shows to this initiator (SendTargets, RFC 7143, appendix C). Errors: those of a login. */
export async function discoverIscsiTargets(place: IscsiPlace): Promise<readonly DiscoveredTarget[]> {
  checkNames([place.initiator]);
  const isid = new Uint8Array(6);
  place.random(isid);
  isid[0] = 0x80;
  const session = await openSession(place, undefined, isid);
  try {
    return targetsOf(await ask(session), place.portal);
  } finally {
    await session.logout();
  }
}

async function ask(session: Session): Promise<readonly iscsi.Pair[]> {
  const gathered = new iscsi.TextGatherer(textLimitBytes);
  let question = iscsi.encodeText([["SendTargets", "All"]]);
  let transferTag: number = iscsi.noTag;
  for (let answers = 0; answers < answerLimit; answers += 1) {
    const { header, data } = await session.text(question, transferTag);
    const answer = iscsi.parse(iscsi.layout.textResponse, header);
    if (!gathered.add(data)) break;
    if (answer.final) {
      const pairs = gathered.take();
      if (pairs === undefined) break;
      return pairs;
    }
    question = new Uint8Array(0);
    transferTag = answer.transferTag;
  }
  throw breach("its list of targets does not come to an end, or is no text");
}

/** A name is followed by its addresses; one without any is at the portal that was asked. */
function targetsOf(pairs: readonly iscsi.Pair[], asked: string): readonly DiscoveredTarget[] {
  const targets: { name: string; portals: string[] }[] = [];
  for (const [key, value] of pairs) {
    if (key === "TargetName" && iscsi.isIscsiName(value)) targets.push({ name: value, portals: [] });
    const portal = key === "TargetAddress" ? iscsi.parsePortal(value) : undefined;
    if (portal !== undefined) targets.at(-1)?.portals.push(iscsi.formatPortal(portal));
  }
  return targets.map(({ name, portals }) => ({ name, portals: portals.length === 0 ? [asked] : portals }));
}
