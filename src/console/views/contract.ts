import type { Line, Style } from "../picture/index.ts";
import type { Answers, AppliancePicture, ConsoleState, Opening, ViewId, partsOfKeys } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";

/** What a view is made from. */
export interface Scene {
  readonly appliance: AppliancePicture;
  readonly state: ViewState;
  readonly words: Tongue;
}

/** Of the state, all but what keys change; the memo is there to be handed on. */
export type ViewState = Omit<ConsoleState, Exclude<(typeof partsOfKeys)[number], "memo">>;

/** A scene with all of the state: for what chooses among rows, and for what lies over them. */
export interface WholeScene extends Scene {
  readonly state: ConsoleState;
}

/**
 * One view: rows with what is to know of each, and what can be done with it. The list on the screen, the numbered menus of the plain console and the
 * pages of the manual are all made from it. A new view is one folder and one line in `views/index.ts`.
 */
export interface View {
  readonly id: ViewId;
  columns(words: Tongue, state?: ConsoleState): readonly Column[];
  /** In the order of the screen. Keys are unique and stay with what they stand for. */
  rows(scene: Scene): readonly Row[];
  /** Lines above the list: a sentence, a request. Few. */
  above?(scene: Scene): readonly Line[];
  /** In place of rows, when there are none. */
  empty(words: Tongue): string;
}

export interface Column {
  readonly title: string;
  /** Cells; the one with 0 takes what the others leave. */
  readonly cells: number;
  readonly right?: true;
  /** Left out first where the screen is narrow; 0 stays always. */
  readonly rank: number;
}

export interface Row {
  readonly key: string;
  /** As many as columns. */
  readonly cells: readonly string[];
  readonly style: Style;
  /** Where a scan of it leads here. */
  readonly barcode?: string;
  /** All there is to know of it, for the pane beside or below the list. */
  readonly detail: readonly Line[];
  readonly actions: readonly Action[];
  /** What stands below its detail where there is room for all of it; made only then. */
  more?(): readonly Line[];
  /** Where Enter leads; its actions are behind another key then. */
  readonly opens?: Opening;
  /** What is marked with it. */
  readonly mark?: string;
}

/** Something that can be done, as one command line. */
export interface Action {
  readonly id: string;
  readonly text: string;
  /** What it does and what it needs, in a sentence. */
  readonly tooltip: string;
  /** Why it cannot be done now; it is shown all the same. */
  readonly refused?: string;
  readonly questions?: readonly Question[];
  readonly danger?: Danger;
  /** A command that only tells; what it says is shown first, and `y` goes on. */
  before?(answers: Answers): readonly string[];
  /** Shown on the screen; its words say the same in lines. */
  readonly opens?: Opening;
  /** It is a batch of the exchange that is open: these cartridges. */
  readonly batch?: { readonly library: string; readonly barcodes: readonly string[] };
  /** Goes on when the console is closed. */
  readonly isJob?: true;
  words(answers: Answers): readonly string[];
}

export interface Question {
  readonly name: string;
  readonly prompt: string;
  readonly initial: string;
  /** Given to the command on a descriptor of its own, never in its words. */
  readonly isSecret?: true;
  /** The same secret as the answer of that name, typed once more; only its being the same is looked at. */
  readonly repeats?: string;
}

/** How somebody is kept from doing it by accident. */
export type Danger =
  /** Yes or no, and no is what Enter says. */
  | { readonly level: "moderate"; readonly what: readonly string[] }
  /** What would be lost is shown, the barcode is typed or scanned, and then a key is pressed. */
  | { readonly level: "severe"; readonly what: readonly string[]; readonly barcode: string };
