import type { ChangerShape, ElementKind, FirstAddresses } from "./changer-contract.ts";
import type { LibraryDescription } from "./contract.ts";
import { isLayout, layouts } from "./layouts.ts";
import { isQuirk, quirks } from "./quirks.ts";
import { counted, wrong } from "./refusals.ts";

const lastAddress = 0xffff;
const words: Readonly<Record<ElementKind, string>> = { transport: "pickers", mailSlot: "mail slots", drive: "drives", slot: "slots" };

export type ElementCounts = Readonly<Record<ElementKind, number>>;

/** The shape of a described changer. What cannot be is refused with LIBRARY_DESCRIPTION. */
export function shapeOf(description: LibraryDescription, counts: ElementCounts): ChangerShape {
  const { layout = "default", slotsPerMagazine, reservedSlots } = description;
  if (typeof layout === "string" && !isLayout(layout)) throw wrong(`"${String(layout)}" is no layout: ${Object.keys(layouts).join(", ")}`);
  const firstAddresses = typeof layout === "string" ? layouts[layout].firstAddresses : layout;
  const overlap = overlapOf(firstAddresses, counts);
  if (overlap !== undefined) throw wrong(overlap);
  const asked: readonly string[] = description.quirks ?? [];
  const unknown = asked.find((name) => !isQuirk(name));
  if (unknown !== undefined) throw wrong(`"${unknown}" is no quirk: ${Object.keys(quirks).join(", ")}`);
  return {
    firstAddresses,
    slotsPerMagazine: slotsPerMagazine === undefined ? 0 : counted("slots of a magazine", slotsPerMagazine, 1, counts.slot),
    reservedSlots: counted("reserved slots", reservedSlots ?? 0, 0, counts.slot - 1),
    quirks: [...new Set(description.quirks)],
  };
}

/** What is wrong with those addresses; undefined when each element has one of its own. */
export function overlapOf(first: FirstAddresses, counts: ElementCounts): string | undefined {
  const ranges = (Object.keys(words) as ElementKind[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => ({ kind, first: first[kind], last: first[kind] + counts[kind] - 1 }))
    .sort((one, other) => one.first - other.first);
  for (const [at, { kind, first: from, last }] of ranges.entries()) {
    if (!Number.isInteger(from) || from < 0 || last > lastAddress) return `${words[kind]} would have addresses from ${from} to ${last}; there are 0 to ${lastAddress}`;
    const next = ranges[at + 1];
    if (next !== undefined && next.first <= last) return `${words[kind]} have addresses up to ${last}, and ${words[next.kind]} begin at ${next.first}`;
  }
  return undefined;
}
