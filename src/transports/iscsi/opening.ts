import { iscsi } from "../../scsi/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import type { ChapSecrets } from "./chap-dialogue.ts";
import { type ChapAccount, defaultTiming, type IscsiPlace } from "./contract.ts";
import { loginFailed, unreachable } from "./failures.ts";
import { readSecret } from "./secret.ts";
import { Session } from "./session.ts";

/** A target may send us elsewhere, but not round and round. */
const attemptLimit = 4;

/** tgt and the older IET mean SHA-1 where they say 7, so that no response to it is ever right. MD5 is what they share with us. */
const mistakenAlgorithm = "sha256";
const withoutMistake = iscsi.chapAlgorithms.filter(({ hash }) => hash !== mistakenAlgorithm);

/** Logs in. Without a target: for discovery. The secrets are in memory only until then. */
export async function openSession(place: IscsiPlace, target: string | undefined, isid: Uint8Array): Promise<Session> {
  let portal = parsedPortal(place.portal);
  let chapAlgorithms: readonly iscsi.ChapAlgorithm[] = iscsi.chapAlgorithms;
  const { initiator, clock, random, digests = "off" } = place;
  const timing = { ...defaultTiming, ...place.timing };
  const chap = place.chap === undefined ? undefined : readAccount(place.chap);
  try {
    for (let attempts = 0; attempts < attemptLimit; attempts += 1) {
      const name = `${printable(target ?? "the portal")} at ${iscsi.formatPortal(portal)}`;
      const session = new Session({ name, portal, clock, timing, wishes: { initiator, target, isid, chap, chapAlgorithms, digests, random } });
      try {
        const moved = await session.ready();
        if (moved === undefined) return session;
        portal = moved;
      } catch (thrown) {
        if (session.refusedAlgorithm?.hash !== mistakenAlgorithm) throw atLogin(thrown, portal);
        chapAlgorithms = withoutMistake;
      }
    }
  } finally {
    chap?.secret.fill(0);
    chap?.target?.secret.fill(0);
  }
  throw loginFailed("the target sends us from portal to portal", "name the portal at which the target is");
}

function atLogin(thrown: unknown, portal: iscsi.Portal): unknown {
  const wasCut = thrown instanceof StrongroomError && thrown.code === "ISCSI_ENDED";
  return wasCut ? unreachable(iscsi.formatPortal(portal), `ended the login: ${thrown.message}`, thrown) : thrown;
}

export function checkNames(names: readonly string[]): void {
  const wrong = names.find((name) => !iscsi.isIscsiName(name));
  if (wrong === undefined) return;
  throw new StrongroomError("usage", "ISCSI_NAME", `${printable(wrong)} is no iSCSI name; nothing was sent`, {
    hint: "write it as the library shows it, such as iqn.2004-10.com.example:library",
  });
}

export function parsedPortal(text: string): iscsi.Portal {
  const portal = iscsi.parsePortal(text);
  if (portal !== undefined) return portal;
  throw new StrongroomError("usage", "ISCSI_PORTAL", `${printable(text)} is no address of an iSCSI portal; nothing was sent`, {
    hint: "write it as host, host:port or [v6]:port",
  });
}

function readAccount({ user, secretFile, target }: ChapAccount): ChapSecrets {
  const secret = readSecret(secretFile);
  if (target === undefined) return { user, secret, target: undefined };
  const theirs = { user: target.user, secret: readSecret(target.secretFile) };
  // With one secret for both ways a response can be turned round (RFC 7143, 9.2.1).
  if (!iscsi.isSameResponse(secret, theirs.secret)) return { user, secret, target: theirs };
  secret.fill(0);
  theirs.secret.fill(0);
  throw new StrongroomError("usage", "ISCSI_SECRET_UNUSABLE", "both sides have the same CHAP secret, which proves nothing; nothing was sent", {
    hint: "give the target a secret of its own",
  });
}
