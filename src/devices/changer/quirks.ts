/** What the driver does otherwise than the standard would let it. */
export interface ReadingHabits {
  /** READ ELEMENT STATUS is asked for so many elements at once. */
  readonly elementsAtOnce: number;
  /** Its allocation length, in bytes. */
  readonly allocationBytes: number;
  /** It is asked for one type of elements at a time. */
  readonly typeAtATime: true;
  /** Where volume tags and device identifiers are refused together, they are asked for one after the other. */
  readonly asksApart: true;
}

export interface Quirk {
  readonly habit: keyof ReadingHabits;
  readonly value: number | true;
  /** What devices are known to do. */
  readonly because: string;
  /** Who says so. */
  readonly knownFrom: string;
}

/**
 * Each costs a library without the defect next to nothing, so they hold for all of them: a list of products would be out of date with
 * the next firmware.
 */
export const quirks: readonly Quirk[] = [
  {
    habit: "elementsAtOnce",
    value: 127,
    because: "some changers limit the number of elements that one answer may have; with descriptors of 512 bytes 127 fit into any answer",
    knownFrom: "pbs-tape, sg_pt_changer.rs: \"some changers limit the query\"",
  },
  {
    habit: "allocationBytes",
    value: 0xffff,
    because: "some changers look at the lower 16 bits of the allocation length alone, and take 65536 for none",
    knownFrom: "pbs-tape, which asks for 0xFFFF",
  },
  {
    habit: "typeAtATime",
    value: true,
    because: "asked for all types at once, pages come garbled (tgt) or with elements left out",
    knownFrom: "mtx, which asks for a type at a time; tgt 1.0.85, found by running it",
  },
  {
    habit: "asksApart",
    value: true,
    because: "some changers refuse volume tags and device identifiers in one command, or volume tags without a barcode reader",
    knownFrom: "pbs-tape, sg_pt_changer.rs: \"some changers cannot get voltag + dvcid at the same time\"",
  },
];

export const readingHabits = Object.fromEntries(quirks.map(({ habit, value }) => [habit, value])) as unknown as ReadingHabits;
