import { printable, StrongroomError } from "../../src/words/index.ts";

/** Why a connection was ended. The initiator is told by what the protocol has for it, if anything. */
export function breach(what: string): StrongroomError {
  return new StrongroomError("failed", "ISCSI_BREACH", `the initiator broke the iSCSI protocol: ${printable(what)}`);
}

export function gone(what: string): StrongroomError {
  return new StrongroomError("temporary", "ISCSI_ENDED", what);
}
