import { type ConsoleState, type Exchange, mostListed, type Opening } from "../state/index.ts";
import type { Tongue } from "../tongue/index.ts";
import { selectedAt, shownRows, type Whereabouts, whereabouts } from "../views/index.ts";
import { type Step, step } from "./contract.ts";
import { startTask } from "./tasks.ts";

/** Opens the sheet of an exchange with what is marked. One that was open gives back first what it had not done. */
export function openExchange(before: ConsoleState, opening: Extract<Opening, { kind: "exchange" }>): Step {
  const state = closeExchange(before);
  const { appliance } = state;
  if (appliance === undefined) return step(before);
  const wanted = new Set([...state.marked, ...opening.barcodes]);
  const listed = [...wanted].filter((barcode) => (whereabouts(barcode, appliance) === undefined) === (opening.direction === "in")).slice(0, mostListed);
  const elements = appliance.libraries.flatMap(({ shown }) => shown?.elements ?? []);
  const exchange: Exchange = {
    direction: opening.direction,
    library: opening.library,
    listed,
    scanned: new Set(),
    expected: new Set(opening.direction === "in" ? listed : []),
    inside: new Set(elements.flatMap(({ kind, barcode }) => (kind === "mail-slot" ? [] : (barcode ?? [])))),
    batch: undefined,
    sought: new Set(),
  };
  const marked = new Set([...state.marked].filter((barcode) => !listed.includes(barcode)));
  return step(toCartridges({ ...state, marked, exchange, overlay: undefined, notice: undefined }, undefined), { kind: "refresh" });
}

/** By its key, from any view; with several libraries, for the one of the selected row, or the first. */
export function exchangeKey(state: ConsoleState, direction: "out" | "in", words: Tongue): Step {
  const { appliance } = state;
  if (appliance === undefined || state.exchange?.direction === direction) return step(state.exchange === undefined ? state : toCartridges(state, undefined));
  const [first] = appliance.libraries;
  if (first === undefined) return step({ ...state, notice: { severity: "warn", text: words.refusals.noLibrary() } });
  const rows = shownRows({ appliance, state, words });
  const barcode = rows[selectedAt(rows, state.places[state.view]) ?? -1]?.barcode;
  const library = (barcode === undefined ? undefined : whereabouts(barcode, appliance)?.library) ?? first.name;
  return openExchange(state, { kind: "exchange", direction, library, barcodes: [] });
}

/** Nothing is lost by closing: what is not done yet is marked again. */
export function closeExchange(state: ConsoleState): ConsoleState {
  const { exchange, appliance } = state;
  if (exchange === undefined || appliance === undefined) return state;
  const isOpen = (barcode: string): boolean => {
    const kind = whereabouts(barcode, appliance)?.kind;
    return exchange.direction === "out" ? kind !== undefined && kind !== "mail-slot" : kind === undefined;
  };
  return toCartridges({ ...state, exchange: undefined, marked: new Set([...state.marked, ...exchange.listed.filter(isOpen)]) }, undefined);
}

/** Marks the selected cartridge, or takes the mark away; in an exchange it goes from the list. */
export function markedCartridge(state: ConsoleState, words: Tongue): Step {
  const { appliance, exchange } = state;
  if (appliance === undefined) return step(state);
  const rows = shownRows({ appliance, state, words });
  const at = selectedAt(rows, state.places.cartridges);
  const barcode = at === undefined ? undefined : rows[at]!.mark;
  if (barcode === undefined) return step(state);
  if (exchange !== undefined) {
    if (exchange.batch?.barcodes.includes(barcode) === true) return step({ ...state, notice: { severity: "warn", text: words.exchange.robot(exchange.batch.barcodes.length) } });
    const without = (all: ReadonlySet<string>): ReadonlySet<string> => new Set([...all].filter((one) => one !== barcode));
    const shorter = { ...exchange, listed: exchange.listed.filter((one) => one !== barcode), scanned: without(exchange.scanned), expected: without(exchange.expected) };
    return step({ ...state, exchange: shorter, notice: { severity: "note", text: words.exchange.takenOff(barcode) } });
  }
  const marked = new Set(state.marked);
  if (!marked.delete(barcode)) {
    if (marked.size >= mostListed) return step({ ...state, notice: { severity: "warn", text: words.tree.tooManyMarked(mostListed) } });
    marked.add(barcode);
  }
  const next = Math.min(rows.length - 1, at! + 1);
  return step({ ...state, marked, places: { ...state.places, cartridges: { ...state.places.cartridges, selected: rows[next]!.key, at: next } } });
}

/** A scan while an exchange is open: it says which cartridge somebody has in hand, and moves none. */
export function scannedIntoExchange(state: ConsoleState, exchange: Exchange, code: string, words: Tongue): Step {
  const { appliance } = state;
  if (appliance === undefined) return step(state);
  const place = whereabouts(code, appliance);
  const { severity, text, isTaken } = exchange.direction === "out" ? told(exchange, code, place, words) : toldInside(exchange, code, place, words);
  const notice = { severity, text } as const;
  const next = toCartridges({ ...state, overlay: undefined, exchange: isTaken ? withScan(exchange, code) : exchange, notice }, `exchange ${code}`);
  // What is in somebody's hand is in no mail slot any more.
  return place?.kind === "mail-slot" ? step(next, { kind: "refresh" }) : step(next);
}

interface Told {
  readonly severity: "note" | "warn";
  readonly text: string;
  readonly isTaken: boolean;
}

function withScan({ listed, scanned, sought, ...rest }: Exchange, code: string): Exchange {
  const others = new Set([...sought].filter((one) => one !== code));
  return { ...rest, listed: listed.includes(code) ? listed : [...listed, code], scanned: new Set([...scanned, code]), sought: others };
}

function told({ listed }: Exchange, code: string, place: Whereabouts | undefined, words: Tongue): Told {
  const { exchange: texts, refusals, tree } = words;
  const isListed = listed.includes(code);
  if (!isListed && listed.length >= mostListed) return { severity: "warn", text: tree.tooManyMarked(mostListed), isTaken: false };
  if (place === undefined) return isListed ? { severity: "note", text: texts.isOut(code), isTaken: true } : { severity: "warn", text: refusals.notInLibrary(code), isTaken: false };
  if (place.kind === "drive") return { severity: "warn", text: `${code}: ${refusals.inDrive(place.number)}`, isTaken: true };
  return { severity: "note", text: isListed ? texts.listedAlready(code) : texts.listed(code, listed.length + 1), isTaken: true };
}

function toldInside({ listed, scanned, expected }: Exchange, code: string, place: Whereabouts | undefined, words: Tongue): Told {
  const { exchange: texts, elements, tree } = words;
  const isListed = listed.includes(code);
  if (!isListed && listed.length >= mostListed) return { severity: "warn", text: tree.tooManyMarked(mostListed), isTaken: false };
  if (place !== undefined && place.kind !== "mail-slot" && !isListed) {
    return { severity: "warn", text: texts.insideAlready(code, `${place.library} ${elements[place.kind]} ${String(place.number)}`), isTaken: false };
  }
  if (expected.size > 0 && !expected.has(code)) return { severity: "warn", text: texts.notExpected(code), isTaken: true };
  return { severity: "note", text: texts.inHand(code, new Set([...scanned, code]).size), isTaken: true };
}

/** The key that lets the robot begin. Where nothing can be brought, the libraries are looked at again: hands may have been quicker. */
export function confirmedBatch(state: ConsoleState, words: Tongue): Step {
  const { exchange, appliance } = state;
  if (exchange === undefined || appliance === undefined || state.view !== "cartridges") return step(state);
  const unfiltered = { ...state, places: { ...state.places, cartridges: { ...state.places.cartridges, filter: "" } } };
  const action = shownRows({ appliance, state: unfiltered, words }).flatMap(({ actions }) => actions).find(({ id }) => id === "batch");
  if (action?.batch === undefined) return step({ ...state, notice: { severity: "note", text: action?.refused ?? words.exchange.nothingToBring() } }, { kind: "refresh" });
  return startTask(state, action, {}, words);
}

/** The command has ended; what it did is known when the library was read after it. */
export function batchEnded(state: ConsoleState, task: number): ConsoleState {
  const { exchange } = state;
  if (exchange?.batch?.task !== task) return state;
  return { ...state, exchange: { ...exchange, batch: { ...exchange.batch, endedMs: state.nowMs } } };
}

/** With every picture. A library that does not answer ends the batch too, and nothing is said to be missing by what it showed before. */
export function batchSettled(state: ConsoleState): ConsoleState {
  const { exchange, appliance } = state;
  const { endedMs } = exchange?.batch ?? {};
  if (exchange?.batch === undefined || endedMs === undefined || appliance === undefined) return state;
  const library = appliance.libraries.find(({ name }) => name === exchange.batch!.library);
  const isRead = library !== undefined && library.trouble === undefined && library.shownMs > endedMs;
  if (!isRead && library !== undefined && library.trouble === undefined) return state;
  const sought = isRead && exchange.direction === "in" ? new Set([...exchange.sought, ...exchange.batch.barcodes]) : exchange.sought;
  return { ...state, exchange: { ...exchange, batch: undefined, sought } };
}

function toCartridges(state: ConsoleState, selected: string | undefined): ConsoleState {
  return { ...state, view: "cartridges", places: { ...state.places, cartridges: { selected, at: 0, filter: "" } } };
}
