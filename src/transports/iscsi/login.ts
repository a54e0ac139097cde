import { iscsi } from "../../scsi/index.ts";
import type { RandomBytes } from "../../words/index.ts";
import { ChapDialogue, type ChapSecrets } from "./chap-dialogue.ts";
import type { DigestWish } from "./contract.ts";
import { breach, denied, loginFailed, loginRefusal } from "./failures.ts";
import { offersOf, type SessionTerms, termsOf } from "./terms.ts";

export interface LoginWishes {
  readonly initiator: string;
  /** Undefined: a discovery session. */
  readonly target: string | undefined;
  readonly isid: Uint8Array;
  readonly chap: ChapSecrets | undefined;
  /** In the order of our liking. */
  readonly chapAlgorithms: readonly iscsi.ChapAlgorithm[];
  readonly digests: DigestWish;
  readonly random: RandomBytes;
}

export type LoginStep =
  | { readonly kind: "send"; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: "moved"; readonly portal: iscsi.Portal }
  | { readonly kind: "done"; readonly terms: SessionTerms; readonly response: iscsi.LoginResponse };

/** A login ends within this many answers, and its texts stay below this size, or the target plays with us. */
const answerLimit = 24;
const textLimitBytes = 64 * 1024;
/** Until the login has ended, data segments have the size that holds for everybody (RFC 7143, 13.12). */
export const loginSegmentBytes = 8192;
export const loginTag = 1;
export const firstCmdSn = 1;

/**
 * The login of one connection (RFC 7143, 6.3 and 11.12) as steps, without sockets: `begin`, then `take` for each answer, until it is done or throws.
 */
export class Login {
  readonly #wishes: LoginWishes;
  readonly #chap: ChapDialogue | undefined;
  readonly #offers: readonly iscsi.Pair[];
  readonly #answers = new Map<string, string>();
  readonly #text = new iscsi.TextGatherer(textLimitBytes);
  #phase: "method" | "challenge" | "response" | "terms" = "method";
  #stage: number = iscsi.stage.security;
  #wantsNextStage = false;
  #isRefused = false;
  #answersTaken = 0;
  #expStatSn = 0;

  constructor(wishes: LoginWishes) {
    this.#wishes = wishes;
    this.#chap = wishes.chap === undefined ? undefined : new ChapDialogue(wishes.chap, wishes.chapAlgorithms, wishes.random);
    this.#offers = offersOf(wishes.digests, wishes.target === undefined);
  }

  /** The algorithm of the CHAP response that the target refused. */
  get refusedAlgorithm(): iscsi.ChapAlgorithm | undefined {
    return this.#isRefused && this.#phase === "response" ? this.#chap?.algorithm : undefined;
  }

  begin(): LoginStep {
    const { initiator, target, chap } = this.#wishes;
    const kind: readonly iscsi.Pair[] = target === undefined ? [["SessionType", "Discovery"]] : [["SessionType", "Normal"], ["TargetName", target]];
    // A target that must prove itself may not do without.
    const methods = chap === undefined ? "None" : chap.target === undefined ? "CHAP,None" : "CHAP";
    return this.#send([["InitiatorName", initiator], ...kind, ["AuthMethod", methods]], chap === undefined);
  }

  /** Takes a login response with its data segment. Throws what a login can fail with. */
  take({ header, data }: iscsi.Pdu): LoginStep {
    const response = iscsi.parse(iscsi.layout.loginResponse, header);
    this.#answersTaken += 1;
    this.#expStatSn = iscsi.next(response.statSn);
    if (this.#answersTaken > answerLimit || !this.#text.add(data)) throw breach("a login does not come to an end");
    if (response.taskTag !== loginTag) throw breach("a login answer belongs to another request");
    if (response.status >>> 8 === 1) return { kind: "moved", portal: this.#movedTo() };
    this.#isRefused = response.status !== iscsi.loginStatus.success;
    if (this.#isRefused) throw loginRefusal(response.status, this.#wishes.target ?? "for discovery");
    if (response.versionActive !== 0) throw loginFailed("the target speaks another version of iSCSI", "see whether the library needs newer firmware");
    if (response.currentStage !== this.#stage) throw breach("a login answer belongs to another stage");
    if (response.more) return this.#send([], false);
    const pairs = this.#text.take();
    if (pairs === undefined) throw breach("a login answer is not text");
    return this.#stage === iscsi.stage.security ? this.#inSecurity(response, new Map(pairs)) : this.#inOperational(response, pairs);
  }

  #inSecurity(response: iscsi.LoginResponse, answer: ReadonlyMap<string, string>): LoginStep {
    switch (this.#phase) {
      case "method":
        return this.#afterMethod(response, answer);
      case "challenge":
        if (response.transit || this.#chap === undefined) throw breach("it skips its own challenge");
        this.#phase = "response";
        return this.#send(this.#chap.respond(answer), true);
      default:
        if (this.#chap?.isDone === false) this.#chap.check(answer);
        return this.#enterOperational(response);
    }
  }

  #afterMethod(response: iscsi.LoginResponse, answer: ReadonlyMap<string, string>): LoginStep {
    const method = answer.get("AuthMethod") ?? "None";
    if (method === "CHAP" && this.#chap !== undefined && !response.transit) {
      this.#phase = "challenge";
      return this.#send(this.#chap.offer(), false);
    }
    if (method !== "None") {
      if (this.#chap === undefined) throw denied("the target wants user and secret");
      throw denied("the target does not take CHAP");
    }
    if (this.#wishes.chap?.target !== undefined) throw denied("the target cannot prove that it is the one it should be");
    // We offered to end this stage only where nothing was to be proven.
    if (this.#wantsNextStage) return this.#enterOperational(response);
    this.#phase = "terms";
    return this.#send([], true);
  }

  #enterOperational(response: iscsi.LoginResponse): LoginStep {
    if (this.#chap !== undefined && this.#phase === "response" && !this.#chap.isDone) throw denied("the target did not finish CHAP");
    if (!response.transit) return this.#send([], true);
    if (response.nextStage !== iscsi.stage.operational) throw breach("it leaves out the negotiation that it agreed to");
    this.#stage = iscsi.stage.operational;
    this.#phase = "terms";
    return this.#send(this.#offers, true);
  }

  #inOperational(response: iscsi.LoginResponse, pairs: readonly iscsi.Pair[]): LoginStep {
    const replies: iscsi.Pair[] = [];
    for (const [key, value] of pairs) {
      const offered = this.#offers.find(([name]) => name === key)?.[1];
      const isNews = offered === undefined && !this.#answers.has(key);
      this.#answers.set(key, value);
      if (isNews && !declarations.includes(key)) replies.push([key, iscsi.answerTo(key, value, iscsi.initialValue(key) ?? "")]);
    }
    if (!response.transit || replies.length > 0) {
      if (response.transit) throw breach("it ends the negotiation with a question");
      return this.#send(replies, true);
    }
    if (response.nextStage !== iscsi.stage.fullFeature) throw breach("it goes from the negotiation to an unknown stage");
    return { kind: "done", terms: termsOf(this.#offers, this.#answers), response };
  }

  #movedTo(): iscsi.Portal {
    const address = this.#text.take()?.find(([key]) => key === "TargetAddress")?.[1];
    const portal = address === undefined ? undefined : iscsi.parsePortal(address);
    if (portal === undefined) throw breach("it sends us to an address that is none");
    return portal;
  }

  #send(pairs: readonly iscsi.Pair[], endsStage: boolean): LoginStep {
    this.#wantsNextStage = endsStage;
    const nextStage = this.#stage === iscsi.stage.security ? iscsi.stage.operational : iscsi.stage.fullFeature;
    const header = iscsi.build(iscsi.opcode.loginRequest, iscsi.layout.loginRequest, {
      immediate: true, transit: endsStage, currentStage: this.#stage, nextStage: endsStage ? nextStage : 0, isid: this.#wishes.isid, taskTag: loginTag,
      cmdSn: firstCmdSn, expStatSn: this.#expStatSn,
    });
    const text = iscsi.encodeText(pairs);
    if (text.length > loginSegmentBytes) throw loginFailed("our own names are too long", "choose shorter names");
    return { kind: "send", pieces: iscsi.frame(header, text) };
  }
}

/** What a target may say of itself without waiting for an answer. */
const declarations = ["TargetAlias", "TargetAddress", "TargetPortalGroupTag", "MaxRecvDataSegmentLength"];
