import { resolve } from "node:path";
import type { NetworkAccess, NewNetworkLibrary } from "../../operations/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { Typed } from "./call.ts";
import type { OptionRecord } from "./command.ts";

/** As whom the appliance goes to a portal. Secrets are in files: arguments can be seen by everybody on a machine. */
export const identityOptions: readonly OptionRecord[] = [
  { flags: "--initiator NAME", summary: "the iSCSI name to go by", otherwise: "one made of the appliance's UUID" },
  { flags: "--digests WHEN", summary: "protect packets with CRC32C", choices: ["off", "preferred", "required"], otherwise: "off" },
  { flags: "--chap-user NAME", summary: "user name for CHAP" },
  { flags: "--chap-secret-file FILE", summary: "its secret: a file that only its owner may read" },
  { flags: "--chap-target-user NAME", summary: "mutual CHAP: what the target must call itself" },
  { flags: "--chap-target-secret-file FILE", summary: "and the secret that it must prove" },
];

export function portalOptions(what: string): readonly OptionRecord[] {
  return [{ flags: "--iscsi PORTAL", summary: `${what}, by its iSCSI portal: host, host:port or [v6]:port` }, ...identityOptions];
}

export function identityTyped(typed: Typed): Omit<NetworkAccess, "portal"> {
  const initiator = typed.option("--initiator");
  const digests = typed.option("--digests") as NetworkAccess["digests"];
  const own = accountTyped(typed, "--chap-user", "--chap-secret-file");
  const target = accountTyped(typed, "--chap-target-user", "--chap-target-secret-file");
  if (target !== undefined && own === undefined) throw invalid("mutual CHAP needs an account of this appliance too: --chap-user and --chap-secret-file");
  return {
    ...(initiator === undefined ? {} : { initiator }),
    ...(digests === undefined ? {} : { digests }),
    ...(own === undefined ? {} : { chap: target === undefined ? own : { ...own, target } }),
  };
}

export function networkLibraryTyped(typed: Typed, name: string, portal: string): NewNetworkLibrary {
  if (["--changer", "--simulator"].some((flag) => typed.option(flag) !== undefined) || typed.options("--drive").length > 0) {
    throw invalid("--iscsi goes without --changer, --drive and --simulator");
  }
  const target = typed.option("--target");
  const [changerLun, driveLuns] = [typed.option("--changer-lun"), typed.options("--drive-lun")];
  if ((changerLun === undefined) !== (driveLuns.length === 0)) throw invalid("--changer-lun and --drive-lun are given together or not at all");
  return {
    name,
    portal,
    ...identityTyped(typed),
    ...(target === undefined ? {} : { target }),
    ...(changerLun === undefined ? {} : { units: { changerLun: lunOf(changerLun), driveLuns: driveLuns.map(lunOf) } }),
  };
}

function accountTyped(typed: Typed, userFlag: string, fileFlag: string): { readonly user: string; readonly secretFile: string } | undefined {
  const [user, file] = [typed.option(userFlag), typed.option(fileFlag)];
  if (user === undefined && file === undefined) return undefined;
  if (user === undefined || file === undefined) throw invalid(`${userFlag} and ${fileFlag} are given together or not at all`);
  return { user, secretFile: resolve(file) };
}

function lunOf(typed: string): number {
  const lun = Number(typed);
  if (/^\d{1,5}$/.test(typed) && lun <= 16_383) return lun;
  throw invalid("a logical unit is a number from 0 to 16383");
}

function invalid(what: string): StrongroomError {
  return new StrongroomError("usage", "LIBRARY_INVALID", what, { hint: "see: strongroom library add --help" });
}
