import { iscsi } from "../../src/scsi/index.ts";
import type { RandomBytes } from "../../src/words/index.ts";
import { ChapDesk } from "./chap-desk.ts";
import type { ChapAccount } from "./contract.ts";
import { type DigestPolicy, Negotiation, type SessionTerms } from "./terms.ts";

const { loginStatus, stage } = iscsi;

export interface LoginRules {
  readonly chap: ChapAccount | undefined;
  readonly digests: DigestPolicy;
  readonly random: RandomBytes;
  /** What the target of that name calls itself; undefined when there is none. */
  aliasOf(target: string): { readonly alias: string | undefined } | undefined;
}

/** Who has logged in, and to what. */
export interface Guest {
  readonly initiator: string;
  /** Six bytes. */
  readonly isid: Uint8Array;
  /** Undefined: a discovery session. */
  readonly target: string | undefined;
  readonly connectionId: number;
  readonly terms: SessionTerms;
}

export type LoginStep =
  | { readonly kind: "answer"; readonly response: Partial<iscsi.LoginResponse>; readonly text: Uint8Array }
  | { readonly kind: "refuse"; readonly response: Partial<iscsi.LoginResponse> }
  /** The session is to be made before this answer is sent. */
  | { readonly kind: "admit"; readonly response: Partial<iscsi.LoginResponse>; readonly text: Uint8Array; readonly guest: Guest };

/** A login that needs more than this plays with us. */
const requestLimit = 32;
const textLimitBytes = 32 * 1024;
const keyLimit = 128;
const noText = new Uint8Array(0);
export const portalGroup = 1;

/** The login of one connection (RFC 7143, 6.3 and 11.12) as steps, without sockets: `take` each request until it ends. */
export class LoginDesk {
  readonly #rules: LoginRules;
  readonly #text = new iscsi.TextGatherer(textLimitBytes);
  #requests = 0;
  #keysTaken = 0;
  #stage: number | undefined;
  #first: iscsi.LoginRequest | undefined;
  #who: { readonly initiator: string; readonly target: string | undefined } | undefined;
  #negotiation: Negotiation | undefined;
  #chap: ChapDesk | undefined;
  #hasSpokenOfMethod = false;

  constructor(rules: LoginRules) {
    this.#rules = rules;
  }

  take(request: iscsi.LoginRequest, data: Uint8Array): LoginStep {
    this.#requests += 1;
    const fault = this.#faultOf(request);
    if (fault !== undefined) return this.#refuse(request, fault);
    if (this.#requests > requestLimit || !this.#text.add(data)) return this.#refuse(request, loginStatus.initiatorError);
    this.#first ??= request;
    this.#stage = request.currentStage;
    if (request.more) return this.#answer(request, [], false);
    const pairs = this.#text.take();
    this.#keysTaken += pairs?.length ?? 0;
    if (pairs === undefined || this.#keysTaken > keyLimit) return this.#refuse(request, loginStatus.initiatorError);
    if (this.#who === undefined) {
      const refusal = this.#identify(new Map(pairs));
      if (refusal !== undefined) return this.#refuse(request, refusal);
    }
    return request.currentStage === stage.security ? this.#inSecurity(request, pairs) : this.#inOperational(request, pairs, []);
  }

  /** What is wrong with the header, as a status. */
  #faultOf(request: iscsi.LoginRequest): number | undefined {
    const { currentStage, nextStage, transit, more } = request;
    if (request.versionMin > 0) return loginStatus.unsupportedVersion;
    if (currentStage !== stage.security && currentStage !== stage.operational) return loginStatus.initiatorError;
    const isForward = nextStage > currentStage && (nextStage === stage.operational || nextStage === stage.fullFeature);
    if (transit && (more || !isForward)) return loginStatus.initiatorError;
    if (this.#first === undefined) return undefined;
    const isSame = Buffer.compare(request.isid, this.#first.isid) === 0 && request.tsih === this.#first.tsih
      && request.connectionId === this.#first.connectionId && request.taskTag === this.#first.taskTag;
    if (!isSame || currentStage !== this.#stage) return loginStatus.invalidDuringLogin;
    return undefined;
  }

  /** Who logs in to what, from the first text; a status where that cannot be. */
  #identify(keys: ReadonlyMap<string, string>): number | undefined {
    const initiator = keys.get("InitiatorName");
    const type = keys.get("SessionType") ?? "Normal";
    const target = keys.get("TargetName");
    if (initiator === undefined) return loginStatus.missingParameter;
    if (!iscsi.isIscsiName(initiator)) return loginStatus.initiatorError;
    if (type !== "Normal" && type !== "Discovery") return loginStatus.sessionTypeNotSupported;
    if (type === "Normal" && target === undefined) return loginStatus.missingParameter;
    if (type === "Normal" && this.#rules.aliasOf(target!) === undefined) return loginStatus.targetMissing;
    this.#who = { initiator, target: type === "Normal" ? target : undefined };
    this.#negotiation = new Negotiation(type === "Discovery", this.#rules.digests);
    return undefined;
  }

  get #mustProve(): boolean {
    return this.#rules.chap !== undefined && this.#who?.target !== undefined && this.#chap?.isDone !== true;
  }

  #inSecurity(request: iscsi.LoginRequest, pairs: readonly iscsi.Pair[]): LoginStep {
    const keys = new Map(pairs);
    if (keys.size !== pairs.length) return this.#refuse(request, loginStatus.initiatorError);
    if (this.#chap !== undefined) return this.#inChap(request, keys);
    const rest = pairs.filter(([key]) => key !== "AuthMethod");
    const offered = keys.get("AuthMethod");
    if (offered === undefined) return this.#leaveSecurity(request, rest, []);
    if (this.#hasSpokenOfMethod) return this.#refuse(request, loginStatus.initiatorError);
    this.#hasSpokenOfMethod = true;
    const chap = this.#rules.chap;
    const own = chap === undefined ? "None" : this.#mustProve ? "CHAP" : "CHAP,None";
    const method = iscsi.answerTo("AuthMethod", offered, own);
    if (method === "Reject" || method === "None" || chap === undefined) {
      if (method === "Reject") return this.#refuse(request, loginStatus.authenticationFailed);
      return this.#leaveSecurity(request, rest, [["AuthMethod", "None"]]);
    }
    this.#chap = new ChapDesk(chap, this.#rules.random);
    return this.#answer(request, [["AuthMethod", method], ...this.#greeting()], false);
  }

  #inChap(request: iscsi.LoginRequest, keys: ReadonlyMap<string, string>): LoginStep {
    const answer = this.#chap!.isDone && keys.size === 0 ? [] : this.#chap!.take(keys);
    if (answer === undefined) return this.#refuse(request, loginStatus.authenticationFailed);
    if (!this.#chap!.isDone) return this.#answer(request, answer, false);
    return this.#leaveSecurity(request, [], answer);
  }

  /** What else came along is answered, and the stage ends where the initiator wants it to and may. */
  #leaveSecurity(request: iscsi.LoginRequest, pairs: readonly iscsi.Pair[], answers: readonly iscsi.Pair[]): LoginStep {
    if (request.transit && this.#mustProve) return this.#refuse(request, loginStatus.authenticationFailed);
    return this.#conclude(request, pairs, [...answers, ...this.#greeting()]);
  }

  #inOperational(request: iscsi.LoginRequest, pairs: readonly iscsi.Pair[], answers: readonly iscsi.Pair[]): LoginStep {
    if (this.#mustProve) return this.#refuse(request, loginStatus.authenticationFailed);
    if (pairs.some(([key]) => key === "AuthMethod")) return this.#refuse(request, loginStatus.initiatorError);
    return this.#conclude(request, pairs, [...answers, ...this.#greeting(), ...this.#negotiation!.declaration()]);
  }

  #conclude(request: iscsi.LoginRequest, pairs: readonly iscsi.Pair[], before: readonly iscsi.Pair[]): LoginStep {
    const answers = this.#negotiation!.answer(pairs);
    if (answers === undefined) return this.#refuse(request, loginStatus.initiatorError);
    return this.#answer(request, [...before, ...answers], request.transit);
  }

  #hasGreeted = false;

  /** RFC 7143, 13.9: the portal group is told in the first answer of a normal session. */
  #greeting(): readonly iscsi.Pair[] {
    const target = this.#who?.target;
    if (this.#hasGreeted || target === undefined) return [];
    this.#hasGreeted = true;
    const alias = this.#rules.aliasOf(target)?.alias;
    return [...(alias === undefined ? [] : [["TargetAlias", alias] as const]), ["TargetPortalGroupTag", String(portalGroup)]];
  }

  #answer(request: iscsi.LoginRequest, pairs: readonly iscsi.Pair[], transit: boolean): LoginStep {
    const text = pairs.length === 0 ? noText : iscsi.encodeText(pairs);
    // Our own limit, and that of whoever has not said a larger one.
    if (text.length > 8192) return this.#refuse(request, loginStatus.initiatorError);
    const response = { ...echo(request), transit, nextStage: transit ? request.nextStage : 0 };
    if (!transit || request.nextStage !== stage.fullFeature) {
      if (transit) this.#stage = request.nextStage;
      return { kind: "answer", response, text };
    }
    const terms = this.#negotiation!.terms();
    if (terms === undefined || this.#who === undefined) return this.#refuse(request, loginStatus.initiatorError);
    return { kind: "admit", response, text, guest: { ...this.#who, isid: request.isid.slice(), connectionId: request.connectionId, terms } };
  }

  #refuse(request: iscsi.LoginRequest, status: number): LoginStep {
    return { kind: "refuse", response: { ...echo(request), status } };
  }
}

function echo({ isid, tsih, taskTag, currentStage }: iscsi.LoginRequest): Partial<iscsi.LoginResponse> {
  return { isid, tsih, taskTag, currentStage };
}
