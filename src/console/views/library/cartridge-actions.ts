import type { AppliancePicture } from "../../state/index.ts";
import type { Action, Danger, Scene } from "../contract.ts";
import { moment, name } from "../phrases.ts";
import { mailSlotsOf, type Whereabouts, whereabouts } from "./whereabouts.ts";

/** What can be done with a cartridge, in the order in which it makes sense where it is now. */
export function cartridgeActions(barcode: string, scene: Scene): readonly Action[] {
  const { appliance, words } = scene;
  const { actions, refusals } = words;
  const where = whereabouts(barcode, appliance);
  const volume = appliance.volumes.find((one) => one.barcode === barcode && one.state !== "retired");
  const outside = where === undefined ? refusals.notInLibrary(volume === undefined ? "?" : name(volume.place)) : undefined;
  const refused = (why: string | undefined): { readonly refused?: string } => (why === undefined ? {} : { refused: why });
  const list: Action[] = [];
  list.push({ id: "load", ...actions.load, ...refused(outside ?? whyNotLoaded(where, scene)), words: () => ["drive", "load", where?.library ?? "", barcode] });
  list.push({ id: "export", ...actions.export, ...refused(outside ?? whyNotExported(where, scene)), words: () => ["library", "export", where?.library ?? "", barcode] });
  list.push(...exchanges(barcode, where, outside, scene));
  list.push({ id: "verify", ...actions.verify, isJob: true, ...refused(outside ?? (volume === undefined ? refusals.noVolume() : undefined)), words: () => ["volume", "verify", barcode] });
  list.push({ id: "identify", ...actions.identify, ...refused(outside), words: () => ["volume", "identify", barcode] });
  list.push({ id: "showVolume", ...actions.showVolume, ...refused(volume === undefined ? refusals.noVolume() : undefined), words: () => ["volume", "show", barcode] });
  list.push(makeVolume(barcode, outside, volume === undefined ? undefined : overwriting(barcode, volume), scene));
  // Behind the others, whose numbers hands remember.
  list.push(...copying(barcode, volume, outside, scene));
  return list;
}

/** Quick verification is about the drive, the others about another cartridge: the next blank one of a pool. */
function copying(barcode: string, volume: AppliancePicture["volumes"][number] | undefined, outside: string | undefined, { words }: Scene): readonly Action[] {
  const { actions, questions, refusals } = words;
  const why = outside ?? (volume === undefined ? refusals.noVolume() : undefined);
  const refused = why === undefined ? {} : { refused: why };
  const pool = { name: "pool", prompt: questions.pool, initial: volume?.pool ?? "" };
  const copy = (verb: "duplicate" | "migrate"): Action => ({
    id: verb, ...actions[verb], isJob: true, ...refused, questions: [pool], words: ({ pool: chosen = "" }) => ["volume", verb, barcode, "--pool", chosen],
  });
  return [{ id: "verifyQuick", ...actions.verifyQuick, isJob: true, ...refused, words: () => ["volume", "verify", barcode, "--quick"] }, copy("duplicate"), copy("migrate")];
}

/** With all that is marked; where there is nothing to take out, there is something to bring in. */
function exchanges(barcode: string, where: Whereabouts | undefined, outside: string | undefined, { appliance, state, words: { actions, exchange } }: Scene): readonly Action[] {
  const library = where?.library ?? appliance.libraries[0]?.name;
  if (library === undefined) return [];
  const barcodes = [...new Set([...state.marked, barcode])];
  const label = barcodes.length > 1 ? `: ${exchange.marked(barcodes.length)}` : "";
  const opens = (direction: "in" | "out") => ({ opens: { kind: "exchange", direction, library, barcodes } as const, words: () => ["library", direction === "out" ? "export" : "import", library] });
  if (outside === undefined) return [{ id: "takeOutMany", ...actions.takeOutMany, text: `${actions.takeOutMany.text}${label}`, ...opens("out") }];
  return [{ id: "bringInMany", ...actions.bringInMany, text: `${actions.bringInMany.text}${label}`, ...opens("in") }];
}

function whyNotLoaded(where: Whereabouts | undefined, { appliance, words: { refusals } }: Scene): string | undefined {
  if (where === undefined) return refusals.noLibrary();
  if (where.kind === "drive") return refusals.inDrive(where.number);
  const drives = appliance.libraries.find(({ name: library }) => library === where.library)?.shown?.elements.filter(({ kind }) => kind === "drive") ?? [];
  return drives.some(({ full }) => !full) ? undefined : refusals.noFreeDrive();
}

function whyNotExported(where: Whereabouts | undefined, { appliance, words: { refusals } }: Scene): string | undefined {
  if (where === undefined) return refusals.noLibrary();
  if (where.kind === "drive") return refusals.inDrive(where.number);
  return mailSlotsOf(appliance, where.library).every(({ full }) => full) ? refusals.noFreeMailSlot() : undefined;
}

function overwriting(barcode: string, volume: AppliancePicture["volumes"][number]): Danger {
  return { level: "severe", barcode, what: [`${barcode}, ${name(volume.pool)}, ${moment(volume.createdMs)}`] };
}

/** One action with two faces: on a blank cartridge it asks for the pool, on a written one for proof that this is meant. */
function makeVolume(barcode: string, outside: string | undefined, danger: Danger | undefined, { appliance, words }: Scene): Action {
  const { actions, questions, refusals } = words;
  const refused = outside ?? (appliance.pools.length === 0 ? refusals.noPool() : undefined);
  return {
    id: danger === undefined ? "init" : "overwrite",
    ...(danger === undefined ? actions.init : actions.overwrite),
    ...(refused === undefined ? {} : { refused }),
    questions: [{ name: "pool", prompt: questions.pool, initial: appliance.pools[0]?.name ?? "" }],
    ...(danger === undefined ? {} : { danger }),
    words: ({ pool = "" }) => ["volume", "init", barcode, "--pool", pool, ...(danger === undefined ? [] : ["--overwrite", barcode])],
  };
}
