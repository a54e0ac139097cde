/** How a case can end badly; each is a column of the table, and each must be empty. */
export const badEndings = ["silent loss", "false ok", "unclear ending", "hang", "wrong severity", "crash"] as const;

export type BadEnding = (typeof badEndings)[number];

/** `not met`: what was to happen never happened, so the case proves nothing. It is no failure, and is counted apart. */
export type Ending = "ok" | "not met" | BadEnding;

export interface CaseResult {
  readonly ending: Ending;
  /** What happened, in words: shown when the ending is a bad one, or the case was asked for by its ID. */
  readonly told: string;
  /** How many inputs the case tried, where it is made of many. */
  readonly inputs?: number;
}

export interface CampaignCase {
  /** Stable; begins with the family's name: `bytes/tape/003-seal/last-byte/flip`. Whoever gives it again gets the same case. */
  readonly id: string;
  /** The row of the table in which it is counted. */
  readonly row: string;
  /** What it is one of many of: one case of each kind comes before a second of any. Its row where it is not said. */
  readonly kind?: string;
}

/** A family of cases that share what they are made of. */
export interface Family {
  readonly name: string;
  /** What a case is about, in one line. */
  readonly about: string;
  /** A case that takes longer hangs, and is ended with its process. Far more than it needs on a busy machine. */
  readonly boundMs: number;
  /** Of the process in which the cases run: a case that needs more crashes. */
  readonly heapMegabytes: number;
  /** Makes what the cases share, below a folder that is removed afterwards whatever happens. */
  open(folder: string): Promise<OpenFamily>;
}

export interface OpenFamily {
  readonly cases: readonly CampaignCase[];
  /** Leaves nothing behind that the next case could notice. Rejects for mistakes of the campaign alone. */
  run(id: string): Promise<CaseResult>;
  close(): Promise<void>;
}

/** What a worker says to whoever started it. */
export type FromWorker =
  | { readonly kind: "open"; readonly cases: readonly CampaignCase[] }
  | { readonly kind: "ended"; readonly id: string; readonly result: CaseResult };

/** What a worker is told: the ID of the case to run next. */
export interface ToWorker {
  readonly run: string;
}
