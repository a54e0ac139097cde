import { iscsi } from "../../scsi/index.ts";
import type { RandomBytes } from "../../words/index.ts";
import { breach, denied, loginFailed } from "./failures.ts";

/** An account with its secrets read. Whoever made it fills the secrets with zeros in the end. */
export interface ChapSecrets {
  readonly user: string;
  readonly secret: Uint8Array;
  readonly target: { readonly user: string; readonly secret: Uint8Array } | undefined;
}

const challengeBytes = 32;

/** Our side of CHAP (RFC 7143, 12.1.3; RFC 1994): offer, respond, and check what the target responds to us. */
export class ChapDialogue {
  readonly #secrets: ChapSecrets;
  readonly #algorithms: readonly iscsi.ChapAlgorithm[];
  readonly #random: RandomBytes;
  #algorithm: iscsi.ChapAlgorithm | undefined;
  #challenge: { readonly identifier: number; readonly bytes: Uint8Array } | undefined;
  #isDone = false;

  constructor(secrets: ChapSecrets, algorithms: readonly iscsi.ChapAlgorithm[], random: RandomBytes) {
    this.#secrets = secrets;
    this.#algorithms = algorithms;
    this.#random = random;
  }

  /** Whether all that was asked has been proven. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** What the target chose. */
  get algorithm(): iscsi.ChapAlgorithm | undefined {
    return this.#algorithm;
  }

  offer(): readonly iscsi.Pair[] {
    return [["CHAP_A", this.#algorithms.map(({ number }) => number).join(",")]];
  }

  /** Takes the challenge of the target and gives our response, with our own challenge where it must prove itself too. */
  respond(answer: ReadonlyMap<string, string>): readonly iscsi.Pair[] {
    const algorithm = this.#algorithms.find(({ number }) => String(number) === answer.get("CHAP_A"));
    const identifier = identifierOf(answer);
    const challenge = iscsi.decodeBinary(answer.get("CHAP_C") ?? "", iscsi.challengeLimitBytes);
    if (algorithm === undefined) throw loginFailed("the target takes none of our algorithms for CHAP", "see whether the library needs newer firmware");
    if (identifier === undefined || challenge === undefined) throw breach("a CHAP challenge is incomplete");
    this.#algorithm = algorithm;
    const response = iscsi.chapResponse(algorithm, identifier, this.#secrets.secret, challenge);
    const pairs: iscsi.Pair[] = [["CHAP_N", this.#secrets.user], ["CHAP_R", iscsi.encodeBinary(response)]];
    if (this.#secrets.target === undefined) this.#isDone = true;
    else pairs.push(...this.#ownChallenge(challenge));
    return pairs;
  }

  #ownChallenge(theirs: Uint8Array): readonly iscsi.Pair[] {
    const random = new Uint8Array(challengeBytes + 1);
    this.#random(random);
    const bytes = random.subarray(1);
    // Else what we respond could be handed back to us (RFC 7143, 9.2.1).
    if (iscsi.isSameResponse(bytes, theirs)) throw denied("the target knows our challenge before it was sent");
    this.#challenge = { identifier: random[0] ?? 0, bytes };
    return [["CHAP_I", String(this.#challenge.identifier)], ["CHAP_C", iscsi.encodeBinary(bytes)]];
  }

  /** The answer to our response. Throws ISCSI_DENIED when the target cannot prove who it is. */
  check(answer: ReadonlyMap<string, string>): void {
    const { target } = this.#secrets;
    if (target === undefined || this.#challenge === undefined || this.#algorithm === undefined) return;
    const response = iscsi.decodeBinary(answer.get("CHAP_R") ?? "", this.#algorithm.bytes);
    const expected = iscsi.chapResponse(this.#algorithm, this.#challenge.identifier, target.secret, this.#challenge.bytes);
    if (response === undefined || answer.get("CHAP_N") !== target.user || !iscsi.isSameResponse(response, expected)) {
      throw denied("the target cannot prove that it is the one it should be");
    }
    this.#isDone = true;
  }
}

function identifierOf(answer: ReadonlyMap<string, string>): number | undefined {
  const value = iscsi.numericValue(answer.get("CHAP_I") ?? "");
  return value === undefined || value > 0xff ? undefined : value;
}
