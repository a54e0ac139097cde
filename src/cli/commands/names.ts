import type { Operations } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import type { NameKind } from "./command.ts";

/** All names of a kind, as the appliance knows them now, sorted. A cartridge counts when it holds a volume or sits in a library. */
export async function knownNames(operations: Operations, kind: NameKind): Promise<readonly string[]> {
  const names = await readers[kind](operations);
  return [...new Set(names)].sort();
}

const readers: Readonly<Record<NameKind, (operations: Operations) => Promise<readonly string[]>>> = {
  archive: async ({ archive }) => (await archive.list()).map(({ name }) => name),
  cartridge: cartridgeNames,
  key: async ({ key }) => (await key.list()).flatMap(({ role, fingerprint }) => [role, fingerprint]),
  library: async ({ library }) => (await library.list()).map(({ name }) => name),
  pool: async ({ pool }) => (await pool.list()).map(({ name }) => name),
};

async function cartridgeNames({ library, volume }: Operations): Promise<readonly string[]> {
  const names = (await volume.list()).map(({ barcode }) => barcode);
  for (const { name } of await library.list()) {
    const shown = await library.show(name).catch(() => undefined);
    for (const { barcode } of shown?.elements ?? []) if (barcode !== undefined) names.push(barcode);
  }
  return names;
}

/** The library that was named, or the only one there is. */
export async function libraryOrOnly(operations: Operations, typed: string | undefined): Promise<string> {
  if (typed !== undefined) return typed;
  const libraries = await operations.library.list();
  const only = libraries[0];
  if (only !== undefined && libraries.length === 1) return only.name;
  if (only === undefined) {
    throw new StrongroomError("missing", "LIBRARY_NONE", "the appliance has no library yet", {
      hint: "add one with: strongroom library add NAME --changer DEVICE",
    });
  }
  throw new StrongroomError("usage", "LIBRARY_AMBIGUOUS", "the appliance has several libraries, and none was named", {
    hint: `name one of: ${libraries.map(({ name }) => printable(name)).join(", ")}`,
  });
}
