import { iscsi } from "../../src/scsi/index.ts";
import type { RandomBytes } from "../../src/words/index.ts";
import type { ChapAccount } from "./contract.ts";

const challengeBytes = 32;

/** Our answer, or undefined: this initiator is not let in (RFC 7143, 11.13.5, Authentication Failure). */
export type ChapAnswer = readonly iscsi.Pair[] | undefined;

/** The target's side of CHAP (RFC 7143, 12.1.3): ask for an algorithm, challenge, check, and respond where the initiator challenges us. */
export class ChapDesk {
  readonly #account: ChapAccount;
  readonly #random: RandomBytes;
  #step: "algorithm" | "response" | "done" = "algorithm";
  #algorithm: iscsi.ChapAlgorithm | undefined;
  #identifier = 0;
  #challenge = new Uint8Array(0);

  constructor(account: ChapAccount, random: RandomBytes) {
    this.#account = account;
    this.#random = random;
  }

  /** Whether the initiator has proven who it is. */
  get isDone(): boolean {
    return this.#step === "done";
  }

  take(keys: ReadonlyMap<string, string>): ChapAnswer {
    return this.#step === "algorithm" ? this.#challengeBy(keys) : this.#check(keys);
  }

  #challengeBy(keys: ReadonlyMap<string, string>): ChapAnswer {
    const offered = (keys.get("CHAP_A") ?? "").split(",");
    // The first that we have: the initiator's order is its liking.
    this.#algorithm = offered.flatMap((number) => iscsi.chapAlgorithms.find((one) => String(one.number) === number) ?? [])[0];
    if (this.#algorithm === undefined) return undefined;
    const random = new Uint8Array(challengeBytes + 1);
    this.#random(random);
    this.#identifier = random[0] ?? 0;
    this.#challenge = random.slice(1);
    this.#step = "response";
    return [
      ["CHAP_A", String(this.#algorithm.number)],
      ["CHAP_I", String(this.#identifier)],
      ["CHAP_C", iscsi.encodeBinary(this.#challenge)],
    ];
  }

  #check(keys: ReadonlyMap<string, string>): ChapAnswer {
    const algorithm = this.#algorithm;
    if (this.#step !== "response" || algorithm === undefined) return undefined;
    const response = iscsi.decodeBinary(keys.get("CHAP_R") ?? "", algorithm.bytes);
    const expected = iscsi.chapResponse(algorithm, this.#identifier, this.#account.secret, this.#challenge);
    // Compared before the name is, so that time does not tell which of the two was wrong.
    const isRight = response !== undefined && iscsi.isSameResponse(response, expected);
    if (keys.get("CHAP_N") !== this.#account.user || !isRight) return undefined;
    const answer = this.#respond(algorithm, keys);
    if (answer !== undefined) this.#step = "done";
    return answer;
  }

  #respond(algorithm: iscsi.ChapAlgorithm, keys: ReadonlyMap<string, string>): ChapAnswer {
    if (!keys.has("CHAP_I") && !keys.has("CHAP_C")) return [];
    const identifier = iscsi.numericValue(keys.get("CHAP_I") ?? "");
    const challenge = iscsi.decodeBinary(keys.get("CHAP_C") ?? "", iscsi.challengeLimitBytes);
    const { own } = this.#account;
    if (own === undefined || identifier === undefined || identifier > 0xff || challenge === undefined) return undefined;
    // Whoever hands our own challenge back wants us to answer it for him (RFC 7143, 9.2.1).
    if (iscsi.isSameResponse(challenge, this.#challenge)) return undefined;
    return [["CHAP_N", own.user], ["CHAP_R", iscsi.encodeBinary(iscsi.chapResponse(algorithm, identifier, own.secret, challenge))]];
  }
}
