import type { AppliancePicture, Exchange, Fate } from "../../state/index.ts";
import { mailSlotsOf, whereabouts } from "../library/index.ts";

export interface Stage {
  /** Those of the list in its order, and behind them what nobody listed. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** What the next key brings; undefined when nothing can be brought now. */
  readonly batch: { readonly library: string; readonly barcodes: readonly string[]; readonly words: readonly string[] } | undefined;
  /** Cartridges without a legible barcode in the mail slots come in as well, and cannot be named. */
  readonly unnamed: number;
}

/** Where the exchange stands. Nothing of it is remembered: whoever moved the cartridges, it is what the libraries show now. */
export function stageOf(exchange: Exchange, appliance: AppliancePicture): Stage {
  return exchange.direction === "out" ? outStage(exchange, appliance) : inStage(exchange, appliance);
}

function outStage({ listed, batch }: Exchange, appliance: AppliancePicture): Stage {
  const fates = new Map<string, Fate>();
  for (const barcode of listed) fates.set(barcode, outFate(barcode, appliance, batch?.barcodes ?? []));
  const waiting = listed.filter((barcode) => fates.get(barcode) === "waits");
  const free = (library: string): number => mailSlotsOf(appliance, library).filter(({ full }) => !full).length;
  const library = waiting.map((barcode) => whereabouts(barcode, appliance)!.library).find((one) => free(one) > 0);
  if (library === undefined || batch !== undefined) return { fates, batch: undefined, unnamed: 0 };
  const barcodes = waiting.filter((barcode) => whereabouts(barcode, appliance)?.library === library).slice(0, free(library));
  for (const barcode of barcodes) fates.set(barcode, "next");
  return { fates, batch: { library, barcodes, words: ["library", "export", library, ...barcodes] }, unnamed: 0 };
}

function outFate(barcode: string, appliance: AppliancePicture, coming: readonly string[]): Fate {
  const kind = whereabouts(barcode, appliance)?.kind;
  if (kind === undefined) return "out";
  if (kind === "mail-slot") return "takeOut";
  if (coming.includes(barcode)) return "comes";
  return kind === "drive" ? "inDrive" : "waits";
}

function inStage(exchange: Exchange, appliance: AppliancePicture): Stage {
  const { listed, library, batch } = exchange;
  const fates = new Map<string, Fate>();
  for (const barcode of listed) fates.set(barcode, inFate(barcode, exchange, appliance));
  for (const barcode of surplus(exchange, appliance)) fates.set(barcode, "surplus");
  const mailSlots = mailSlotsOf(appliance, library);
  const waiting = mailSlots.flatMap(({ barcode }) => barcode ?? []);
  for (const barcode of waiting) fates.set(barcode, "mailSlot");
  const room = mailSlots.filter(({ full }) => !full).length;
  const unnamed = mailSlots.filter(({ full, barcode }) => full && barcode === undefined).length;
  if (batch !== undefined) return { fates, batch: undefined, unnamed };
  const inHand = listed.filter((barcode) => fates.get(barcode) === "waits").slice(0, room);
  for (const barcode of inHand) fates.set(barcode, "putIn");
  const barcodes = [...waiting, ...inHand];
  return { fates, batch: barcodes.length + unnamed === 0 ? undefined : { library, barcodes, words: ["library", "import", library] }, unnamed };
}

function inFate(barcode: string, { scanned, sought, batch }: Exchange, appliance: AppliancePicture): Fate {
  const kind = whereabouts(barcode, appliance)?.kind;
  if (kind !== undefined) return kind === "mail-slot" ? "mailSlot" : "in";
  if (batch?.barcodes.includes(barcode) === true) return "comes";
  if (sought.has(barcode)) return "missing";
  return scanned.has(barcode) ? "waits" : "expected";
}

/** What came into that library since and is on no list. */
function surplus({ inside, listed, library }: Exchange, appliance: AppliancePicture): readonly string[] {
  const elements = appliance.libraries.find(({ name }) => name === library)?.shown?.elements ?? [];
  const known = new Set([...inside, ...listed]);
  return elements.flatMap(({ kind, barcode }) => (kind === "mail-slot" || barcode === undefined || known.has(barcode) ? [] : [barcode]));
}
