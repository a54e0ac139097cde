import { formatBytes } from "../../../words/index.ts";
import { type Line, span } from "../../picture/index.ts";
import type { Column, Row, Scene, View } from "../contract.ts";
import { cartridgeActions } from "../library/index.ts";
import { exchangeAbove, exchangeColumns, exchangeRows } from "./exchange.ts";
import { fact, moment, name } from "../phrases.ts";

export { type Stage, stageOf } from "./exchange-stage.ts";

export const cartridges: View = {
  id: "cartridges",
  columns: (words, state) => (state?.exchange === undefined ? listColumns(words) : exchangeColumns(words)),
  above: (scene) => (scene.state.exchange === undefined ? markedAbove(scene) : exchangeAbove(scene.state.exchange, scene)),
  rows: (scene) => (scene.state.exchange === undefined ? [...barcodesOf(scene)].sort().map((barcode) => rowOf(barcode, scene)) : exchangeRows(scene.state.exchange, scene)),
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

/** Those with volumes, wherever they are, and those in libraries, whatever is on them. */
function barcodesOf({ appliance }: Scene): ReadonlySet<string> {
  const inLibraries = appliance.libraries.flatMap(({ shown }) => shown?.elements.flatMap(({ barcode }) => barcode ?? []) ?? []);
  return new Set([...appliance.volumes.map(({ barcode }) => barcode), ...inLibraries]);
}

function rowOf(barcode: string, scene: Scene): Row {
  const { appliance, state, words } = scene;
  const volume = appliance.volumes.find((one) => one.barcode === barcode && one.state !== "retired");
  const place = placeOf(barcode, scene) ?? (volume === undefined ? "-" : name(volume.place));
  return {
    key: `cartridge ${barcode}`,
    barcode,
    cells: [
      state.marked.has(barcode) ? `${name(barcode)} *` : name(barcode),
      volume === undefined ? "" : name(volume.pool),
      volume === undefined ? stateOf(barcode, scene) : words.states[volume.state],
      volume === undefined ? "" : formatBytes(volume.bytesWritten),
      volume === undefined ? "" : volume.verifiedMs === undefined ? words.states.never : moment(volume.verifiedMs),
      place,
    ],
    mark: barcode,
    style: state.marked.has(barcode) ? "note" : volume === undefined ? "dim" : volume.state === "closed" ? "warn" : "plain",
    detail: volume === undefined
      ? []
      : [
          ...fact(words.facts.writtenOn, moment(volume.createdMs)),
          ...fact(words.facts.objects, String(volume.objects)),
          ...fact(words.facts.lastVerified, volume.verifiedMs === undefined ? words.states.never : moment(volume.verifiedMs)),
        ],
    actions: cartridgeActions(barcode, scene),
  };
}

/** Whether a cartridge without a volume of ours is blank is known only when somebody looked. */
function stateOf(barcode: string, { appliance, words }: Scene): string {
  if (barcode.startsWith("CLN")) return words.states.cleaning;
  const known = appliance.libraries.flatMap(({ shown }) => shown?.elements ?? []).find((one) => one.barcode === barcode)?.cartridge?.state;
  return known === undefined ? words.states.unread : known === "blank" || known === "retired" ? words.states[known] : known;
}

function placeOf(barcode: string, { appliance, words }: Scene): string | undefined {
  for (const { name: library, shown } of appliance.libraries) {
    const element = shown?.elements.find((one) => one.barcode === barcode);
    if (element !== undefined) return `${name(library)} ${words.elements[element.kind]} ${String(element.number)}`;
  }
  return undefined;
}
