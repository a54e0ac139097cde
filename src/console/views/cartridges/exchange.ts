import { type Line, span, type Style } from "../../picture/index.ts";
import type { Exchange, Fate } from "../../state/index.ts";
import type { Action, Column, Row, Scene } from "../contract.ts";
import { whereabouts } from "../library/index.ts";
import { name } from "../phrases.ts";
import { type Stage, stageOf } from "./exchange-stage.ts";

/** What wants hands first, what is over last. */
const order: readonly Fate[] = ["missing", "surplus", "takeOut", "putIn", "mailSlot", "comes", "next", "inDrive", "waits", "expected", "in", "out"];

const styles: Readonly<Record<Fate, Style>> = {
  missing: "err", surplus: "warn", takeOut: "strong", putIn: "strong", mailSlot: "note", comes: "note", next: "note", inDrive: "warn", waits: "plain", expected: "plain",
  in: "ok", out: "ok",
};

export function exchangeColumns({ columns }: Scene["words"]): readonly Column[] {
  return [
    { title: columns.barcode, cells: 12, rank: 0 },
    { title: columns.state, cells: 11, rank: 0 },
    { title: columns.pool, cells: 12, rank: 1 },
    { title: columns.place, cells: 0, rank: 0 },
  ];
}

/** What it is, how far it is, and what somebody with a scanner does now. */
export function exchangeAbove(exchange: Exchange, scene: Scene): readonly Line[] {
  const { exchange: texts } = scene.words;
  const stage = stageOf(exchange, scene.appliance);
  const counted = counts(stage);
  const head = texts.summary(counted("out") + counted("in"), exchange.listed.length);
  const wrong = [counted("missing") > 0 ? texts.missing(counted("missing")) : "", strangers(exchange, stage) > 0 ? texts.surplus(strangers(exchange, stage)) : ""].filter(Boolean).join("; ");
  return [
    [span(texts.titles[exchange.direction], "strong"), span(`   ${head}`), span(wrong === "" ? "" : `   ${wrong}`, "err")],
    [span(instruction(exchange, stage, scene), "note")],
  ];
}

export function exchangeRows(exchange: Exchange, scene: Scene): readonly Row[] {
  const stage = stageOf(exchange, scene.appliance);
  const actions = [batchAction(exchange, stage, scene)];
  return [...stage.fates]
    .sort(([, a], [, b]) => order.indexOf(a) - order.indexOf(b))
    .map(([barcode, fate]) => rowOf(barcode, fate, exchange, actions, scene));
}

function rowOf(barcode: string, fate: Fate, exchange: Exchange, actions: readonly Action[], { appliance, words }: Scene): Row {
  const place = whereabouts(barcode, appliance);
  const isStranger = exchange.expected.size > 0 && !exchange.expected.has(barcode);
  const where = place === undefined ? "" : `${name(place.library)} ${words.elements[place.kind]} ${String(place.number)}`;
  return {
    key: `exchange ${barcode}`,
    barcode,
    cells: [
      name(barcode),
      words.exchange.fates[fate],
      name(appliance.volumes.find((one) => one.barcode === barcode && one.state !== "retired")?.pool ?? ""),
      isStranger && fate !== "surplus" ? [where, words.exchange.fates.surplus].filter(Boolean).join(", ") : where,
    ],
    style: isStranger && styles[fate] !== "err" ? "warn" : styles[fate],
    detail: [],
    actions,
    mark: barcode,
  };
}

/** The only thing that moves cartridges here: a key of its own, or this action and a `y`. */
function batchAction({ direction }: Exchange, stage: Stage, { words }: Scene): Action {
  const { batch } = stage;
  const what = direction === "out" ? words.actions.batchOut : words.actions.batchIn;
  return {
    id: "batch", ...what, isJob: true,
    ...(batch === undefined ? { refused: words.exchange.nothingToBring() } : { batch: { library: batch.library, barcodes: batch.barcodes } }),
    danger: { level: "moderate", what: [what.tooltip, batch?.barcodes.map(name).join(", ") ?? ""] },
    words: () => batch?.words ?? [],
  };
}

function instruction(exchange: Exchange, stage: Stage, { words: { exchange: texts } }: Scene): string {
  const counted = counts(stage);
  const { batch } = stage;
  if (exchange.batch !== undefined) return texts.robot(exchange.batch.barcodes.length);
  if (exchange.direction === "in") {
    if (counted("putIn") > 0) return texts.putIn(counted("putIn"));
    if (batch !== undefined) return texts.bringIn(batch.barcodes.length + stage.unnamed);
    return counted("expected") > 0 ? texts.scanIn() : exchange.listed.length === 0 ? texts.scanIn() : texts.doneIn();
  }
  if (counted("takeOut") > 0) return texts.takeOut(counted("takeOut"), counted("next"));
  if (batch !== undefined) return texts.bringOut(batch.barcodes.length);
  if (counted("waits") > 0) return texts.noMailSlot();
  if (counted("inDrive") > 0) return texts.inDrives(counted("inDrive"));
  return exchange.listed.length === 0 ? texts.scanOut() : texts.doneOut();
}

function counts({ fates }: Stage): (fate: Fate) => number {
  const all = [...fates.values()];
  return (fate) => all.filter((one) => one === fate).length;
}

/** Those that came in and were on no list, whichever way they came to be known. */
function strangers({ direction, expected }: Exchange, { fates }: Stage): number {
  if (direction === "out") return 0;
  return [...fates].filter(([barcode, fate]) => fate === "surplus" || (expected.size > 0 && !expected.has(barcode))).length;
}
