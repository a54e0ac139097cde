import { formatBytes } from "../../../words/index.ts";
import { type Line, span, type Style } from "../../picture/index.ts";
import type { AppliancePicture } from "../../state/index.ts";
import type { Action, Column, Row, Scene, View } from "../contract.ts";
import { cartridgeActions } from "../library/index.ts";
import { exchangeAbove, exchangeColumns, exchangeRows } from "./exchange.ts";
import { fact, moment, name } from "../phrases.ts";
import { type Held, type Holdings, holdings } from "./holdings.ts";

export { type Stage, stageOf } from "./exchange-stage.ts";

export const cartridges: View = {
  id: "cartridges",
  columns: (words, state) => (state?.exchange === undefined ? listColumns(words) : exchangeColumns(words)),
  above: (scene) => (scene.state.exchange === undefined ? markedAbove(scene) : exchangeAbove(scene.state.exchange, scene)),
  rows: (scene) => (scene.state.exchange === undefined ? listRows(scene) : exchangeRows(scene.state.exchange, scene)),
  empty: ({ views }) => views.cartridges.empty,
};

function listColumns({ columns }: Scene["words"]): readonly Column[] {
  return [
    { title: columns.barcode, cells: 10, rank: 0 },
    { title: columns.pool, cells: 12, rank: 0 },
    { title: columns.state, cells: 8, rank: 0 },
    { title: columns.written, cells: 10, right: true, rank: 1 },
    { title: columns.checked, cells: 16, rank: 2 },
    { title: columns.place, cells: 0, rank: 0 },
  ];
}

function markedAbove({ state, words }: Scene): readonly Line[] {
  return state.marked.size === 0 ? [] : [[span(words.exchange.marked(state.marked.size), "note"), span(`   ${words.exchange.withMarked()}`, "dim")]];
}

function listRows(scene: Scene): readonly Row[] {
  const held = holdings(scene);
  return held.barcodes.map((barcode) => new CartridgeRow(barcode, held, scene));
}

/** Of ten thousand rows a screen is seen, and one is selected: what a row says is worked out when it is asked for. */
class CartridgeRow implements Row {
  readonly key: string;
  readonly barcode: string;
  readonly mark: string;
  readonly style: Style;
  readonly #volume: Volume | undefined;
  readonly #held: Held | undefined;
  readonly #scene: Scene;

  constructor(barcode: string, { volumes, elements }: Holdings, scene: Scene) {
    this.#volume = volumes.get(barcode);
    this.#held = elements.get(barcode);
    this.#scene = scene;
    this.key = `cartridge ${barcode}`;
    this.barcode = barcode;
    this.mark = barcode;
    this.style = scene.state.marked.has(barcode) ? "note" : this.#volume === undefined ? "dim" : this.#volume.state === "closed" ? "warn" : "plain";
  }

  get cells(): readonly string[] {
    return cellsOf(this.barcode, this.#volume, this.#held, this.#scene);
  }

  get detail(): readonly Line[] {
    return detailOf(this.#volume, this.#scene);
  }

  get actions(): readonly Action[] {
    return cartridgeActions(this.barcode, this.#scene);
  }
}

type Volume = AppliancePicture["volumes"][number];

function cellsOf(barcode: string, volume: Volume | undefined, held: Held | undefined, scene: Scene): readonly string[] {
  const { state, words } = scene;
  const place = held !== undefined ? placeOf(held, scene) : volume === undefined ? "-" : name(volume.place);
  return [
    state.marked.has(barcode) ? `${name(barcode)} *` : name(barcode),
    ...(volume === undefined
      ? ["", stateOf(barcode, held, scene), "", ""]
      : [name(volume.pool), words.states[volume.state], formatBytes(volume.bytesWritten), volume.verifiedMs === undefined ? words.states.never : moment(volume.verifiedMs)]),
    place,
  ];
}

function detailOf(volume: Volume | undefined, { words }: Scene): readonly Line[] {
  if (volume === undefined) return [];
  return [
    ...fact(words.facts.writtenOn, moment(volume.createdMs)),
    ...fact(words.facts.objects, String(volume.objects)),
    ...fact(words.facts.lastVerified, volume.verifiedMs === undefined ? words.states.never : moment(volume.verifiedMs)),
  ];
}

/** Whether a cartridge without a volume of ours is blank is known only when somebody looked. */
function stateOf(barcode: string, held: Held | undefined, { words }: Scene): string {
  if (barcode.startsWith("CLN")) return words.states.cleaning;
  const known = held?.element.cartridge?.state;
  return known === undefined ? words.states.unread : known === "blank" || known === "retired" ? words.states[known] : known;
}

function placeOf({ library, element }: Held, { words }: Scene): string {
  return `${name(library)} ${words.elements[element.kind]} ${String(element.number)}`;
}
