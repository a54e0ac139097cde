/** That somebody has seen an alert and knows what to do about it. It stands for as long as the alert does. */
export interface Acknowledgement {
  /** `drive SERIAL`. */
  readonly subject: string;
  /** The alert's number. */
  readonly flag: number;
  readonly who: string;
  readonly timeMs: number;
  /** When the alert was first seen to be gone; raised again it is a new one. Undefined while it stands. */
  readonly endedMs: number | undefined;
}

export interface AlertRecords {
  /** Writes it down; whoever acknowledged before is kept as the one who did. */
  acknowledge(acknowledgement: Omit<Acknowledgement, "endedMs">): void;
  /** Of that subject, those whose alerts stand. */
  standing(subject: string): readonly Acknowledgement[];
  /** What the subject raises now: acknowledgements of others are over. Writes only where one is. */
  settle(subject: string, flags: readonly number[], timeMs: number): void;
  /** Newest last, at most `acknowledgementsKept`. */
  all(): readonly Acknowledgement[];
}

export const acknowledgementsKept = 1000;
