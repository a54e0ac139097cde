import { iscsi } from "../../scsi/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";

const networkHint = "look at the network and at the library, then run this again";

export function lost(name: string, why: StrongroomError): StrongroomError {
  return new StrongroomError(
    "failed", "TRANSPORT_LOST", `the connection to ${name} is lost: ${why.message}; what was under way may have taken effect`,
    { hint: why.hint ?? networkHint, cause: why },
  );
}

export function timedOut(name: string, seconds: number, wasSent: boolean): StrongroomError {
  const effect = wasSent ? "it was aborted and may have taken effect" : "it was never sent";
  return new StrongroomError("failed", "TRANSPORT_TIMEOUT", `a command to ${name} was not answered within ${String(seconds)} s; ${effect}`, {
    hint: "look at the device, and find out where its medium stands before the work is repeated",
  });
}

export function closed(name: string): StrongroomError {
  return new StrongroomError("failed", "TRANSPORT_CLOSED", `${name} was closed`);
}

export function unitBusy(name: string): StrongroomError {
  return new StrongroomError("busy", "TRANSPORT_BUSY", `${name} is in use by this process already`, { hint: "wait until that work has finished" });
}

export function unreachable(portal: string, what: string, cause?: unknown): StrongroomError {
  return new StrongroomError("temporary", "ISCSI_UNREACHABLE", `the iSCSI portal ${portal} ${what}`, {
    hint: "check the address, the network and that the library is switched on",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The other side does what the protocol does not allow: nothing that it says afterwards can be relied on. */
export function breach(what: string): StrongroomError {
  return new StrongroomError("failed", "ISCSI_BREACH", `the target broke the iSCSI protocol: ${printable(what)}`, {
    hint: "see whether the library needs newer firmware",
  });
}

export function ended(what: string): StrongroomError {
  return new StrongroomError("temporary", "ISCSI_ENDED", what, { hint: networkHint });
}

export function loginFailed(what: string, hint: string): StrongroomError {
  return new StrongroomError("failed", "ISCSI_LOGIN_FAILED", `the iSCSI login failed: ${what}`, { hint });
}

export function denied(what: string): StrongroomError {
  return new StrongroomError("denied", "ISCSI_DENIED", `the iSCSI login was refused: ${what}`, {
    hint: "compare user, secret and initiator name with what the library expects",
  });
}

/** What a status of a login response means (RFC 7143, 11.13.5). */
export function loginRefusal(status: number, target: string): StrongroomError {
  const { loginStatus } = iscsi;
  switch (status) {
    case loginStatus.authenticationFailed:
      return denied("the target does not accept user and secret");
    case loginStatus.notAuthorized:
      return denied("the target does not let this initiator in");
    case loginStatus.targetMissing:
    case loginStatus.targetRemoved:
      return new StrongroomError("missing", "ISCSI_TARGET_MISSING", `there is no iSCSI target ${printable(target)} at this portal`, {
        hint: "ask the portal for its targets, and correct the name",
      });
    case loginStatus.serviceUnavailable:
    case loginStatus.outOfResources:
    case loginStatus.tooManyConnections:
      return new StrongroomError("temporary", "ISCSI_UNAVAILABLE", `the iSCSI target ${printable(target)} takes no login at present`, {
        hint: "wait a minute and run this again; see which other hosts are logged in",
      });
    default:
      return loginFailed(`the target answered with status 0x${status.toString(16).padStart(4, "0")}`, "look into the log of the library");
  }
}
