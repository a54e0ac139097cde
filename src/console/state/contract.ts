import type { Severity } from "../../words/index.ts";
import type { AppliancePicture } from "./appliance.ts";
import type { Exchange } from "./exchange.ts";
import { type Memo, newMemo } from "./memo.ts";
import type { TreePlace } from "./tree.ts";

/** The views, in the order of their number keys. */
export const viewIds = ["today", "library", "jobs", "archives", "cartridges", "pools", "health", "log"] as const;
export type ViewId = (typeof viewIds)[number];

/**
 * All that the console shows, as one value. It is changed by `update` alone, and drawn by functions that change nothing. It holds no secret: what is
 * typed at a question for a secret never gets here, only how many characters it has.
 */
export interface ConsoleState {
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  readonly view: ViewId;
  readonly places: Readonly<Record<ViewId, Place>>;
  /** What Archives shows instead of its list. */
  readonly tree: TreePlace | undefined;
  /** What Cartridges shows instead of its list. */
  readonly exchange: Exchange | undefined;
  /** Barcodes that were marked in Cartridges, for an exchange to come. */
  readonly marked: ReadonlySet<string>;
  readonly overlay: Overlay | undefined;
  /** Undefined until the appliance was first read. */
  readonly appliance: AppliancePicture | undefined;
  /** The latest outcome of what was asked for, for the line above the footer. */
  readonly notice: Notice | undefined;
  readonly tasks: readonly Task[];
  /** Rates of running jobs, the newest last: bytes a second. */
  readonly rates: ReadonlyMap<number, readonly number[]>;
  readonly bell: BellState;
  /** Lines typed after `:`, the newest last. */
  readonly history: readonly string[];
  readonly memo: Memo;
}

/** Parts of the state that keys change, and that no row of a view is made from: rows are made once for any number of keys. */
export const partsOfKeys = ["columns", "rows", "view", "places", "overlay", "notice", "tasks", "bell", "history", "memo"] as const satisfies readonly (keyof ConsoleState)[];

/** Where a person is in a view. The selected row is known by its key, so that it stays the same one when others come and go. */
export interface Place {
  readonly selected: string | undefined;
  /** The number of the selected row when it was last drawn: where to go when that row is gone. */
  readonly at: number;
  readonly filter: string;
}

export interface Notice {
  readonly severity: Severity;
  readonly text: string;
}

/** A command line that the console started. */
export interface Task {
  readonly id: number;
  readonly words: readonly string[];
  /** At most the last thousand. */
  readonly lines: readonly string[];
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
}

export interface BellState {
  /** Requests for which it rang, and since when they are there. */
  readonly rang: ReadonlyMap<string, number>;
  /** When that was looked at last. */
  readonly lastMs: number;
  readonly muted: boolean;
}

/** What lies over the view. One at a time: nothing is two levels deep. */
export type Overlay =
  | { readonly kind: "help"; readonly top: number }
  /** All there is to know of one row, kept up to date. */
  | { readonly kind: "detail"; readonly row: string; readonly top: number }
  | { readonly kind: "filter"; readonly before: string }
  | { readonly kind: "command"; readonly text: string; readonly recalled: number | undefined }
  | { readonly kind: "menu"; readonly row: string; readonly at: number }
  | { readonly kind: "form"; readonly row: string; readonly action: string; readonly answers: Answers; readonly text: string; readonly secretCharacters: number }
  | {
      readonly kind: "confirm"; readonly row: string; readonly action: string; readonly answers: Answers; readonly typed: string; readonly losses: Losses | undefined;
      /** The command whose output is shown here, by its task. */
      readonly preview: number | undefined;
    }
  | { readonly kind: "output"; readonly task: number; readonly top: number | undefined }
  | { readonly kind: "leave" };

/** What was answered, by the names of questions. */
export type Answers = Readonly<Record<string, string>>;

export function initialState(size: { readonly columns: number; readonly rows: number }, nowMs: number): ConsoleState {
  const place: Place = { selected: undefined, at: 0, filter: "" };
  return {
    ...size,
    nowMs,
    view: "today",
    places: { today: place, library: place, jobs: place, archives: place, cartridges: place, pools: place, health: place, log: place },
    tree: undefined,
    exchange: undefined,
    marked: new Set(),
    overlay: undefined,
    appliance: undefined,
    notice: undefined,
    tasks: [],
    rates: new Map(),
    bell: { rang: new Map(), lastMs: nowMs, muted: false },
    history: [],
    memo: newMemo(),
  };
}

/** What writing over a cartridge would cost. */
export interface Losses {
  /** Undefined where the records know no volume on it. */
  readonly pool: string | undefined;
  readonly lastWrittenMs: number | undefined;
  readonly copies: number;
  /** Of these, how many have no other good copy. */
  readonly onlyCopies: number;
  readonly elsewhere: readonly { readonly barcode: string; readonly place: string }[];
}
